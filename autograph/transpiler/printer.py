"""Prints generated code with the user's own lines as comments above what became of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import gast

from autograph.transpiler.conversion import python_function, refused_depth
from autograph.transpiler.pipeline import choose_alias, transform
from autograph.transpiler.source import Source, find_source

_WIDTH = 120
_MARKED = re.compile(r"^(\s*)__line_(\d+)__$")
_TUPLE = re.compile(r"^(\s*(?:return|[\w., ]+ =) )\((.*)\)$")


def to_code(fn: Callable[..., Any], *, is_plain: Callable[[Any], bool], namespace: ModuleType | None = None) -> str:
    """The source that a function is converted to, for people to read.

    Args:
        fn: a Python function, lambda or method.
        is_plain: whether calls of an object need no wrapper.
        namespace: what generated code calls `ag`; by default whatever module the function calls so.

    Returns:
        Python source. Above each piece that is not as the user wrote it stands the user's line with its
        number.

    Raises:
        ConversionError: a construct cannot be converted.
        SourceNotFoundError: there is no source to convert.
    """
    function = python_function(fn)
    with refused_depth(function):
        source = find_source(function)
        headers = dict(_headers(gast.gast_to_ast(source.node), source))
        tree, _ = transform(source, function, choose_alias(source, function, "ag", namespace), is_plain)
        return print_tree(tree, headers)


def print_tree(tree: gast.FunctionDef, headers: dict[int, str]) -> str:
    """The text of a generated function.

    Args:
        tree: the function.
        headers: the user's statements by line number, to be shown as comments.
    """
    plain = ast.fix_missing_locations(gast.gast_to_ast(tree))
    plain.body = _Marks(headers, plain.lineno).put_in(plain.body)
    printed = ast.unparse(plain)
    quoted = set(_quoted_lines(printed))
    lines: list[str] = []
    for number, line in enumerate(printed.splitlines(), 1):
        if number in quoted:
            lines.append(line)
        elif line.strip():
            lines += _wrapped(_commented(_bare_tuple(line), headers))
    return "\n".join(lines) + "\n"


class _Marks:
    """Puts a marker before each statement whose line is to be shown: once, where what came of it begins."""

    def __init__(self, headers: dict[int, str], first: int) -> None:
        self.headers = headers
        self.shown = {first}

    def put_in(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """The statements with markers."""
        made: list[ast.stmt] = []
        for statement in statements:
            if self._is_news(statement) and not (statement is statements[0] and _is_text(statement)):
                made.append(ast.Expr(ast.Name(f"__line_{statement.lineno}__", ast.Load())))
            self.shown.add(statement.lineno)
            if not isinstance(statement, ast.ClassDef):
                for part in _parts(statement):
                    for field in ("body", "orelse", "finalbody"):
                        block = getattr(part, field, None)
                        if isinstance(block, list):
                            setattr(part, field, self.put_in(block))
            made.append(statement)
        return made

    def _is_news(self, statement: ast.stmt) -> bool:
        """Whether a statement's line is not shown yet and differs from what is printed."""
        text = self.headers.get(statement.lineno)
        if statement.lineno in self.shown or text is None:
            return False
        return _normal(ast.unparse(statement).splitlines()[0]) != _normal(text)


def _is_text(statement: ast.stmt) -> bool:
    """Whether a statement could be a docstring, which has to stay first."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _parts(statement: ast.stmt) -> list[ast.AST]:
    return [statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]


def _headers(function: ast.AST, source: Source) -> Iterator[tuple[int, str]]:
    """Each of the user's statements by its line, as one line: all of a simple one, the head of others."""
    for node in ast.walk(function):
        if isinstance(node, ast.match_case):
            yield node.pattern.lineno, source.lines[node.pattern.lineno - source.line].strip()
        if not isinstance(node, ast.stmt):
            continue
        body = getattr(node, "body", None) or [getattr(case, "pattern", None) for case in getattr(node, "cases", ())]
        end = node.end_lineno if not body else max(node.lineno, body[0].lineno - 1)
        lines = source.lines[node.lineno - source.line : (end or node.lineno) - source.line + 1]
        yield node.lineno, _on_one_line([line for line in lines if line.strip() and line.strip()[0] != "#"])


def _on_one_line(lines: list[str]) -> str:
    text = " ".join(line.strip() for line in lines)
    if len(lines) == 1:
        return text
    if '"""' in text or "'''" in text or any("#" in line for line in lines):
        return lines[0].strip() + " …"
    return re.sub(r"([(\[{]) | (?=[)\]}])|,(?= [)\]}])", r"\1", text)


def _normal(text: str) -> str:
    """A line without what printing changes: comments, quotes, spaces, redundant parentheses."""
    for candidate in (text, text + " pass", "if 0: pass\n" + text + " pass"):
        try:
            return ast.unparse(ast.parse(candidate))
        except SyntaxError:
            continue
    return text


def _commented(line: str, headers: dict[int, str]) -> str:
    """A printed line; a marker is replaced by the comment it stands for."""
    match = _MARKED.match(line)
    return line if match is None else f"{match[1]}# {match[2]}: {headers[int(match[2])]}"


def _bare_tuple(line: str) -> str:
    """`return (a, b)` as `return a, b`, and assignments alike."""
    match = _TUPLE.match(line)
    if match is None:
        return line
    bare = f"{match[1]}{match[2]}"
    try:
        same = ast.dump(ast.parse(bare.strip())) == ast.dump(ast.parse(line.strip()))
    except SyntaxError:
        return line
    return bare if same else line


def _wrapped(line: str) -> list[str]:
    """A line, or a long call with an argument a line."""
    text = line.strip()
    if len(line) <= _WIDTH or text.startswith("#"):
        return [line]
    try:
        (statement,) = ast.parse(text).body
    except SyntaxError:  # the head of a block
        return [line]
    call = getattr(statement, "value", None)
    if not isinstance(call, ast.Call) or not text.endswith(")"):
        return [line]
    indent = line[: len(line) - len(text)]
    head = text.encode()[: call.col_offset].decode() + ast.unparse(call.func)  # offsets count bytes
    arguments = [*map(ast.unparse, call.args), *map(_keyword, call.keywords)]
    return [f"{indent}{head}(", *[f"{indent}    {argument}," for argument in arguments], f"{indent})"]


def _keyword(keyword: ast.keyword) -> str:
    return ("**" if keyword.arg is None else f"{keyword.arg}=") + ast.unparse(keyword.value)


def _quoted_lines(text: str) -> Iterator[int]:
    """The numbers of lines within texts that span several."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.end_lineno != node.lineno:
            yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)
