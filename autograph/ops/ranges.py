"""Evenly spaced numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.casts import astype
from autograph.ops.creation import asarray
from autograph.ops.devices import require_device
from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace
from autograph.runtime.dims import Dim, SymbolicDim
from autograph.runtime.dtypes import DEFAULT_FLOAT, DEFAULT_INT, as_dtype, complex64
from autograph.runtime.op import NOT_DIFFERENTIABLE, Kind, Op
from autograph.runtime.structure_ops import known_dim
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.types import TensorType


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
    require_device(device)
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
    assert trace is not None
    operands = [asarray(x) if not isinstance(x, Tensor) else x for x in bounds]
    made = apply(arange_op, *operands, binds=(trace.fresh_symbol(),))
    return made if dtype is None else astype(made, dtype)


def linspace(start: Any, stop: Any, num: int, dtype: Any = None, *, device: Any = None, endpoint: bool = True) -> Any:
    """Evenly spaced numbers.

    Args:
        start: the first number, real or complex.
        stop: the last number.
        num: how many.
        dtype: the dtype; float32 by default, complex64 for complex numbers.
        device: the device; the default one where left out.
        endpoint: whether `stop` is among them.

    Returns:
        Tensor [num].

    Example:
        >>> import autograph as ag
        >>> ag.ops.linspace(0.0, 1.0, 3).numpy()
        array([0. , 0.5, 1. ], dtype=float32)
    """
    require_device(device)
    ends: list[Any] = [x.item() if isinstance(x, Tensor) else x for x in (start, stop)]
    default = complex64 if any(isinstance(x, complex) for x in ends) else DEFAULT_FLOAT
    wanted = default if dtype is None else as_dtype(dtype)
    whole: Any = wanted.numpy if wanted.is_integer else None
    return asarray(np.linspace(ends[0], ends[1], num, endpoint=endpoint, dtype=whole), wanted)
