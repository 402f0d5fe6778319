"""The ops of Fourier transforms, and their operands.

Transposes of these linear maps are transforms again, which are their gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograph.errors import DTypeError, ShapeError
from autograph.ops.arithmetic import multiply
from autograph.ops.axis_parts import pad_axis_op, slice_axis_op
from autograph.ops.casts import astype
from autograph.ops.complex_parts import complex_dtype, real, real_dtype
from autograph.ops.extents import shape_of, size_number
from autograph.ops.ranges import arange
from autograph.ops.rules import dtype_of, normalized_axis, rank_of
from autograph.ops.shape import reshape
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim, known_at_least
from autograph.runtime.dtypes import float64
from autograph.runtime.op import Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType

_NORMS = ("backward", "ortho", "forward")
OPPOSITE = {"backward": "forward", "ortho": "ortho", "forward": "backward"}


def _transform(inverse: bool) -> Callable[..., Any]:
    return np.fft.ifftn if inverse else np.fft.fftn


def _fft_kernel(xp: Any, x: Any, *, axes: tuple[int, ...], inverse: bool, norm: str) -> Any:
    return _transform(inverse)(x, axes=axes, norm=norm).astype(x.dtype, copy=False)


def _fft_vjp(ct: Tensor, out: Tensor, x: Tensor, **attrs: Any) -> tuple[Any, ...]:
    return (apply(fft_op, ct, **attrs),)  # the matrix of the transform is symmetric


fft_op: Op = Op(
    "fft",
    kind=Kind.CONTRACTION,
    infer=lambda x, *, axes, inverse, norm: x,
    kernel=_fft_kernel,
    vjp=_fft_vjp,
)


def _resized(shape: tuple[Dim, ...], axis: int, size: Dim) -> tuple[Dim, ...]:
    return tuple([size if i == axis else dim for i, dim in enumerate(shape)])


def _rfft_type(x: TensorType, *, axis: int, norm: str) -> TensorType:
    return TensorType(complex_dtype(x.dtype), _resized(x.shape, axis, x.shape[axis] // 2 + 1))


def _rfft_vjp(ct: Tensor, out: Tensor, x: Tensor, *, axis: int, norm: str) -> tuple[Any, ...]:
    missing = shape_of(x)[axis] - shape_of(ct)[axis]
    whole = apply(pad_axis_op, ct, axis=axis, before=0, after=missing)
    return (real(apply(fft_op, whole, axes=(axis,), inverse=False, norm=norm)),)


rfft_op = Op(
    "rfft",
    kind=Kind.CONTRACTION,
    infer=_rfft_type,
    kernel=lambda xp, x, *, axis, norm: np.fft.rfft(x, axis=axis, norm=norm),
    vjp=_rfft_vjp,
)


def _irfft_type(x: TensorType, *, size: Dim, axis: int, norm: str) -> TensorType:
    return TensorType(real_dtype(x.dtype), _resized(x.shape, axis, size))


def _irfft_vjp(ct: Tensor, out: Tensor, x: Tensor, *, size: Dim, axis: int, norm: str) -> tuple[Any, ...]:
    # All frequencies but the first (and the last of an even size) stand for their mirror images too.
    half = shape_of(x)[axis]
    whole = apply(fft_op, astype(ct, x.dtype), axes=(axis,), inverse=True, norm=norm)
    kept = apply(slice_axis_op, whole, axis=axis, start=0, size=half)
    places = reshape(arange(half), [-1 if i == axis else 1 for i in range(rank_of(x))])
    alone = (places == 0) | (places * 2 == size_number(size))
    return (multiply(kept, astype(2 - astype(alone, real_dtype(x.dtype)), real_dtype(x.dtype))),)


irfft_op = Op(
    "irfft",
    kind=Kind.CONTRACTION,
    infer=_irfft_type,
    kernel=lambda xp, x, *, size, axis, norm: np.fft.irfft(x, size, axis=axis, norm=norm),
    vjp=_irfft_vjp,
)


def complex_operand(x: Any, what: str) -> Any:
    dtype = dtype_of(x)
    if dtype.is_bool or (dtype.is_floating and dtype.bits < 32):
        refuse(DTypeError, f"{what} of {dtype.name}", "cast with ag.ops.astype")
    return x if dtype.is_complex else astype(x, complex_dtype(dtype))


def real_operand(x: Any, what: str) -> Any:
    dtype = dtype_of(x)
    if dtype.is_complex or dtype.is_bool or (dtype.is_floating and dtype.bits < 32):
        refuse(DTypeError, f"{what} of {dtype.name}", "use real numbers of 32 or 64 bits")
    return x if dtype.is_floating else astype(x, float64)


def required_norm(norm: str) -> str:
    if norm not in _NORMS:
        raise ValueError(f"norm is {norm!r}, and has to be one of {', '.join(map(repr, _NORMS))}")
    return norm


def fitted(x: Any, axis: int, size: Dim) -> Any:
    """The operand cut, or continued by zeros, to a size along an axis."""
    own = shape_of(x)[axis]
    if isinstance(size, int) and size < 1:
        raise ValueError(f"a transform of {size} points; there has to be one at least")
    if known_at_least(own - size, 0) is True:
        return x if own == size else apply(slice_axis_op, x, axis=axis, start=0, size=size)
    return apply(pad_axis_op, x, axis=axis, before=0, after=size - own)


def axes_and_sizes(x: Any, s: Sequence[Dim] | None, axes: Sequence[Dim] | None) -> tuple[list[int], list[Dim]]:
    rank, shape = rank_of(x), shape_of(x)
    if axes is None:
        axes = range(rank) if s is None else range(rank - len(s), rank)
    places = [normalized_axis(axis, rank) for axis in axes]
    if s is not None and len(s) != len(places):
        refuse(ShapeError, f"a transform over {len(places)} axes with {len(s)} sizes", "give one size an axis")
    if len(set(places)) != len(places):
        refuse(ShapeError, f"axes {tuple(axes)} name a dimension twice", "name each once")
    wanted = [None] * len(places) if s is None else s
    sizes = [shape[place] if size in (None, -1) else size for place, size in zip(places, wanted, strict=True)]
    return places, sizes


def transformed(x: Any, axes: Sequence[int], sizes: Sequence[Dim], inverse: bool, norm: str) -> Any:
    for axis, size in zip(axes, sizes, strict=True):
        x = fitted(x, axis, size)
    return apply(fft_op, x, axes=tuple(axes), inverse=inverse, norm=required_norm(norm)) if axes else x


def axis_and_size(x: Any, n: Dim | None, axis: int, what: str) -> tuple[list[int], list[Dim]]:
    place = normalized_axis(axis, rank_of(x))
    return [place], [shape_of(x)[place] if n is None else n]
