"""Products, convolutions, Fourier transforms and linear algebra on XLA."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from jax import lax
from jax.scipy import linalg

from autograph.backends.xla.rules import HOSTED, rule
from autograph.ops.nn.convolution_op import spread_size


@rule("matmul")
def _matmul(x: Any, y: Any) -> Any:
    if x.dtype == bool:
        return jnp.matmul(x.astype(jnp.int32), y.astype(jnp.int32)) != 0
    return jnp.matmul(x, y)


@rule("convolution")
def _convolution(x: Any, kernel: Any, *, strides: Any, padding: Any, dilations: Any, spread: Any, groups: int) -> Any:
    rank = kernel.ndim - 2
    sizes = [spread_size(size, gap) + sum(pad) for size, gap, pad in zip(x.shape[1:-1], spread, padding, strict=True)]
    wide = [spread_size(width, gap) for width, gap in zip(kernel.shape[:-2], dilations, strict=True)]
    if any(size < width for size, width in zip(sizes, wide, strict=True)) or not x.size or not kernel.size:
        out = [max((s - w) // d + 1, 0) for s, w, d in zip(sizes, wide, strides, strict=True)]
        return jnp.zeros((x.shape[0], *out, kernel.shape[-1]), x.dtype)
    letters = "DHW"[3 - rank :] if rank <= 3 else "".join(chr(ord("a") + i) for i in range(rank))
    return lax.conv_general_dilated(
        x,
        kernel.astype(x.dtype),
        strides,
        padding,
        lhs_dilation=spread,
        rhs_dilation=dilations,
        dimension_numbers=(f"N{letters}C", f"{letters}IO", f"N{letters}C"),
        feature_group_count=groups,
    )


@rule("fft")
def _fft(x: Any, *, axes: tuple[int, ...], inverse: bool, norm: str) -> Any:
    function = jnp.fft.ifft if inverse else jnp.fft.fft
    for axis in axes:
        x = function(x, axis=axis, norm=norm)
    return x


@rule("rfft")
def _rfft(x: Any, *, axis: int, norm: str) -> Any:
    return jnp.fft.rfft(_wide(x), axis=axis, norm=norm)


@rule("irfft")
def _irfft(x: Any, *, size: int, axis: int, norm: str) -> Any:
    return jnp.fft.irfft(x, size, axis=axis, norm=norm)


def _wide(x: Any) -> Any:
    """A matrix in a dtype that LAPACK has."""
    if jnp.issubdtype(x.dtype, jnp.inexact):
        return x.astype(jnp.float32) if x.dtype.itemsize < 4 else x
    return x.astype(jnp.float64)


@rule("cholesky")
def _cholesky(x: Any) -> Any:
    return lax.linalg.cholesky(x, symmetrize_input=False)


@rule("positive_definite")
def _positive_definite(x: Any) -> Any:
    return ~jnp.any(jnp.isnan(lax.linalg.cholesky(_wide(x), symmetrize_input=False)))


@rule("inv")
def _inv(x: Any) -> Any:
    return jnp.linalg.inv(x)


@rule("det")
def _det(x: Any) -> Any:
    return jnp.linalg.det(x)


@rule("slogdet")
def _slogdet(x: Any) -> Any:
    return tuple(jnp.linalg.slogdet(x))


@rule("solve")
def _solve(a: Any, b: Any) -> Any:
    return jnp.linalg.solve(a, b)


@rule("svd")
def _svd(x: Any, *, full: bool) -> Any:
    return tuple(jnp.linalg.svd(x, full_matrices=full))


@rule("eigh")
def _eigh(x: Any) -> Any:
    return tuple(jnp.linalg.eigh(x, symmetrize_input=False))


@rule("eig")
def _eig(x: Any) -> Any:
    return tuple(jnp.linalg.eig(_wide(x)))


@rule("qr")
def _qr(x: Any, *, mode: str) -> Any:
    return tuple(jnp.linalg.qr(x, mode))


@rule("pinv")
def _pinv(x: Any, rtol: Any) -> Any:
    return jnp.linalg.pinv(x, rtol=rtol)


@rule("expm")
def _expm(x: Any) -> Any:
    return linalg.expm(_wide(x))


@rule("lu")
def _lu(x: Any) -> Any:
    factors, pivots, order = lax.linalg.lu(_wide(x))
    return factors, pivots.astype(jnp.int64), order.astype(jnp.int64)


@rule("cofactor")
def _cofactor(x: Any) -> Any:
    """The matrix of cofactors, for singular matrices too, from the singular values."""
    u, s, vh, phase = _bases(x)
    return phase * jnp.conj((u * _others(s)[..., None, :].astype(u.dtype)) @ vh)


def _bases(x: Any) -> tuple[Any, Any, Any, Any]:
    """Singular vectors and values, and the determinant of the vectors."""
    u, s, vh = jnp.linalg.svd(_wide(x))
    return u, s, vh, (jnp.linalg.det(u) * jnp.linalg.det(vh))[..., None, None]


def _others(s: Any) -> Any:
    """The product of all numbers but each, along the last axis."""
    rest = [jnp.prod(jnp.delete(s, i, -1), -1) for i in range(s.shape[-1])]
    return jnp.stack(rest, -1) if rest else s


@rule("cofactor_slope")
def _cofactor_slope(x: Any, direction: Any) -> Any:
    """How cofactors change along a direction, as the reference has it."""
    size = x.shape[-1]
    if not size:
        return x
    u, s, vh, phase = _bases(x)
    rest = [_others(s.at[..., i].set(1)) * (jnp.arange(size) != i) for i in range(size)]
    left = jnp.stack(rest, -2).astype(u.dtype)
    turned = jnp.conj(jnp.swapaxes(u, -1, -2)) @ direction @ jnp.conj(jnp.swapaxes(vh, -1, -2))
    diagonal = (left @ jnp.diagonal(turned, axis1=-2, axis2=-1)[..., None]) * jnp.eye(size, dtype=u.dtype)
    changed = diagonal - left * jnp.swapaxes(turned, -1, -2)
    return phase * (jnp.conj(u) @ changed @ jnp.conj(vh))


def _on_tpus(is_hosted: Callable[[Any], bool]) -> Callable[..., tuple[str, ...]]:
    """The platforms without a program: TPUs, for some operands."""
    return lambda x, *rest: ("tpu",) if is_hosted(x) else ()


# TPUs have no eigenvalues of general matrices, no Fourier transforms of 64 bits, and while 64-bit types are on, no
# singular values in float32.
# GPUs have no convolutions of integers.
HOSTED["convolution"] = lambda x, kernel: () if jnp.issubdtype(x.dtype, jnp.inexact) else ("cuda", "rocm")
HOSTED["eig"] = _on_tpus(lambda x: True)
HOSTED.update(dict.fromkeys(["fft", "rfft", "irfft"], _on_tpus(lambda x: _wide(x).real.dtype == jnp.float64)))
HOSTED.update(
    dict.fromkeys(["svd", "pinv", "cofactor", "cofactor_slope"], _on_tpus(lambda x: _wide(x).dtype == jnp.float32))
)
