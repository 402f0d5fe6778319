"""Choice between values, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.errors import DTypeError
from autograph.ops.arithmetic import maximum, minimum, positive_op
from autograph.ops.casts import astype
from autograph.ops.rules import dtype_of
from autograph.runtime.apply import apply
from autograph.runtime.op import Kind, Op
from autograph.runtime.promotion import require_fit, result_type
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import broadcast
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.types import TensorType


def _infer(condition: TensorType, x: TensorType, y: TensorType) -> TensorType:
    if not condition.dtype.is_bool:
        refuse(DTypeError, f"where needs a bool condition, not {condition}", "compare first, as in x != 0")
    dtype, _ = result_type((x.dtype, x.weak), (y.dtype, y.weak))
    return TensorType(dtype, broadcast(condition.shape, x.shape, y.shape))


def _vjp(ct: Tensor, out: Tensor, condition: Tensor, x: Tensor, y: Tensor) -> tuple[Any, ...]:
    return None, where(condition, ct, 0), where(condition, 0, ct)


where_op = Op(
    "where",
    kind=Kind.ELEMENTWISE,
    infer=_infer,
    kernel=lambda xp, condition, x, y: np.where(condition, x, y),
    vjp=_vjp,
    python=lambda condition, x, y: x if condition else y,
)


def where(condition: Any, x: Any, y: Any) -> Any:
    """`x` where the condition holds, else `y`.

    Args:
        condition: bool tensor.
        x: tensor or number.
        y: tensor or number.

    Returns:
        A tensor of the broadcast shape and the promoted dtype of x and y.

    Raises:
        DTypeError: the condition is not bool.

    Example:
        >>> import autograph as ag
        >>> ag.ops.where(ag.constant([True, False]), 1.0, ag.constant([2.0, 3.0])).numpy()
        array([1., 3.], dtype=float32)
    """
    if type(condition) is not bool and not dtype_of(condition).is_bool:
        refuse(DTypeError, f"where needs a bool condition, not {dtype_of(condition).name}", "compare, as in x != 0")
    if type(x) is Tensor and type(y) is Tensor and x.dtype is y.dtype:
        return apply(where_op, condition, x, y)
    weak = [type(v) in PYTHON_NUMBERS or (isinstance(v, Tensor) and v.type.weak) for v in (x, y)]
    if dtype_of(x) is not dtype_of(y) and not all(weak):
        dtype, _ = result_type((dtype_of(x), weak[0]), (dtype_of(y), weak[1]))
        require_fit(x, dtype)
        require_fit(y, dtype)
        x, y = [v if dtype_of(v) is dtype and not w else astype(v, dtype) for v, w in zip((x, y), weak, strict=True)]
    return apply(where_op, condition, x, y)


def clip(x: Any, min: Any = None, max: Any = None) -> Any:
    """`x` limited to a range.

    Args:
        x: tensor or number.
        min: the lower limit; None for no limit.
        max: the upper limit; None for no limit.

    Returns:
        A tensor of the broadcast shape, of the dtype of x where the limits are of its kind.

    Example:
        >>> import autograph as ag
        >>> ag.ops.clip(ag.constant([-1.0, 0.5, 3.0]), 0.0, 1.0).numpy()
        array([0. , 0.5, 1. ], dtype=float32)
    """
    own = dtype_of(x)
    out = x
    if min is not None and not (type(min) is int and own.is_integer and min <= np.iinfo(own.numpy).min):
        out = maximum(out, min)
    if max is not None and not (type(max) is int and own.is_integer and max >= np.iinfo(own.numpy).max):
        out = minimum(out, max)
    if not isinstance(out, Tensor):
        return apply(positive_op, out)
    same_kind = out.dtype.is_integer == own.is_integer and out.dtype.is_complex == own.is_complex
    return astype(out, own) if out.dtype is not own and same_kind and not out.type.weak else out
