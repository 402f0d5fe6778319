"""Changes of dtype."""

from __future__ import annotations

from typing import Any

from autograph.runtime.apply import apply
from autograph.runtime.dtypes import as_dtype
from autograph.runtime.structure_ops import cast_op


def astype(x: Any, dtype: Any) -> Any:
    """`x` in another dtype.

    Args:
        x: tensor or number.
        dtype: the dtype wanted.

    Returns:
        A tensor of the shape of x.

    Raises:
        DTypeError: `dtype` is none.

    Example:
        >>> import autograph as ag
        >>> ag.ops.astype(ag.constant([1.5]), ag.int32).numpy()
        array([1], dtype=int32)
    """
    return apply(cast_op, x, dtype=as_dtype(dtype))
