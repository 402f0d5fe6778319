"""`return`."""

from assert_converts import assert_converts, assert_refused


def test_early_returns_nest():
    def f(x):
        if x > 1:
            return 1
        if x < -1:
            y = -x
            return y
        z = x * x
        return z

    after = """
    def f(x):
        def orelse():
            def then():
                y = -x
                return y
            def orelse():
                z = x * x
                return z
            return ag.if_(x < -1, then, orelse)
        return ag.if_(x > 1, lambda: 1, orelse)
    """
    assert_converts(f, after, (2,), (0.5,), (-2,))


def test_a_function_that_falls_off_its_end_returns_none():
    def f(x):
        if x:
            return x
        print(x)

    after = """
    def f(x):
        def orelse():
            ag.call(print, x)
            return None
        return ag.if_(x, lambda: x, orelse)
    """
    assert_converts(f, after, (0,), (1,))


def test_a_return_deep_inside_needs_a_flag():
    def f(x, y):
        if x:
            if y:
                return 1
            x = x + 1
        x = x * 2
        return x

    after = """
    def f(x, y):
        done, result = False, ag.no_value
        def then(x, done, result):
            def then(x, done, result):
                return x, True, 1
            def orelse(x, done, result):
                return x + 1, done, result
            return ag.if_(y, then, orelse, (x, done, result), 'x, done, result')
        def orelse(x, done, result):
            return x, done, result
        x, done, result = ag.if_(x, then, orelse, (x, done, result), 'x, done, result')
        def orelse_2(x):
            x = x * 2
            return x
        return ag.if_(done, lambda x: result, orelse_2, (x,))
    """
    assert_converts(f, after, (0, 0), (0, 1), (3, 0), (3, 1))


def test_return_from_loops_in_loops():
    def f(rows, wanted):
        for row in rows:
            for x in row:
                if x == wanted:
                    return row
        return None

    after = """
    def f(rows, wanted):
        done, result = False, ag.no_value
        def body(row, done, result):
            def body(x, done, result):
                def then(done, result):
                    return True, row
                return ag.if_(x == wanted, then, lambda done, result: (done, result), (done, result), 'done, result')
            return ag.for_(row, body, (done, result), 'done, result', until=lambda done, result: done)
        done, result = ag.for_(rows, body, (done, result), 'done, result', until=lambda done, result: done)
        return ag.if_(done, lambda: result, lambda: None)
    """
    assert_converts(f, after, ([[1, 2], [3]], 3), ([[1]], 3), ([], 3))


def test_a_return_that_needs_no_flag_stays_in_with_and_try():
    def f(x):
        with memoryview(b""):
            try:
                return 1 / x
            except ZeroDivisionError:
                return 5

    after = """
    def f(x):
        with ag.call(memoryview, b''):
            def attempt():
                return 1 / x
            def handler():
                return 5
            return ag.try_(attempt, ((ZeroDivisionError, handler),))
    """
    assert_converts(f, after, (0,), (2,))


def test_return_in_finally_of_a_loop_is_refused():
    def f(xs):
        for x in xs:
            try:
                print(x)
            finally:
                return x

    assert_refused(f, "`return` inside `finally`", "return x")
