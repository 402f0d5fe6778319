"""Products of vectors, matrices and tensors, as NumPy has them."""

from __future__ import annotations

from typing import Any

from autograph.errors import ShapeError
from autograph.ops.arithmetic import multiply
from autograph.ops.contraction import tensordot, vecdot
from autograph.ops.creation import as_tensor
from autograph.ops.linalg.products import cross as cross_of_three
from autograph.ops.manipulation import moveaxis
from autograph.ops.shape import reshape
from autograph.runtime.dims import known_equal
from autograph.runtime.refusal import refuse


def dot(x1: Any, x2: Any) -> Any:
    """The sum of products over the last axis of x1 and the second to last (of vectors, the only one) of x2.

    Args:
        x1: tensor or number.
        x2: tensor or number.

    Returns:
        A tensor of the other axes of x1, then those of x2; the product where either is a scalar.

    Raises:
        ShapeError: the sizes differ.

    Example:
        >>> import autograph as ag
        >>> ag.ops.dot(ag.constant([1.0, 2.0]), ag.constant([3.0, 4.0])).numpy()
        array(11., dtype=float32)
    """
    a, b = as_tensor(x1), as_tensor(x2)
    if not a.ndim or not b.ndim:
        return multiply(a, b)
    return tensordot(a, b, ([-1], [-2 if b.ndim > 1 else -1]))


def inner(x1: Any, x2: Any) -> Any:
    """The sum of products over the last axes.

    Args:
        x1: tensor or number.
        x2: tensor or number.

    Returns:
        A tensor of the other axes of x1, then those of x2; the product where either is a scalar.

    Raises:
        ShapeError: the sizes differ.

    Example:
        >>> import autograph as ag
        >>> ag.ops.inner(ag.constant([1.0, 2.0]), ag.constant([3.0, 4.0])).numpy()
        array(11., dtype=float32)
    """
    a, b = as_tensor(x1), as_tensor(x2)
    return multiply(a, b) if not a.ndim or not b.ndim else tensordot(a, b, ([-1], [-1]))


def vdot(x1: Any, x2: Any) -> Any:
    """The sum of products of the elements, those of x1 conjugated.

    Args:
        x1: tensor.
        x2: tensor of as many elements.

    Returns:
        A scalar tensor.

    Raises:
        ShapeError: the numbers of elements differ.

    Example:
        >>> import autograph as ag
        >>> ag.ops.vdot(ag.constant([1j, 2.0]), ag.constant([1j, 4.0])).numpy()
        array(9.+0.j, dtype=complex64)
    """
    return vecdot(reshape(as_tensor(x1), (-1,)), reshape(as_tensor(x2), (-1,)))


def kron(x1: Any, x2: Any) -> Any:
    """The Kronecker product: each element of x1 times the whole of x2.

    Args:
        x1: tensor.
        x2: tensor.

    Returns:
        A tensor whose sizes are products of theirs.

    Example:
        >>> import autograph as ag
        >>> ag.ops.kron(ag.constant([1, 10]), ag.constant([1, 2])).numpy()
        array([ 1,  2, 10, 20])
    """
    a, b = as_tensor(x1), as_tensor(x2)
    rank = max(a.ndim, b.ndim)
    left, right = [(*[1] * (rank - x.ndim), *x.type.shape) for x in (a, b)]
    outer = reshape(a, [size for dim in left for size in (dim, 1)]) * reshape(
        b, [size for dim in right for size in (1, dim)]
    )
    return reshape(outer, [m * n for m, n in zip(left, right, strict=True)])


def cross(x1: Any, x2: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    """The cross product of vectors of three elements; of two, its third element.

    Args:
        x1: tensor.
        x2: tensor that broadcasts against x1, apart from the vectors' axis.
        axisa: the axis of the vectors of x1.
        axisb: the axis of the vectors of x2.
        axisc: the axis of the vectors of the result.
        axis: all three.

    Returns:
        A tensor of the broadcast shape, without that axis for vectors of two elements.

    Raises:
        ShapeError: vectors do not have two or three elements.

    Example:
        >>> import autograph as ag
        >>> ag.ops.cross(ag.constant([1, 0, 0]), ag.constant([0, 1, 0])).numpy()
        array([0, 0, 1])
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = moveaxis(as_tensor(x1), axisa, -1), moveaxis(as_tensor(x2), axisb, -1)
    sizes = [x.type.shape[-1] for x in (a, b)]
    if any(known_equal(size, 2) is True for size in sizes):
        if sizes != [2, 2]:
            refuse(ShapeError, f"cross of vectors of {sizes[0]} and {sizes[1]} elements", "give 3 elements each")
        return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return moveaxis(cross_of_three(a, b, axis=-1), -1, axisc)
