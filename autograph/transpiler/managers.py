"""What conversion can tell of context managers: whose code they run, and whether they may swallow exceptions."""

from __future__ import annotations

import contextlib
import dis
import functools
from collections.abc import Callable
from inspect import CO_GENERATOR
from types import CodeType, FunctionType
from typing import Any

import gast

from autograph.transpiler.context import Context, Test


def stays(statement: gast.With, context: Context) -> bool:
    """Whether a `with` stays as it is: its managers are a library's, and swallow nothing."""
    return all(_holds(item.context_expr, context, _runs_library_code(context.is_plain)) for item in statement.items)


def may_swallow(statement: gast.With, context: Context) -> bool:
    """Whether the managers of a `with` may swallow exceptions, so that control goes on after it."""
    return not all(_holds(item.context_expr, context, _lets_through) for item in statement.items) and not stays(
        statement, context
    )


def _holds(manager: gast.AST, context: Context, test: Test) -> bool:
    if context.is_verb(manager, "call"):
        manager = manager.args[0]
    elif isinstance(manager, gast.Call):
        manager = manager.func
    else:
        return False  # an object that exists already: its class is not known
    return context.holds(manager, test)


@functools.cache
def _runs_library_code(is_plain: Callable[[Any], bool]) -> Test:
    def test(value: Any) -> bool:
        if value is contextlib.suppress:
            return False
        if isinstance(value, type):
            leave = getattr(value, "__exit__", None)
            return not isinstance(leave, FunctionType) or is_plain(leave)
        wrapped = getattr(value, "__wrapped__", None)
        return is_plain(value) and (wrapped is None or is_plain(wrapped))

    return test


def _lets_through(value: Any) -> bool:
    if isinstance(value, type):
        leave = getattr(value, "__exit__", None)
        return isinstance(leave, FunctionType) and gives_nothing(leave.__code__)
    wrapped = getattr(value, "__wrapped__", None)
    if not isinstance(wrapped, FunctionType) or not wrapped.__code__.co_flags & CO_GENERATOR:
        return False
    return not any(one.opname in ("CHECK_EXC_MATCH", "WITH_EXCEPT_START") for one in dis.get_instructions(wrapped))


def gives_nothing(code: CodeType) -> bool:
    """Whether a function certainly returns None."""
    before: Any = None
    for one in dis.get_instructions(code):
        if one.opname == "RETURN_CONST" and one.argval is not None:
            return False
        if one.opname == "RETURN_VALUE" and not (before.opname == "LOAD_CONST" and before.argval is None):
            return False
        before = one
    return True


def names_read(code: CodeType) -> set[str]:
    """The local names that a function reads, and those that it shares with functions inside it."""
    names = {*code.co_freevars, *code.co_cellvars}
    for one in dis.get_instructions(code):
        if one.opname.startswith("LOAD_FAST"):
            names.update(one.argval if isinstance(one.argval, tuple) else (one.argval,))
    return names
