"""Ops that are one of NumPy's elementwise functions with a gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.rules import elementwise
from autograph.runtime.op import Kind, Op

# The ufuncs whose results are those of ops, with operands of one dtype.
UFUNCS: dict[str, np.ufunc] = {}


def ufunc_op(name: str, ufunc: np.ufunc, vjp: Any, **fields: Any) -> Op:
    """Declares an elementwise op whose kernel and types are those of a ufunc.

    Args:
        name: unique name.
        ufunc: the NumPy function.
        vjp: the gradient.
        **fields: other fields of the op; by default operands are promoted, and weak ones give a weak result.
    """
    if "kernel" not in fields:
        UFUNCS[name] = ufunc
    declared = {"kernel": lambda xp, *operands: ufunc(*operands), "promotes": True, "weakens": True, **fields}
    return Op(name, kind=Kind.ELEMENTWISE, infer=elementwise(ufunc), vjp=vjp, **declared)
