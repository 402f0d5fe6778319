"""Changes of dtype."""

from __future__ import annotations

from typing import Any

from autograph.errors import DTypeError
from autograph.ops.devices import on_device
from autograph.ops.rules import dtype_of
from autograph.runtime.apply import apply
from autograph.runtime.dtypes import as_dtype
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import cast_op
from autograph.runtime.tensor import Tensor


@on_device
def astype(x: Any, dtype: Any, *, copy: bool = True, device: Any = None) -> Any:
    """`x` in another dtype.

    Args:
        x: tensor or number.
        dtype: the dtype wanted.
        copy: whether a tensor of that dtype gets a handle of its own (`t[i] = v` changes what a handle has).
        device: the device; that of x where left out.

    Returns:
        A tensor of the shape of x.

    Raises:
        DTypeError: `dtype` is none, or real while x is complex.

    Example:
        >>> import autograph as ag
        >>> ag.ops.astype(ag.constant([1.5]), ag.int32).numpy()
        array([1], dtype=int32)
    """
    wanted = as_dtype(dtype)
    if not wanted.is_complex and not wanted.is_bool and dtype_of(x).is_complex:
        refuse(DTypeError, f"complex numbers become {wanted.name}", "take a part: ag.ops.real, imag or abs")
    if not copy and isinstance(x, Tensor) and x.dtype is wanted and not x.type.weak:
        return x
    return apply(cast_op, x, dtype=wanted)
