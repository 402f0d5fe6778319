"""Writes random programs over the ops of the registry: all dtypes, sizes 0, 1 and open, control flow and lists nested.

What is not exact (results of exp, of sums) goes on into floats only, never into a comparison or an integer, so that
integers and bools of the two backends have to be equal.
"""

import random
from dataclasses import dataclass, field, replace
from itertools import zip_longest

import numpy as np

import autograph as ag
from autograph.errors import AutoGraphError
from autograph.ops.keys import Hole, Slice
from autograph.runtime.apply import infer_types
from autograph.runtime.dims import SymbolicDim, symbol, symbols_of
from autograph.runtime.dtypes import as_dtype
from autograph.runtime.op import all_ops
from autograph.runtime.types import TensorType
from tests.backends.native.both import INEXACT

NUMBERS = [
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "float32",
    "float64", "int64",
]  # fmt: skip
RARE = ["float16", "bfloat16", "complex64", "complex128"]
SIZES = [0, 1, 2, 3, 3, 4, 5, 17, 40]
OPEN = [2, 3, 4, 5, 17, 40]  # sizes 0 and 1 have traces of their own

# Ops that jump where their operand moves a little, so that they take exact operands only.
JUMPING = {
    "equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "logical_and", "logical_or", "logical_xor",
    "logical_not", "isnan", "isinf", "isfinite", "signbit", "floor", "ceil", "trunc", "round", "sign", "floor_divide",
    "remainder", "argmax", "argmin", "argsort", "sort", "searchsorted", "isin", "any", "all", "nextafter", "copysign",
    "cast", "nonzero", "where",
}  # fmt: skip
ONE = [
    "negative", "positive", "abs", "sign", "logical_not", "bitwise_invert", "isnan", "isinf", "isfinite", "signbit",
    "exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh",
    "cosh", "tanh", "asinh", "acosh", "atanh", "floor", "ceil", "trunc", "round", "stop_gradient", "zeros_of", "erf",
    "erfc", "real", "imag", "conj",
]  # fmt: skip
TWO = [
    "add", "subtract", "multiply", "divide", "floor_divide", "remainder", "pow", "maximum", "minimum", "equal",
    "not_equal", "less", "less_equal", "greater", "greater_equal", "logical_and", "logical_or", "logical_xor",
    "bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift", "atan2", "hypot",
    "copysign", "logaddexp", "nextafter",
]  # fmt: skip
SIGNED_ZEROS = {"maximum", "minimum", "max", "min"}  # which of 0 and -0 they give is free


@dataclass
class Var:
    """A name of the program: its type, and whether its value is exact."""

    name: str
    type: TensorType
    exact: bool


