"""Special functions: SciPy's own loops, over operands in memory."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence

import numpy as np

from autograph.backends.native.arithmetic import EMIT, select
from autograph.backends.native.builder import Index, float_text
from autograph.backends.native.conversions import give
from autograph.backends.native.inner_loops import in_memory, inner_loop, letters, map_elements, run_elements
from autograph.backends.native.lowering import RULES, Lowering, rule
from autograph.backends.native.values import Array
from autograph.backends.native.views import computes, tensor_type
from autograph.ops.random.quantiles import QUANTILES
from autograph.ops.special.scipy_functions import SCIPY_NAMES, scipy_function
from autograph.runtime.dtypes import float32, float64
from autograph.runtime.ir import Node

# What an element costs, about, in additions.
_WEIGHT = 100
# Where SciPy has a function of Python around the ufunc.
_UFUNCS = {"zeta": "_zeta"}


def _loop_of(name: str) -> object:
    if name in _UFUNCS:
        return getattr(importlib.import_module("scipy.special._ufuncs"), _UFUNCS[name], None)
    return scipy_function(name)


def _write(lower: Lowering, node: Node, function: str, bits: int) -> bool:
    """Writes a function of operands that broadcast, computed with so many bits at least."""
    if not all(map(computes, (*node.inputs, *node.outputs))):
        return False
    dtype = float32 if max(tensor_type(node.outputs[0]).dtype.bits, bits) <= float32.bits else float64
    dtypes = [dtype] * (len(node.inputs) + 1)
    loop = inner_loop(_loop_of(function), letters(dtypes[1:], dtypes[:1]))
    if loop is None:
        return False
    map_elements(lower, node.outputs[0], loop, node.inputs, dtypes, _WEIGHT)
    return True


def _special(lower: Lowering, node: Node) -> bool:
    return _write(lower, node, SCIPY_NAMES[node.op.name], float32.bits)


rule(*[name for name in SCIPY_NAMES if name not in RULES])(_special)


@rule(*QUANTILES)
def _quantile(lower: Lowering, node: Node) -> bool:
    # Of integers results may be NaN, which is no integer: NumPy says which it gives.
    is_float = tensor_type(node.outputs[0]).dtype.is_floating
    return is_float and _write(lower, node, QUANTILES[node.op.name], float64.bits)


@rule("poisson_quantile")
def _poisson(lower: Lowering, node: Node) -> bool:
    """The steps of its kernel, over arrays of float64."""
    b, (output,) = lower.b, node.outputs
    type_ = tensor_type(output)
    loops = [inner_loop(np.exp, "d->d"), *[inner_loop(scipy_function(name), "dd->d") for name in ("pdtrik", "pdtr")]]
    if None in loops or not type_.dtype.is_floating:
        return False
    sizes = lower.sizes(type_)
    count = b.product(list(sizes))
    rate, unit = [in_memory(lower, value, float64, type_).pointer for value in node.inputs]
    none, found, lowest, share = [lower.allocate(b.mul(count, 8)) for _ in range(4)]

    def each(target: str, make: Callable[..., str], *sources: str) -> None:
        def one(at: Sequence[Index]) -> None:
            texts = [b.load("double", b.at("double", source, at[0])) for source in sources]
            b.store("double", make(*texts), b.at("double", target, at[0]))

        lower.spread([count], 8, one)

    def run(place: int, *pointers: str) -> None:
        loop = loops[place]
        assert loop is not None
        run_elements(lower, loop, pointers, [8] * len(pointers), count, _WEIGHT)

    def at_least(x: str, y: str) -> str:
        return EMIT["maximum"][0](b, float64, x, y)

    zero, one = [float_text(number, "double") for number in (0.0, 1.0)]
    each(none, lambda r: b.value(f"fneg double {r}"), rate)
    run(0, none, none)
    each(found, at_least, unit, none)
    run(1, found, rate, found)
    each(found, lambda x: EMIT["ceil"][0](b, float64, x), found)
    each(lowest, lambda x: at_least(b.value(f"fsub double {x}, {one}"), zero), found)
    run(2, lowest, rate, share)

    def choose(x: str, below: str, reached: str, u: str, p: str) -> str:
        kept = select(b, b.value(f"fcmp oge double {reached}, {u}"), "double", below, x)
        return select(b, b.value(f"fcmp ole double {u}, {p}"), "double", zero, kept)

    each(found, choose, found, lowest, share, unit, none)
    give(lower, output, Array(float64, found, sizes))
    return True
