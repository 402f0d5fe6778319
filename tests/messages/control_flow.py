"""Conditions, branches and loops that cannot be staged as written; names that are not there."""

import autograph as ag
from tests.messages.case import Table

CONTROL_FLOW = Table()
bad = CONTROL_FLOW.bad


@bad(ag.errors.ShapeError, "ambiguous", "ag.ops.any")
def vector_condition(stage):
    @stage
    def f(x):
        if x > 0:  # here
            x = -x
        return x

    f(ag.constant([1.0, -1.0]))


@bad(ag.errors.ShapeError, "ambiguous", "ag.ops.any")
def vector_while(stage):
    @stage
    def f(x):
        while x > 0:  # here
            x = x - 1
        return x

    f(ag.constant([1.0, -1.0]))


@bad(ag.errors.StagingError, "'y'", "f32[]", "bool[]", eager=None)
def branches_dtype(stage):
    @stage
    def f(x):
        if x > 0:  # here
            y = x
        else:
            y = ag.constant(True)
        return y

    f(ag.constant(1.0))


@bad(ag.errors.StagingError, "'y'", "one rank", eager=None)
def branches_rank(stage):
    @stage
    def f(x):
        if x > 0:  # here
            y = x
        else:
            y = ag.ops.stack([x, x])
        return y

    f(ag.constant(1.0))


@bad(ag.errors.StagingError, "'y'", eager=None)
def loop_rank(stage):
    @stage
    def f(x, n):
        y = x
        for _ in range(n):  # here
            y = ag.ops.stack([y, y])
        return y

    f(ag.constant(1.0), ag.constant(3))


@bad(ag.errors.StagingError, "'y'", eager=None)
def loop_structure(stage):
    @stage
    def f(x, n):
        y = (x,)
        for _ in range(n):  # here
            y = (y, x)
        return y

    f(ag.constant(1.0), ag.constant(3))


@bad(NameError, "'totl'", at_run_time=True)
def typo(stage):
    @stage
    def f(x):
        total = x + 1
        return totl + total  # here  # noqa: F821

    f(ag.constant(1.0))


@bad(NameError, "'totl'", at_run_time=True)
def typo_in_branch(stage):
    @stage
    def f(x):
        total = x + 1
        if x > 0:
            total = totl + 1  # here  # noqa: F821
        return total

    f(ag.constant(1.0))


@bad(UnboundLocalError, "'y'", at_run_time=True)
def unbound(stage):
    @stage
    def f(x):
        if x > 5:
            y = x
        return y + 1  # here

    f(ag.constant(1.0))


@bad(UnboundLocalError, "'y'", at_run_time=True)
def unbound_after_loop(stage):
    @stage
    def f(n):
        for i in range(n):
            y = i
        return y + 1  # here

    f(ag.constant(0))


@bad(ag.errors.TensorUseError, "without dimensions", "vector")
def for_over_scalar(stage):
    @stage
    def f(x):
        for y in x:  # here
            x = x + y
        return x

    f(ag.constant(1.0))


@bad(ag.errors.TensorUseError, "f32[]", "integer")
def range_of_float(stage):
    @stage
    def f(n):
        total = 0
        for i in range(n):  # here
            total += i
        return total

    f(ag.constant(2.5))


@bad(ValueError, "zero", at_run_time=True)
def range_step_zero(stage):
    @stage
    def f(n):
        total = 0
        for i in range(0, 10, n):  # here
            total += i
        return total

    f(ag.constant(0))


@bad(ValueError, "unpack", at_run_time=True)
def unpack_tensor(stage):
    @stage
    def f(x):
        a, b = x  # here
        return a + b

    f(ag.constant([1.0, 2.0, 3.0]))


@bad(ag.errors.StagingError, "exists outside", "ag.Variable", eager=None)
def global_list(stage):
    @stage
    def f(x):
        SEEN.append(x)  # here
        return x

    f(ag.constant(1.0))


SEEN: list = []


@bad(ag.errors.StagingError, "exists outside", eager=None)
def mutable_default(stage):
    @stage
    def f(x, seen=[]):  # noqa: B006
        seen.append(x)  # here
        return x

    f(ag.constant(1.0))


@bad(AssertionError, "x must be positive", at_run_time=True)
def assertion(stage):
    @stage
    def f(x):
        assert x > 0, "x must be positive"  # here
        return x

    f(ag.constant(-1.0))


@bad(ag.errors.StagingError, "return the new value", eager=None)
def recursion_with_a_variable(stage):
    count = ag.Variable(0)

    def factorial(n):
        count.assign_add(1)  # here
        if n <= 1:
            return 1
        return n * factorial(n - 1)

    @stage
    def f(n):
        return factorial(n)

    f(ag.constant(5))


@bad(ag.errors.StagingError, "never returns", "add a base case", eager=...)
def endless_recursion(stage):
    def again(n):  # here
        return again(n + 1)

    @stage
    def f(n):
        return again(n)

    f(ag.constant(5))


@bad(ag.errors.TensorUseError, "key")
def tensor_as_key(stage):
    @stage
    def f(x):
        return {x: 1}  # here

    f(ag.constant(1))


@bad(ag.errors.TensorUseError, "key", "table[i]")
def lookup_by_tensor(stage):
    @stage
    def f(x):
        table = {1: 10, 2: 20}
        return table[x]  # here

    f(ag.constant(1))
