"""List displays that may be changed or escape become lists that staging can follow.

Before:
    def f(x):
        ys = [x, [x]]
        for y in [1, 2]:
            ys.append(y)
        return ys

After:
    def f(x):
        ys = ag.list_([x, ag.list_([x])])
        for y in [1, 2]:
            ys.append(y)
        return ys

Displays with stars are put together from their parts: `[*ys, x]` becomes `ag.joined(ys, [x])`.

Displays that are only looked at stay: arguments of library calls, what a loop goes over, what `in` searches,
an index.
"""

from __future__ import annotations

import itertools
from typing import Any

import gast

from autograph.transpiler.context import Context
from autograph.transpiler.converters.calls import constructs_plainly
from autograph.transpiler.rewriter import Rewriter


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Converts the list displays of a function."""
    return _ListDisplays(context).rewrite(tree)


class _ListDisplays(Rewriter):
    def visit_List(self, node: gast.List) -> Any:
        self.generic_visit(node)
        if not isinstance(node.ctx, gast.Load):
            return node
        return self._joined(node) if _has_star(node) else self.context.call_verb("list_", [node])

    def visit_ListComp(self, node: gast.ListComp) -> Any:
        return self.context.call_verb("list_", [self._looked_at(node)])

    def visit_comprehension(self, node: gast.comprehension) -> Any:
        node.iter = self._looked_at(node.iter)
        node.ifs = [self.visit(condition) for condition in node.ifs]
        return node

    def visit_For(self, node: gast.For) -> Any:
        node.iter = self._looked_at(node.iter)
        node.body = self.visit_block(node.body)
        node.orelse = self.visit_block(node.orelse)
        return node

    def visit_Assign(self, node: gast.Assign) -> Any:
        if all(isinstance(target, gast.Tuple | gast.List) for target in node.targets):
            node.value = self._looked_at(node.value)
            return node
        return self.generic_visit(node)

    def visit_Compare(self, node: gast.Compare) -> Any:
        node.left = self.visit(node.left)
        node.comparators = [
            self._looked_at(operand) if isinstance(operator, gast.In | gast.NotIn) else self.visit(operand)
            for operator, operand in zip(node.ops, node.comparators, strict=True)
        ]
        return node

    def visit_Subscript(self, node: gast.Subscript) -> Any:
        node.value = self.visit(node.value)
        node.slice = self._inert(node.slice)
        return node

    def visit_Call(self, node: gast.Call) -> Any:
        if self.context.is_verb(node, "list_"):
            return node
        if self.context.is_verb(node, "list_of", "iter_of", "set_of", "dict_of"):
            node.args = [self.visit(node.args[0]), self._looked_at(node.args[1])]
            node.keywords = [self.visit(keyword) for keyword in node.keywords]
            return node
        if self.context.is_verb(node):
            return self.generic_visit(node)
        if self.context.plain(node.func) or self.context.holds(node.func, constructs_plainly):
            node.func = self.visit(node.func)
            node.args = [self._inert(argument) for argument in node.args]
            for keyword in node.keywords:
                keyword.value = self._inert(keyword.value)
            return node
        return self.generic_visit(node)

    def _looked_at(self, node: gast.AST) -> gast.AST:
        """A display that stays; those within it may escape."""
        match node:
            case gast.List() if _has_star(node):
                return self.visit(node)
            case gast.List() | gast.ListComp():
                return self.generic_visit(node)
        return self.visit(node)

    def _joined(self, node: gast.List) -> gast.AST:
        """A display with stars: its parts one after another, any of which may be a list of the graph."""
        parts: list[gast.AST] = []
        for starred, elements in itertools.groupby(node.elts, key=lambda element: isinstance(element, gast.Starred)):
            if starred:
                parts += [element.value for element in elements]
            else:
                parts.append(gast.copy_location(gast.List(list(elements), gast.Load()), node))
        return self.context.call_verb("joined", parts)

    def _inert(self, node: gast.AST) -> gast.AST:
        """A display that stays with all that are in it."""
        match node:
            case gast.List(elts=elements) | gast.Tuple(elts=elements) if not _has_star(node):
                node.elts = [self._inert(element) for element in elements]
                return node
        return self._looked_at(node)


def _has_star(node: gast.AST) -> bool:
    return isinstance(node, gast.List) and any(isinstance(element, gast.Starred) for element in node.elts)