@dataclass
class Writer:
    """Writes a program with the choices of a seeded generator."""

    rng: random.Random
    attrs: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    scope: list = field(default_factory=list)
    constants: list = field(default_factory=list)
    count: int = 0
    indent: int = 1
    loops: int = 0

    def name(self, kind="v"):
        self.count += 1
        return f"{kind}{self.count}"

    def line(self, text):
        self.lines.append("    " * self.indent + text)

    # -- expressions ------------------------------------------------------------------------------------

    def pick(self, want=lambda v: True):
        found = [v for v in self.scope if want(v)]
        return self.rng.choice(found[-8:] if self.rng.random() < 0.6 else found) if found else None

    def apply(self, op, operands, attrs=None, check=True):
        """The text of an op on variables and its type, or None where the op does not take them."""
        attrs = attrs or {}
        operands = [v for v in operands]
        if any(v is None for v in operands):
            return None
        exact = all(v.exact for v in operands)
        if (op in JUMPING and not exact) or not agree([v.type.shape for v in operands], op):
            return None
        try:
            types, _ = infer_types(all_ops()[op], [v.type for v in operands], attrs)
        except (AutoGraphError, ValueError, TypeError):
            return None
        made = types[0]
        if len(types) != 1 or not isinstance(made, TensorType) or not is_known(made):
            return None
        floating = made.dtype.is_inexact
        text = ", ".join([f'"{op}"', *[v.name for v in operands]] + ([f"**A[{len(self.attrs)}]"] if attrs else []))
        text = f"op({text})"
        if attrs:
            self.attrs.append(attrs)
        if op in SIGNED_ZEROS and floating:
            text = f'op("add", {text}, 0.0)'
        return text, made, (exact and op not in INEXACT) or not floating

    def expression(self):
        """A random expression that the ops take: text, type, exactness."""
        while True:
            made = getattr(self, "make_" + self.rng.choice(KINDS))()
            if made is not None and volume(made[1]) <= 4000 and len(made[1].shape) <= 4:
                return made

    def make_one(self):
        op, x = self.rng.choice(ONE), self.pick()
        return None if op in ("real", "imag", "conj") and not x.type.dtype.is_inexact else self.apply(op, [x])

    def make_two(self):
        return self.apply(self.rng.choice(TWO), self.pair())

    def pair(self):
        x = self.pick()
        if self.rng.random() < 0.15:
            return [x, self.number(x)]
        same = self.pick(lambda v: v.type.dtype is x.type.dtype)
        close = self.pick(lambda v: v.type.dtype is x.type.dtype and v.type.shape == x.type.shape)
        return [x, self.rng.choice([close, same, self.pick()])]

    def number(self, like):
        """A Python number that fits a dtype."""
        dtype = like.type.dtype
        value = self.rng.choice([0, 1, 2, 3, 7])
        if dtype.is_inexact and self.rng.random() < 0.7:
            value = self.rng.choice([0.0, -0.5, 2.5, 1e-3])
        if dtype.is_bool:
            value = self.rng.random() < 0.5
        kind = as_dtype(type(value))
        return Var(repr(value), TensorType(kind, (), True), True)

    def make_where(self):
        condition = self.pick(lambda v: v.type.dtype.is_bool)
        made = self.pair()
        if condition is None or made[1] is None:
            return None
        found = self.apply("where", [condition, *[replace(v, exact=True) for v in made]])
        return found and (found[0], found[1], all(v.exact for v in made) or not found[1].dtype.is_inexact)

    def make_cast(self):
        dtype = as_dtype(self.rng.choice(NUMBERS + RARE[: self.rng.random() < 0.2 and 4 or 0]))
        x = self.pick()
        if not x.exact and not dtype.is_inexact:
            return None
        if x.type.dtype.is_inexact and not dtype.is_inexact:
            return None  # what lies out of range is not defined; see make_rounded
        exact = x.exact
        found = self.apply("cast", [replace(x, exact=True)], {"dtype": dtype})
        return found and (found[0], found[1], exact)

    def make_rounded(self):
        x = self.pick(lambda v: v.exact and v.type.dtype.is_floating and v.type.dtype.bits >= 32)
        if x is None:
            return None
        near = f'op("minimum", op("maximum", op("where", op("isnan", {x.name}), 0.0, {x.name}), -100.0), 100.0)'
        dtype = as_dtype(self.rng.choice(["int8", "int16", "int32", "int64"]))
        self.attrs.append({"dtype": dtype})
        return f'op("cast", {near}, **A[{len(self.attrs) - 1}])', TensorType(dtype, x.type.shape), True

    def make_reduce(self):
        x = self.pick(lambda v: v.type.shape)
        if x is None:
            return None
        rank = len(x.type.shape)
        axes = tuple(sorted(self.rng.sample(range(rank), self.rng.randint(1, rank))))
        op = self.rng.choice(["sum", "prod", "max", "min", "any", "all", "sum"])
        if op in ("max", "min") and any(x.type.shape[axis] == 0 for axis in axes):
            return None
        return self.apply(op, [x], {"axis": axes, "keepdims": self.rng.random() < 0.4})

    def make_along(self):
        x = self.pick(lambda v: v.type.shape)
        if x is None:
            return None
        axis = self.rng.randrange(len(x.type.shape))
        op = self.rng.choice(["argmax", "argmin", "cumulative_sum", "cumulative_prod", "argsort", "sort"])
        if op in ("argmax", "argmin") and x.type.shape[axis] == 0:
            return None
        return self.apply(op, [x], {"axis": axis})

    def make_matmul(self):
        return self.apply("matmul", [self.pick(lambda v: len(v.type.shape) >= 2) for _ in range(2)])

    def make_square(self):
        x = self.pick(lambda v: len(v.type.shape) == 2)
        found = x and self.apply("permute_dims", [x], {"axes": (1, 0)})
        if not found:
            return None
        other = Var(found[0], found[1], found[2])
        return self.apply("matmul", [x, other] if self.rng.random() < 0.5 else [other, x])

    def make_permute(self):
        x = self.pick(lambda v: len(v.type.shape) >= 2)
        if x is None:
            return None
        axes = list(range(len(x.type.shape)))
        self.rng.shuffle(axes)
        return self.apply("permute_dims", [x], {"axes": tuple(axes)})

    def make_flip(self):
        x = self.pick(lambda v: v.type.shape)
        return x and self.apply("flip", [x], {"axes": (self.rng.randrange(len(x.type.shape)),)})

    def make_flat(self):
        x = self.pick()
        total = 1
        for dim in x.type.shape:
            total = total * dim
        shape = self.rng.choice([(total,), (1, total), (total, 1), (*x.type.shape, 1), (1, *x.type.shape)])
        if not all(isinstance(dim, int) for dim in shape):
            text = ", ".join("-1" if not isinstance(dim, int) else str(dim) for dim in shape)
            if sum(not isinstance(dim, int) for dim in shape) != 1:
                return None
            return f"ag.ops.reshape({x.name}, ({text},))", TensorType(x.type.dtype, shape), x.exact
        return self.apply("reshape", [x], {"shape": shape})

    def make_broadcast(self):
        x, like = self.pick(), self.pick(lambda v: v.type.shape)
        if like is None or not all(isinstance(dim, int) for dim in like.type.shape):
            return None
        return self.apply("broadcast_to", [x], {"shape": like.type.shape})

    def make_concat(self):
        x = self.pick(lambda v: v.type.shape)
        if x is None:
            return None
        axis = self.rng.randrange(len(x.type.shape))
        y = self.pick(lambda v: len(v.type.shape) == len(x.type.shape) and v.type.dtype is x.type.dtype)
        return self.apply("concat", [x, y] if self.rng.random() < 0.7 else [x, y, x], {"axis": axis})

    def make_slice(self):
        x = self.pick(lambda v: v.type.shape and isinstance(v.type.shape[0], int))
        if x is None:
            return None
        size = x.type.shape[0]
        start = self.rng.randint(0, size)
        return self.apply("slice_axis", [x], {"axis": 0, "start": start, "size": self.rng.randint(0, size - start)})

    def make_pad(self):
        x = self.pick(lambda v: v.type.shape)
        if x is None:
            return None
        axis = self.rng.randrange(len(x.type.shape))
        return self.apply(
            "pad_axis", [x], {"axis": axis, "before": self.rng.randint(0, 2), "after": self.rng.randint(0, 2)}
        )

    def key(self, x):
        """A random key of a tensor, and the variables that fill its holes."""
        parts, holes = [], []
        for dim in x.type.shape[: self.rng.randint(1, len(x.type.shape))]:
            size = dim if isinstance(dim, int) else 2
            choice = self.rng.choice(["all", "number", "slice", "hole", "scalar"])
            if choice == "number" and size:
                parts.append(self.rng.randrange(-size, size))
            elif choice == "slice":
                bounds = [None, None, 0, 1, 2, -1, 5]
                parts.append(
                    Slice(self.rng.choice(bounds), self.rng.choice(bounds), self.rng.choice([None, 1, 2, -1, -2]))
                )
            elif choice in ("hole", "scalar") and size:
                index = np.array([self.rng.randrange(-size, size) for _ in range(3)])
                if choice == "scalar":
                    index = index[0]
                name = f"I[{len(self.constants)}]"
                self.constants.append(index)
                parts.append(Hole())
                holes.append(Var(name, TensorType(as_dtype("int64"), index.shape), True))
            else:
                parts.append(Slice(None, None, None))
        return tuple(parts), holes

    def make_getitem(self):
        x = self.pick(lambda v: v.type.shape)
        if x is None:
            return None
        key, holes = self.key(x)
        return self.apply("getitem", [x, *holes], {"key": key})

    def make_setitem(self):
        x = self.pick(lambda v: v.type.shape)
        if x is None:
            return None
        key, holes = self.key(x)
        y = self.pick(lambda v: v.type.dtype is x.type.dtype and (not x.exact or v.exact) and not v.type.shape)
        y = self.pick(lambda v: v.type == x.type and (not x.exact or v.exact)) if self.rng.random() < 0.5 else y
        if y is not None and y.type.shape:
            part = self.apply("getitem", [y, *holes], {"key": key})
            y = part and Var(part[0], part[1], part[2])
        if y is None:
            return None
        return self.apply(self.rng.choice(["setitem", "index_add"]), [x, y, *holes], {"key": key})

    def make_mask(self):
        x = self.pick(lambda v: v.type.shape)
        mask = x and self.pick(lambda v: v.type.dtype.is_bool and v.type.shape == x.type.shape)
        if not mask:
            return None
        text = f'op("sum", ag.ops.nonzero({mask.name})[0], axis=(0,), keepdims=False)'
        return text, TensorType(as_dtype("int64"), ()), True

    def make_creation(self):
        dtype = as_dtype(self.rng.choice(NUMBERS))
        size = self.rng.choice(SIZES)
        if self.rng.random() < 0.3:
            return self.apply("iota", [], {"size": size})
        return self.apply("full", [], {"shape": (size,) * self.rng.randint(0, 2), "value": 3, "dtype": dtype})

    def make_function(self):
        """A call of the program's function that calls itself."""
        x = self.pick(lambda v: v.type.dtype.is_inexact and len(v.type.shape) <= 1 and not v.type.weak)
        return x and (f"again({x.name}, n)", x.type, False)

    # -- statements -------------------------------------------------------------------------------------

    def block(self, depth):
        outer = list(self.scope)
        before = len(self.lines)
        for _ in range(self.rng.randint(1, 4)):
            self.statement(depth)
        if len(self.lines) == before:
            self.line("pass")
        self.scope = outer

    def statement(self, depth):
        kinds = ["let"] * 6 + ["change"] * 3 + ["check"] * (self.rng.random() < 0.3)
        if depth > 0:
            kinds += ["branch", "branch", "repeat", "each", "grow", "attempt", "variable"]
        getattr(self, "write_" + self.rng.choice(kinds))(depth - 1)

    def write_let(self, depth):
        text, type_, exact = self.expression()
        name = self.name()
        self.line(f"{name} = {text}")
        self.scope.append(Var(name, type_, exact))

    def write_change(self, depth):
        for _ in range(30):
            text, type_, exact = self.expression()
            var = self.pick(lambda v: v.type == type_ and v.name.startswith("v") and (exact or not v.exact))
            if var is not None:
                self.line(f"{var.name} = {text}")
                return

    def test(self):
        choices = ["n > 1", "n == 2", "op('equal', n, 0)"]
        var = self.pick(lambda v: v.exact and v.type.dtype.is_bool)
        if var is not None:
            axes = tuple(range(len(var.type.shape)))
            self.attrs.append({"axis": axes, "keepdims": False})
            text = f'op("{self.rng.choice(["any", "all"])}", {var.name}, **A[{len(self.attrs) - 1}])'
            choices += [text if axes else var.name] * 3
        return self.rng.choice(choices)

    def write_branch(self, depth):
        self.line(f"if {self.test()}:")
        self.nested(depth)
        if self.rng.random() < 0.7:
            self.line("else:")
            self.nested(depth)

    def nested(self, depth):
        self.indent += 1
        self.block(depth)
        self.indent -= 1

    def write_repeat(self, depth):
        self.loops += 1
        counter = f"k{self.loops}"
        self.line(f"{counter} = 0")
        self.line(f"while {counter} < {self.rng.choice(['n', 'n', '3'])}:")
        self.indent += 1
        self.line(f"{counter} += 1")
        self.block(depth)
        if self.rng.random() < 0.2:
            self.line(f"if {self.test()}:")
            self.line("    " + self.rng.choice(["break", "continue"]))
        self.indent -= 1

    def write_each(self, depth):
        x = self.pick(lambda v: v.type.shape)
        if x is None:
            return
        name = self.name("x")
        self.line(f"for {name} in {x.name}:")
        self.indent += 1
        outer = list(self.scope)
        self.scope.append(Var(name, TensorType(x.type.dtype, x.type.shape[1:]), x.exact))
        self.block(depth)
        self.scope = outer
        self.indent -= 1

    def write_grow(self, depth):
        """A list that a loop appends to and that is read afterwards."""
        x = self.pick(lambda v: not v.type.weak)
        self.loops += 1
        items, counter = self.name("l"), f"k{self.loops}"
        self.line(f"{items} = [{x.name}]")
        self.line(f"for {counter} in range(n):")
        self.indent += 1
        more = self.pick(lambda v: v.type == x.type and (v.exact or not x.exact))
        self.line(f"{items}.append({more.name})")
        if self.rng.random() < 0.3:
            self.line(f"{items}[{counter}] = {x.name}")
        self.block(depth)
        if self.rng.random() < 0.2:
            self.line(f"if len({items}) > 2:")
            self.line(f"    {items}.pop()")
        self.indent -= 1
        if self.rng.random() < 0.3:
            self.line(f"{items} = {items}[{self.rng.choice(['1:', ':-1', '::-1', '::2', ':'])}] + {items}")
        name = self.name()
        self.line(f"{name} = {items}[{self.rng.choice(['0', '-1', 'n', 'n // 2'])}]")
        self.scope.append(Var(name, x.type, x.exact))
        if x.exact and not x.type.shape and self.rng.random() < 0.5:
            name = self.name()
            self.line(f"{name} = {items}.count({x.name}) + len({items})")
            self.scope.append(Var(name, TensorType(as_dtype("int64"), (), True), True))

    def write_check(self, depth):
        self.line(f"assert {self.test()}, 'checked'")

    def write_attempt(self, depth):
        self.line("try:")
        self.nested(depth)
        self.line(f"except {self.rng.choice(['AssertionError', '(ZeroDivisionError, IndexError)', 'Exception'])}:")
        self.nested(depth)

    def write_variable(self, depth):
        var = self.pick(lambda v: v.type.dtype.name == "float32" and v.type.shape in ((), (3,)))
        if var is None:
            return
        target = "W" if var.type.shape else "S"
        self.line(f"{target}.{self.rng.choice(['assign', 'assign_add', 'assign_sub'])}({var.name})")
        name = self.name("w")
        self.line(f"{name} = {target} * 1.0")
        self.scope.append(Var(name, var.type, False))


