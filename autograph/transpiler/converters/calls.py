"""Calls go through `call`, which converts user functions in turn and gives builtins their tensor forms.

Before:
    def f(xs):
        ys = []
        for x in xs:
            ys.append(step(x))
        return math.sqrt(len(ys))

After:
    def f(xs):
        ys = []
        for x in xs:
            ys.append(ag.call(step, x))
        return math.sqrt(ag.call(len, ys))

Calls proven plain stay: library functions, exceptions, methods of lists made here, functions defined here
that call no other, builtins of literals.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import FunctionType
from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis.structure import is_generator
from autograph.transpiler.context import Context
from autograph.transpiler.names import bindings, identifiers
from autograph.transpiler.plainness import is_plain_value
from autograph.transpiler.rewriter import Rewriter

_LIST_METHODS = frozenset({"append", "extend", "pop", "insert", "remove", "clear", "reverse"})


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Converts the calls of a function."""
    return _Calls(context, list_names(tree, context), _leaf_functions(tree)).rewrite(tree)


class _Calls(Rewriter):
    def __init__(self, context: Context, lists: set[str], leaves: set[str]) -> None:
        super().__init__(context)
        self.lists = lists
        self.leaves = leaves

    def visit_Call(self, node: gast.Call) -> Any:
        if not node.args and not node.keywords and self.context.holds(node.func, _is_list):
            return gast.List([], gast.Load())
        if is_plain_value(node, self.context) or (
            not node.args and not node.keywords and self.context.holds(node.func, _is_empty_container)
        ):
            return node
        self.generic_visit(node)
        if self.context.is_verb(node) or build.is_immediate(node.func) or self._is_plain(node.func):
            return node
        return build.call(self.context.verb("call"), [node.func, *node.args], node.keywords)

    def visit_Attribute(self, node: gast.Attribute) -> Any:
        """`x.__dict__` asks for all attributes of `x`, of which some may not be there."""
        self.generic_visit(node)
        if node.attr != "__dict__" or not isinstance(node.ctx, gast.Load) or is_plain_value(node.value, self.context):
            return node
        asked = [build.load("getattr"), node.value, build.constant("__dict__")]
        return build.at(build.call(self.context.verb("call"), asked, []), node)

    def visit_FormattedValue(self, node: gast.FormattedValue) -> Any:
        """`{x!r}` in an f-string asks `repr`, which shows tensors at run time; `{x!s:>8}` asks `str`."""
        self.generic_visit(node)
        asked = {ord("r"): "repr", ord("s"): "str" if node.format_spec else None}.get(node.conversion)
        if asked is not None and not is_plain_value(node.value, self.context):
            node.value = build.call(self.context.verb("call"), [build.load(asked), node.value], [])
            node.conversion = -1
        return node

    def _is_plain(self, function: gast.AST) -> bool:
        match function:
            case gast.Name(id=name) if name in self.leaves:
                return True
            case gast.Attribute(value=gast.Name(id=name), attr=method) if name in self.lists:
                return method in _LIST_METHODS
        return self.context.plain(function) or self.context.holds(function, constructs_plainly)


def constructs_plainly(value: object) -> bool:
    """Whether calling an object is certain to run no code of the user's: `super`, simple exceptions."""
    return value is super or (
        isinstance(value, type)
        and issubclass(value, BaseException)
        and not isinstance(value.__init__, FunctionType)
        and not isinstance(value.__new__, FunctionType)
    )


def list_names(tree: gast.FunctionDef, context: Context) -> set[str]:
    """Names that are bound to lists made in this function, and to nothing else."""
    made: set[str] = set()
    proven: set[int] = set()
    for node in gast.walk(tree):
        match node:
            case gast.Assign(targets=[gast.Name(id=name) as target], value=value) if _makes_list(value, context):
                made.add(name)
                proven.add(id(target))
            case gast.AugAssign(target=gast.Name() as target, op=gast.Add()):
                proven.add(id(target))
    others = {name for node in gast.walk(tree) if id(node) not in proven for name in bindings(node)}
    return made - others


def _makes_list(value: gast.AST, context: Context) -> bool:
    match value:
        case gast.List() | gast.ListComp():
            return True
        case gast.Call(func=function, args=[], keywords=[]):
            return context.holds(function, _is_list)
    return context.is_verb(value, "list_of", "list_", "joined")


def _is_list(value: object) -> bool:
    return value is list


def _is_empty_container(value: object) -> bool:
    return value is dict or value is set


def _leaf_functions(tree: gast.FunctionDef) -> set[str]:
    """Functions and lambdas defined here under one name that call none of these and write no outer name."""
    defined = dict(_definitions(tree))
    count: dict[str, int] = {}
    for node in gast.walk(tree):
        for name in bindings(node):
            count[name] = count.get(name, 0) + 1
    return {
        name
        for name, function in defined.items()
        if count[name] == 1 and not _mentions(function, set(defined)) and not _declares(function)
    }


def _definitions(tree: gast.FunctionDef) -> Iterator[tuple[str, gast.AST]]:
    for node in gast.walk(tree):
        match node:
            case gast.FunctionDef(name=name, body=body, decorator_list=[]) if node is not tree and not is_generator(
                body
            ):
                yield name, node
            case gast.Assign(targets=[gast.Name(id=name)], value=gast.Lambda() as function):
                yield name, function


def _mentions(function: gast.AST, names: set[str]) -> bool:
    body = function.body if isinstance(function.body, list) else [function.body]
    return any(names & identifiers(statement) for statement in body)


def _declares(function: gast.AST) -> bool:
    return any(isinstance(node, gast.Global | gast.Nonlocal) for node in gast.walk(function))
