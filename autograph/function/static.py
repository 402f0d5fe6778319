"""`ag.Static[...]`: the annotation of arguments whose numbers and sizes a trace takes as they are."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

T = TypeVar("T")


class StaticMarker:
    """What `ag.Static[...]` puts beside the type."""

    def __repr__(self) -> str:
        return "static"


_MARKER = StaticMarker()

# `Static[int]`: type checkers see an int. Every value has a trace of its own, in which it is a plain Python value.
Static = Annotated[T, _MARKER]


def static_parameters(function: Callable[..., Any], signature: inspect.Signature) -> frozenset[str]:
    """The names of the parameters that are annotated with `Static[...]`, also in text.

    Args:
        function: the function.
        signature: its signature.

    Returns:
        The names.

    Example:
        >>> import autograph as ag
        >>> def f(x, axis: ag.Static[int]): ...
        >>> sorted(static_parameters(f, inspect.signature(f)))
        ['axis']
    """
    space = getattr(inspect.unwrap(function), "__globals__", {})
    return frozenset(
        name for name, parameter in signature.parameters.items() if _is_static(parameter.annotation, space)
    )


def _is_static(annotation: Any, space: dict[str, Any]) -> bool:
    if isinstance(annotation, str):
        if "Static" not in annotation:
            return False
        try:
            annotation = eval(annotation, space)
        except Exception:  # names that exist for type checkers only
            return False
    return _MARKER in getattr(annotation, "__metadata__", ())
