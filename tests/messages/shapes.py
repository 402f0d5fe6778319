"""Bad dtypes, shapes, sizes, axes and indices."""

import numpy as np

import autograph as ag
from tests.messages.case import Table

SHAPES = Table()
bad = SHAPES.bad


@bad(ag.errors.ShapeError, "[2, 3] and [4]", "do not broadcast")
def add_shapes(stage):
    @stage
    def f(x, y):
        return x + y  # here

    f(ag.ops.ones((2, 3)), ag.ops.ones((4,)))


@bad(ag.errors.ShapeError, "matmul", "3", "4")
def matmul_sizes(stage):
    @stage
    def f(x, y):
        return x @ y  # here

    f(ag.ops.ones((2, 3)), ag.ops.ones((4, 2)))


@bad(ag.errors.ShapeError, "matmul")
def matmul_scalar(stage):
    @stage
    def f(x):
        return x @ ag.constant(2.0)  # here

    f(ag.ops.ones((2, 3)))


@bad(ag.errors.ShapeError, "reshape", "6", "4")
def reshape_size(stage):
    @stage
    def f(x):
        return ag.ops.reshape(x, (2, 2))  # here

    f(ag.ops.ones((2, 3)))


@bad(ag.errors.ShapeError, "axis 2")
def axis_range(stage):
    @stage
    def f(x):
        return ag.ops.sum(x, axis=2)  # here

    f(ag.ops.ones((2, 3)))


@bad(ag.errors.ShapeError, "concat")
def concat_ranks(stage):
    @stage
    def f(x, y):
        return ag.ops.concat([x, y])  # here

    f(ag.ops.ones((2, 3)), ag.ops.ones((3,)))


@bad(ag.errors.ShapeError, "concat")
def concat_sizes(stage):
    @stage
    def f(x, y):
        return ag.ops.concat([x, y])  # here

    f(ag.ops.ones((2, 3)), ag.ops.ones((2, 4)))


@bad(ag.errors.ShapeError, "concat")
def concat_nothing(stage):
    @stage
    def f(x):
        return ag.ops.concat([])  # here

    f(ag.ops.ones((2, 3)))


@bad(ag.errors.ShapeError, "stack")
def stack_shapes(stage):
    @stage
    def f(x, y):
        return ag.ops.stack([x, y])  # here

    f(ag.ops.ones((2, 3)), ag.ops.ones((3,)))


@bad(ag.errors.DTypeError, "bitwise_and", "float32")
def and_floats(stage):
    @stage
    def f(x):
        return x & x  # here

    f(ag.constant(1.0))


@bad(ag.errors.DTypeError, "a str is not a tensor")
def add_text(stage):
    @stage
    def f(x):
        return ag.ops.add(x, "one")  # here

    f(ag.constant(1.0))


@bad(TypeError, "unsupported operand", "str", at_run_time=True)
def plus_text(stage):
    @stage
    def f(x):
        return x + "one"  # here

    f(ag.constant(1.0))


@bad(ag.errors.DTypeError, "float")
def float_index(stage):
    @stage
    def f(x, i):
        return x[i]  # here

    f(ag.ops.ones((3,)), ag.constant(1.0))


@bad(IndexError, "5", "size 3", at_run_time=True)
def index_tensor_range(stage):
    @stage
    def f(x, i):
        return x[i]  # here

    f(ag.ops.ones((3,)), ag.constant(5))


@bad(IndexError, "5", "size 3", at_run_time=True)
def index_number_range(stage):
    @stage
    def f(x):
        return x[5]  # here

    f(ag.ops.ones((3,)))


@bad(ag.errors.TensorIndexError, "too many indices", "2")
def too_many_indices(stage):
    @stage
    def f(x):
        return x[0, 0]  # here

    f(ag.ops.ones((3,)))


@bad(ag.errors.DTypeError, "'a'", "index")
def text_index(stage):
    @stage
    def f(x):
        return x["a"]  # here

    f(ag.ops.ones((3,)))


@bad(ZeroDivisionError, "zero", at_run_time=True)
def integer_division(stage):
    @stage
    def f(x, y):
        return x // y  # here

    f(ag.constant(1), ag.constant(0))


@bad(ZeroDivisionError, "zero", at_run_time=True)
def integer_remainder(stage):
    @stage
    def f(x, y):
        return x % y  # here

    f(ag.constant(1), ag.constant(0))


@bad(ag.errors.ShapeError, "(0, 0)", "2 axes")
def transpose_axes(stage):
    @stage
    def f(x):
        return ag.ops.permute_dims(x, (0, 0))  # here

    f(ag.ops.ones((2, 3)))


@bad(ag.errors.ShapeError, "broadcast")
def broadcast_shape(stage):
    @stage
    def f(x):
        return ag.ops.broadcast_to(x, (2, 4))  # here

    f(ag.ops.ones((2, 3)))


@bad(ag.errors.DTypeError, "f99")
def unknown_dtype(stage):
    @stage
    def f(x):
        return ag.ops.astype(x, "f99")  # here

    f(ag.ops.ones((2, 3)))


@bad(ag.errors.DTypeError, "object")
def object_array(stage):
    @stage
    def f(x):
        return x + np.array([None, "a"])  # here

    f(ag.ops.ones((2,)))


@bad(ag.errors.ShapeError, "ragged")
def ragged_constant(stage):
    @stage
    def f():
        return ag.constant([[1.0], [1.0, 2.0]])  # here

    f()


@bad(ag.errors.ShapeError, "[4]", "[2]", "stored")
def assign_item_shape(stage):
    @stage
    def f(x, y):
        x[1:3] = y  # here
        return x

    f(ag.ops.ones((5,)), ag.ops.ones((4,)))


@bad(ag.errors.ShapeError, "[2] and [3]", "do not broadcast")
def where_shapes(stage):
    @stage
    def f(c, x):
        return ag.ops.where(c, x, 0.0)  # here

    f(ag.constant([True, False]), ag.ops.ones((3,)))


@bad(ag.errors.DTypeError, "bool")
def where_condition(stage):
    @stage
    def f(x):
        return ag.ops.where(x, x, 0.0)  # here

    f(ag.ops.ones((3,)))


@bad(ag.errors.ShapeError, "no elements")
def argmax_of_nothing(stage):
    @stage
    def f(x):
        return ag.ops.argmax(x)  # here

    f(ag.ops.ones((0,)))


@bad(OverflowError, "64 bits", at_run_time=True, eager=None)
def integer_overflow(stage):
    @stage
    def f(n):
        total = 1
        while n > 0:
            total = total * 10  # here
            n = n - 1
        return total

    f(ag.constant(30))
