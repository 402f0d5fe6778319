"""Padding: of arrays that programs take, inside programs, and cut off what programs give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from autograph.backends.xla.padding import Fill
from autograph.runtime.dims import Dim, SymbolicDim, evaluate
from autograph.runtime.dims.polynomial import Atom, Polynomial
from autograph.runtime.types import TensorType, Type


def filled(x: Any, fill: Fill, shape: Sequence[Dim], sizes: Mapping[str, Any]) -> Any:
    """An operand with other contents in its padding.

    Args:
        x: the operand.
        fill: what its op needs.
        shape: the operand's shape.
        sizes: what symbols are without padding.
    """
    if fill.content == "wrapped":
        wide = jnp.asarray(x).astype(jnp.int64)
        return jnp.where(wide < 0, wide + true_size(fill.size, sizes), wide)
    content = jnp.asarray(_content(fill.content, x.dtype), x.dtype)
    for axis in fill.axes:
        places = lax.broadcasted_iota(jnp.int64, x.shape, axis)
        x = jnp.where(places < true_size(shape[axis], sizes), x, content)
    return x


def true_size(dim: Dim, sizes: Mapping[str, Any]) -> Any:
    """A size without padding, computed from numbers that the program is given."""
    return _value(dim.polynomial, sizes) if isinstance(dim, SymbolicDim) else dim


def _value(polynomial: Polynomial, sizes: Mapping[str, Any]) -> Any:
    total: Any = 0
    for monomial, factor in polynomial.terms:
        product: Any = factor
        for atom in monomial:
            product = product * _atom(atom, sizes)
        total = total + product
    return total


def _atom(atom: Atom, sizes: Mapping[str, Any]) -> Any:
    if atom.kind == "symbol":
        return sizes[atom.name]
    args = [jnp.asarray(_value(arg, sizes), jnp.int64) for arg in atom.args]
    return reduce(_ATOMS[atom.kind], args)


_ATOMS: dict[str, Callable[[Any, Any], Any]] = {
    "floordiv": jnp.floor_divide, "max": jnp.maximum, "min": jnp.minimum,
}  # fmt: skip


def _content(name: str, dtype: Any) -> Any:
    if name in ("zero", "one"):
        return name == "one"
    if jnp.issubdtype(dtype, jnp.bool_):
        return name == "highest"
    if jnp.issubdtype(dtype, jnp.inexact):
        return np.inf if name == "highest" else -np.inf
    limits = np.iinfo(dtype)
    return limits.max if name == "highest" else limits.min


def padded(raw: Any, type_: Type, wide: Mapping[str, int]) -> Any:
    """An array with zeros behind it up to the size of a type, where sizes are padded."""
    shape = _shape(type_, wide)
    if shape is None or shape == raw.shape:
        return raw
    behind = [(0, new - old) for new, old in zip(shape, raw.shape, strict=True)]
    if _is_on_host(raw):
        return np.pad(np.asarray(raw), behind)
    return jnp.pad(raw, behind)


def cut(out: Any, type_: Type, sizes: Mapping[str, int]) -> Any:
    """An array without its padding."""
    shape = _shape(type_, sizes)
    if shape is None or shape == out.shape:
        return out
    if _is_on_host(out):  # a program that cuts would be compiled for each size
        return jax.device_put(np.asarray(out)[tuple([slice(size) for size in shape])], out.device)
    return lax.slice(out, [0] * len(shape), shape)


def _shape(type_: Type, sizes: Mapping[str, int]) -> tuple[int, ...] | None:
    if not isinstance(type_, TensorType) or all(isinstance(dim, int) for dim in type_.shape):
        return None
    return tuple([evaluate(dim, sizes) for dim in type_.shape])


def _is_on_host(array: Any) -> bool:
    """Whether the host's memory holds an array."""
    if not isinstance(array, jax.Array):
        return True
    devices = array.devices()
    return len(devices) == 1 and next(iter(devices)).platform == "cpu"
