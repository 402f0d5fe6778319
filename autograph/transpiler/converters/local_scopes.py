"""Notes the local names of each function before conversion moves and drops code; `declarations` keeps them local."""

from __future__ import annotations

import gast

from autograph.transpiler.analysis.activity import local_names
from autograph.transpiler.analysis.regions import user_functions
from autograph.transpiler.context import Context


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """The same function; it and the functions within it carry the set of their local names, `ag_locals`."""
    for function in user_functions(tree):
        function.ag_locals = local_names(function)
    return tree
