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
        return name == ag.percent('x%d', x)

What is only printed or raised stays.
"""

from __future__ import annotations

from typing import Any

import gast

from autograph.transpiler.context import Context
from autograph.transpiler.plainness import is_plain_value
from autograph.transpiler.rewriter import Rewriter


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Converts the f-strings and `%` formats of a function."""
    return _Texts(context).rewrite(tree)


class _Texts(Rewriter):
    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.only_shown = False

    def visit_JoinedStr(self, node: gast.JoinedStr) -> Any:
        return node if self.only_shown or not _shows_values(node) else self.context.call_verb("text", [node])

    def visit_BinOp(self, node: gast.BinOp) -> Any:
        self.generic_visit(node)
        match node:
            case gast.BinOp(op=gast.Mod(), left=gast.Constant(value=str() as template), right=values):
                if "%" in template and not is_plain_value(values, self.context):
                    return self.context.call_verb("percent", [node.left, values])
        return node

    def visit_Call(self, node: gast.Call) -> Any:
        if _prints(node):
            node.args = [
                self._shown(arg) if isinstance(arg, gast.JoinedStr | gast.BinOp) else self.visit(arg)
                for arg in node.args
            ]
            return node
        if isinstance(node.func, gast.Attribute) and node.func.attr == "assert_":
            node.args = [self.visit(node.args[0]), *[self._shown(text) for text in node.args[1:]]]
            return node
        return self.generic_visit(node)

    def visit_Raise(self, node: gast.Raise) -> Any:
        return self._shown(node)

    def visit_Assert(self, node: gast.Assert) -> Any:
        node.test = self.visit(node.test)
        node.msg = node.msg and self._shown(node.msg)
        return node

    def _shown(self, node: gast.AST) -> Any:
        """Converts what is only printed or raised."""
        outer, self.only_shown = self.only_shown, True
        made = self.generic_visit(node) if isinstance(node, gast.Raise) else self.visit(node)
        self.only_shown = outer
        return made


def _prints(node: gast.Call) -> bool:
    """Whether a call is `print(…)`, or has become `ag.call(print, …)`."""
    return any(isinstance(part, gast.Name) and part.id == "print" for part in (node.func, *node.args[:1]))


def _shows_values(node: gast.JoinedStr) -> bool:
    return any(isinstance(part, gast.FormattedValue) for part in node.values)
