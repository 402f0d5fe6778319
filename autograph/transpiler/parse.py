"""Parses source text once per content and lists its functions and lambdas."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True)
class Candidate:
    """A function or lambda in a parsed text, with the class whose body it stands in (for private names)."""

    node: FunctionNode
    class_name: str | None

    @property
    def first_line(self) -> int:
        """What `co_firstlineno` says: the line of the first decorator or of the function."""
        decorators = [] if isinstance(self.node, ast.Lambda) else self.node.decorator_list
        return min([self.node.lineno, *(decorator.lineno for decorator in decorators)])

    @property
    def name(self) -> str:
        """What `co_name` says."""
        return "<lambda>" if isinstance(self.node, ast.Lambda) else self.node.name


@lru_cache(maxsize=64)
def candidates(file: str, text: str) -> tuple[Candidate, ...]:
    """Every function and lambda of a text, outer ones before inner ones.

    Args:
        file: name for messages.
        text: the whole text of the file, so that positions are the user's.

    Returns:
        The candidates; none when the text is not Python.

    Example:
        >>> [found.name for found in candidates("x.py", "def f(x): return lambda y: x")]
        ['f', '<lambda>']
    """
    try:
        tree = ast.parse(text, file)
    except SyntaxError:
        return ()
    found: list[Candidate] = []
    _collect(tree, None, found)
    return tuple(found)


def _collect(node: ast.AST, class_name: str | None, found: list[Candidate]) -> None:
    if isinstance(node, FunctionNode):
        found.append(Candidate(node, class_name))
    inside = node.name if isinstance(node, ast.ClassDef) else class_name
    for child in ast.iter_child_nodes(node):
        _collect(child, inside, found)
