"""The visitor that converters build on: what belongs to other evaluations stays out of reach."""

from __future__ import annotations

import ast
from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis.structure import is_generator
from autograph.transpiler.context import Context


class Rewriter(ast.NodeTransformer):
    """Visits what runs when the function runs, nested functions included.

    Left alone are class bodies (methods are converted when called), annotations, decorators, and the defaults
    of the root, which were evaluated before. New nodes take the position of the node they stand for.
    """

    def __init__(self, context: Context) -> None:
        self.context = context

    def rewrite(self, tree: gast.FunctionDef) -> gast.FunctionDef:
        """Converts the body of the root function in place."""
        tree.body = self.visit_block(tree.body)
        return tree

    def visit_block(self, statements: list[gast.AST]) -> list[gast.AST]:
        """Converts a list of statements; one statement may become none or several."""
        made: list[gast.AST] = []
        for statement in statements:
            result = self.visit(statement)
            if isinstance(result, list):
                made.extend(result)
            elif result is not None:
                made.append(result)
        return made

    def visit(self, node: gast.AST) -> Any:
        """Visits a node and gives what replaces it the node's position."""
        result = super().visit(node)
        for new in result if isinstance(result, list) else [result]:
            if new is not node and new is not None and hasattr(node, "lineno"):
                build.at(new, node)
        return result

    def visit_ClassDef(self, node: gast.ClassDef) -> Any:
        """Class bodies stay as they are."""
        return node

    def visit_FunctionDef(self, node: gast.FunctionDef) -> Any:
        """A nested function: its defaults and its body; generators are converted when they are used."""
        node.args = self.visit(node.args)
        if is_generator(node.body):
            return node
        node.body = self.visit_block(node.body)
        return node

    def visit_arguments(self, node: gast.arguments) -> Any:
        """Defaults only; parameters carry annotations."""
        node.defaults = [self.visit(default) for default in node.defaults]
        node.kw_defaults = [default and self.visit(default) for default in node.kw_defaults]
        return node

    def visit_AnnAssign(self, node: gast.AnnAssign) -> Any:
        """An annotated assignment without its annotation."""
        node.target = self.visit(node.target)
        node.value = node.value and self.visit(node.value)
        return node
