"""Tensors copied, read as other dtypes, and run through functions of single elements."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from autograph.errors import DTypeError, GraphTensorError, ShapeError
from autograph.ops.broadcasting import broadcast_arrays
from autograph.ops.creation import as_tensor
from autograph.ops.joining import stack
from autograph.ops.shape import reshape
from autograph.runtime.apply import apply
from autograph.runtime.dims import num_elements
from autograph.runtime.dtypes import DType, as_dtype
from autograph.runtime.op import NOT_DIFFERENTIABLE, Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType


def _view_type(x: TensorType, *, dtype: DType) -> TensorType:
    have, want = x.dtype.numpy.itemsize, dtype.numpy.itemsize
    if have == want:
        return x.with_dtype(dtype)
    if not x.shape:
        refuse(ShapeError, f"a {x.dtype.name} without dimensions is viewed as {dtype.name}", "give an axis to divide")
    size = x.shape[-1] * have
    require_equal(size % want, 0, f"{x} viewed as {dtype.name}: the last axis does not divide", "check its size")
    return TensorType(dtype, (*x.shape[:-1], size // want))


view_op = Op(
    "view",
    kind=Kind.SHAPE,
    infer=_view_type,
    kernel=lambda xp, x, *, dtype: np.ascontiguousarray(x).reshape(np.shape(x)).view(dtype.numpy),
    vjp=NOT_DIFFERENTIABLE,
)


def copy(x: Any) -> Any:
    """A tensor with a handle of its own (`t[i] = v` changes what a handle has).

    Args:
        x: tensor or number.

    Returns:
        A tensor equal to x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.copy(ag.constant([1, 2])).numpy()
        array([1, 2])
    """
    made = as_tensor(x)
    return Tensor(made._value)


def view(x: Any, dtype: Any = None) -> Any:
    """The bits of a tensor, read as another dtype; they have no gradient.

    Args:
        x: tensor.
        dtype: the dtype; that of x by default.

    Returns:
        A tensor whose last axis is as many times longer as the dtype is smaller.

    Raises:
        ShapeError: the last axis does not divide.

    Example:
        >>> import autograph as ag
        >>> ag.ops.view(ag.constant([1.0]), ag.int32).numpy()
        array([1065353216], dtype=int32)
    """
    x = as_tensor(x)
    return x if dtype is None else apply(view_op, x, dtype=as_dtype(dtype))


def vectorize(pyfunc: Callable[..., Any], excluded: Any = None, signature: str | None = None) -> Callable[..., Any]:
    """A function of tensors that applies a function of scalars to each element, one after the other.

    Args:
        pyfunc: function of scalar tensors that gives one.
        excluded: numbers of the arguments that are passed whole.
        signature: NumPy's, which is refused: use `ag.vectorized_map` for functions of parts.

    Returns:
        A function of tensors, which broadcast; their sizes have to be known.

    Raises:
        GraphTensorError: sizes are known at run time only.

    Example:
        >>> import autograph as ag
        >>> ag.ops.vectorize(lambda a, b: a if a > b else b)(ag.constant([1, 5]), 3).numpy()
        array([3, 5])
    """
    if signature is not None:
        refuse(DTypeError, f"vectorize with signature {signature!r}", "use ag.vectorized_map")
    whole = set(excluded or ())

    @functools.wraps(pyfunc)
    def run(*args: Any) -> Any:
        places = [i for i in range(len(args)) if i not in whole]
        parts = broadcast_arrays(*[as_tensor(args[i]) for i in places])
        shape = parts[0].type.shape
        count = num_elements(shape)
        if not isinstance(count, int):
            refuse(GraphTensorError, f"vectorize over {shape}, sizes known at run time only", "use ag.vectorized_map")
        flat = [reshape(part, (-1,)) for part in parts]
        made = []
        for element in range(count):
            given = list(args)
            for place, part in zip(places, flat, strict=True):
                given[place] = part[element]
            made.append(pyfunc(*given))
        return reshape(stack(made), shape)

    return run
