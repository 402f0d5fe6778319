"""`else` of loops."""

from assert_converts import assert_converts, assert_same


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


def test_without_break_the_code_just_follows():
    def f(xs):
        total = 0
        for x in xs:
            total += x
        else:
            total = -total
        return total

    after = """
    def f(xs):
        total = 0
        def body(x, total):
            total += x
            return total
        total = ag.for_(xs, body, (total,), 'total')
        total = -total
        return total
    """
    assert_converts(f, after, ([],), ([1, 2],))


def test_the_else_of_an_inner_loop_may_break_the_outer():
    def f(rows):
        seen = []
        for row in rows:
            for x in row:
                if x < 0:
                    break
                seen.append(x)
            else:
                break
            seen.append("broken")
        else:
            seen.append("all broken")
        return seen

    assert_same(f, ([],), ([[1, -1], [2], [3]],), ([[-1]],))
