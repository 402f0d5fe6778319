"""Converts functions, once per code object for as long as what conversion assumed of outer names holds."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FunctionType, MethodType
from typing import Any

from autograph.errors import ConversionError, SourceLine, SourceNotFoundError, message
from autograph.transpiler.context import MISSING, Test, follow, outer_names
from autograph.transpiler.emit import bind, compile_tree
from autograph.transpiler.pipeline import choose_alias, transform
from autograph.transpiler.registry import is_generated
from autograph.transpiler.source import find_source

_VERSIONS_KEPT = 8


class _Assumption:
    """What a test said of the object behind an outer name; asked again only when the name means another object."""

    __slots__ = ("path", "said", "seen", "test")

    def __init__(self, path: tuple[str, ...], test: Test, said: bool) -> None:
        self.path = path
        self.test = test
        self.said = said
        self.seen: Callable[[], object] = _nothing

    def holds(self, outer: Callable[[str], object]) -> bool:
        value = follow(self.path, outer)
        if value is MISSING:
            return not self.said
        if self.seen() is value and value is not None:
            return True
        if bool(self.test(value)) is not self.said:
            return False
        self.seen = _reference(value)
        return True


def _nothing() -> None:
    return None


def _reference(value: object) -> Callable[[], object]:
    try:
        return weakref.ref(value)
    except TypeError:
        return _nothing


@dataclass(frozen=True, slots=True)
class _Version:
    """Generated code for one code object, and what must hold for it to be right."""

    code: CodeType
    alias: str
    namespace: Any
    is_plain: Callable[[Any], bool]
    inline: str | None
    assumed: tuple[_Assumption, ...]

    def fits(self, fn: FunctionType, namespace: Any, is_plain: Callable[[Any], bool], inline: str | None) -> bool:
        if self.namespace is not namespace or self.is_plain != is_plain or self.inline != inline:
            return False
        outer = outer_names(fn)
        return all(assumption.holds(outer) for assumption in self.assumed)


# By identity: code objects compare by content, whatever file they come from.
_versions: dict[int, tuple[weakref.ref[CodeType], list[_Version]]] = {}


def convert(
    fn: Callable[..., Any],
    *,
    namespace: Any,
    is_plain: Callable[[Any], bool],
    name: str = "ag",
    inline: str | None = None,
) -> FunctionType:
    """The function with its control flow rewritten into calls of `namespace`.

    Args:
        fn: a Python function, lambda or method (whose function is converted; the caller binds it).
        namespace: what generated code calls `ag`.
        is_plain: whether calls of an object need no wrapper.
        name: the name of the namespace in generated code; gets a `_` where the function uses it otherwise.
        inline: of a generator, what takes its items through a callback, which becomes the first parameter: "loop", or
            "with", whose exceptions reach the generator's handlers.

    Returns:
        A function with the same closure cells, globals, defaults and attributes; its `__autograph_source__`
        is the original.

    Raises:
        ConversionError: a construct cannot be converted.
        SourceNotFoundError: there is no source to convert.
    """
    function = python_function(fn)
    if is_generated(function.__code__):
        return function
    versions = _versions_of(function.__code__)
    for version in versions:
        if version.fits(function, namespace, is_plain, inline):
            return bind(version.code, function, version.alias, namespace)
    with refused_depth(function):
        source = find_source(function)
        alias = choose_alias(source, function, name, namespace)
        tree, context = transform(source, function, alias, is_plain, inline)
        code = compile_tree(tree, function.__code__, alias)
    assumed = tuple(_Assumption(path, test, said) for (path, test), said in context.assumed.items())
    versions.insert(0, _Version(code, alias, namespace, is_plain, inline, assumed))
    del versions[_VERSIONS_KEPT:]
    return bind(code, function, alias, namespace)


@contextmanager
def refused_depth(function: FunctionType) -> Iterator[None]:
    """Refuses code that is nested too deeply for Python to walk.

    Raises:
        ConversionError: the code inside the `with` block runs out of stack.
    """
    try:
        yield
    except (RecursionError, IndentationError):  # Python's parser refuses a hundred levels
        code = function.__code__
        raise ConversionError(
            message(
                f"the code of `{function.__qualname__}` is nested too deeply to convert (each `elif` nests one more)",
                SourceLine(code.co_filename, code.co_firstlineno, code.co_name),
                "move inner parts into functions of their own, or look values up in a table",
            )
        ) from None


def python_function(fn: Callable[..., Any]) -> FunctionType:
    """The Python function behind a function or method.

    Raises:
        SourceNotFoundError: `fn` is not written in Python.
    """
    function = fn.__func__ if isinstance(fn, MethodType) else fn
    if not isinstance(function, FunctionType):
        raise SourceNotFoundError(
            f"{fn!r} is not a Python function and has no source to convert\npass a function, a lambda or a method"
        )
    return function


def _forget(versions: dict[int, Any], key: int, _: Any) -> None:
    versions.pop(key, None)


def _versions_of(code: CodeType) -> list[_Version]:
    key = id(code)
    if key not in _versions:
        # Bound here, since names of modules are gone when the interpreter ends.
        forget = functools.partial(_forget, _versions, key)
        _versions[key] = weakref.ref(code, forget), []
    return _versions[key][1]
