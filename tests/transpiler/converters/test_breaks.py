"""`break`."""

from assert_converts import assert_converts, assert_refused


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


def test_break_in_finally_is_refused():
    def f(xs):
        for x in xs:
            try:
                print(x)
            finally:
                break

    assert_refused(f, "`break` inside `finally`", "break")
