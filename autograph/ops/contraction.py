"""Matrix products."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.arithmetic import multiply
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import elementwise, rank_of
from autograph.ops.shape import expand_dims, matrix_transpose, squeeze, sum_to
from autograph.runtime.apply import apply
from autograph.runtime.op import Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import broadcast, require_equal
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType

_dtype_rule = elementwise(np.multiply)


def _infer(x: TensorType, y: TensorType) -> TensorType:
    if x.rank < 2 or y.rank < 2:
        refuse(ShapeError, f"matmul of {x} and {y}: scalars are no matrices", "multiply with *")
    require_equal(
        x.shape[-1],
        y.shape[-2],
        f"matmul of {x} and {y}: the last size of the first and the second to last of the second differ",
        "transpose one with .T, or check the sizes",
    )
    batch = broadcast(x.shape[:-2], y.shape[:-2])
    return TensorType(_dtype_rule(TensorType(x.dtype), TensorType(y.dtype)).dtype, (*batch, x.shape[-2], y.shape[-1]))


def _vjp(ct: Tensor, out: Tensor, x: Tensor, y: Tensor) -> tuple[Any, ...]:
    x_ct = apply(matmul_op, ct, matrix_transpose(y))
    y_ct = apply(matmul_op, matrix_transpose(x), ct)
    return sum_to(x_ct, x.type.shape), sum_to(y_ct, y.type.shape)


def _kernel(xp: Any, x: Any, y: Any) -> Any:
    return np.matmul(x, y)


matmul_op = Op("matmul", kind=Kind.CONTRACTION, infer=_infer, kernel=_kernel, vjp=_vjp, promotes=True)


def matmul(x: Any, y: Any) -> Any:
    """The matrix product, also of stacks of matrices and of vectors.

    Args:
        x: tensor of shape [..., n, k], or a vector [k].
        y: tensor of shape [..., k, m], or a vector [k].

    Returns:
        Tensor [..., n, m]; without n or m where a vector came in.

    Raises:
        ShapeError: the sizes k differ, or an operand is a scalar.

    Example:
        >>> import autograph as ag
        >>> ag.ops.matmul(ag.constant([[1.0, 2.0]]), ag.constant([[3.0], [4.0]])).numpy()
        array([[11.]], dtype=float32)
    """
    left, right = rank_of(x) == 1, rank_of(y) == 1
    if not left and not right:
        return apply(matmul_op, x, y)
    out = apply(matmul_op, expand_dims(x, 0) if left else x, expand_dims(y, 1) if right else y)
    if right:
        out = squeeze(out, -1)
    return squeeze(out, -1 if right else -2) if left else out


def vecdot(x: Any, y: Any, axis: int = -1) -> Any:
    """The inner product along an axis.

    Args:
        x: tensor.
        y: tensor that broadcasts against x.
        axis: the axis to sum over.

    Returns:
        The tensor without that axis.

    Example:
        >>> import autograph as ag
        >>> ag.ops.vecdot(ag.constant([1.0, 2.0]), ag.constant([3.0, 4.0])).item()
        11.0
    """
    return sum_over(multiply(x, y), axis)


def outer(x: Any, y: Any) -> Any:
    """The outer product of two vectors.

    Args:
        x: tensor [n].
        y: tensor [m].

    Returns:
        Tensor [n, m].

    Example:
        >>> import autograph as ag
        >>> ag.ops.outer(ag.constant([1.0, 2.0]), ag.constant([3.0, 4.0])).shape
        (2, 2)
    """
    return multiply(expand_dims(x, 1), expand_dims(y, 0))
