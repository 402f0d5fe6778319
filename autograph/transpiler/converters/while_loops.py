"""`while`: its test and its body become functions of the names that the body rebinds.

Before:
    def f(x, error):
        while error > 0.1:
            step = error / 2
            x = x - step
            error = x * x - 2
        return x

Generated:
    def f(x, error):
        def body(x, error):
            step = error / 2
            x = x - step
            return x, x * x - 2
        x, error = ag.while_(lambda x, error: error > 0.1, body, (x, error), 'x, error')
        return x
"""

from __future__ import annotations

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis.cfg import stop_flags
from autograph.transpiler.analysis.regions import Flow
from autograph.transpiler.context import Context
from autograph.transpiler.converters.region_functions import (
    Block,
    function,
    is_short,
    place_of,
    statement,
    verb_call,
)
from autograph.transpiler.names import Scope


def functional(node: gast.While, flow: Flow, falls: bool, scope: Scope, context: Context) -> Block:
    """A `while` as a function for its body and the call of `ag.while_`.

    Args:
        node: the statement, its body converted.
        flow: what goes in and out.
        falls: whether control reaches the end of the body.
        scope: names of region functions in the function around it.
        context: the conversion.

    Returns:
        The statements that replace it.
    """
    made: Block = []
    if is_short(node.test):
        test: gast.AST = build.at(build.thunk(node.test, flow.carry), node.test)
    else:
        name = scope.fresh("test")
        asks = gast.FunctionDef(name, build.arguments(flow.carry), [gast.Return(node.test)], [], None, None, [])
        asks.ag_immediate = True
        made.append(build.at(asks, place_of(node, node.test)))
        test = build.load(name)
    body = scope.fresh("body")
    made.append(function(body, flow.carry, node.body, flow, node, falls=falls))
    call = verb_call("while_", [test, build.load(body)], flow, context, until(node, flow, context))
    made.append(statement(call, flow, place_of(node, node.test)))
    return made


def until(loop: gast.For | gast.While, flow: Flow, context: Context) -> gast.AST | None:
    """`lambda carry: broke`, which says whether a flag has stopped the loop; None where there is no flag."""
    flags: list[gast.AST] = [build.load(name) for name in stop_flags(loop)]
    if not flags:
        return None
    *before, stop = flags
    for flag in reversed(before):
        stop = context.call_verb("or_", [flag, build.thunk(stop)])
    return build.at(build.thunk(stop, flow.carry), loop)
