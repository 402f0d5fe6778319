"""`with`: its block becomes a function of what the manager gives, so that leaving it can be staged.

Before:
    def f(x):
        with Scaled(4) as scale:
            y = x * scale
        return y

Generated:
    def f(x):
        y: object
        def block(scale):
            nonlocal y
            y = x * scale
        ag.with_(ag.call(Scaled, 4), block, cells='y', swallows=True)
        return ag.bound(y)

What the block assigns is its result, as that of a branch is, where the manager is known to swallow no exceptions; a
manager of a library of this kind keeps its `with`.
"""

from __future__ import annotations

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis.regions import Flow
from autograph.transpiler.context import Context
from autograph.transpiler.converters.region_functions import Block, function, place_of, statement, verb_call
from autograph.transpiler.managers import may_swallow
from autograph.transpiler.names import Scope


def functional(node: gast.With, flow: Flow, falls: bool, scope: Scope, context: Context) -> Block:
    """A `with` of one manager as a function for its block and the call of `ag.with_`.

    Args:
        node: the statement, its block converted.
        flow: what goes in and out.
        falls: whether control reaches the end of the block.
        scope: names of region functions in the function around it.
        context: the conversion.

    Returns:
        The statements that replace it.
    """
    (item,) = node.items
    block = list(node.body)
    kept = {*flow.carry, *flow.cells, *flow.globals_}
    target = item.optional_vars
    if isinstance(target, gast.Name) and target.id not in kept:
        name = target.id
    else:
        name = context.names.fresh("entered")
        if target is not None:
            block.insert(0, build.at(gast.Assign([target], build.load(name), None), target))
    body = scope.fresh("block")
    made: Block = [function(body, [name, *flow.carry], block, flow, node, falls=falls)]
    call = verb_call("with_", [item.context_expr, build.load(body)], flow, context)
    if may_swallow(node, context):
        call.keywords.append(gast.keyword("swallows", build.constant(True)))
    made.append(statement(call, flow, place_of(node, item.context_expr)))
    return made
