"""Sliding products of vectors."""

from __future__ import annotations

from typing import Any

from autograph.errors import ShapeError
from autograph.ops.axis_parts import flip
from autograph.ops.complex_parts import conj
from autograph.ops.creation import as_tensor
from autograph.ops.demands import demand_at_least
from autograph.ops.nn.convolution_op import convolution_op
from autograph.ops.shape import reshape
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim, known_at_least
from autograph.runtime.refusal import refuse

_MODES = ("valid", "same", "full")


def _sizes(x1: Any, x2: Any, mode: str, what: str) -> tuple[Any, Any]:
    """The operands as tensors, checked."""
    if mode not in _MODES:
        raise ValueError(f"mode is {mode!r}, and has to be one of {', '.join(map(repr, _MODES))}")
    a, b = as_tensor(x1), as_tensor(x2)
    if a.ndim != 1 or b.ndim != 1 or 0 in (a.type.shape[0], b.type.shape[0]):
        refuse(ShapeError, f"{what} of {a.type} and {b.type}", "give two vectors with elements")
    return a, b


def _slid(a: Any, b: Any, mode: str) -> Any:
    """Sums of products of a and a window that slides over it."""
    window = b.type.shape[0]
    around: dict[str, tuple[Dim, Dim]] = {
        "valid": (0, 0),
        "same": (window // 2, window - 1 - window // 2),
        "full": (window - 1, window - 1),
    }
    fields = {"strides": (1,), "dilations": (1,), "spread": (1,), "groups": 1, "padding": (around[mode],)}
    return reshape(apply(convolution_op, reshape(a, (1, -1, 1)), reshape(b, (-1, 1, 1)), **fields), (-1,))


def _require_longer(a: Any, b: Any, what: str) -> None:
    sizes = a.type.shape[0], b.type.shape[0]
    demand_at_least(*sizes, f"{what} of sizes {sizes[0]} and {sizes[1]} in a graph", "give the longer vector first")


def correlate(x1: Any, x2: Any, mode: str = "valid") -> Any:
    """The sums of products of x1 with x2 (conjugated) moved along it.

    Args:
        x1: tensor [n].
        x2: tensor [m].
        mode: "valid" for places where all elements of both meet, "full" for all where any do, "same" for as many as
            the longer has.

    Returns:
        A vector.

    Raises:
        ShapeError: an operand is no vector, or has no elements.
        ValueError: there is no such mode.

    Example:
        >>> import autograph as ag
        >>> ag.ops.correlate(ag.constant([1.0, 2.0, 3.0]), ag.constant([0.0, 1.0])).numpy()
        array([2., 3.], dtype=float32)
    """
    a, b = _sizes(x1, x2, mode, "correlate")
    if known_at_least(a.type.shape[0] - b.type.shape[0], 0) is False:
        return flip(_slid(conj(b), a, mode))  # places counted from the other end
    _require_longer(a, b, "correlate")
    return _slid(a, conj(b), mode)


def convolve(x1: Any, x2: Any, mode: str = "full") -> Any:
    """The sums of products of x1 with x2 reversed and moved along it.

    Args:
        x1: tensor [n].
        x2: tensor [m].
        mode: "valid" for places where all elements of both meet, "full" for all where any do, "same" for as many as
            the longer has.

    Returns:
        A vector.

    Raises:
        ShapeError: an operand is no vector, or has no elements.
        ValueError: there is no such mode.

    Example:
        >>> import autograph as ag
        >>> ag.ops.convolve(ag.constant([1.0, 2.0, 3.0]), ag.constant([0.0, 1.0])).numpy()
        array([0., 1., 2., 3.], dtype=float32)
    """
    a, b = _sizes(x1, x2, mode, "convolve")
    if known_at_least(a.type.shape[0] - b.type.shape[0], 0) is False:
        a, b = b, a
    _require_longer(a, b, "convolve")
    if mode != "same":
        return _slid(a, flip(b), mode)
    size, window = a.type.shape[0], b.type.shape[0]
    start = (window - 1) // 2
    return _slid(a, flip(b), "full")[start : start + size]
