"""Matrix products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.arithmetic import multiply
from autograph.ops.broadcasting import sum_to
from autograph.ops.casts import astype
from autograph.ops.complex_parts import conj
from autograph.ops.extents import shape_of
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import elementwise, normalized_axis, rank_of
from autograph.ops.shape import expand_dims, matrix_transpose, permute_dims, reshape, squeeze
from autograph.runtime.apply import apply
from autograph.runtime.context import is_recording
from autograph.runtime.dims import num_elements
from autograph.runtime.numerics import watch
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
    x_ct = sum_to(apply(matmul_op, ct, matrix_transpose(y)), x.type.shape)
    if y.type.rank == 2 < x.type.rank:  # one product with all rows, rather than a sum of one for each of the stack
        return x_ct, apply(matmul_op, matrix_transpose(_rows(x)), _rows(ct))
    return x_ct, sum_to(apply(matmul_op, matrix_transpose(x), ct), y.type.shape)


def _rows(x: Tensor) -> Tensor:
    """A stack of matrices [..., n, k] as one [rows, k]."""
    shape = x.type.shape
    made: Tensor = reshape(x, (num_elements(shape[:-1]), shape[-1]))
    return made


def _kernel(xp: Any, x: Any, y: Any) -> Any:
    made = np.matmul(x, y)
    return made if made.dtype == x.dtype else made.astype(x.dtype)  # of bfloat16, NumPy gives float32


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
    if (
        type(x) is Tensor and type(y) is Tensor and not is_recording() and not watch.on
    ):  # the short way for small operands
        a, b = x._value, y._value
        if type(a) is np.ndarray and type(b) is np.ndarray and a.dtype is b.dtype and a.ndim and b.ndim:
            try:
                return Tensor(np.asarray(_kernel(np, a, b)))
            except ValueError:
                pass  # refused below, in the user's terms
    left, right = rank_of(x) == 1, rank_of(y) == 1
    if not left and not right:
        return apply(matmul_op, x, y)
    out = apply(matmul_op, expand_dims(x, 0) if left else x, expand_dims(y, 1) if right else y)
    if right:
        out = squeeze(out, -1)
    return squeeze(out, -1 if right else -2) if left else out


def vecdot(x: Any, y: Any, axis: int = -1) -> Any:
    """The inner product along an axis, of the conjugate of `x` and `y`.

    Args:
        x: tensor.
        y: tensor that broadcasts against x.
        axis: the axis to sum over, counted from the end where the ranks differ.

    Returns:
        The tensor without that axis.

    Raises:
        ShapeError: the sizes along the axis differ.

    Example:
        >>> import autograph as ag
        >>> ag.ops.vecdot(ag.constant([1.0, 2.0]), ag.constant([3.0, 4.0])).item()
        11.0
    """
    shapes = [shape_of(x), shape_of(y)]
    places = [normalized_axis(axis, len(shape)) for shape in shapes]
    sizes = [shape[place] for shape, place in zip(shapes, places, strict=True)]
    what = f"vecdot of shapes {shapes[0]} and {shapes[1]} along axis {axis}"
    require_equal(sizes[0], sizes[1], what, "check the sizes")
    product = multiply(conj(x), y)
    return astype(sum_over(product, axis), product.dtype)


def outer(x: Any, y: Any) -> Any:
    """The outer product of two vectors.

    Args:
        x: tensor [n].
        y: tensor [m].

    Returns:
        Tensor [n, m].

    Raises:
        ShapeError: an operand is no vector.

    Example:
        >>> import autograph as ag
        >>> ag.ops.outer(ag.constant([1.0, 2.0]), ag.constant([3.0, 4.0])).shape
        (2, 2)
    """
    if rank_of(x) != 1 or rank_of(y) != 1:
        refuse(ShapeError, f"outer of shapes {shape_of(x)} and {shape_of(y)}", "give two vectors")
    return multiply(expand_dims(x, 1), expand_dims(y, 0))


def tensordot(x: Any, y: Any, axes: int | tuple[Sequence[int], Sequence[int]] = 2) -> Any:
    """The sum of products over several axes.

    Args:
        x: tensor.
        y: tensor.
        axes: how many: the last of x with the first of y; or those of x and those of y, pair by pair.

    Returns:
        A tensor of the other axes of x, then those of y.

    Raises:
        ShapeError: sizes of paired axes differ, or there are not so many.

    Example:
        >>> import autograph as ag
        >>> ag.ops.tensordot(ag.ops.ones((2, 3, 4)), ag.ops.ones((3, 4, 5))).shape
        (2, 5)
    """
    left_shape, right_shape = shape_of(x), shape_of(y)
    summed, paired = _paired_axes(axes, len(left_shape), len(right_shape))
    for a, b in zip(summed, paired, strict=True):
        require_equal(
            left_shape[a], right_shape[b], f"tensordot of shapes {left_shape} and {right_shape}", "check the axes"
        )
    left = [axis for axis in range(len(left_shape)) if axis not in summed]
    right = [axis for axis in range(len(right_shape)) if axis not in paired]
    inner = num_elements([left_shape[axis] for axis in summed])
    kept = [left_shape[axis] for axis in left], [right_shape[axis] for axis in right]
    a = reshape(permute_dims(x, [*left, *summed]), (num_elements(kept[0]), inner))
    b = reshape(permute_dims(y, [*paired, *right]), (inner, num_elements(kept[1])))
    return reshape(apply(matmul_op, a, b), (*kept[0], *kept[1]))


def _paired_axes(axes: Any, left: int, right: int) -> tuple[list[int], list[int]]:
    if isinstance(axes, int):
        if not 0 <= axes <= min(left, right):
            refuse(ShapeError, f"tensordot over {axes} axes of tensors of {left} and {right} dimensions", "use fewer")
        return list(range(left - axes, left)), list(range(axes))
    first, second = axes
    if len(first) != len(second):
        refuse(ShapeError, f"tensordot over axes {tuple(first)} and {tuple(second)}", "name as many of both")
    return [normalized_axis(axis, left) for axis in first], [normalized_axis(axis, right) for axis in second]
