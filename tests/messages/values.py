"""Values, specs and calls that make no sense."""

import numpy as np

import autograph as ag
from tests.messages.case import Table

VALUES = Table()
bad = VALUES.bad


@bad(ag.errors.DTypeError, "str")
def constant_text(stage):
    @stage
    def f():
        return ag.constant("text")  # here

    f()


@bad(ag.errors.DTypeError, "None")
def constant_none(stage):
    @stage
    def f():
        return ag.constant(None)  # here

    f()


@bad(ag.errors.DTypeError, "list")
def sum_of_texts(stage):
    @stage
    def f():
        return ag.ops.sum(["a", "b"])  # here

    f()


@bad(ag.errors.ShapeError, "-1")
def spec_negative(stage):
    ag.TensorSpec([-1], ag.float32)  # here


@bad(ag.errors.DTypeError, "'f99'")
def spec_dtype(stage):
    ag.TensorSpec([1], "f99")  # here


@bad(ag.errors.SignatureError, "(*, *)", "one argument for each spec")
def signature_count(stage):
    specs = [ag.TensorSpec([], ag.float32)] * 2
    ag.function(lambda x: x, input_signature=specs)(ag.constant(1.0))  # here


@bad(ag.errors.SignatureError, "TensorSpec")
def signature_of_numbers(stage):
    ag.function(lambda x: x, input_signature=[3])(ag.constant(1.0))  # here


@bad(ag.errors.SignatureError, "f32[3]")
def concrete_shape(stage):
    f = ag.function(lambda x: x * 2).get_concrete_function(ag.TensorSpec([2], ag.float32))
    f(ag.ops.ones((3,)))  # here


@bad(ag.errors.SignatureError, "missing")
def concrete_missing(stage):
    ag.function(lambda x, y: x * y).get_concrete_function(ag.TensorSpec([2], ag.float32))  # here


@bad(ag.errors.DTypeError, "str")
def variable_text(stage):
    ag.Variable("text")  # here


@bad(IndexError, "5", at_run_time=True)
def store_out_of_range(stage):
    @stage
    def f(x, i):
        x[i] = 1.0  # here
        return x

    f(ag.ops.ones((3,)), ag.constant(5))


@bad(ag.errors.DTypeError, "float", "int64")
def store_float_in_int(stage):
    @stage
    def f(x):
        x[0] = 1.5  # here
        return x

    f(ag.constant([1, 2]))


@bad(ValueError, "negative integer powers", at_run_time=True)
def negative_power(stage):
    @stage
    def f(x, n):
        return x**n  # here

    f(ag.constant(2), ag.constant(-1))


@bad(ag.errors.ShapeError, "-1")
def two_open_sizes(stage):
    @stage
    def f(x):
        return ag.ops.reshape(x, (-1, -1))  # here

    f(ag.ops.ones((4,)))


@bad(ag.errors.ShapeError, "-2")
def negative_size(stage):
    @stage
    def f(x):
        return ag.ops.reshape(x, (-2, 2))  # here

    f(ag.ops.ones((4,)))


@bad(ag.errors.ShapeError, "-3")
def zeros_negative(stage):
    @stage
    def f():
        return ag.ops.zeros((-3,))  # here

    f()


@bad(ag.errors.ShapeError, "squeeze")
def squeeze_size(stage):
    @stage
    def f(x):
        return ag.ops.squeeze(x, 0)  # here

    f(ag.ops.ones((4,)))


@bad(ag.errors.ShapeError, "axis 5")
def expand_axis(stage):
    @stage
    def f(x):
        return ag.ops.expand_dims(x, 5)  # here

    f(ag.ops.ones((4,)))


@bad(ag.errors.ShapeError, "stack")
def stack_nothing(stage):
    @stage
    def f():
        return ag.ops.stack([])  # here

    f()


@bad(IndexError, "7", at_run_time=True)
def take_range(stage):
    @stage
    def f(x, i):
        return ag.ops.take(x, i)  # here

    f(ag.ops.ones((4,)), ag.constant([1, 7]))


@bad(IndexError, "boolean index", at_run_time=True)
def mask_shape(stage):
    @stage
    def f(x, m):
        return x[m]  # here

    f(ag.ops.ones((4,)), ag.constant([True, False]))


@bad(ag.errors.ShapeError, "slice step")
def slice_step(stage):
    @stage
    def f(x):
        return x[::0]  # here

    f(ag.ops.ones((4,)))


