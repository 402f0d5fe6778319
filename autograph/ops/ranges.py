"""Evenly spaced numbers."""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np

from autograph.errors import DTypeError
from autograph.ops.arithmetic import pow
from autograph.ops.casts import astype
from autograph.ops.creation import as_tensor, asarray
from autograph.ops.devices import on_device
from autograph.ops.rules import normalized_axis
from autograph.ops.selection import where
from autograph.ops.shape import permute_dims, reshape
from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace, is_recording
from autograph.runtime.dims import Dim, SymbolicDim
from autograph.runtime.dtypes import DEFAULT_FLOAT, DEFAULT_INT, as_dtype, complex64, float64
from autograph.runtime.op import NOT_DIFFERENTIABLE, Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import known_dim
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.types import TensorType

_EXACT = 2**53  # larger integers are not all floats


def _iota_type(*, size: Dim) -> TensorType:
    return TensorType(DEFAULT_INT, (size,))


# 0, 1, … up to a size known when tracing, or symbolic.
iota_op = Op(
    "iota",
    kind=Kind.CREATION,
    infer=_iota_type,
    kernel=lambda xp, *, size: np.arange(size),
    vjp=lambda ct, out, **attrs: (),
)


def _arange_type(
    start: TensorType, stop: TensorType, step: TensorType, *, binds: tuple[SymbolicDim, ...]
) -> TensorType:
    return TensorType(start.dtype, (binds[0],))


arange_op = Op(
    "arange",
    kind=Kind.CREATION,
    infer=_arange_type,
    kernel=lambda xp, start, stop, step, *, binds: np.arange(start, stop, step, dtype=np.asarray(start).dtype),
    vjp=NOT_DIFFERENTIABLE,
    promotes=True,
)


@on_device
def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None, *, device: Any = None) -> Any:
    """Numbers from `start` up to but without `stop`.

    Args:
        start: the first number; the end if it is the only argument.
        stop: the end.
        step: the distance of neighbours.
        dtype: the dtype; int64 for ints, float32 for floats.
        device: the device; the default one where left out.

    Returns:
        Tensor of one dimension.

    Example:
        >>> import autograph as ag
        >>> ag.ops.arange(3).numpy()
        array([0, 1, 2])
    """
    if stop is None:
        start, stop = 0, start
    size = known_dim(stop) if isinstance(stop, Tensor) else stop
    if isinstance(size, SymbolicDim) and type(start) is int and start == 0 and type(step) is int and step == 1:
        counted = apply(iota_op, size=size)
        return counted if dtype is None else astype(counted, dtype)
    bounds = [x.item() if isinstance(x, Tensor) and not x.is_graph else x for x in (start, stop, step)]
    if all(type(x) in PYTHON_NUMBERS for x in bounds):
        numbers: Any = bounds
        if dtype is not None and as_dtype(dtype).is_integer and all(type(x) is int for x in bounds):
            return asarray(np.arange(*numbers, dtype=as_dtype(dtype).numpy))  # exactly, beyond 2**63 too
        return asarray(np.arange(*numbers), dtype or (DEFAULT_FLOAT if any(type(x) is float for x in bounds) else None))
    trace = current_trace()
    if trace is None:
        refuse(DTypeError, f"a range of {', '.join(map(repr, bounds))}", "give numbers, or tensors without dimensions")
    operands = [asarray(x) if not isinstance(x, Tensor) else x for x in bounds]
    made = apply(arange_op, *operands, binds=(trace.fresh_symbol(),))
    return made if dtype is None else astype(made, dtype)


@on_device
def linspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
    *,
    device: Any = None,
) -> Any:
    """Evenly spaced numbers.

    Args:
        start: the first number, real or complex; or a tensor of first numbers.
        stop: the last number, or a tensor of them.
        num: how many.
        endpoint: whether `stop` is among them.
        retstep: whether their distance comes too.
        dtype: the dtype; float32 by default, complex64 for complex numbers, that of the tensors where they are.
        axis: where the new axis stands, if the ends are tensors.
        device: the device; the default one where left out.

    Returns:
        Tensor [num, …] of the broadcast shape of both; a pair with the distance if asked for.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linspace(0.0, 1.0, 3).numpy()
        array([0. , 0.5, 1. ], dtype=float32)
    """
    if retstep:
        gaps = num - 1 if endpoint else num
        step = (as_tensor(stop) - start) / gaps if gaps > 0 else as_tensor(nan)
        return linspace(start, stop, num, endpoint, dtype=dtype, axis=axis), step
    if _is_open(start) or _is_open(stop):
        return _placed(_between(as_tensor(start), as_tensor(stop), num, dtype, endpoint), axis)
    ends: list[Any] = [as_tensor(x).item() for x in (start, stop)]
    default = complex64 if any(isinstance(x, complex) for x in ends) else DEFAULT_FLOAT
    wanted = default if dtype is None else as_dtype(dtype)
    whole: Any = wanted.numpy if wanted.is_integer else None
    if whole is not None and all(isinstance(x, int) for x in ends) and max(map(abs, ends)) > _EXACT:
        return asarray(_whole_numbers(ends[0], ends[1], num, endpoint), wanted)
    return asarray(np.linspace(ends[0], ends[1], num, endpoint=endpoint, dtype=whole), wanted)


