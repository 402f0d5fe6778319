"""Functions that are called or declared wrongly."""

import numpy as np

import autograph as ag
from tests.messages.case import Table

ARGUMENTS = Table()
bad = ARGUMENTS.bad


def _matrix(shape=(None, 3), dtype=ag.float32):
    return ag.function(lambda x: x * 2, input_signature=[ag.TensorSpec(shape, dtype)])


@bad(ag.errors.SignatureError, "'x'", "TensorSpec([?, 3], float32)", "f32[2, 4]", eager=None)
def signature_size(stage):
    if stage.__name__ == "staged":
        _matrix()(ag.ops.ones((2, 4)))  # here


@bad(ag.errors.SignatureError, "'x'", "f32[3]", eager=None)
def signature_rank(stage):
    if stage.__name__ == "staged":
        _matrix()(ag.ops.ones((3,)))  # here


@bad(ag.errors.SignatureError, "'x'", "f64[2, 3]", "float32", eager=None)
def signature_dtype(stage):
    if stage.__name__ == "staged":
        _matrix()(ag.ops.ones((2, 3), ag.float64))  # here


@bad(ag.errors.SignatureError, "x['b']", "structure", eager=None)
def signature_structure(stage):
    if stage.__name__ == "staged":
        f = ag.function(lambda x: x["a"], input_signature=[{"a": ag.TensorSpec([], ag.float32)}])
        f({"b": ag.constant(1.0)})  # here


@bad(ag.errors.SignatureError, "'x'", "got a str", eager=None)
def signature_text(stage):
    if stage.__name__ == "staged":
        _matrix()("text")  # here


@bad(ag.errors.SignatureError, "'y'", "where n = 3", eager=None)
def signature_named_sizes(stage):
    if stage.__name__ == "staged":
        specs = [ag.TensorSpec(["n"], ag.float32), ag.TensorSpec(["n"], ag.float32)]
        f = ag.function(lambda x, y: x * y, input_signature=specs)
        f(ag.ops.ones((3,)), ag.ops.ones((4,)))  # here


@bad(ag.errors.SignatureError, "missing", "'y'", "(x, y)", eager=None)
def missing_argument(stage):
    @ag.function
    def f(x, y):
        return x + y

    if stage.__name__ == "staged":
        f(ag.constant(1.0))  # here


@bad(ag.errors.SignatureError, "unexpected", "'z'", eager=None)
def unexpected_argument(stage):
    @ag.function
    def f(x):
        return x

    if stage.__name__ == "staged":
        f(ag.constant(1.0), z=3)  # here


@bad(ag.errors.UnknownBackendError, "'cuda'", "numpy")
def unknown_backend(stage):
    ag.function(backend="cuda")(lambda x: x)  # here


@bad(ag.errors.UnknownBackendError, "'cuda'", "numpy")
def unknown_default_backend(stage):
    ag.config.set_backend("cuda")  # here


@bad(ag.errors.SignatureError, "callable")
def not_callable(stage):
    ag.function(3)  # here


@bad(ag.errors.ConversionError, "async", eager=None)
def async_function(stage):
    @stage
    async def f(x):  # here
        return x

    if stage.__name__ == "staged":
        f(ag.constant(1.0))


@bad(ag.errors.SourceNotFoundError, "source of `f`", "linecache", eager=None, at_line=False)
def source_of_exec(stage):
    names: dict = {}
    exec("def f(x):\n    return x if x > 0 else -x\n", names)
    stage(names["f"])(ag.constant(1.0))  # here


@bad(ag.errors.SignatureError, "function len", "lambda", eager=None)
def decorated_builtin(stage):
    if stage.__name__ == "staged":
        ag.function(len)  # here


@bad(ag.errors.GraphTensorError, "NumPy array", "np.linalg.cond", eager=None)
def numpy_function(stage):
    @stage
    def f(x):
        return np.linalg.cond(x)  # here

    f(ag.ops.ones((1, 1)))


@bad(ag.errors.GraphTensorError, "np.spacing", "ag.ops", eager=...)
def numpy_ufunc(stage):
    @stage
    def f(x):
        return np.spacing(x)  # here

    f(ag.constant(1.0))


@bad(ag.errors.GraphTensorError, "numpy()", eager=None)
def numpy_method(stage):
    @stage
    def f(x):
        return x.numpy()  # here

    f(ag.constant(1.0))


@bad(ag.errors.GraphTensorError, "item()", eager=None)
def item_method(stage):
    @stage
    def f(x):
        return x.item()  # here

    f(ag.constant(1.0))


@bad(ag.errors.GraphTensorError, "text", eager=None, at_line=False)
def text_of_tensor(stage):
    @stage
    def f(x):
        return str(x)

    f(ag.constant(1.0))


@bad(ag.errors.GraphTensorError, "text", eager=None)
def text_as_condition(stage):
    @stage
    def f(x):
        if str(x) == "1.0":  # here
            return x
        return -x

    f(ag.constant(1.0))


