"""Random expressions over the ops of the registry.

What is not exact (results of exp, of sums) goes on into floats only, never into a comparison or an integer, so that
integers and bools of the two backends have to be equal.
"""

from dataclasses import replace

import numpy as np

from autograph.errors import AutoGraphError
from autograph.ops.keys import Hole, Slice
from autograph.runtime.apply import infer_types
from autograph.runtime.dims import is_symbol
from autograph.runtime.dtypes import as_dtype
from autograph.runtime.op import Kind, all_ops
from autograph.runtime.types import TensorType
from tests.backends.native.both import INEXACT
from tests.backends.native.fuzz.pairs import pair_of, samples
from tests.backends.native.fuzz.values import NUMBERS, RARE, SIZES, Var, agree, is_known, volume

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
SORTED = {"searchsorted"}  # whose operands have to be in order
SIGNED_ZEROS = {"maximum", "minimum", "max", "min"}  # which of 0 and -0 they give is free


class Expressions:
    """Writes expressions.

    Attributes:
        rng: makes the choices.
        inputs: the program's parameters.
        scope: what can be used here.
        attrs: attributes that the text refers to, as `A[0]`, `A[1]` ….
        constants: indices that it refers to, as `I[0]` ….
        focus: the dtype that operands should have, None for any.
        aim: the op that is wanted, None for any.
    """

    def __init__(self, rng):
        self.rng = rng
        self.inputs, self.scope = [], []
        self.attrs, self.constants = [], []
        self.focus = self.aim = None
        self.made = None  # the pair of the last op

    # -- expressions ------------------------------------------------------------------------------------

    def pick(self, want=lambda v: True):
        found = [v for v in self.scope if want(v)]
        if self.focus is not None and self.rng.random() < 0.8:
            found = [v for v in found if v.type.dtype.name == self.focus and not v.type.weak] or found
        return self.rng.choice(found[-8:] if self.rng.random() < 0.6 else found) if found else None

    def one_of(self, ops):
        """One of some ops: the wanted one if it is there."""
        return self.aim if self.aim in ops else self.rng.choice(ops)

    def apply(self, op, operands, attrs=None):
        """The text of an op on variables and its type, or None where the op does not take them."""
        attrs = attrs or {}
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
        self.made = pair_of(op, [v.type for v in operands], types)
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
        op, x = self.one_of(ONE), self.pick()
        return None if op in ("real", "imag", "conj") and not x.type.dtype.is_inexact else self.apply(op, [x])

    def make_two(self):
        return self.apply(self.one_of(TWO), self.pair())

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
        takes = not like.type.weak and not (dtype.is_bool and not kind.is_bool)
        return Var(repr(value), TensorType(dtype, ()) if takes else TensorType(kind, (), True), True)

    def make_where(self):
        condition = self.pick(lambda v: v.type.dtype.is_bool)
        made = self.pair()
        if condition is None or made[1] is None:
            return None
        dtypes = {v.type.dtype.name for v in made if not v.type.weak}
        if "bfloat16" in dtypes and len(dtypes) > 1:
            return None  # `ag.ops.where` casts first
        if any(v.type.weak or not v.name.isidentifier() for v in made) and "bfloat16" in dtypes:
            return None  # the kernel alone does not know which is weak; `ag.ops.where` casts before
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
        op = self.one_of(["sum", "prod", "max", "min", "any", "all", "sum"])
        if op in ("max", "min") and any(x.type.shape[axis] == 0 for axis in axes):
            return None
        return self.apply(op, [x], {"axis": axes, "keepdims": self.rng.random() < 0.4})

    def make_along(self):
        x = self.pick(lambda v: v.type.shape)
        if x is None:
            return None
        axis = self.rng.randrange(len(x.type.shape))
        op = self.one_of(["argmax", "argmin", "cumulative_sum", "cumulative_prod", "argsort", "sort"])
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
        x = self.pick()
        like = self.pick(lambda v: v.type.shape not in ((), x.type.shape))
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
        return self.apply(self.one_of(["setitem", "index_add"]), [x, y, *holes], {"key": key})

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

    # -- ops that are wanted ----------------------------------------------------------------------------

    def fresh(self, dtype, shape, value=None):
        """A new input."""
        dims = tuple(dim if isinstance(dim, int) or is_symbol(dim) else 3 for dim in shape)
        var = Var(f"v_{len(self.inputs)}", TensorType(dtype, dims), True, value)
        self.inputs.append(var)
        self.scope.append(var)
        return var

    def wanted(self, name, dtype):
        """An expression with an op on operands of a dtype, or None."""
        self.focus, self.aim = dtype, name
        try:
            if all_ops()[name].kind is Kind.ELEMENTWISE and name != "cast":
                makers = [lambda: self.elementwise(name, dtype)]
            else:
                makers = [getattr(self, "make_" + MAKERS[name])] if name in MAKERS else []
            for make in makers * 4:
                made = make()
                if made is not None and self.made == (name, dtype) and volume(made[1]) <= 4000:
                    return made
            return self.sampled(name, dtype)
        finally:
            self.focus = self.aim = None

    def elementwise(self, name, dtype):
        """An elementwise op on what there is and on new inputs."""
        operands, attrs = self.rng.choice(samples(name, dtype))
        dtypes = [as_dtype(x.dtype) for x in operands]
        exact_only = name in JUMPING - {"where"}

        def fits(kind):
            return lambda v: v.type.dtype is kind and not v.type.weak and (v.exact or not exact_only)

        first = self.pick(fits(dtypes[-1])) if self.rng.random() < 0.7 else None
        shape = self.rng.choice([(), (3,), (17,), (2, 5)]) if first is None else first.type.shape
        made = []
        for kind in dtypes:
            like = fits(kind)
            found = self.pick(lambda v: like(v) and v.type.shape == shape) if self.rng.random() < 0.7 else None
            if found is None or (found in made and self.rng.random() < 0.8):
                own = shape if self.rng.random() < 0.8 else shape[1:] if shape[1:] else ()
                found = self.fresh(kind, own)
            made.append(found)
        if name != "where":
            return self.apply(name, made, attrs)
        found = self.apply(name, [replace(v, exact=True) for v in made], attrs)
        return found and (found[0], found[1], all(v.exact for v in made) or not found[1].dtype.is_inexact)

    def sampled(self, name, dtype):
        """An op on new inputs of the sizes of a sample."""
        operands, attrs = self.rng.choice(samples(name, dtype))
        free = all_ops()[name].kind in (Kind.REDUCTION, Kind.SHAPE, Kind.CONTRACTION, Kind.INDEXING)
        free = free and name != "searchsorted"  # which takes a vector that is in order
        made = []
        for place, x in enumerate(operands):
            index = x.dtype.kind in "iu" and place > 0 and all_ops()[name].kind is Kind.INDEXING
            known = not free or index or name in SORTED
            made.append(self.fresh(as_dtype(x.dtype), x.shape, x if known else None))
        return self.apply(name, made, attrs)

    def make_function(self):
        """A call of the program's function that calls itself."""
        x = self.pick(lambda v: v.type.dtype.is_inexact and len(v.type.shape) <= 1 and not v.type.weak)
        return x and (f"again({x.name}, n)", x.type, False)


KINDS = [
    *["one"] * 5, *["two"] * 10, *["where", "cast", "rounded", "reduce", "along"] * 2, "reduce", "matmul", "square",
    "permute", "flip", "flat", "broadcast", "concat", "slice", "pad", *["getitem", "setitem"] * 2, "mask", "creation",
    "function",
]  # fmt: skip

# What writes an op with attributes of its own choice.
MAKERS = {
    "cast": "cast", "matmul": "square", "permute_dims": "permute", "flip": "flip", "reshape": "flat",
    "broadcast_to": "broadcast", "concat": "concat", "slice_axis": "slice", "pad_axis": "pad", "getitem": "getitem",
    "setitem": "setitem", "index_add": "setitem", "full": "creation",
    **dict.fromkeys(("sum", "prod", "max", "min", "any", "all"), "reduce"),
    **dict.fromkeys(("argmax", "argmin", "cumulative_sum", "cumulative_prod", "argsort", "sort"), "along"),
}  # fmt: skip
