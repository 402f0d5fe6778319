"""`for`: its body becomes a function of the item and of the names that it rebinds.

Before:
    def f(xs):
        total = 0.0
        for x in xs:
            total += x * x
        return total

Generated:
    def f(xs):
        total = 0.0
        def body(x, total):
            total += x * x
            return total
        total = ag.for_(xs, body, (total,), 'total')
        return total

A loop over a literal, or over a `range` of literals, that nothing leaves early stays a `for`.
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
    statement,
    verb_call,
)
from autograph.transpiler.converters.while_loops import until
from autograph.transpiler.names import Scope


def functional(node: gast.For, flow: Flow, falls: bool, scope: Scope, context: Context) -> Block:
    """A `for` as a function for its body and the call of `ag.for_`.

    Args:
        node: the statement, its body converted.
        flow: what goes in and out.
        falls: whether control reaches the end of the body.
        scope: names of region functions in the function around it.
        context: the conversion.

    Returns:
        The statements that replace it.
    """
    block = list(node.body)
    kept = {*flow.carry, *flow.cells, *flow.globals_}
    if isinstance(node.target, gast.Name) and node.target.id not in kept:
        item = node.target.id
    else:
        item = context.names.fresh("item")
        unpack = gast.Assign([node.target], build.load(item), None)
        block.insert(0, build.at(unpack, node.target))
    body = scope.fresh("body")
    made: Block = [function(body, [item, *flow.carry], block, flow, node, falls=falls)]
    call = verb_call("for_", [node.iter, build.load(body)], flow, context, until(node, flow, context))
    made.append(statement(call, flow, place_of(node, node.iter)))
    return made