@bad(ag.errors.GraphTensorError, "looked into", eager=None)
def joined_text_as_condition(stage):
    @stage
    def f(x):
        name = f"x = {x}"
        if name == "x = 1.0":  # here
            return x
        return -x

    f(ag.constant(1.0))


@bad(ag.errors.GraphTensorError, "trace", eager=None)
def leaked_tensor(stage):
    kept = {}

    @ag.function
    def f(x):
        KEEP(kept, x * 2)
        return x

    if stage.__name__ == "staged":
        f(ag.constant(1.0))
        kept["x"] + 1  # here


@ag.do_not_convert
def KEEP(kept, x):
    kept["x"] = x


@bad(ag.errors.GraphTensorError, "outside the staged block or function", eager=None)
def leaked_into_other_trace(stage):
    kept = {}

    @ag.function
    def f(x):
        KEEP(kept, x * 2)
        return x

    if stage.__name__ == "staged":
        f(ag.constant(1.0))
        ag.function(lambda y: y + kept["x"])(ag.constant(1.0))  # here


@bad(ag.errors.GraphTensorError, "pickling", eager=None)
def pickled_tensor(stage):
    @stage
    def f(x):
        import pickle

        pickle.dumps(x)  # here
        return x

    f(ag.constant(1.0))


@bad(ag.errors.GraphTensorError, "bool()", "do_not_convert", eager=None)
def unconverted_condition(stage):
    @ag.do_not_convert
    def clip(x):
        if x > 0:  # here
            return x
        return x * 0

    @stage
    def f(x):
        return clip(x)

    f(ag.constant(1.0))


@bad(ag.errors.GraphTensorError, "index or count", eager=None)
def size_in_library(stage):
    @stage
    def f(x):
        return hex(x)  # here

    f(ag.constant(1))


@bad(ag.errors.GraphTensorError, "axis", eager=None)
def axis_by_tensor(stage):
    @stage
    def f(x, axis):
        return ag.ops.sum(x, axis=axis)  # here

    f(ag.ops.ones((2, 3)), ag.constant(1))


@bad(ag.errors.ConversionError, "`eval`", eager=None)
def uses_eval(stage):
    @stage
    def f(x):
        return eval("x + 1")  # here

    f(ag.constant(1.0))


@bad(ag.errors.ConversionError, "`exec`", eager=None)
def uses_exec(stage):
    @stage
    def f(x):
        exec("y = 1")  # here
        return x

    f(ag.constant(1.0))


@bad(ag.errors.ConversionError, "`locals`", eager=None)
def uses_locals(stage):
    @stage
    def f(x):
        return locals()["x"]  # here

    f(ag.constant(1.0))


def _registered(text):
    import linecache

    name = f"<typed {len(linecache.cache)}>"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    names: dict = {}
    exec(compile(text, name, "exec"), names)
    return names["f"]


@bad(ag.errors.ConversionError, "nested too deeply", "line 1", eager=None, at_line=False)
def hundred_elifs(stage):
    lines = ["def f(x):", " y = x", " if x > 0: y = 0"]
    lines += [f" elif x > {-i}: y = {i}" for i in range(1, 150)]
    stage(_registered("\n".join([*lines, " return y"]) + "\n"))(ag.constant(1.0))


@bad(ag.errors.UnsupportedOpError, "nested too deeply", "line 3", "elif", eager=None, at_line=False)
def ninety_nine_elifs(stage):
    lines = ["def f(x):", " y = x", " if x > 0: y = 0"]
    lines += [f" elif x > {-i}: y = {i}" for i in range(1, 99)]
    stage(_registered("\n".join([*lines, " return y"]) + "\n"))(ag.constant(1.0))


@bad(ag.errors.ConversionError, "nested too deeply", "line 1", "functions of their own", eager=None, at_line=False)
def wide_elif(stage):
    lines = ["def f(x):", " y = x", " if x > 0: y = 0"]
    lines += [f" elif x > {-i}: y = {i}" for i in range(1, 300)]
    stage(_registered("\n".join([*lines, " return y"]) + "\n"))(ag.constant(1.0))


@bad(ag.errors.StagingError, "Variable is created", "__init__", eager=None)
def variable_in_function(stage):
    @stage
    def f(x):
        w = ag.Variable(x)  # here
        return w + x

    f(ag.constant(1.0))


@bad(ag.errors.ShapeError, "assigned", "(3,)", "(4,)")
def assign_shape(stage):
    w = ag.Variable(ag.ops.ones((3,)))

    @stage
    def f(x):
        w.assign(x)  # here
        return x

    f(ag.ops.ones((4,)))


@bad(ag.errors.DTypeError, "assigned", "float32", "int64")
def assign_dtype(stage):
    w = ag.Variable(ag.constant(1))

    @stage
    def f(x):
        w.assign(x)  # here
        return x

    f(ag.constant(1.0))
