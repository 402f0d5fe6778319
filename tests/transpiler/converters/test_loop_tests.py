"""Loops that begin by testing for their end."""

from assert_converts import assert_converts


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
