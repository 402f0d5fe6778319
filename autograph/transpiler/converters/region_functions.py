"""Builds the functions and calls that regions become."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis.activity import activity, bound_here, parameters
from autograph.transpiler.analysis.regions import Flow
from autograph.transpiler.context import Context

_LAMBDA_WIDTH = 60  # characters; longer expressions read better on lines of their own
LINE_WIDTH = 110  # characters of a statement with its lambdas

Block = list[gast.stmt]


def function(
    name: str, takes: Sequence[str], block: Block, flow: Flow, origin: gast.AST, *, falls: bool
) -> gast.FunctionDef:
    """A region's function, which gives the region's results.

    Args:
        name: its name.
        takes: the names of its parameters.
        block: the statements of the region.
        flow: what goes in and out.
        origin: the statement of the user's that it stands for.
        falls: whether control reaches the end of the block.

    Returns:
        The definition.
    """
    statements = [one for one in block if not isinstance(one, gast.Pass)]
    body = _declarations(statements, flow)
    body += _with_return(statements, flow.results, origin) if falls and flow.results else statements
    made = gast.FunctionDef(name, build.arguments(takes), body or [gast.Pass()], [], None, None, [])
    made.ag_immediate = True
    return build.at(made, origin)


def short_lambda(made: gast.FunctionDef) -> gast.Lambda | None:
    """A region's function as a lambda, where one short expression says it all."""
    match made.body:
        case [gast.Return(value=value) as only] if not activity(value).bound and is_short(value):
            # The lambda is made where the statement starts; only what it gives stands on a line that may not run.
            return build.at(build.thunk(build.at(value, only), parameters(made)), made)
    return None


def _with_return(block: Block, results: Sequence[str], origin: gast.AST) -> Block:
    """A block that ends by returning its results: `return x + 1` rather than `x = x + 1` and `return x`."""
    values: dict[str, gast.AST] = {name: build.load(name) for name in results}
    match block:
        case [*before, gast.Assign(targets=[target], value=value) as last]:
            names = _names_of(target)
            if names == tuple(results) and isinstance(value, gast.Call) and hasattr(value, "ag_results"):
                return [*before, gast.copy_location(gast.Return(value), last)]
            parts = value.elts if isinstance(value, gast.Tuple) and len(names) > 1 else [value]
            if set(names) <= set(results) and len(names) == len(parts) and _may_move(parts, names, results):
                values |= dict(zip(names, parts, strict=True))
                return [*before, build.at(gast.Return(_joined(list(values.values()))), last)]
    return [*block, build.at(gast.Return(_joined(list(values.values()))), _end_of(block[-1] if block else origin))]


def _names_of(target: gast.AST) -> tuple[str, ...]:
    """The names that a target binds, where it is a name or a tuple of different names."""
    parts = target.elts if isinstance(target, gast.Tuple) else [target]
    names = tuple(part.id for part in parts if isinstance(part, gast.Name))
    return names if len(set(names)) == len(parts) else ()


def _may_move(parts: Sequence[gast.AST], names: Sequence[str], results: Sequence[str]) -> bool:
    """Whether values may be evaluated where the results are returned: in the same order, binding nothing."""
    if not names or any(isinstance(part, gast.Starred) or activity(part).bound for part in parts):
        return False
    if len(results) > 1 and any(hasattr(part, "ag_results") for part in parts):
        return False  # a region's call reads better by itself
    simple = all(isinstance(part, gast.Name | gast.Constant) for part in parts)
    return simple or [name for name in results if name in names] == list(names)


def _joined(values: list[gast.AST]) -> gast.AST:
    return values[0] if len(values) == 1 else gast.Tuple(values, gast.Load())


def is_short(value: gast.AST) -> bool:
    """Whether an expression fits into a lambda that is passed as an argument."""
    return width(value) <= _LAMBDA_WIDTH


def width(code: gast.AST | None) -> int:
    """The number of characters of an expression or a simple statement, printed."""
    text = ast.unparse(ast.fix_missing_locations(gast.gast_to_ast(code)))
    return len(text) if "\n" not in text else LINE_WIDTH + 1


def several(names: Sequence[str], ctx: gast.expr_context) -> gast.AST:
    """One name by itself, or a tuple of names."""
    made = [gast.Name(name, ctx, None, None) for name in names]
    return made[0] if len(made) == 1 else gast.Tuple(made, ctx)


def verb_call(
    verb: str,
    arguments: Sequence[gast.AST],
    flow: Flow,
    context: Context,
    until: gast.AST | None = None,
) -> gast.Call:
    """The call of a verb with what flows in and out: `ag.if_(test, then, orelse, (x,), "x")`."""
    positional = list(arguments)
    names = build.constant(", ".join(flow.results)) if flow.results else None
    keywords: dict[str, gast.AST | None] = {}
    if flow.carry:
        carry = [build.load(name) for name in flow.carry]
        positional.append(gast.Tuple(carry, gast.Load()))
        positional += [names] if names is not None else []
    else:
        keywords["names"] = names
    keywords["until"] = until
    keywords["cells"] = build.constant(", ".join(flow.cells)) if flow.cells else None
    keywords["globals_"] = build.constant(", ".join(flow.globals_)) if flow.globals_ else None
    call = context.call_verb(verb, positional, keywords)
    call.ag_results = flow.results
    return call


def statement(call: gast.Call, flow: Flow, origin: gast.AST) -> gast.stmt:
    """The statement around the call: an assignment of the results, a `return`, or the call alone."""
    if flow.returns:
        return build.at(gast.Return(call), origin)
    if not flow.results:
        return build.at(gast.Expr(call), origin)
    return build.at(gast.Assign([several(flow.results, gast.Store())], call, None), origin)


def place_of(region: gast.AST, last: gast.AST) -> gast.AST:
    """A place in the source: from the start of a statement to the end of a part of it."""
    place = gast.copy_location(gast.Pass(), region)
    place.end_lineno, place.end_col_offset = last.end_lineno, last.end_col_offset
    return place


def _end_of(node: gast.AST) -> gast.AST:
    """A place on the last line of a statement."""
    place = gast.copy_location(gast.Pass(), node)
    if getattr(node, "end_lineno", None) is not None and node.end_lineno != node.lineno:
        place.lineno, place.col_offset = node.end_lineno, node.end_col_offset - 1
    return place


def _declarations(statements: Block, flow: Flow) -> Block:
    bound = bound_here(statements)
    made: Block = []
    if outer := [name for name in flow.globals_ if name in bound]:
        made.append(gast.Global(outer))
    if cells := [name for name in flow.cells if name in bound or name in flow.rebound]:
        made.append(gast.Nonlocal(cells))
    return made
