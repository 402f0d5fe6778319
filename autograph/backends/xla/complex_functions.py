"""Functions whose results for complex numbers JAX gives with other signs along branch cuts, or few digits near 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from jax import lax

from autograph.backends.xla.rules import RULES, rule


def _signed(function: Callable[[Any], Any], real: int, imag: int) -> Callable[[Any], Any]:
    """A function whose parts have the signs of the operand's, where 1 is given, or the other ones, where -1 is."""

    def run(x: Any) -> Any:
        made = function(x)
        if not jnp.iscomplexobj(made):
            return made
        parts = [(jnp.real(made), jnp.real(x), real), (jnp.imag(made), jnp.imag(x), imag)]
        return lax.complex(*[jnp.copysign(part, sign * like) if sign else part for part, like, sign in parts])

    return run


RULES["acos"] = _signed(jnp.arccos, 0, -1)
RULES["acosh"] = _signed(jnp.arccosh, 0, 1)
RULES["asin"] = _signed(jnp.arcsin, 1, 1)
RULES["asinh"] = _signed(jnp.arcsinh, 1, 1)
RULES["atan"] = _signed(jnp.arctan, 1, 1)
RULES["atanh"] = _signed(jnp.arctanh, 1, 1)
RULES["sqrt"] = _signed(jnp.sqrt, 0, 1)


@rule("sinh")
def _sinh(x: Any) -> Any:
    if not jnp.iscomplexobj(x):
        return jnp.sinh(x)
    real, imag = jnp.real(x), jnp.imag(x)
    return lax.complex(_product(jnp.cos(imag), jnp.sinh(real)), _product(jnp.cosh(real), jnp.sin(imag)))


@rule("cosh")
def _cosh(x: Any) -> Any:
    if not jnp.iscomplexobj(x):
        return jnp.cosh(x)
    real, imag = jnp.real(x), jnp.imag(x)
    return lax.complex(jnp.cosh(real) * jnp.cos(imag), _product(jnp.sinh(real), jnp.sin(imag)))


def _product(x: Any, y: Any) -> Any:
    """A product that is 0 where its second factor is, be the first infinite."""
    return jnp.where(y == 0, jnp.where(jnp.signbit(x), -y, y), x * y)
