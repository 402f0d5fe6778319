"""`super()` gets its arguments written out, because code moves into other functions.

Before:
    def f(self):
        return super().size

After:
    def f(self):
        return super(__class__, self).size
"""

from __future__ import annotations

from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.context import Context
from autograph.transpiler.rewriter import Rewriter


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Writes out the arguments of `super()` in a method."""
    parameters = [*tree.args.posonlyargs, *tree.args.args]
    if not parameters:
        return tree
    return _SuperCalls(context, parameters[0].id).rewrite(tree)


def _is_super(value: object) -> bool:
    return value is super


class _SuperCalls(Rewriter):
    def __init__(self, context: Context, owner: str) -> None:
        super().__init__(context)
        self.owner = owner

    def visit_FunctionDef(self, node: gast.FunctionDef) -> Any:
        outer, parameters = self.owner, [*node.args.posonlyargs, *node.args.args]
        self.owner = parameters[0].id if parameters else outer
        super().visit_FunctionDef(node)
        self.owner = outer
        return node

    def visit_Call(self, node: gast.Call) -> Any:
        self.generic_visit(node)
        if not node.args and not node.keywords and self.context.holds(node.func, _is_super):
            node.args = [build.at(build.load(name), node) for name in ("__class__", self.owner)]
        return node
