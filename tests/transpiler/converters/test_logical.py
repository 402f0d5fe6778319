"""`and`, `or`, `not`."""

import typing

from assert_converts import assert_converts, assert_same

VALUES = [(a, b, c) for a in (0, 2) for b in ("", "b") for c in (None, 3.5)]


def test_and_or_not_keep_operands_and_short_circuit():
    def f(a, b, c):
        return a and not b or c

    after = """
    def f(a, b, c):
        return ag.or_(ag.and_(a, lambda: ag.not_(b)), lambda: c)
    """
    assert_converts(f, after, *VALUES)


def test_operands_after_the_first_are_evaluated_only_when_needed():
    def f(a, b):
        return a == 0 or b / a > 1

    assert_same(f, (0, 1), (2, 5), (5, 2))


def test_three_operands_nest_to_the_right():
    def f(a, b, c):
        return a and b and c

    after = """
    def f(a, b, c):
        return ag.and_(a, lambda: ag.and_(b, lambda: c))
    """
    assert_converts(f, after, *VALUES)


def test_plain_operands_stay():
    def f(a, b):
        return (typing.TYPE_CHECKING and not __debug__, a is True and b is ...)

    after = """
    def f(a, b):
        return typing.TYPE_CHECKING and (not __debug__), a is True and b is ...
    """
    assert_converts(f, after, (1, 1), (1, 2))


def test_a_walrus_in_a_later_operand_binds_in_the_function():
    def f(a):
        if a and (n := len(a)) > 1:
            return n
        return 0

    assert_same(f, ([],), ([1],), ([1, 2],))
