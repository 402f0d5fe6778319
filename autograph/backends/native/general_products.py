"""Matrix products of numbers that BLAS's real products do not take: NumPy's own loop over stacks of matrices."""

from __future__ import annotations

import numpy as np

from autograph.backends.native import layout
from autograph.backends.native.inner_loops import in_memory, inner_loop, letters
from autograph.backends.native.lowering import Lowering, otherwise
from autograph.backends.native.stacks_of_matrices import Stack, run_stacks
from autograph.backends.native.views import tensor_type
from autograph.runtime.ir import Node


@otherwise("matmul")
def _matmul(lower: Lowering, node: Node) -> bool:
    b, (output,) = lower.b, node.outputs
    type_ = tensor_type(output)
    loop = inner_loop(np.matmul, letters([type_.dtype] * 2, [type_.dtype]))
    if loop is None or any(tensor_type(value).dtype is not type_.dtype for value in node.inputs):
        return False
    item, stacks = layout.item_bytes(type_.dtype), []
    for value in node.inputs:
        own = tensor_type(value)
        single = own.rank == 2
        wanted = own if single else own.with_shape((*type_.shape[:-2], *own.shape[-2:]))
        array = in_memory(lower, value, type_.dtype, wanted)
        stacks.append(Stack(array.pointer, item, array.sizes[-2:], single))
    sizes = lower.sizes(type_)
    made = lower.fresh(output, type_, sizes)
    core = [*stacks[0].sizes, stacks[1].sizes[1]]
    stacks.append(Stack(made.pointer, item, sizes[-2:]))
    run_stacks(lower, loop, stacks, b.product(sizes[:-2]), core, b.product(core))
    return True
