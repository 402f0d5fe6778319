"""`try`: its body, its handlers and what it does in the end become functions.

Before:
    def f(x):
        try:
            y = root(x)
        except ValueError as error:
            y = fallback(error)
        return y

Generated:
    def f(x):
        def attempt():
            return ag.call(root, x)
        def handler(error):
            return ag.call(fallback, error)
        y = ag.try_(attempt, ((ValueError, 'error', handler),), names='y')
        return y

A handler without a name for the exception takes none. `finally` is `ag.finally_(attempt, final)`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis.regions import Flow
from autograph.transpiler.context import Context
from autograph.transpiler.converters.region_functions import Block, function, statement, verb_call
from autograph.transpiler.names import Scope


def functional(node: gast.Try, flow: Flow, falls: Sequence[bool], scope: Scope, context: Context) -> Block:
    """A `try` as functions and the call of `ag.try_` or `ag.finally_`.

    Args:
        node: the statement with handlers or `finally`, its blocks converted.
        flow: what goes in and out.
        falls: whether control reaches the end of the body, then of each handler.
        scope: names of region functions in the function around it.
        context: the conversion.

    Returns:
        The statements that replace it.
    """
    attempt = scope.fresh("attempt")
    made: Block = [function(attempt, flow.carry, node.body, flow, node, falls=falls[0])]
    if node.finalbody:
        name = scope.fresh("final")
        alone = dataclasses.replace(flow, carry=(), results=(), returns=False)
        made.append(function(name, (), node.finalbody, alone, node.finalbody[0], falls=True))
        call = verb_call("finally_", [build.load(attempt), build.load(name)], flow, context)
    else:
        clauses: list[gast.AST] = []
        for handler, reaches_end in zip(node.handlers, falls[1:], strict=True):
            name = scope.fresh("handler")
            caught = [] if handler.name is None else [handler.name.id]
            made.append(function(name, [*caught, *flow.carry], handler.body, flow, handler, falls=reaches_end))
            parts = [_kinds(handler, context), *[build.constant(one) for one in caught], build.load(name)]
            clauses.append(gast.Tuple(parts, gast.Load()))
        call = verb_call("try_", [build.load(attempt), gast.Tuple(clauses, gast.Load())], flow, context)
    return [*made, statement(call, flow, _head(node))]


def _kinds(handler: gast.ExceptHandler, context: Context) -> gast.AST:
    """What a handler catches; a function of it where only running code can say."""
    if handler.type is None:
        return build.load("BaseException") if context.holds(build.load("BaseException"), _is_base) else _thunk_of_base()
    parts = handler.type.elts if isinstance(handler.type, gast.Tuple) else [handler.type]
    if parts and all(context.holds(part, _is_exception) for part in parts):
        return handler.type
    return build.at(build.thunk(handler.type), handler.type)


def _thunk_of_base() -> gast.AST:
    return build.constant(None)


def _is_base(value: object) -> bool:
    return value is BaseException


def _is_exception(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


def _head(node: gast.Try) -> gast.AST:
    """The place of the word `try`."""
    place = gast.copy_location(gast.Pass(), node)
    place.end_lineno, place.end_col_offset = node.lineno, node.col_offset + len("try")
    return place
