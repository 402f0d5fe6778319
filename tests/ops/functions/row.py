"""A call of a public function whose result, graph and gradient are tested."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import autograph as ag


@dataclass(frozen=True)
class Row:
    """`function` as a path below `ag.ops`; `oracle` gives the right answer for NumPy arrays.

    `open` says which arrays may have open sizes (all by default), `grad` whether it has a gradient, `narrow` whether
    float32 gives nearly the same in float32.
    """

    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    oracle: Callable[..., Any]
    open: bool | tuple[int, ...] = True
    grad: bool = True
    rtol: float = 1e-7
    narrow: bool = True

    def call(self, *arrays: Any) -> Any:
        found: Any = ag.ops
        for part in self.function.split("."):
            found = getattr(found, part)
        rest = iter(arrays)
        return found(*[_filled(arg, rest) for arg in self.args], **self.kwargs)

    def arrays(self) -> list[Any]:
        return [array for arg in self.args for array in _found(arg)]


def _found(arg: Any) -> list[Any]:
    if isinstance(arg, np.ndarray):
        return [arg]
    return [array for item in arg for array in _found(item)] if isinstance(arg, list) else []


def _filled(arg: Any, arrays: Any) -> Any:
    if isinstance(arg, np.ndarray):
        return next(arrays)
    return [_filled(item, arrays) for item in arg] if isinstance(arg, list) else arg


def row(
    function: str,
    *args: Any,
    oracle: Any = None,
    open: bool | tuple[int, ...] = True,
    grad: bool = True,
    rtol: float = 1e-7,
    narrow: bool = True,
    **kw,
):
    """A row; without an oracle NumPy's function of the same name is it."""
    return Row(function, args, kw, oracle or getattr(np, function), open, grad, rtol, narrow)
