"""Conditional expressions."""

import typing

from assert_converts import assert_converts, assert_same


def test_only_the_chosen_side_is_evaluated():
    def f(x):
        return 1 / x if x else x

    after = """
    def f(x):
        return ag.if_(x, lambda: 1 / x, lambda: x)
    """
    assert_converts(f, after, (0,), (2,))


def test_they_nest():
    def f(x):
        return "small" if x < 1 else "middle" if x < 2 else "large"

    assert_same(f, (0,), (1,), (2,))


def test_a_plain_test_stays():
    def f(x):
        return x if typing.TYPE_CHECKING else -x

    after = """
    def f(x):
        return x if typing.TYPE_CHECKING else -x
    """
    assert_converts(f, after, (1,))