def _placed(x: Any, axis: int) -> Any:
    """The first axis elsewhere."""
    place = normalized_axis(axis, x.ndim)
    order = [*range(1, place + 1), 0, *range(place + 1, x.ndim)]
    return permute_dims(x, order) if place else x


def _whole_numbers(start: int, stop: int, num: int, endpoint: bool) -> list[int]:
    """Evenly spaced numbers, rounded down, of ends that floats do not hold."""
    gaps = max(num - 1 if endpoint else num, 1)
    return [start + place * (stop - start) // gaps for place in range(num)]


def _is_open(x: Any) -> bool:
    """Whether a graph or a tape has to see an end, or it has dimensions."""
    return (isinstance(x, Tensor) and (x.is_graph or is_recording() or x.ndim > 0)) or np.ndim(x) > 0


def _between(start: Any, stop: Any, num: int, dtype: Any, endpoint: bool) -> Any:
    whole = start + stop
    common = whole.dtype if whole.dtype.is_inexact else DEFAULT_FLOAT
    gaps = max(num - 1 if endpoint else num, 1)
    shares: Any = asarray(np.reshape(np.arange(num) / gaps, (num, *[1] * whole.ndim)), common)
    first, last = astype(start, common), astype(stop, common)
    out = first + (last - first) * shares
    if endpoint and num > 1:
        out = where(shares >= 1, last, out)  # exactly, as NumPy has it
    return out if dtype is None else astype(out, as_dtype(dtype))


def logspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: Any = 10, dtype: Any = None, axis: int = 0
) -> Any:
    """Powers of a base whose exponents are evenly spaced.

    Args:
        start: the first exponent, or a tensor of first ones.
        stop: the last exponent, or a tensor of them.
        num: how many.
        endpoint: whether `stop` is among them.
        base: the base.
        dtype: the dtype; that of the exponents by default.
        axis: where the new axis stands, if the ends are tensors.

    Returns:
        Tensor [num, …].

    Example:
        >>> import autograph as ag
        >>> ag.ops.logspace(0.0, 2.0, 3).numpy()
        array([  1.,  10., 100.], dtype=float32)
    """
    exponents = linspace(start, stop, num, endpoint=endpoint, axis=axis)
    out = pow(as_tensor(base) * 1.0, exponents)
    return out if dtype is None else astype(out, as_dtype(dtype))


def geomspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0) -> Any:
    """Numbers whose neighbours have equal ratios.

    Args:
        start: the first number, not 0, or a tensor of first ones.
        stop: the last number, of the same sign, or a tensor of them.
        num: how many.
        endpoint: whether `stop` is among them.
        dtype: the dtype; float32 for numbers, that of the tensors where they are.
        axis: where the new axis stands, if the ends are tensors.

    Returns:
        Tensor [num, …].

    Example:
        >>> import autograph as ag
        >>> ag.ops.geomspace(1.0, 100.0, 3).numpy()
        array([  1.,  10., 100.], dtype=float32)
    """
    first, last = as_tensor(start) * 1.0, as_tensor(stop) * 1.0
    exponents = linspace(0.0, 1.0, num, dtype=float64, endpoint=endpoint)
    exponents = reshape(exponents, (num, *[1] * max(first.ndim, last.ndim)))
    common = (first + last).dtype
    strong = DEFAULT_FLOAT if first.type.weak and last.type.weak else common
    out = astype(first, float64) * pow(astype(last, float64) / astype(first, float64), exponents)
    return _placed(astype(out, strong if dtype is None else as_dtype(dtype)), axis)