@bad(ag.errors.ShapeError, "axis 3")
def softmax_axis(stage):
    @stage
    def f(x):
        return ag.ops.nn.softmax(x, axis=3)  # here

    f(ag.ops.ones((4,)))


@bad(ag.errors.ShapeError, "matrix")
def transpose_vector(stage):
    @stage
    def f(x):
        return x.T  # here

    f(ag.ops.ones((4,)))


@bad(ag.errors.StagingError, "loop_vars", "dimensions", eager=...)
def while_loop_rank(stage):
    @stage
    def f(x):
        return ag.while_loop(lambda y: ag.ops.sum(y) < 9.0, lambda y: ag.ops.stack([y, y]), (x,))  # here

    f(ag.constant(1.0))


@bad(TypeError, "argument", at_run_time=True)
def callee_arguments(stage):
    def g(a, b):
        return a + b

    @stage
    def f(x):
        return g(x)  # here

    f(ag.constant(1.0))


@bad(AttributeError, "'append'")
def attribute_of_tensor(stage):
    @stage
    def f(x):
        x.append(1)  # here
        return x

    f(ag.constant(1.0))


@bad(TypeError, "not callable")
def call_a_tensor(stage):
    @stage
    def f(x):
        return x(1)  # here

    f(ag.constant(1.0))


@bad(KeyError, "'b'", at_run_time=True)
def missing_key(stage):
    @stage
    def f(x):
        table = {"a": x}
        return table["b"]  # here

    f(ag.constant(1.0))


@bad(IndexError, "list index out of range", at_run_time=True)
def python_list_index(stage):
    @stage
    def f(x):
        items = [x, x]
        return items[2]  # here

    f(ag.constant(1.0))


@bad(IndexError, "pop", at_run_time=True)
def pop_from_empty(stage):
    @stage
    def f(n):
        items = []
        for i in range(n):
            items.append(i)
        return items.pop()  # here

    f(ag.constant(0))


@bad(ValueError, "my own words", at_run_time=True)
def own_exception(stage):
    @stage
    def f(x):
        raise ValueError("my own words")  # here

    f(ag.constant(1.0))


@bad(ag.errors.GraphTensorError, "after the trace")
def gradient_of_leaked(stage):
    kept = {}

    @ag.do_not_convert
    def keep(x):
        kept["x"] = x

    ag.function(lambda x: keep(x * 2))(ag.constant(1.0))
    with ag.GradientTape() as tape:
        tape.watch(kept["x"])  # here


@bad(ag.errors.ShapeError, "[3, 3] and [2, 3]")
def crossentropy_shapes(stage):
    @stage
    def f(labels, logits):
        return ag.ops.nn.sparse_categorical_crossentropy(labels, logits, from_logits=True)  # here

    f(ag.constant([1, 2, 0]), ag.ops.ones((2, 3)))


@bad(ag.errors.DTypeError, "labels")
def crossentropy_dtype(stage):
    @stage
    def f(labels, logits):
        return ag.ops.nn.sparse_categorical_crossentropy(labels, logits, from_logits=True)  # here

    f(ag.constant([1.5, 2.0]), ag.ops.ones((2, 3)))


@bad(ag.errors.DTypeError, "one_hot")
def one_hot_of_floats(stage):
    @stage
    def f(x):
        return ag.ops.nn.one_hot(x, 3)  # here

    f(ag.constant([1.5, 2.0]))


@bad(np.linalg.LinAlgError, "Singular", at_run_time=True, eager=...)
def inverse_of_singular(stage):
    @stage
    def f(x):
        return ag.ops.linalg.inv(x)  # here

    f(ag.ops.ones((2, 2)))


@bad(ag.errors.ShapeError, "square")
def inverse_of_rectangle(stage):
    @stage
    def f(x):
        return ag.ops.linalg.inv(x)  # here

    f(ag.ops.ones((2, 3)))


@bad(ag.errors.ShapeError, "not a size")
def shape_of_text(stage):
    @stage
    def f():
        return ag.ops.zeros("ab")  # here

    f()


@bad(OverflowError, "Python int", at_run_time=True)
def huge_number(stage):
    @stage
    def f(x):
        return x + 2**70  # here

    f(ag.constant(1))


@bad(OverflowError, "int8", at_run_time=True)
def number_beyond_dtype(stage):
    @stage
    def f(x):
        return x + 1000  # here

    f(ag.constant([1], ag.int8))
