"""Pairs of an op and a dtype: which there are with native code, and how often each has been met."""

import collections
from functools import cache

import numpy as np

import autograph as ag
from autograph.backends.native.executable import lowered
from autograph.backends.native.lowering import OTHERWISE, RULES
from autograph.errors import AutoGraphError
from autograph.runtime.apply import apply, infer_types
from autograph.runtime.dtypes import as_dtype
from autograph.runtime.op import Kind, all_ops
from autograph.runtime.types import ListType, RefType, TensorType
from tests.backends.native.cases import DTYPES, cast
from tests.backends.native.test_ops import LOOSE
from tests.ops.samples import SAMPLES
from tests.ops.test_result_dtypes import CAST_BEFORE

# Statements of programs that lists, variables and gradients come from, each wanted with each dtype.
STATEMENTS = {"grow": 3 * DTYPES, "rows": DTYPES, "variable": DTYPES, "gradient": 8 * ["float32", "float64"]}
LEAST = 20
# Ops that are not aimed at: those that passes take out of graphs, those that only functions call which cast their
# operands first, and decompositions, whose results may have other signs and err as the matrix has them do;
# `test_linear_algebra.py` has those.
GONE = {"positive", "stop_gradient", "expm", "lu"} | CAST_BEFORE | LOOSE


def pair_of(name, inputs, outputs):
    """The op and the dtype that a node counts for: that of its first operand, "mixed" where it takes several."""
    types = [type_ for type_ in (*inputs, *outputs) if isinstance(type_, TensorType | ListType | RefType)]
    if name in ("cond", "while", "call", "try", "check", "fail") or not types:
        return name, "-"
    if name == "where":
        types = types[1:]
    elementwise = name in all_ops() and all_ops()[name].kind is Kind.ELEMENTWISE
    operands = types[: max(1, len(inputs) - (name == "where"))] if elementwise else types[:1]
    dtypes = {dtype_of(type_) for type_ in operands}
    return name, dtypes.pop() if len(dtypes) == 1 else "mixed"


def dtype_of(type_):
    while isinstance(type_, ListType | RefType):
        type_ = type_.element if isinstance(type_, ListType) else type_.value
    return type_.dtype.name


@cache
def samples(name, dtype):
    """Operands of an op in a dtype, and attributes, as far as the types are allowed."""
    found = []
    for operands, attrs in SAMPLES.get(name) or []:
        operands = [np.asarray(x) for x in operands]
        if not any(x.dtype.kind == "c" for x in operands) or as_dtype(dtype).is_complex:
            made = cast(operands, as_dtype(dtype).numpy)
            attrs = {**attrs, "dtype": as_dtype(dtype)} if "dtype" in attrs and not operands else attrs
            try:
                types, _ = infer_types(all_ops()[name], [ag.constant(x).type for x in made], attrs)
            except (AutoGraphError, ValueError, TypeError):
                continue
            if pair_of(name, [ag.constant(x).type for x in made], types) == (name, dtype):
                found.append((made, attrs))
    return found


@cache
def universe():
    """The pairs that programs aim at in turn, in an order that has nothing to do with names."""
    ops = [(name, dtype) for name in sorted({*RULES, *OTHERWISE}) for dtype in DTYPES if samples(name, dtype)]
    found = ops + [(f"{name} statement", dtype) for name, dtypes in STATEMENTS.items() for dtype in dtypes]
    found = [pair for pair in found if pair[0] not in GONE]
    return [found[i] for i in np.random.default_rng(0).permutation(len(found))]


def wanted(seed, count):
    """The pairs that a seed's program aims at."""
    pairs = universe()
    return [pair for i in range(count) if is_native(pair := pairs[(seed * count + i) % len(pairs)])]


@cache
def is_native(pair):
    """Whether an op in a dtype has native code: one op alone is lowered, and not compiled."""
    name, dtype = pair
    if name.endswith("statement"):
        return True
    operands, attrs = samples(name, dtype)[0]

    def run(*tensors):
        return apply(all_ops()[name], *tensors, **attrs)

    specs = [ag.TensorSpec(x.shape, as_dtype(x.dtype)) for x in operands]
    function = ag.function(run, autograph=False, input_signature=specs)
    graph = function.get_concrete_function().optimized
    probing.append(pair)
    module, _, _ = lowered(graph)
    probing.pop()
    return name not in module.fallbacks


probing = []  # the pair that is being looked at, which does not count


class Tally:
    """How often nodes of each pair have been written natively, and as calls of the host."""

    def __init__(self):
        self.native, self.host = collections.Counter(), collections.Counter()

    def watch(self):
        """Counts all that is lowered from now on."""
        for table in (RULES, OTHERWISE):
            for name, rule in list(table.items()):
                table[name] = self._counted(rule, self.host if name == "*" else self.native)

    def _counted(self, rule, counter):
        def write(lower, node):
            pair = pair_of(node.op.name, [v.type for v in node.inputs], [v.type for v in node.outputs])
            cast_to = ("cast to", node.attrs["dtype"].name) if node.op.name == "cast" else None
            written = rule(lower, node)
            if written and not probing:
                counter.update([pair, *([cast_to] if cast_to else [])])
            return written

        return write


def missing(native):
    """The pairs with native code that were met too seldom, and how often."""
    aims = [pair for pair in universe() if not pair[0].endswith("statement") and is_native(pair)]
    lists = [(name, dtype) for name in LISTS for dtype in DTYPES]
    sums = [(name, dtype) for name in LIST_GRADIENTS for dtype in ("float32", "float64")]
    variables = [(name, dtype) for name in ("read", "assign") for dtype in DTYPES]
    others = [(name, "-") for name in ("cond", "while", "call", "try", "check")]
    return {pair: native[pair] for pair in [*aims, *lists, *sums, *variables, *others] if native[pair] < LEAST}


def table(native):
    """For each op, how often it was met in each dtype."""
    columns = [*DTYPES, "mixed", "-"]
    rows = collections.defaultdict(dict)
    for (name, dtype), times in native.items():
        rows[name][dtype] = times
    lines = [f"{'op':<22}" + "".join(f"{column[-8:]:>9}" for column in columns)]
    for name in sorted(rows):
        lines.append(f"{name:<22}" + "".join(f"{rows[name].get(column, ''):>9}" for column in columns))
    return "\n".join(lines)


# Ops of lists that statements lead to.
LISTS = ["list_from", "list_append", "list_get", "list_len", "list_set", "list_pop", "list_concat"]
LIST_GRADIENTS = ["list_add_at", "list_zeros_like", "list_unappend"]
