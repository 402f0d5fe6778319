"""`while`."""

from assert_converts import assert_converts, assert_same


def test_only_names_that_live_on_are_carried():
    def f(n):
        a, b = 0, 1
        while n > 0:
            a, b = b, a + b
            n -= 1
            last = a
            print(last)
        return a

    after = """
    def f(n):
        a, b = 0, 1
        def body(n, a, b):
            a, b = b, a + b
            n -= 1
            last = a
            ag.call(print, last)
            return n, a, b
        n, a, b = ag.while_(lambda n, a, b: n > 0, body, (n, a, b), 'n, a, b')
        return a
    """
    assert_converts(f, after, (0,), (7,))


def test_a_loop_without_state():
    def f(xs):
        while xs:
            xs.pop()

    after = """
    def f(xs):
        def body():
            ag.call(xs.pop)
        ag.while_(lambda: xs, body)
    """
    assert_converts(f, after, ([1, 2],))


def test_a_long_test_has_lines_of_its_own():
    def f(number_of_things, number_of_others):
        while number_of_things > 0 and (number_of_others > 0 or number_of_things > number_of_others):
            number_of_things -= 1
        return number_of_things

    after = """
    def f(number_of_things, number_of_others):
        def test(number_of_things):
            return ag.and_(
                number_of_things > 0,
                lambda: ag.or_(number_of_others > 0, lambda: number_of_things > number_of_others),
            )
        def body(number_of_things):
            number_of_things -= 1
            return number_of_things
        number_of_things = ag.while_(test, body, (number_of_things,), 'number_of_things')
        return number_of_things
    """
    assert_converts(f, after, (5, 3), (5, -2))


def test_loops_within_loops():
    def f(n):
        total = 0
        while n > 0:
            m = n
            while m > 0:
                total += m
                m -= 2
            n -= 1
        return total

    assert_same(f, (0,), (1,), (6,))
