"""Elementwise ops for which there is no formula: NumPy's own loops over operands in memory."""

from __future__ import annotations

from autograph.backends.native.elementwise import common_dtype, dtypes
from autograph.backends.native.inner_loops import inner_loop, letters, map_elements
from autograph.backends.native.lowering import Lowering, otherwise
from autograph.backends.native.views import tensor_type
from autograph.ops.ufuncs import UFUNCS
from autograph.runtime.ir import Node

# What an element costs, about, in additions.
_WEIGHT = 30


@otherwise(*UFUNCS)
def _ufunc(lower: Lowering, node: Node) -> bool:
    """Writes an op as a call of NumPy's loop for its dtypes, if there is one."""
    if all(tensor_type(value).weak for value in node.inputs):
        return False  # Python numbers have Python's own arithmetic
    sources = dtypes(node)
    dtype = sources[0] if len(sources) == 1 else common_dtype(sources)
    if dtype is None:
        return False
    (output,) = node.outputs
    taken, given = [dtype] * len(sources), tensor_type(output).dtype
    loop = inner_loop(UFUNCS[node.op.name], letters(taken, [given]))
    if loop is None:
        return False
    map_elements(lower, output, loop, node.inputs, [*taken, given], _WEIGHT)
    return True
