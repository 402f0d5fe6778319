"""Proves expressions to be plain Python values, so that nothing needs to wrap what is done with them."""

from __future__ import annotations

import typing
from types import BuiltinFunctionType, ModuleType

import gast

from autograph.transpiler.context import Context


def is_plain_value(node: gast.AST, context: Context) -> bool:
    """Whether an expression certainly gives a Python value, never a tensor.

    Args:
        node: an expression, before or after conversion.
        context: the conversion, which resolves outer names.

    Returns:
        True for literals and for what is computed from literals alone, as `-1`, `range(3)` and
        `float("inf")`.
    """
    match node:
        case gast.Constant() | gast.Lambda():
            return True
        case gast.JoinedStr(values=values):
            return all(is_plain_value(value, context) for value in values)
        case gast.FormattedValue(value=value):
            return is_plain_value(value, context)
        case gast.Name(id="__debug__"):
            return True
        case gast.Name() | gast.Attribute():
            return context.holds(node, is_python_constant)
        case gast.UnaryOp(operand=operand):
            return is_plain_value(operand, context)
        case gast.BinOp(left=left, right=right):
            return is_plain_value(left, context) and is_plain_value(right, context)
        case gast.BoolOp(values=values):
            return all(is_plain_value(value, context) for value in values)
        case gast.Compare(left=left, ops=operators, comparators=comparators):
            operands = [left, *comparators]
            pairs = zip(operators, operands, comparators, strict=False)
            return all(is_plain_comparison(first, operator, second, context) for operator, first, second in pairs)
        case gast.Call(func=function, args=arguments, keywords=[]) if context.holds(function, _makes_plain_values):
            return all(is_plain_value(argument, context) for argument in arguments)
        case gast.Tuple(elts=elements) | gast.List(elts=elements) | gast.Set(elts=elements):
            return all(is_plain_value(element, context) for element in elements)
    return False


def is_plain_comparison(left: gast.AST, operator: gast.AST, right: gast.AST, context: Context) -> bool:
    """Whether a comparison certainly gives a Python bool.

    Identity with a literal other than None, or a sentinel, does; with anything else it may be a question to the
    running graph.
    """
    if is_plain_value(left, context) and is_plain_value(right, context):
        return True
    match operator:
        case gast.Is() | gast.IsNot():
            return any(
                (isinstance(side, gast.Constant) and not is_none(side)) or context.holds(side, _is_sentinel)
                for side in (left, right)
            )
    return False


def _is_sentinel(value: object) -> bool:
    return type(value) is object


def is_none(node: gast.AST) -> bool:
    """Whether an expression is the literal None."""
    return isinstance(node, gast.Constant) and node.value is None


def is_python_constant(value: object) -> bool:
    """Whether an outer name's value is one to branch on in plain Python: a flag, a text, a class."""
    return value is None or isinstance(value, bool | str | bytes | type | ModuleType)


_PURE = frozenset({abs, bool, complex, float, int, len, max, min, range, round, str})


def _makes_plain_values(value: object) -> bool:
    """Whether a callable is a builtin that makes Python values of Python values."""
    return isinstance(value, type | BuiltinFunctionType) and value in _PURE


def is_plain_index(node: gast.AST, context: Context) -> bool:
    """Whether a subscript certainly is no tensor, or one that only tensors take (`x[i, j]`, `x[a:b]`)."""
    match node:
        case gast.Slice() | gast.Tuple() | gast.Dict() | gast.JoinedStr():
            return True
        case gast.Name() | gast.Attribute():
            return context.holds(node, _is_index)
    return is_plain_value(node, context)


def _is_index(value: object) -> bool:
    return is_python_constant(value) or isinstance(value, int | float) or typing.get_origin(value) is not None
