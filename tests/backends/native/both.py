"""A backend that runs each graph natively, or on XLA, and by NumPy, and compares: results, errors and variables.

Floats may differ as rounding differs. How far is measured: NumPy runs again with the results of inexact ops moved by
some units in the last place, and what is tested may lie as far off as these runs do.
"""

import contextlib
import copy
from dataclasses import dataclass, field

import ml_dtypes
import numpy as np

from autograph.runtime.backend import get_backend, register_backend
from autograph.runtime.failure import Failure
from autograph.runtime.op import Kind, all_ops
from autograph.runtime.types import RefType
from autograph.runtime.variable import Variable
from autograph.runtime.vector import Vector

ULP = 4  # what an inexact op may err by
TAILS = {"ndtr": 400, "erfc": 400}  # as far as the reference itself errs, far from 0; it gives no subnormals
RUNS = 3  # of moved results
SLACK = 4  # times as far as the moved runs

# Ops whose results are the same to the last bit: of integers, and floats that are moved, compared or rounded once.
EXACT = {
    "abs", "add", "argsort", "broadcast_to", "cast", "ceil", "concat", "conj", "constant", "copysign", "divide", "flip",
    "floor", "floor_divide", "full", "getitem", "imag", "iota", "max", "maximum", "min", "minimum", "multiply",
    "negative", "nextafter", "pad_axis", "permute_dims", "positive", "real", "remainder", "reshape", "round",
    "segment_max", "segment_min", "setitem", "sign", "slice_axis", "sort", "sqrt", "stop_gradient", "subtract", "trunc",
    "undefined", "unique", "view", "where", "wrapping", "zeros_of", "py_function",
}  # fmt: skip
_WITHOUT = {Kind.LIST, Kind.CONTROL, Kind.EFFECT, Kind.RANDOM}
INEXACT = {name for name, op in all_ops().items() if op.kind not in _WITHOUT and name not in EXACT}
# How NumPy rounds these of complex numbers depends on where they lie in memory.
COMPLEX = {"multiply", "divide", "abs", "sign", "sqrt"}


class Difference(AssertionError):
    """The two backends do not agree."""


# Sums of products: each may err as much as the sum of its terms' sizes, however small it is itself.
SUMS = {"sum", "matmul", "cumulative_sum", "convolution", "index_add", "recurrence", "segment_sum"}


LARGER = {"logaddexp", "logaddexp2"}  # the larger operand and a small term, which may cancel


@dataclass(frozen=True)
class Rounding:
    """How far ops err.

    Attributes:
        ulps: by how many units in the last place, by op; others by `ULP`.
        of_complex: by how many of those of the norm, at least, where numbers are complex.
        around: ops that err by as much of 1 where their results are smaller.
    """

    ulps: dict = field(default_factory=lambda: TAILS)
    of_complex: int = 0
    around: frozenset = frozenset()


@contextlib.contextmanager
def moved(seed, rounding):
    """Makes the kernels of inexact ops err at random."""
    rng = np.random.default_rng(seed)

    def err(made, terms, name):
        array = np.asarray(made)
        if not is_float(array.dtype):
            return made
        limits, ulp = ml_dtypes.finfo(array.dtype), rounding.ulps.get(name, ULP)
        of_complex = rounding.of_complex if array.dtype.kind == "c" else 0
        ulp = max(ulp, of_complex)
        if name in rounding.around:
            terms = np.maximum(np.abs(terms), np.ones((), array.real.dtype))
        steps = rng.choice([-ulp, 1 - ulp, ulp - 1, ulp], array.shape) * float(limits.eps)
        steps = steps * rng.choice([1, 1j], array.shape) if of_complex else steps
        least = float(limits.tiny) if name in TAILS else (array != 0) * float(limits.smallest_subnormal)
        found = np.asarray(array + (np.abs(terms) * steps + np.sign(steps) * least).astype(array.dtype))[()]
        return found.item() if isinstance(made, float) and not isinstance(made, np.generic) else found

    def wrap(function, name):
        def run(*operands, **attrs):
            made = function(*operands, **attrs)
            if isinstance(made, tuple):
                return tuple([err(part, part, name) for part in made])
            if name not in INEXACT and not any(map(is_complex, (*operands, made))):
                return made
            if name in LARGER:
                return err(
                    made, np.maximum(*[size(np.asarray(x, np.asarray(made).dtype)) for x in operands[-2:]]), name
                )
            if name == "prod" and is_float(np.asarray(made).dtype):
                made = np.where(in_range(operands[-1], attrs), made, np.nan if seed % 2 else 0)
            if name not in SUMS or not is_float(np.asarray(made).dtype):
                return err(made, made, name)
            with np.errstate(all="ignore"):
                over = ~np.isfinite(4 * function(*map(tamed, operands), **attrs))  # products may be added up first
                made = np.where(over, np.nan if seed % 2 else 0, made).astype(np.asarray(made).dtype)[()]
                return err(made, function(*map(size, operands), **attrs), name)

        return None if function is None else run

    ops = [op for name, op in all_ops().items() if name in INEXACT | COMPLEX]
    before = [(op.kernel, op.python) for op in ops]
    for op in ops:
        op.kernel, op.python = wrap(op.kernel, op.name), wrap(op.python, op.name)
    try:
        yield
    finally:
        for op, (kernel, python) in zip(ops, before, strict=True):
            op.kernel, op.python = kernel, python


