"""Comparison chains, membership, `is None`, and comparisons of structures; other single comparisons stay.

Before:
    def f(a, b, c):
        return a < b < c, a in c, (a, b) == c

After:
    def f(a, b, c):
        return (ag.and_(a < b, lambda: b < c), ag.in_(a, c), ag.compare((a, b), '==', lambda: c))
"""

from __future__ import annotations

import copy
from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.context import Context
from autograph.transpiler.plainness import is_none, is_plain_comparison
from autograph.transpiler.rewriter import Rewriter

_BY_IDENTITY_OR_MEMBERSHIP = (gast.Is, gast.IsNot, gast.In, gast.NotIn)
_NUMBERS = frozenset({bool, int, float, complex, str, bytes})
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
    names = {
        target.id
        for node in gast.walk(tree)
        if isinstance(node, gast.Assign) and _makes_structure(node.value, context)
        for target in node.targets
        if isinstance(target, gast.Name)
    }
    return _Comparisons(context, names).rewrite(tree)


def _makes_structure(node: gast.AST, context: Context) -> bool:
    """Whether an expression gives a tuple, a list, a dict or an object, whose comparison asks tensors for truth."""
    match node:
        case gast.Tuple() | gast.List() | gast.Dict() | gast.ListComp():
            return True
        case gast.Call(func=function, args=arguments):
            if context.is_verb(node, "list_", "joined", "list_of", "dict_", "dict_of"):
                return True
            made = arguments[0] if context.is_verb(node, "call") else function
            return context.holds(made, _is_structure_class)
    return False


def _is_structure_class(value: object) -> bool:
    return isinstance(value, type) and value not in _NUMBERS


class _Comparisons(Rewriter):
    def __init__(self, context: Context, structures: set[str]) -> None:
        super().__init__(context)
        self.structures = structures

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
        by_value = not isinstance(operator, _BY_IDENTITY_OR_MEMBERSHIP)
        if by_value and (self._is_structure(left) or self._is_structure(right)):
            symbol = build.constant(_symbols[type(operator)])
            return self.context.call_verb("compare", [left, symbol, build.thunk(right)])
        return gast.Compare(left, [operator], [right])

    def _is_structure(self, node: gast.AST) -> bool:
        if isinstance(node, gast.Name):
            return node.id in self.structures
        return _makes_structure(node, self.context)

    def _is(self, left: gast.AST, right: gast.AST) -> gast.AST:
        if not is_none(left) and not is_none(right):
            return self.context.call_verb("is_", [left, right])
        return self.context.call_verb("is_none", [left if is_none(right) else right])
