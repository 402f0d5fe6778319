"""List displays."""

import operator

from assert_converts import assert_converts


def test_displays_that_escape_are_followed():
    def f(x):
        ys = [x, [x]]
        ys[1] = [2]
        zs = [0] * 3
        return ys, [zs], {"k": []}

    after = """
    def f(x):
        ys = ag.list_([x, ag.list_([x])])
        ag.set_item(ys, 1, ag.list_([2]))
        zs = ag.list_([0]) * 3
        return ys, ag.list_([zs]), {'k': ag.list_([])}
    """
    assert_converts(f, after, (1,))


def test_displays_that_are_only_looked_at_stay():
    def f(x):
        a, b = [x, [x]]
        return operator.concat([x], [[1]]), x in [1, 2], b, a

    after = """
    def f(x):
        a, b = [x, ag.list_([x])]
        return operator.concat([x], [[1]]), ag.in_(x, [1, 2]), b, a
    """
    assert_converts(f, after, (1,), (3,))


def test_unpacking_in_displays():
    def f(x):
        return [*x, 1, *x]

    after = """
    def f(x):
        return ag.joined(x, [1], x)
    """
    assert_converts(f, after, ([1, 2],), ("ab",))


def test_targets_are_no_displays():
    def f(x):
        [a, b] = x
        return a + b

    after = """
    def f(x):
        [a, b] = x
        return a + b
    """
    assert_converts(f, after, ((1, 2),), ((1,),))