def size(x):
    """The absolute values of floats."""
    return np.abs(x) if isinstance(x, np.ndarray | np.generic) and is_float(x.dtype) else x


def tamed(x):
    """The absolute values of floats that are finite, 1 for others: what they give is infinite if it overflows."""
    found = size(x)
    return np.where(np.isfinite(found), found, 1).astype(found.dtype) if found is not x else x


def in_range(x, attrs):
    """Whether products over axes stay finite and normal in every order."""
    x, over = np.abs(x), {"axis": tuple(attrs["axis"]), "keepdims": attrs["keepdims"]}
    with np.errstate(all="ignore"):
        large, small = np.prod(np.maximum(x, 1), **over), np.prod(np.where(x > 0, np.minimum(x, 1), 1), **over)
        return np.isfinite(large) & (small >= float(ml_dtypes.finfo(small.dtype).tiny))


def is_complex(x):
    return isinstance(x, np.ndarray | np.generic | complex) and np.iscomplexobj(x)


def is_float(dtype):
    return dtype.kind in "fc" or dtype.name == "bfloat16"


class Both:
    """The backend that compares.

    Args:
        name: its own.
        tested: the backend that is compared with NumPy.
        rounding: how far its inexact ops may err.
        seen: in what context NumPy does as it does.
    """

    def __init__(self, name="both", tested="native", rounding=Rounding(), seen=contextlib.nullcontext):
        self.name, self.tested, self.rounding, self.seen = name, tested, rounding, seen

    def compile(self, graph):
        return Pair(graph, self)


class Pair:
    def __init__(self, graph, backends):
        self.graph, self.backends = graph, backends
        self.tested = get_backend(backends.tested).compile(graph)
        self.moved = []
        with backends.seen():
            self.reference = get_backend("numpy").compile(graph)
            for seed in range(RUNS):
                with moved(seed, backends.rounding):
                    self.moved.append(get_backend("numpy").compile(graph))

    def __call__(self, raws):
        places = [i for i, value in enumerate(self.graph.params) if isinstance(value.type, RefType)]
        before = [raws[i]._value for i in places]

        def run(executable):
            given = [raw if i in places else copy.deepcopy(raw) for i, raw in enumerate(raws)]
            made = attempt(executable, given)
            after = [raws[i]._value for i in places]
            for i, value in zip(places, before, strict=True):
                raws[i]._value = value
            if any(
                np.asarray(x).tobytes() != np.asarray(y).tobytes()
                for x, y in zip(given, raws, strict=True)
                if not isinstance(x, Variable)
            ):
                raise Difference("an operand was changed")
            return made, after

        others = []
        with np.errstate(all="ignore"):
            got, got_after = run(self.tested)
            with self.backends.seen():
                wanted, wanted_after = run(self.reference)
                for seed, executable in enumerate(self.moved):
                    with moved(seed, self.backends.rounding):
                        others.append(run(executable))
        compare_outcomes(got, wanted, [other for other, _ in others])
        compare_values(got_after, wanted_after, [after for _, after in others])
        for i, value in zip(places, wanted_after, strict=True):
            raws[i]._value = value
        kind, result = wanted
        if kind == "error":
            raise result
        return result