KINDS = [
    *["one"] * 5, *["two"] * 10, *["where", "cast", "rounded", "reduce", "along"] * 2, "reduce", "matmul", "square",
    "permute", "flip", "flat", "broadcast", "concat", "slice", "pad", *["getitem", "setitem"] * 2, "mask", "creation",
    "function",
]  # fmt: skip


def agree(shapes, op):
    """Whether open sizes that meet each other or a known size are the same ones, so that no check can fail."""
    if op == "matmul":
        return shapes[0][-1] == shapes[1][-2] and agree([shape[:-2] for shape in shapes], "")
    met = [{dim for dim in dims if dim != 1} for dims in zip_longest(*[shape[::-1] for shape in shapes], fillvalue=1)]
    return all(len(dims) < 2 for dims in met) or not any(isinstance(d, SymbolicDim) for dims in met for d in dims)


def is_known(type_):
    """Whether a type's sizes are those of the inputs."""
    return all(isinstance(dim, int) or all(name in ("a", "b") for name in symbols_of(dim)) for dim in type_.shape)


def volume(type_):
    total = 1
    for dim in type_.shape:
        total *= dim if isinstance(dim, int) else 8
    return total


@dataclass
class Program:
    """A random program: its text, what it refers to, and the rows of inputs that it runs on."""

    text: str
    space: dict
    specs: list
    rows: list


