"""Items read by an index."""

from assert_converts import assert_converts

AXIS = "x"


def test_indices_that_may_be_tensors():
    def f(xs, i):
        return xs[i], xs[i + 1], xs[xs[0]], xs[i][0]

    after = """
    def f(xs, i):
        return ag.item(xs, i), ag.item(xs, i + 1), ag.item(xs, xs[0]), ag.item(xs, i)[0]
    """
    assert_converts(f, after, ([0, (1,), 2], 1), ([(1,)], 0))


def test_python_indices_stay():
    def f(xs, d):
        first: list[int] = xs[1:]
        return xs[0], xs[-1], first, xs[::2], d["k"], d[AXIS], d[f"{AXIS}"], d[None], list[int]

    after = """
    def f(xs, d):
        first = xs[1:]
        return xs[0], xs[-1], first, xs[::2], d['k'], d[AXIS], d[ag.text(f'{AXIS}')], d[None], list[int]
    """
    assert_converts(f, after, ([0, 1, 2], {"k": 1, "x": 2, None: 3}), ([0], {}))
