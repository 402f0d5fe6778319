"""`break`, `continue`, `return` and loop `else`, in whatever they stand."""

import contextlib

from assert_converts import assert_converts, assert_refused, assert_same


def test_break_moves_the_rest_into_the_other_branch():
    def f(xs, total):
        for x in xs:
            if x:
                total += 1
                break
            total += x
            print(x)
        return total

    after = """
    def f(xs, total):
        broke = False
        def body(x, total, broke):
            def then(total, broke):
                total += 1
                return total, True
            def orelse(total, broke):
                total += x
                ag.call(print, x)
                return total, broke
            return ag.if_(x, then, orelse, (total, broke), 'total, broke')
        total, broke = ag.for_(xs, body, (total, broke), 'total, broke', until=lambda total, broke: broke)
        return total
    """
    assert_converts(f, after, ([], 0), ([0, 0, 5, 6], 0))


def test_break_on_a_comparison_is_the_comparison():
    def f(x):
        while True:
            x = x / 2
            if x < 1:
                break
        return x

    after = """
    def f(x):
        broke = False
        def body(x, broke):
            x = x / 2
            return x, x < 1
        x, broke = ag.while_(lambda x, broke: True, body, (x, broke), 'x, broke', until=lambda x, broke: broke)
        return x
    """
    assert_converts(f, after, (9,), (0.5,))


def test_a_break_before_all_else_is_part_of_the_test():
    def f(n, limit):
        while n < 100:
            if n > limit:
                break
            n = n * 2
        return n

    after = """
    def f(n, limit):
        def body(n):
            return n * 2
        n = ag.while_(lambda n: ag.and_(n < 100, lambda: ag.not_(n > limit)), body, (n,), 'n')
        return n
    """
    assert_converts(f, after, (1, 10), (1, 1000), (7, 3))


def test_the_same_for_the_return_of_an_endless_loop():
    def f(x, steps):
        while True:
            if x * x < 2:
                print(x)
                return x, steps
            x, steps = x / 2, steps + 1

    after = """
    def f(x, steps):
        def body(x, steps):
            return x / 2, steps + 1
        x, steps = ag.while_(lambda x, steps: ag.not_(x * x < 2), body, (x, steps), 'x, steps')
        ag.call(print, x)
        return x, steps
    """
    assert_converts(f, after, (16.0, 0), (1.0, 0))


def test_continue_needs_no_flag():
    def f(xs):
        total = 0
        for x in xs:
            if x < 0:
                print(x)
                continue
            if x == 3:
                continue
            total += x
        return total

    after = """
    def f(xs):
        total = 0
        def body(x, total):
            def then(total):
                ag.call(print, x)
                return total
            def orelse(total):
                def then(total):
                    total += x
                    return total
                return ag.if_(ag.not_(x == 3), then, lambda total: total, (total,), 'total')
            return ag.if_(x < 0, then, orelse, (total,), 'total')
        total = ag.for_(xs, body, (total,), 'total')
        return total
    """
    assert_converts(f, after, ([1, -2, 3, 4],))


def test_continue_deep_inside_needs_one():
    def f(xs):
        total = 0
        for x in xs:
            if x > 0:
                if x > 10:
                    continue
                total += 1
            total += x
        return total

    after = """
    def f(xs):
        total = 0
        def body(x, total):
            skipped = False
            def then(total, skipped):
                def then(total, skipped):
                    return total, True
                def orelse(total, skipped):
                    total += 1
                    return total, skipped
                return ag.if_(x > 10, then, orelse, (total, skipped), 'total, skipped')
            def orelse(total, skipped):
                return total, skipped
            total, skipped = ag.if_(x > 0, then, orelse, (total, skipped), 'total, skipped')
            def then_2(total):
                total += x
                return total
            return ag.if_(ag.not_(skipped), then_2, lambda total: total, (total,), 'total')
        total = ag.for_(xs, body, (total,), 'total')
        return total
    """
    assert_converts(f, after, ([1, -2, 30, 4],))


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


def test_loop_else():
    def f(xs):
        for x in xs:
            if x < 0:
                break
        else:
            x = 0
        return x

    after = """
    def f(xs):
        broke = False
        x = ag.unbound('x')
        def body(item, x, broke):
            x = item
            return x, x < 0
        x, broke = ag.for_(xs, body, (x, broke), 'x, broke', until=lambda x, broke: broke)
        x = ag.if_(ag.not_(broke), lambda x: 0, lambda x: x, (x,), 'x')
        return ag.bound(x)
    """
    assert_converts(f, after, ([],), ([1],), ([1, -1, 2],))


def test_jumps_inside_with():
    def f(xs, seen):
        for x in xs:
            with contextlib.ExitStack() as stack:
                stack.callback(seen.append, x)
                if x == 1:
                    continue
                if x == 2:
                    break
                if x == 3:
                    return seen
            seen.append("after")
        else:
            seen.append("else")
        with contextlib.ExitStack():
            if xs:
                return "with", seen
        return seen

    assert_same(f, ([], []), ([0, 1, 0], []), ([0, 2, 0], []), ([0, 3, 0], []))


def test_jumps_inside_try():
    def f(xs, seen):
        for x in xs:
            try:
                seen.append(6 // x)
                if x == 1:
                    continue
                if x == 2:
                    break
            except ZeroDivisionError:
                if len(seen) > 2:
                    return seen
            except TypeError:
                break
            else:
                seen.append("else")
            finally:
                seen.append("finally")
            seen.append("after")
        return seen, "end"

    lists = ([], [1], [2], [3], [0], [3, 3, 0], [3, "a", 1], [1, 0, 2, 5])
    assert_same(f, *((xs, []) for xs in lists))


def test_an_exception_overtakes_a_jump():
    def f(x):
        for _ in range(2):
            try:
                with contextlib.ExitStack() as stack:
                    stack.callback(int, "no number")
                    if x:
                        return "never"
            except ValueError:
                x = x + 1
        return x

    assert_same(f, (0,), (1,))


def test_a_return_that_needs_no_flag_stays_in_with_and_try():
    def f(x):
        with contextlib.ExitStack():
            try:
                return 1 / x
            except ZeroDivisionError:
                x = 5
        if x:
            return x
        return None

    after = """
    def f(x):
        with ag.call(contextlib.ExitStack):
            try:
                return 1 / x
            except ZeroDivisionError:
                x = 5
        return ag.if_(x, lambda: x, lambda: None)
    """
    assert_converts(f, after, (0,), (2,))


def test_a_swallowed_exception_goes_on_after_with():
    def f(x):
        with contextlib.suppress(ZeroDivisionError):
            return 1 / x
        return "suppressed"

    assert_same(f, (0,), (2,))


def test_break_in_finally_is_refused():
    def f(xs):
        for x in xs:
            try:
                print(x)
            finally:
                break

    assert_refused(f, "`break` inside `finally`", "break")


def test_return_in_finally_of_a_loop_is_refused():
    def f(xs):
        for x in xs:
            try:
                print(x)
            finally:
                return x

    assert_refused(f, "`return` inside `finally`", "return x")