def write_program(seed):
    """The program of a seed."""
    rng = random.Random(seed)
    writer = Writer(rng)
    open_sizes = rng.random() < 0.4
    static = [rng.choice(SIZES) for _ in range(2)]
    dims = [symbol("a"), symbol("b")] if open_sizes else static
    inputs = []
    for index in range(rng.randint(2, 4)):
        dtype = as_dtype(rng.choice(NUMBERS + (RARE if rng.random() < 0.1 else [])))
        shape = tuple(rng.choice([*dims, 1, 3]) for _ in range(rng.choice([0, 1, 1, 2, 2, 3])))
        inputs.append(Var(f"v_{index}", TensorType(dtype, shape), True))
    inputs.append(Var("v_w", TensorType(as_dtype("float32"), (3,)), True))
    writer.scope = [*inputs, Var("n", TensorType(as_dtype("int64")), True)]
    for _ in range(rng.randint(2, 6)):
        writer.statement(2)
    results = [v for v in writer.scope if v.name[0] == "v"]
    results = results[-4:] + inputs[:1]
    writer.line(f"return {', '.join(v.name for v in results)}, ")
    head = f"def program({', '.join(v.name for v in inputs)}, n):"
    text = "\n".join([AGAIN, head, *writer.lines, ""])
    specs = [ag.TensorSpec(tuple(map(spec_dim, v.type.shape)), v.type.dtype) for v in inputs]
    rows = []
    for turn in range(3):
        sizes = {"a": rng.choice(OPEN), "b": rng.choice(OPEN)}
        row = [array(rng, v.type, sizes) for v in inputs]
        rows.append([*row, np.int64(turn + 1 if turn else rng.choice([0, 1, 2]))])
    return Program(text, space_of(writer), [*specs, ag.TensorSpec((), ag.int64)], rows)


