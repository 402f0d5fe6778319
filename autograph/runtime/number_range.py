"""Python integers that a graph computes, where they take a tensor's dtype: out of its range they raise, as in NumPy.

A constant is looked at while the graph is traced (`promotion.require_fit`); other numbers are checked when it runs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.runtime.context import current_trace
from autograph.runtime.dtypes import DType, int64
from autograph.runtime.failure import ErrorSite, Template
from autograph.runtime.ir import Value
from autograph.runtime.location import user_line
from autograph.runtime.op import get_op
from autograph.runtime.promotion import require_fit
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType

_WIDEST = np.iinfo(np.int64)


def may_exceed(value: Value, dtype: DType) -> bool:
    """Whether a graph value is a Python integer that an integer dtype may not hold; constants are known to fit or not.

    Args:
        value: any value.
        dtype: the dtype that it takes.
    """
    type_ = value.type
    if not isinstance(type_, TensorType) or not type_.weak or type_.dtype is not int64 or type_.shape:
        return False
    if not dtype.is_integer or dtype is int64:
        return False
    return value.node is None or value.node.op.name != "constant"


def check_range(trace: Any, value: Value, dtype: DType) -> None:
    """Records that the graph raises OverflowError unless an integer is in the range of a dtype.

    Args:
        trace: the trace.
        value: int64 scalar.
        dtype: an integer dtype.
    """
    info = np.iinfo(dtype.numpy)
    bounds = [("greater_equal", int(info.min), _WIDEST.min), ("less_equal", int(info.max), _WIDEST.max)]
    text = Template(("Python integer ", f" out of bounds for {dtype.name}"), ("",))
    site = ErrorSite(OverflowError, (text,), user_line())
    for op, bound, widest in bounds:
        if (bound < widest) if op == "less_equal" else (bound > widest):
            inside = trace.apply(get_op(op), (Tensor(value), bound), {})
            trace.record(get_op("check"), (trace.value(inside), value), {"site": site}, ())


def require_range(operand: Any, dtype: DType) -> None:
    """Checks an operand that is about to take a dtype: Python's integers at once, those of a graph when it runs.

    Args:
        operand: tensor or number.
        dtype: what it takes.

    Raises:
        OverflowError: it is a Python integer out of the dtype's range.
    """
    require_fit(operand, dtype)
    trace = current_trace()
    value = operand._value if isinstance(operand, Tensor) else None
    if trace is not None and isinstance(value, Value) and may_exceed(value, dtype):
        check_range(trace, value, dtype)
