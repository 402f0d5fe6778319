"""Knows which code objects are generated: nothing is converted twice, and tracebacks can leave them out."""

from __future__ import annotations

import weakref
from types import CodeType

# Keyed by identity: code objects compare by content, and generated code may equal the code it was made from.
_generated: dict[int, weakref.ref[CodeType]] = {}


def mark_generated(code: CodeType) -> None:
    """Notes a generated code object and all that are nested in it."""
    key = id(code)
    _generated[key] = weakref.ref(code, lambda _: _generated.pop(key, None) and None)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            mark_generated(constant)


def is_generated(code: CodeType) -> bool:
    """Whether a code object comes from conversion: a converted function, or a region or function nested in
    one.

    Example:
        >>> is_generated(is_generated.__code__)
        False
    """
    reference = _generated.get(id(code))
    return reference is not None and reference() is code
