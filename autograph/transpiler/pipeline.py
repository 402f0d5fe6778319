"""From a function's own tree to generated code: the converters, in order."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis import regions
from autograph.transpiler.context import Context, make_context, outer_names
from autograph.transpiler.converters import (
    asserts,
    breaks,
    calls,
    comparisons,
    comprehensions,
    conditional_expressions,
    continues,
    control_flow,
    declarations,
    dict_displays,
    generators,
    list_displays,
    local_scopes,
    logical,
    loop_else,
    loop_tests,
    match_statements,
    private_names,
    refused,
    returns,
    stores,
    subscripts,
    super_calls,
    texts,
    try_statements,
    unbound,
    walrus,
)
from autograph.transpiler.names import bound_inside, identifiers
from autograph.transpiler.source import Source

# What has no meaning outside its place, or none in a graph.
_CHECKS = (refused, private_names, super_calls)
# Jumps, until an `if` or a loop is left only at its end.
_JUMPS = (local_scopes, match_statements, try_statements, walrus, loop_tests, loop_else, returns, breaks, continues)
# Expressions and simple statements. Calls come before what makes calls; displays ask which calls stay.
_EXPRESSIONS = (
    dict_displays,
    stores,
    comprehensions,
    calls,
    list_displays,
    subscripts,
    logical,
    comparisons,
    conditional_expressions,
    asserts,
    texts,
)

# What is left of control flow becomes functions of the names that flow in and out.
_REGIONS = (regions, unbound, control_flow, declarations)

STAGES = (*_CHECKS, *_JUMPS, *_EXPRESSIONS, *_REGIONS)


def transform(
    source: Source,
    fn: FunctionType,
    alias: str,
    is_plain: Callable[[Any], bool],
    inline: str | None = None,
) -> tuple[gast.FunctionDef, Context]:
    """Runs all converters on a function.

    Args:
        source: the function's source; its tree is used up.
        fn: the function, whose outer names say what calls mean.
        alias: the name by which generated code calls the namespace.
        is_plain: whether calls of an object need no wrapper.
        inline: of a generator, what takes its items: "loop" or "with".

    Returns:
        The generated function and the context of its conversion.

    Raises:
        ConversionError: the function holds a construct that cannot be converted.
    """
    tree = as_function(source.node)
    context = make_context(tree, fn, alias, is_plain, source.class_name)
    if isinstance(source.node, gast.AsyncFunctionDef):
        context.fail(tree, "an async function cannot be converted", "write a plain function")
    if inline is not None:
        tree = generators.inline(tree, context, catching=inline == "with")
    for stage in STAGES:
        tree = stage.convert(tree, context)
    return tree, context


def as_function(node: gast.FunctionDef | gast.AsyncFunctionDef | gast.Lambda) -> gast.FunctionDef:
    """The tree as a function without decorators; a lambda becomes a function that returns its expression."""
    if isinstance(node, gast.Lambda):
        body = [gast.copy_location(gast.Return(node.body), node.body)]
        return gast.copy_location(gast.FunctionDef("lambda_", node.args, body, [], None, None, []), node)
    made = gast.FunctionDef(node.name, node.args, node.body, [], node.returns, None, [])
    return build.at(gast.copy_location(made, node), node)


def choose_alias(source: Source, fn: FunctionType, name: str, namespace: object | None) -> str:
    """The name for the namespace in generated code: `name`, unless the function means another thing by it."""
    meaning = outer_names(fn)(name)
    same = meaning is namespace or (namespace is None and isinstance(meaning, ModuleType))
    free = name not in bound_inside(source.node) and name not in fn.__code__.co_freevars
    if name not in identifiers(source.node) or (same and free):
        return name
    return choose_alias(source, fn, name + "_", namespace)
