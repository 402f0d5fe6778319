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
    Block,
    function,
    place_of,
    short_lambda,
    statement,
    verb_call,
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
    made: Block = []
    branches: list[gast.AST] = []
    for base, block, reaches_end in (("then", node.body, falls[0]), ("orelse", node.orelse, falls[1])):
        branch = function(base, flow.carry, block, flow, node, falls=reaches_end)
        short = short_lambda(branch)
        if short is not None:
            branches.append(short)
        elif _does_nothing(block) and not flow.results:
            branches.append(build.constant(None))
        else:
            branch.name = scope.fresh(base)
            made.append(branch)
            branches.append(build.load(branch.name))
    call = verb_call("if_", [node.test, *branches], flow, context)
    made.append(statement(call, flow, place_of(node, node.test)))
    return made


def _does_nothing(block: Block) -> bool:
    return all(isinstance(one, gast.Pass) for one in block)
