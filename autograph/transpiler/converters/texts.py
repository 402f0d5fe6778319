"""Text that is made of values becomes text that may show what only the running graph knows.

Before:
    def f(x):
        name = f"x{x}"
        print(f"{x} is {name}")
        return name == "x%d" % x

After:
    def f(x):
        name = ag.text(f'x{x}')
        print(f'{x} is {name}')
        return name == ag.text('x%d' % x)

What is only printed or raised stays.
"""

from __future__ import annotations

from typing import Any

import gast

from autograph.transpiler.context import Context
from autograph.transpiler.rewriter import Rewriter


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Converts the f-strings and `%` formats of a function."""
    return _Texts(context).rewrite(tree)


class _Texts(Rewriter):
    def visit_JoinedStr(self, node: gast.JoinedStr) -> Any:
        return self.context.call_verb("text", [node]) if _shows_values(node) else node

    def visit_BinOp(self, node: gast.BinOp) -> Any:
        self.generic_visit(node)
        is_format = isinstance(node.op, gast.Mod) and isinstance(node.left, gast.Constant)
        return self.context.call_verb("text", [node]) if is_format and isinstance(node.left.value, str) else node

    def visit_Call(self, node: gast.Call) -> Any:
        if _prints(node):
            node.args = [arg if isinstance(arg, gast.JoinedStr) else self.visit(arg) for arg in node.args]
            return node
        if isinstance(node.func, gast.Attribute) and node.func.attr == "assert_":
            node.args[0] = self.visit(node.args[0])
            return node
        return self.generic_visit(node)

    def visit_Raise(self, node: gast.Raise) -> Any:
        return node

    def visit_Assert(self, node: gast.Assert) -> Any:
        node.test = self.visit(node.test)
        return node


def _prints(node: gast.Call) -> bool:
    """Whether a call is `print(…)`, or has become `ag.call(print, …)`."""
    return any(isinstance(part, gast.Name) and part.id == "print" for part in (node.func, *node.args[:1]))


def _shows_values(node: gast.JoinedStr) -> bool:
    return any(isinstance(part, gast.FormattedValue) for part in node.values)
