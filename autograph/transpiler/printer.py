"""Prints generated code with the user's own lines as comments above what became of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

import gast

from autograph.transpiler.conversion import python_function
from autograph.transpiler.pipeline import choose_alias, transform
from autograph.transpiler.source import Source, find_source

_MARK = "__line_{}__"
_MARKED = re.compile(r"^(\s*)__line_(\d+)__$")


def to_code(
    fn: Callable[..., Any], *, is_plain: Callable[[Any], bool], namespace: ModuleType | None = None
) -> str:
    """The source that a function is converted to, for people to read.

    Args:
        fn: a Python function, lambda or method.
        is_plain: whether calls of an object need no wrapper.
        namespace: what generated code calls `ag`; by default whatever module the function calls so.

    Returns:
        Python source. Above each piece that is not as the user wrote it stands the user's line, with its number.

    Raises:
        ConversionError: a construct cannot be converted.
        SourceNotFoundError: there is no source to convert.
    """
    function = python_function(fn)
    source = find_source(function)
    alias = choose_alias(source, function, "ag", namespace)
    tree, _ = transform(source, function, alias, is_plain)
    return print_tree(tree, source)


def print_tree(tree: gast.FunctionDef, source: Source) -> str:
    """The text of a generated function with the original lines as comments."""
    plain = ast.fix_missing_locations(gast.gast_to_ast(tree))
    lines = _Lines(source)
    plain.body = lines.marked(plain.body)
    printed = ast.unparse(plain).splitlines()
    return "\n".join(_without_gaps([lines.commented(line) for line in printed])) + "\n"


class _Lines:
    """The user's lines, each of which is shown once, where code that came of it first stands."""

    def __init__(self, source: Source) -> None:
        self.first = source.line
        self.lines = source.lines
        self.shown = {source.line}

    def text(self, line: int) -> str:
        """The user's line, without its indentation and without a comment that is all of it."""
        index = line - self.first
        return self.lines[index].strip() if 0 <= index < len(self.lines) else ""

    def marked(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """The statements with a marker before each one whose line is to be shown there."""
        made: list[ast.stmt] = []
        for statement in statements:
            if self._is_news(statement):
                made.append(ast.Expr(ast.Name(_MARK.format(statement.lineno), ast.Load())))
            self.shown.add(statement.lineno)
            for field in ("body", "orelse", "finalbody"):
                block = getattr(statement, field, None)
                if isinstance(block, list) and not isinstance(statement, ast.ClassDef):
                    setattr(statement, field, self.marked(block))
            for part in [*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]:
                part.body = self.marked(part.body)
            made.append(statement)
        return made

    def _is_news(self, statement: ast.stmt) -> bool:
        """Whether a statement's line is not shown yet and differs from what is printed."""
        text = self.text(statement.lineno)
        if statement.lineno in self.shown or not text:
            return False
        return _normal(ast.unparse(statement).splitlines()[0]) != _normal(text)

    def commented(self, line: str) -> str:
        """A printed line, a marker replaced by the comment it stands for."""
        match = _MARKED.match(line)
        return line if match is None else f"{match[1]}# {match[2]}: {self.text(int(match[2]))}"


def _normal(text: str) -> str:
    """A line without what printing changes: a comment, quotes, spaces, redundant parentheses."""
    try:
        return ast.unparse(ast.parse(text))
    except SyntaxError:
        return re.sub(r"\s+", "", text.split("  #")[0]).replace('"', "'")


def _without_gaps(lines: list[str]) -> list[str]:
    """The lines without the empty ones that `ast.unparse` puts before nested functions."""
    return [line for line in lines if line.strip()]