AGAIN = """def again(x, n):
    if n <= 0:
        return x
    return again(op("sin", x), n - 1)

"""


def spec_dim(dim):
    return symbols_of(dim)[0] if isinstance(dim, SymbolicDim) else dim


def space_of(writer):
    return {
        "ag": ag,
        "op": op,
        "A": writer.attrs,
        "I": [ag.constant(x) for x in writer.constants],
        "W": ag.Variable(np.array([0.5, -1.0, 2.0], np.float32)),
        "S": ag.Variable(np.float32(0.25)),
    }


@ag.do_not_convert
def op(name, *operands, **attrs):
    """Runs an op of the registry as the functions of `ag.ops` do: with operands in one dtype where it wants that."""
    from_registry = all_ops()[name]
    return ag.runtime.apply.apply(from_registry, *operands, **attrs)


def array(rng, type_, sizes):
    """An input: small numbers, or those at the limits of the dtype."""
    shape = tuple(dim if isinstance(dim, int) else sizes[symbols_of(dim)[0]] for dim in type_.shape)
    random_ = np.random.default_rng(rng.randrange(2**32))
    dtype = type_.dtype
    if dtype.is_bool:
        return random_.random(shape) < 0.5
    if dtype.is_integer:
        limits = np.iinfo(dtype.numpy)
        if rng.random() < 0.3:
            made = random_.integers(limits.min, limits.max, shape, dtype.numpy, endpoint=True)
        else:
            made = random_.integers(max(limits.min, -5), 6, shape)
        return np.asarray(made).astype(dtype.numpy)
    made = np.asarray(random_.normal(size=shape) * rng.choice([1, 1, 10]))
    if rng.random() < 0.3:
        pool = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-40, 1.0, -1.0, 0.5, 3e38, 1e-310])
        made = np.where(random_.random(shape) < 0.4, random_.choice(pool, shape), made)
    if dtype.is_complex:
        made = made + 1j * random_.normal(size=shape)
    with np.errstate(all="ignore"):
        return np.asarray(made).astype(dtype.numpy)
