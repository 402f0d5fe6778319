"""Declares the local names that nothing binds in the function itself any more.

That is so for a variable that an inner function captures and only regions assign, and for one whose only assignment
could never run.

Before:
    def f(xs, later):
        for x in xs:
            later.append(lambda: x)

Generated:
    def f(xs, later):
        x: object
        def body(item):
            nonlocal x
            x = item
            ag.call(later.append, lambda: x)
        ag.for_(xs, body, cells='x')
"""

from __future__ import annotations

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis.activity import activity, bound_here, parameters
from autograph.transpiler.analysis.regions import user_functions
from autograph.transpiler.context import Context


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """The function, and those within it, with a declaration for each local name that has lost its own.

    Args:
        tree: the function, its regions converted.
        context: its conversion.

    Returns:
        The same function, changed in place.
    """
    for function in user_functions(tree):
        noted = getattr(function, "ag_locals", set()) | context.names.made
        found = activity(function.body)
        used = found.reads | found.writes | found.captured | found.rebound
        lost = (noted & used) - bound_here(function.body) - set(parameters(function))
        declared = [_declaration(name, function) for name in sorted(lost)]
        function.body = [*declared, *function.body]
    return tree


def _declaration(name: str, function: gast.FunctionDef) -> gast.stmt:
    made = gast.AnnAssign(build.store(name), build.load("object"), None, 1)
    return build.at(made, function.body[0])
