"""Replaces every region by functions and the call of a verb, inner regions first."""

from __future__ import annotations

from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis.regions import flow_of
from autograph.transpiler.analysis.structure import leaves
from autograph.transpiler.build import is_immediate
from autograph.transpiler.context import Context
from autograph.transpiler.converters import for_loops, if_statements, try_regions, while_loops, with_blocks
from autograph.transpiler.rewriter import Rewriter


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """The function without `if`, `while` and `for` that a tensor may decide.

    Args:
        tree: the function; `analysis.regions` has noted what flows.
        context: its conversion.

    Returns:
        The same function, changed in place.
    """
    return _ControlFlow(context).rewrite(tree)


class _ControlFlow(Rewriter):
    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.scope = context.names.scope()

    def _inside(self, block: list[gast.stmt]) -> tuple[list[gast.stmt], bool]:
        """A block that becomes a function body, and whether control reaches its end."""
        outer, self.scope = self.scope, self.context.names.scope()
        falls = not leaves(block, self.context)
        converted = self.visit_block(block)
        self.scope = outer
        return converted, falls

    def visit_If(self, node: gast.If) -> Any:
        flow = flow_of(node)
        if flow is None:
            return self.generic_visit(node)
        node.test = self.visit(node.test)
        node.body, body_falls = self._inside(node.body)
        node.orelse, orelse_falls = self._inside(node.orelse)
        return if_statements.functional(node, flow, (body_falls, orelse_falls), self.scope, self.context)

    def visit_Try(self, node: gast.Try) -> Any:
        flow = flow_of(node)
        if flow is None:
            return self.generic_visit(node)
        node.body, falls = self._inside(node.body)
        reaching = [falls]
        for handler in node.handlers:
            handler.type = handler.type and self.visit(handler.type)
            handler.body, falls = self._inside(handler.body)
            reaching.append(falls)
        node.finalbody, _ = self._inside(node.finalbody)
        return try_regions.functional(node, flow, reaching, self.scope, self.context)

    def visit_With(self, node: gast.With) -> Any:
        flow = flow_of(node)
        if flow is None:
            return self.generic_visit(node)
        node.items[0].context_expr = self.visit(node.items[0].context_expr)
        node.body, falls = self._inside(node.body)
        return with_blocks.functional(node, flow, falls, self.scope, self.context)

    def visit_While(self, node: gast.While) -> Any:
        flow = flow_of(node)
        assert flow is not None, "every while is a region"
        node.test = self.visit(node.test)
        node.body, falls = self._inside(node.body)
        return while_loops.functional(node, flow, falls, self.scope, self.context)

    def visit_For(self, node: gast.For) -> Any:
        flow = flow_of(node)
        if flow is None:
            if self.context.is_verb(node.iter, "call"):  # of `range`, with literals
                node.iter = build.at(build.call(node.iter.args[0], node.iter.args[1:]), node.iter)
            return self.generic_visit(node)
        node.iter = self.visit(node.iter)
        node.body, falls = self._inside(node.body)
        return for_loops.functional(node, flow, falls, self.scope, self.context)

    def visit_FunctionDef(self, node: gast.FunctionDef) -> Any:
        if is_immediate(node):
            return node
        outer, self.scope = self.scope, self.context.names.scope()
        super().visit_FunctionDef(node)
        self.scope = outer
        return node
