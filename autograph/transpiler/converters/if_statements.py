"""`if`: its branches become functions of the names that they rebind.

Before:
    def f(x, count):
        if x > 0:
            y = x * 2
            count += 1
        else:
            y = x
        return y, count

Generated:
    def f(x, count):
        def then(count):
            y = x * 2
            count += 1
            return count, y
        count, y = ag.if_(x > 0, then, lambda count: (count, x), (count,), 'count, y')
        return y, count

An `if` whose branches all return is returned itself.
"""

from __future__ import annotations

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis.regions import Flow
from autograph.transpiler.context import Context
from autograph.transpiler.converters.region_functions import (
    LINE_WIDTH,
    Block,
    function,
    place_of,
    short_lambda,
    statement,
    verb_call,
    width,
)
from autograph.transpiler.names import Scope


def functional(node: gast.If, flow: Flow, falls: tuple[bool, bool], scope: Scope, context: Context) -> Block:
    """An `if` as two functions and the call of `ag.if_`.

    Args:
        node: the statement, its branches converted.
        flow: what goes in and out.
        falls: whether control reaches the end of the body, and of the `else` branch.
        scope: names of region functions in the function around it.
        context: the conversion.

    Returns:
        The statements that replace it.
    """
    functions = [
        function("then", flow.carry, node.body, flow, node, falls=falls[0]),
        function("orelse", flow.carry, node.orelse, flow, node, falls=falls[1]),
    ]
    branches = _in_line(node, functions, flow, context)
    before: Block = []
    for place, branch in enumerate(branches):
        if branch is None:
            functions[place].name = scope.fresh(functions[place].name)
            before.append(functions[place])
            branches[place] = build.load(functions[place].name)
    call = verb_call("if_", [node.test, *branches], flow, context)
    return [*before, statement(call, flow, place_of(node, node.test))]


def _in_line(node: gast.If, functions: list[gast.FunctionDef], flow: Flow, context: Context) -> list[gast.AST | None]:
    """For each branch what can stand in the call itself, `None` or a lambda, as far as the line has room."""
    blocks = (node.body, node.orelse)
    branches: list[gast.AST | None] = [
        _nothing(node, block, flow) or short_lambda(made) for block, made in zip(blocks, functions, strict=True)
    ]
    while lambdas := [place for place, branch in enumerate(branches) if isinstance(branch, gast.Lambda)]:
        shown = [branch or build.load(made.name) for branch, made in zip(branches, functions, strict=True)]
        call = verb_call("if_", [node.test, *shown], flow, context)
        if width(statement(call, flow, node)) <= LINE_WIDTH:
            break
        says_most = max(lambdas, key=lambda place: (bool(blocks[place]), width(branches[place])))
        branches[says_most] = None
    return branches


def _nothing(node: gast.If, block: Block, flow: Flow) -> gast.AST | None:
    """`None`, for a branch that does nothing and gives nothing."""
    if flow.returns or flow.results or not all(isinstance(one, gast.Pass) for one in block):
        return None
    return build.at(build.constant(None), node)
