"""Gradients that do not exist."""

import autograph as ag
from tests.messages.case import Table

GRADIENTS = Table()
bad = GRADIENTS.bad


@bad(ag.errors.GradientError, "int64", "float")
def of_integers(stage):
    @stage
    def f(x):
        return ag.grad(lambda y: y * y)(x)  # here

    f(ag.constant(2))


@bad(ag.errors.GradientError, "watch")
def watch_integers(stage):
    @stage
    def f(x):
        with ag.GradientTape() as tape:
            tape.watch(x)  # here
            y = x * x
        return tape.gradient(y, x)

    f(ag.constant(2))


@bad(ag.errors.GradientError, "persistent")
def twice(stage):
    @stage
    def f(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
            y = x * x
        tape.gradient(y, x)
        return tape.gradient(y, x)  # here

    f(ag.constant(2.0))


@bad(ag.errors.GradientError, "argument")
def of_missing_argument(stage):
    @stage
    def f(x):
        return ag.grad(lambda y: y * y, argnums=1)(x)  # here

    f(ag.constant(2.0))


@bad(ag.errors.GradientError, "tensor")
def of_a_number(stage):
    @stage
    def f(x):
        with ag.GradientTape() as tape:
            tape.watch(3.0)  # here
            y = x * x
        return tape.gradient(y, x)

    f(ag.constant(2.0))


@bad(ag.errors.GradientError, "int64", "float tensors")
def through_argmax(stage):
    @stage
    def f(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
            y = ag.ops.argmax(x)
        return tape.gradient(y, x)  # here

    f(ag.constant([2.0, 1.0]))


@bad(ag.errors.GradientError, "shape")
def seed_of_other_shape(stage):
    @stage
    def f(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
            y = x * x
        return tape.gradient(y, x, output_gradients=ag.ops.ones((3,)))  # here

    f(ag.constant([2.0, 1.0]))
