"""Comparison chains, membership and `is None`; other single comparisons stay as they are.

Before:
    def f(a, b, c):
        return a < b < c, a in c, b is not None

After:
    def f(a, b, c):
        return (ag.and_(a < b, lambda: b < c), ag.in_(a, c), ag.not_(ag.is_none(b)))
"""

from __future__ import annotations

import copy
from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.context import Context
from autograph.transpiler.plainness import is_none, is_plain_comparison
from autograph.transpiler.rewriter import Rewriter

_symbols = {
    gast.Lt: "<",
    gast.LtE: "<=",
    gast.Gt: ">",
    gast.GtE: ">=",
    gast.Eq: "==",
    gast.NotEq: "!=",
    gast.Is: "is",
    gast.IsNot: "is not",
    gast.In: "in",
    gast.NotIn: "not in",
}


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Converts the comparisons of a function."""
    return _Comparisons(context).rewrite(tree)


class _Comparisons(Rewriter):
    def visit_Compare(self, node: gast.Compare) -> Any:
        self.generic_visit(node)
        operands = [node.left, *node.comparators]
        if all(isinstance(operand, gast.Name | gast.Constant) for operand in operands[1:-1]):
            return self._conjunction(node.ops, operands)
        arguments = [operands[0]]
        for operator, operand in zip(node.ops, operands[1:], strict=True):
            arguments += [build.constant(_symbols[type(operator)]), build.thunk(operand)]
        return self.context.call_verb("compare", arguments)

    def _conjunction(self, operators: list[gast.AST], operands: list[gast.AST]) -> gast.AST:
        """`a < b and b < c`: operands in the middle are names or literals, which may be read twice."""
        first = self._single(operands[0], operators[0], operands[1])
        if len(operators) == 1:
            return first
        rest = self._conjunction(operators[1:], [copy.deepcopy(operands[1]), *operands[2:]])
        return self.context.call_verb("and_", [first, build.thunk(rest)])

    def _single(self, left: gast.AST, operator: gast.AST, right: gast.AST) -> gast.AST:
        match operator:
            case gast.In() | gast.NotIn() | gast.Is() | gast.IsNot() if is_plain_comparison(
                left, operator, right, self.context
            ):
                pass
            case gast.In():
                return self.context.call_verb("in_", [left, right])
            case gast.NotIn():
                return self.context.call_verb("not_", [self.context.call_verb("in_", [left, right])])
            case gast.Is():
                return self._is(left, right)
            case gast.IsNot():
                return self.context.call_verb("not_", [self._is(left, right)])
        return gast.Compare(left, [operator], [right])

    def _is(self, left: gast.AST, right: gast.AST) -> gast.AST:
        if not is_none(left) and not is_none(right):
            return self.context.call_verb("is_", [left, right])
        return self.context.call_verb("is_none", [left if is_none(right) else right])
