"""Calls."""

import math

from assert_converts import assert_converts, assert_same, is_plain

from autograph.transpiler import to_code


class Failed(Exception):
    def __init__(self, code):
        super().__init__(f"code {code}")


class Plain(ValueError):
    pass


def double(x, *more, by=2):
    return x * by + sum(more)


def test_user_functions_builtins_and_methods_are_wrapped():
    def f(x, more, options):
        return double(x, *more, **options), len(more), str(x).upper()

    after = """
    def f(x, more, options):
        return ag.call(double, x, *more, **options), ag.call(len, more), ag.call(ag.call(str, x).upper)
    """
    assert_converts(f, after, (1, [2], {"by": 3}), (1, (), {}), (1, (), {"no": 3}))


def test_library_functions_and_exceptions_stay():
    def f(x):
        if x < 0:
            raise Plain("negative")
        return math.floor(math.sqrt(x))

    assert_same(f, (4,), (-1,))
    code = to_code(f, is_plain=is_plain)
    assert "math.floor(math.sqrt(x))" in code
    assert "raise Plain('negative')" in code


def test_exceptions_with_code_of_their_own_are_wrapped():
    def f(x):
        raise Failed(x)

    after = """
    def f(x):
        raise ag.call(Failed, x)
    """
    assert_converts(f, after, (1,))


def test_methods_of_lists_made_here_stay():
    def f(x, given):
        ys = [x]
        ys.append(x)
        zs = list()
        zs.extend(ys)
        given.append(zs)
        both = ys
        both.append(1)
        return ys, given

    after = """
    def f(x, given):
        ys = ag.list_([x])
        ys.append(x)
        zs = ag.list_([])
        zs.extend(ys)
        ag.call(given.append, zs)
        both = ys
        ag.call(both.append, 1)
        return ys, given
    """
    assert_converts(f, after, (1, []))


def test_a_name_bound_to_a_list_and_to_something_else_is_not_a_list():
    def f(x):
        ys = []
        ys = x
        ys.append(1)
        return ys

    after = """
    def f(x):
        ys = ag.list_([])
        ys = x
        ag.call(ys.append, 1)
        return ys
    """
    assert_converts(f, after, ([],))


def test_local_functions_that_call_no_other_stay():
    def f(x):
        def leaf(y):
            return double(y)

        def fact(n):
            return n * fact(n - 1) if n > 1 else 1

        square = lambda y: y * y
        return leaf(x), fact(x), square(x)

    after = """
    def f(x):
        def leaf(y):
            return ag.call(double, y)
        def fact(n):
            return ag.if_(n > 1, lambda: n * ag.call(fact, n - 1), lambda: 1)
        square = lambda y: y * y
        return leaf(x), ag.call(fact, x), square(x)
    """
    assert_converts(f, after, (4,))


def test_local_functions_that_write_outer_names_are_wrapped():
    def f(x):
        count = 0

        def add():
            nonlocal count
            count += x

        add()
        add()
        return count

    after = """
    def f(x):
        count = 0
        def add():
            nonlocal count
            count += x
        ag.call(add)
        ag.call(add)
        return count
    """
    assert_converts(f, after, (4,))
