"""Type rules that ops share: what comes out for which operand types, and what is refused."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, SupportsIndex

import numpy as np

from autograph.errors import AxisError, DTypeError, GraphTensorError, ShapeError
from autograph.runtime.dims import Dim
from autograph.runtime.dtypes import DType, bfloat16, bool_, complex64, float32, from_numpy, int64
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import broadcast
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType
from autograph.runtime.variable import Variable

_HANDLES = (Tensor, Variable)
_ARRAYS = (np.ndarray, np.generic)
_OPERANDS = (*_HANDLES, *_ARRAYS)

Axis = SupportsIndex | Sequence[SupportsIndex] | None


def elementwise(ufunc: np.ufunc) -> Callable[..., TensorType]:
    """The rule of an elementwise op: shapes broadcast, dtypes go as NumPy's ufunc takes them."""

    def infer(*types: TensorType) -> TensorType:
        shape = broadcast(*[type_.shape for type_ in types]) if len(types) > 1 else types[0].shape
        return TensorType(_resolved(ufunc, [type_.dtype for type_ in types]), shape)

    return infer


def comparison(*types: TensorType) -> TensorType:
    """The rule of comparisons: bool of the broadcast shape."""
    return TensorType(bool_, broadcast(*[type_.shape for type_ in types]))


_resolved_cache: dict[tuple[Any, ...], DType] = {}


def _resolved(ufunc: np.ufunc, dtypes: list[DType]) -> DType:
    key = (ufunc, *dtypes)
    found = _resolved_cache.get(key)
    if found is None:
        found = _resolved_cache[key] = _resolve(ufunc, dtypes)
    return found


def _resolve(ufunc: np.ufunc, dtypes: list[DType]) -> DType:
    try:
        if bfloat16 in dtypes:
            with np.errstate(all="ignore"):
                return from_numpy[ufunc(*[np.ones((), dtype.numpy) for dtype in dtypes]).dtype]
        return from_numpy[ufunc.resolve_dtypes((*[dtype.numpy for dtype in dtypes], None))[-1]]
    except TypeError:
        names = ", ".join(dtype.name for dtype in dtypes)
        refuse(DTypeError, f"{ufunc.__name__} does not take operands of dtype {names}", "cast with ag.ops.astype")


def normalized_axes(axis: Axis, rank: int) -> tuple[int, ...]:
    """The axes as sorted non-negative numbers; None means all.

    Raises:
        ShapeError: an axis does not exist, or occurs twice.
    """
    if axis is None:
        return tuple(range(rank))
    if type(axis) is int and -rank <= axis < rank:
        return (axis % rank,)
    axes = list(axis) if isinstance(axis, list | tuple) else [axis]
    found = sorted({normalized_axis(entry, rank) for entry in axes})
    if len(found) != len(axes):
        refuse(ShapeError, f"axis {axis} names a dimension twice", "name each once")
    return tuple(found)


def normalized_axis(axis: Any, rank: int) -> int:
    """One axis as a non-negative number.

    Raises:
        AxisError: there is no such axis.
    """
    if not isinstance(axis, int):
        axis = _static_axis(axis)
    if not -rank <= axis < rank:
        refuse(
            AxisError,
            f"axis {axis} is out of range for a tensor of {rank} dimensions",
            f"use an axis from {-rank} to {rank - 1}" if rank else "a tensor without dimensions has no axis",
        )
    found: int = axis % rank
    return found


def _static_axis(axis: Any) -> int:
    """An axis that is a tensor or a NumPy integer, as an int.

    Raises:
        GraphTensorError: only the graph knows it.
        DTypeError: it is no integer.
    """
    if isinstance(axis, Tensor) and axis.is_graph:
        refuse(
            GraphTensorError,
            "an axis is a tensor that a graph computes, but the rank of the result has to be known while tracing",
            "pass the axis as a Python int",
        )
    try:
        return operator.index(axis)
    except TypeError:
        refuse(DTypeError, f"an axis is {axis!r}, which is no integer", "pass the axis as a Python int")


def reduced_shape(shape: tuple[Dim, ...], axes: tuple[int, ...], keepdims: bool) -> tuple[Dim, ...]:
    """The shape after reducing over axes."""
    if keepdims:
        return tuple([1 if i in axes else dim for i, dim in enumerate(shape)])
    return tuple([dim for i, dim in enumerate(shape) if i not in axes])


def sum_dtype(dtype: DType) -> DType:
    """The dtype of sums: 64 bits for integers and bools."""
    if dtype.is_inexact:
        return dtype
    return int64 if dtype.is_bool or dtype.kind == "int" else from_numpy[np.dtype(np.uint64)]


def rank_of(x: Any) -> int:
    """The number of dimensions of an operand."""
    return x.ndim if isinstance(x, _OPERANDS) else 0


def require_matrix(x: Any, what: str) -> None:
    """Refuses operands of fewer than two dimensions.

    Raises:
        ShapeError: there is no matrix.
    """
    if rank_of(x) < 2:
        refuse(ShapeError, f"{what} of a tensor of {rank_of(x)} dimensions, which is no matrix", "use two at least")


def dtype_of(x: Any) -> DType:
    """The dtype of an operand that may be a number."""
    if isinstance(x, _HANDLES):
        return x.dtype
    if isinstance(x, _ARRAYS):
        return from_numpy[x.dtype]
    return _of_numbers.get(type(x), int64)


_of_numbers: dict[type, DType] = {bool: bool_, float: float32, complex: complex64}
