"""Comparison chains, membership, identity with None."""

from assert_converts import assert_converts, assert_same

NUMBERS = [(a, b, c) for a in (1, 2) for b in (1, 3) for c in (0, 3)]


def test_chains_over_names_are_conjunctions():
    def f(a, b, c):
        return a < b <= c != 1

    after = """
    def f(a, b, c):
        return ag.and_(a < b, lambda: ag.and_(b <= c, lambda: c != 1))
    """
    assert_converts(f, after, *NUMBERS)


def test_chains_evaluate_each_operand_once_and_stop_early():
    def f(log, a, b):
        def seen(x):
            log.append(x)
            return x

        return 1 < seen(a) < seen(b) < 9

    assert_same(f, ([], 0, 5), ([], 2, 1), ([], 2, 5), ([], 2, 10))

    def g(a, b):
        return a < abs(b) <= 3

    after = """
    def g(a, b):
        return ag.compare(a, '<', lambda: ag.call(abs, b), '<=', lambda: 3)
    """
    assert_converts(g, after, (1, -2), (2, -1), (1, 4))


def test_membership_and_identity():
    def f(a, b):
        return a in b, a not in b, a is None, b is not None, a is b, None is a

    after = """
    def f(a, b):
        return ag.in_(a, b), ag.not_(ag.in_(a, b)), ag.is_none(a), ag.not_(ag.is_none(b)), ag.is_(a, b), ag.is_none(a)
    """  # noqa: E501
    assert_converts(f, after, (1, [1]), (None, (2,)), ("a", "abc"), (1, 2))


def test_what_python_alone_answers_stays():
    def f(a, b):
        return "key" in "a key", a < b, a == b, 1 in (1, 2)

    after = """
    def f(a, b):
        return 'key' in 'a key', a < b, a == b, 1 in (1, 2)
    """
    assert_converts(f, after, (1, 2), ([1, 2], [2]))
