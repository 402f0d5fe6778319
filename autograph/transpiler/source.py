"""Finds the source of one function: its file, its lines and its very own syntax tree.

The text comes from whatever `linecache` knows (files, notebooks, the interactive prompt, registered text of
`exec`) or the module loader's `get_source`. The node is found by name, first line and parameters; code
positions tell apart lambdas that share a line.
"""

from __future__ import annotations

import ast
import linecache
from collections.abc import Sequence
from dataclasses import dataclass
from types import CodeType, FunctionType

import gast

from autograph.errors import SourceNotFoundError
from autograph.transpiler.parse import Candidate, candidates


@dataclass(frozen=True, slots=True)
class Source:
    """Where a function's source is and what it says.

    `line` is the first line (of the `def`, below decorators), `lines` the text of the function without line
    ends. `node` is a fresh tree, free to be changed.
    """

    file: str
    line: int
    lines: tuple[str, ...]
    node: gast.FunctionDef | gast.AsyncFunctionDef | gast.Lambda
    class_name: str | None


def find_source(fn: FunctionType) -> Source:
    """The source of a function or lambda.

    Args:
        fn: a Python function.

    Returns:
        Its file, lines and syntax tree.

    Raises:
        SourceNotFoundError: the text is not at hand, or is not the text the function was made from.

    Example:
        >>> from textwrap import dedent
        >>> find_source(dedent).node.name
        'dedent'
    """
    code = fn.__code__
    for lines in _texts(fn):
        found = _choose(code, candidates(code.co_filename, "".join(lines)))
        if found is not None:
            node = found.node
            text = tuple(line.rstrip("\r\n") for line in lines[node.lineno - 1 : node.end_lineno])
            return Source(code.co_filename, node.lineno, text, gast.ast_to_gast(node), found.class_name)
    raise SourceNotFoundError(_not_found(fn))


def _texts(fn: FunctionType) -> Sequence[Sequence[str]]:
    """The text as first cached, then as it is on disk now (they differ when a file was edited)."""
    file = fn.__code__.co_filename
    cached = linecache.getlines(file, fn.__globals__)
    linecache.checkcache(file)
    return (cached, linecache.getlines(file, fn.__globals__))


def _choose(code: CodeType, found: Sequence[Candidate]) -> Candidate | None:
    fitting = [candidate for candidate in found if _fits(code, candidate)]
    if len(fitting) > 1 and _columns(code):
        fitting = [candidate for candidate in fitting if _holds_positions(code, candidate.node)]
        # Of lambdas within lambdas the innermost that holds all positions is the one.
        fitting = [one for one in fitting if not any(one is not other and _within(other, one) for other in fitting)]
    if len(fitting) > 1:  # without columns (`-X no_debug_ranges`, constants on 3.12) the contents have to tell
        fitting = [candidate for candidate in fitting if _contents(_compiled(candidate.node)) == _contents(code)]
    return fitting[0] if len(fitting) == 1 else None


def _fits(code: CodeType, candidate: Candidate) -> bool:
    return (
        candidate.first_line == code.co_firstlineno
        and candidate.name == code.co_name
        and _parameters(candidate) == code.co_varnames[: _parameter_count(code)]
        and all(line is None or line <= (candidate.node.end_lineno or line) for _, _, line in code.co_lines())
    )


def _parameters(candidate: Candidate) -> tuple[str, ...]:
    args = candidate.node.args
    names = [arg.arg for arg in [*args.posonlyargs, *args.args, *args.kwonlyargs]]
    names += [star.arg for star in (args.vararg, args.kwarg) if star is not None]
    return tuple(_mangled(name, candidate.class_name) for name in names)


def _mangled(name: str, class_name: str | None) -> str:
    hidden = class_name is not None and name.startswith("__") and not name.endswith("__")
    return f"_{str(class_name).lstrip('_')}{name}" if hidden else name


def _parameter_count(code: CodeType) -> int:
    stars = bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)
    return code.co_argcount + code.co_kwonlyargcount + stars


def _columns(code: CodeType) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Start and end of every instruction whose columns are known; prologues have none."""
    spans = []
    for line, end_line, column, end_column in code.co_positions():
        if line is None or end_line is None or column is None or end_column is None:
            continue
        if (column, end_column) != (0, 0):
            spans.append(((line, column), (end_line, end_column)))
    return spans


def _holds_positions(code: CodeType, node: ast.AST) -> bool:
    """Whether every instruction of a lambda's code comes from within the lambda's body."""
    start, end = _span(node.body if isinstance(node, ast.Lambda) else node)
    return all(start <= first and last <= end for first, last in _columns(code))


def _compiled(node: ast.AST) -> CodeType:
    """The code of a lambda by itself."""
    assert isinstance(node, ast.Lambda)
    module = compile(ast.Expression(node), "<lambda>", "eval")
    return next(constant for constant in module.co_consts if isinstance(constant, CodeType))


def _contents(code: CodeType) -> tuple[list[str], set[str]]:
    """The literals and the outer names of a code object, which do not depend on where it stands."""
    literals = ["code" if isinstance(one, CodeType) else repr(one) for one in code.co_consts]
    return literals, {*code.co_names, *code.co_freevars}


def _within(inner: Candidate, outer: Candidate) -> bool:
    (inner_start, inner_end), (outer_start, outer_end) = _span(inner.node), _span(outer.node)
    return outer_start <= inner_start and inner_end <= outer_end


def _span(node: ast.AST) -> tuple[tuple[int, int], tuple[int, int]]:
    place = node.lineno, node.col_offset, node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]
    return (place[0], place[1]), (place[2], place[3])


def _not_found(fn: FunctionType) -> str:
    code = fn.__code__
    # Since Python 3.13 "<string>" is the text of `python -c`, and not that of an `exec`.
    if code.co_filename == "<string>" or not linecache.getlines(code.co_filename, fn.__globals__):
        return (
            f"the source of `{fn.__qualname__}` is not at hand: no text is known for {code.co_filename!r}\n"
            "define the function in a file or a notebook cell, or register the text that is passed to exec: "
            "`linecache.cache[name] = (len(text), None, text.splitlines(True), name)`, with "
            "`compile(text, name, 'exec')`"
        )
    return (
        f"`{fn.__qualname__}` is not at {code.co_filename}:{code.co_firstlineno}: the text there is another\n"
        "reload the module if its file was edited after import; give lambdas that share a line a line each"
    )
