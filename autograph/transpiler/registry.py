"""Knows which code objects are generated: nothing is converted twice, and tracebacks can leave them out."""

from __future__ import annotations

import weakref
from inspect import CO_GENERATOR, CO_OPTIMIZED
from types import CodeType

# Keyed by identity: code objects compare by content, and generated code may equal the code it was made from.
_generated: dict[int, weakref.ref[CodeType]] = {}
_within: dict[int, weakref.ref[CodeType]] = {}


def mark_generated(code: CodeType) -> None:
    """Notes a generated code object and all that are nested in it."""
    _note(_generated, code)
    for constant in code.co_consts:
        if not isinstance(constant, CodeType):
            continue
        if _is_users_generator(constant):
            _note(_within, constant)
        elif _is_class_body(constant):
            _note_class(constant)
        else:
            mark_generated(constant)


def _note_class(body: CodeType) -> None:
    """Notes a class body, whose methods stay as the user wrote them until they are called."""
    _note(_generated, body)
    for constant in body.co_consts:
        if isinstance(constant, CodeType):
            if _is_class_body(constant):
                _note_class(constant)
            else:
                _note(_within, constant)


def _note(known: dict[int, weakref.ref[CodeType]], code: CodeType) -> None:
    key = id(code)
    known[key] = weakref.ref(code, lambda _: known.pop(key, None) and None)


def is_within_generated(code: CodeType) -> bool:
    """Whether a code object is of a generator, or of a method of a class, within a converted function."""
    reference = _within.get(id(code))
    return reference is not None and reference() is code


def _is_class_body(code: CodeType) -> bool:
    return not code.co_flags & CO_OPTIMIZED


def _is_users_generator(code: CodeType) -> bool:
    """Whether code is of a generator within a converted function, which stays as the user wrote it."""
    return bool(code.co_flags & CO_GENERATOR) and code.co_name != "<genexpr>"


def is_generated(code: CodeType) -> bool:
    """Whether a code object comes from conversion: a converted function, or a region or function nested in
    one.

    Example:
        >>> is_generated(is_generated.__code__)
        False
    """
    reference = _generated.get(id(code))
    return reference is not None and reference() is code
