"""Special functions: SciPy's own loops, over operands in memory."""

from __future__ import annotations

import importlib

from autograph.backends.native.inner_loops import inner_loop, letters, map_elements
from autograph.backends.native.lowering import RULES, Lowering, rule
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
