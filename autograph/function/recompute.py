"""`recompute_grad`: gradients that compute a function once more instead of keeping what it computed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from autograph.function.function import Function
from autograph.runtime.context import current_trace
from autograph.transforms.recompute import recomputed

P = ParamSpec("P")
R = TypeVar("R")


def recompute_grad(f: Callable[P, R]) -> Callable[P, R]:
    """A function whose gradient keeps its arguments only, and computes it once more.

    A staged loop inside is cut into segments of growing length: its gradient takes memory for about the square root of
    its length, which need not be known. The time is about that of one more forward pass (two for a loop).

    Args:
        f: the function; it is compiled when it is called outside a staged function.

    Returns:
        A function of the same arguments that gives the same.

    Example:
        >>> import autograph as ag
        >>> @ag.recompute_grad
        ... def wave(x, n):
        ...     for i in ag.ops.arange(n):
        ...         x = ag.ops.sin(x)
        ...     return x
        >>> round(ag.grad(wave)(ag.constant(1.0), ag.constant(2)).item(), 4)
        0.36

    Source: Chen, Xu, Zhang, Guestrin, Training deep nets with sublinear memory cost, 2016.
    """

    def staged(*args: Any, **kwargs: Any) -> Any:
        trace = current_trace()
        assert trace is not None
        return recomputed(trace, f, args, kwargs)

    functools.update_wrapper(staged, f)
    compiled: Function[Any, Any] = Function(staged, autograph=False)

    @functools.wraps(f)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        found: R = (compiled if current_trace() is None else staged)(*args, **kwargs)
        return found

    return wrapper