def attempt(run, raws):
    try:
        return "value", run(raws)
    except Exception as error:
        return "error", error


def compare_outcomes(got, wanted, others):
    kind, result = wanted
    if got[0] != kind:
        raise Difference(f"tested {got}, numpy {wanted}") from (got[1] if got[0] == "error" else None)
    if kind == "error":
        if not same_error(got[1], result):
            raise Difference(f"tested {got[1]!r}, numpy {result!r}") from got[1]
        return
    failed = [other for kind, other in others if kind == "error"]
    if failed:
        raise Difference(f"numpy with results moved: {failed[0]!r}") from failed[0]
    compare_values(got[1], result, [other for _, other in others])


def same_error(got, wanted):
    """Whether errors are of one class and, where the program raises them itself, say the same."""
    if isinstance(got, Failure) and isinstance(wanted, Failure):
        payloads = [[np.asarray(x).tolist() for x in failure.payload] for failure in (got, wanted)]
        return got.site == wanted.site and repr(payloads[0]) == repr(payloads[1])
    classes = [e.site.exception if isinstance(e, Failure) else type(e) for e in (got, wanted)]
    return classes[0] is classes[1]


def compare_values(got, wanted, others):
    if len(got) != len(wanted):
        raise Difference(f"{len(got)} results, {len(wanted)} wanted")
    for place, (a, b) in enumerate(zip(got, wanted, strict=True)):
        compare_value(a, b, [other[place] for other in others], place)


def compare_value(a, b, others, place):
    if isinstance(b, list | Vector):
        if type(a) is not type(b) or len(a) != len(b):
            raise Difference(f"result {place}: {a!r}, wanted {b!r}")
        for index, (x, y) in enumerate(zip(a, b, strict=True)):
            compare_value(x, y, [other[index] for other in others], place)
        return
    x, y = np.asarray(a), np.asarray(b)
    if x.dtype != y.dtype or x.shape != y.shape:
        raise Difference(f"result {place}: {x.dtype} {x.shape}, wanted {y.dtype} {y.shape}")
    if type(b) in (int, float, bool, complex) and type(a) is not type(b):
        raise Difference(f"result {place}: a {type(a)}, wanted a {type(b)}")
    if y.dtype.kind in "biuO":
        if not np.array_equal(x, y):
            raise Difference(f"result {place}: {x!r}, wanted {y!r}")
    elif not near(x, y, [np.asarray(other) for other in others]):
        raise Difference(f"result {place}: {x!r}, wanted {y!r}")


def near(x, y, others):
    """Whether floats agree as far as rounding lets them."""
    with np.errstate(all="ignore"):
        eps = float(ml_dtypes.finfo(y.dtype).eps)
        x, y, *others = [z.astype(np.result_type(z.dtype, np.float64)) for z in (x, y, *others)]
        spread = np.zeros(y.shape)
        wild = np.zeros(y.shape, bool)
        for z in others:
            moved_by = np.abs(z - y)
            wild |= (np.isfinite(z) != np.isfinite(y)) | (np.isnan(z) != np.isnan(y))
            spread = np.maximum(spread, np.where(np.isfinite(moved_by), moved_by, 0))
        if spread.any():  # what moves one element may leave another where it is, by chance
            typical = np.median(spread[spread > 0]) if spread.size > 8 else 0.0
            spread = np.maximum(spread, np.maximum(typical, eps * np.abs(np.where(np.isfinite(y), y, 0))))
        same = (x == y) | (np.isnan(x) & np.isnan(y))
        if np.iscomplexobj(y):  # what infinities multiply to has no one answer: inf + nan j, nan + inf j, nan + nan j
            same |= ~np.isfinite(x) & ~np.isfinite(y)
        return bool(np.all(same | wild | (np.abs(x - y) <= SLACK * spread)))


def install():
    register_backend(Both())
