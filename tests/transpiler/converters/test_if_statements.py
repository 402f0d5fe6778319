"""`if`, `elif`, `else`."""

import typing

import pytest
from assert_converts import assert_converts, assert_same

from autograph.transpiler import to_code


def test_results_are_the_names_that_matter_afterwards():
    def f(x, y):
        if x > y:
            t = x - y
            x = t * 2
            y = y + 1
        return x

    after = """
    def f(x, y):
        def then(x, y):
            t = x - y
            x = t * 2
            y = y + 1
            return x
        x = ag.if_(x > y, then, lambda x, y: x, (x, y), 'x')
        return x
    """
    assert_converts(f, after, (3, 1), (1, 3))


def test_a_branch_without_results_does_nothing():
    def f(xs, x):
        if x:
            xs.append(x)

    after = """
    def f(xs, x):
        def then():
            ag.call(xs.append, x)
        ag.if_(x, then, None)
    """
    assert_converts(f, after, ([], 1), ([], 0))


def test_elif_nests():
    def f(x):
        if x > 2:
            y = 1
        elif x > 1:
            y = 2
        else:
            y = 3
        return y

    after = """
    def f(x):
        y = ag.if_(x > 2, lambda: 1, lambda: ag.if_(x > 1, lambda: 2, lambda: 3, names='y'), names='y')
        return y
    """
    assert_converts(f, after, (3,), (2,), (1,))


def test_a_branch_that_raises_gives_nothing():
    def f(x):
        if x < 0:
            raise ValueError(x)
        if x > 10:
            y = 1
        else:
            raise KeyError(x)
        return x + y

    after = """
    def f(x):
        def then():
            raise ValueError(x)
        ag.if_(x < 0, then, None)
        def orelse():
            raise KeyError(x)
        y = ag.if_(x > 10, lambda: 1, orelse, names='y')
        return x + y
    """
    assert_converts(f, after, (-1,), (5,), (11,))


def test_a_condition_that_no_tensor_decides_stays():
    def f(x):
        if typing.TYPE_CHECKING or not __debug__:
            x = 0
        return x

    after = """
    def f(x):
        if typing.TYPE_CHECKING or not __debug__:
            x = 0
        return x
    """
    assert_converts(f, after, (1,))


def test_names_of_the_users_are_not_taken():
    def f(then, body):
        if then:
            print(body)
        if body:
            print(then)

    after = """
    def f(then, body):
        def then_2():
            ag.call(print, body)
        ag.if_(then, then_2, None)
        def then_3():
            ag.call(print, then)
        ag.if_(body, then_3, None)
    """
    assert_converts(f, after, (1, 0))


def test_global_and_nonlocal_names_stay_where_they_are():
    outer = 0

    def f(x):
        global _seen
        nonlocal outer
        if x:
            _seen = x
            outer = outer + x
        return outer

    after = """
    def f(x):
        global _seen
        nonlocal outer
        def then():
            global _seen
            nonlocal outer
            _seen = x
            outer = outer + x
        ag.if_(x, then, None, cells='outer', globals_='_seen')
        return outer
    """
    with pytest.raises(AssertionError):  # each call adds to `outer`
        assert_converts(f, after, (2,))
    assert _seen == 2
    assert outer == 4
    assert_converts(f, after, (0,))


def test_what_exception_handlers_see_stays_a_variable():
    def f(x):
        y = 0
        try:
            if x:
                y = 1
                y = y // (x - 1)
        except ZeroDivisionError:
            y = y + 10
        return y

    after = """
    def f(x):
        y = 0
        def attempt():
            def then():
                nonlocal y
                y = 1
                y = y // (x - 1)
            ag.if_(x, then, None, cells='y')
        def handler():
            nonlocal y
            y = y + 10
        ag.try_(attempt, ((ZeroDivisionError, handler),), cells='y')
        return y
    """
    assert_converts(f, after, (0,), (1,), (2,))


def test_functions_within_are_converted_in_place():
    def f(x):
        def g(y):
            if y > x:
                y = x
            return y

        return g(1) + g(5)

    after = """
    def f(x):
        def g(y):
            y = ag.if_(y > x, lambda y: x, lambda y: y, (y,), 'y')
            return y
        return g(1) + g(5)
    """
    assert_converts(f, after, (3,))


def test_classes_within_are_left_alone():
    def f(x):
        class A:
            def sign(self):
                if x > 0:
                    return 1
                return -1

        return A().sign()

    assert "if x > 0:\n" in to_code(f, is_plain=lambda obj: False)
    assert_same(f, (1,), (-1,))


_seen = None
