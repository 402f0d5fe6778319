"""Ops that are one of SciPy's special functions with a gradient.

`scipy.special` is loaded with the first call, since it takes longer to load than the rest of this package.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from autograph.errors import DTypeError
from autograph.ops.rules import dtype_of
from autograph.runtime.dtypes import DType, float32, float64
from autograph.runtime.op import Kind, Op
from autograph.runtime.promotion import result_type
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import broadcast
from autograph.runtime.types import TensorType

# The names in `scipy.special` of what ops compute.
SCIPY_NAMES: dict[str, str] = {}


@functools.cache
def scipy_function(name: str) -> Callable[..., Any]:
    """A function of `scipy.special`."""
    function: Callable[..., Any] = getattr(importlib.import_module("scipy.special"), name)
    return function


def _result(name: str, dtype: DType) -> DType:
    """The dtype that a special function gives: the operand's own, float64 for integers."""
    if dtype.is_complex:
        refuse(DTypeError, f"{name} of {dtype.name}", "use real numbers")
    return dtype if dtype.is_floating else float64


def special_type(name: str) -> Callable[..., TensorType]:
    """The rule of special functions: shapes broadcast, floats keep their dtype."""

    def infer(*types: TensorType) -> TensorType:
        dtype, _ = result_type(*[(type_.dtype, type_.weak) for type_ in types])
        return TensorType(_result(name, dtype), broadcast(*[type_.shape for type_ in types]))

    return infer


def scipy_op(name: str, vjp: Any, function: str | None = None) -> Op:
    """Declares an elementwise op of real numbers.

    Args:
        name: unique name.
        vjp: the gradient.
        function: its name in `scipy.special`, if that is another.
    """
    SCIPY_NAMES[name] = function or name

    def kernel(xp: Any, *operands: Any) -> Any:
        wanted = _result(name, next((dtype_of(x) for x in operands if isinstance(x, np.ndarray | np.generic)), float64))
        wide = wanted if wanted.bits >= float32.bits else float32  # SciPy has no loops of 16 bits
        out = scipy_function(function or name)(*[np.asarray(x, wide.numpy) for x in operands])
        return np.asarray(out).astype(wanted.numpy, copy=False)

    return Op(
        name, kind=Kind.ELEMENTWISE, infer=special_type(name), kernel=kernel, vjp=vjp, promotes=True, weakens=True
    )
