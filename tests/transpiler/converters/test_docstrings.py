"""The examples in the docstrings of converters: each converter alone turns its Before into its After."""

import ast
import importlib
import pkgutil
import re
from textwrap import dedent

import gast
import pytest
from assert_converts import is_plain

from autograph.errors import ConversionError
from autograph.transpiler import converters
from autograph.transpiler.context import make_context
from autograph.transpiler.parse import candidates
from autograph.transpiler.pipeline import as_function
from autograph.transpiler.printer import print_tree

_SECTION = re.compile(r"^(Before|After|Refused):\n((?:    .*\n|\n)+)", re.MULTILINE)
_FREE = {"math": __import__("math")}


def _examples():
    for module in pkgutil.iter_modules(converters.__path__):
        loaded = importlib.import_module(f"{converters.__name__}.{module.name}")
        sections = dict(_SECTION.findall((loaded.__doc__ or "") + "\n"))
        if "Before" in sections and hasattr(loaded, "convert") and len(sections) == 2:
            yield pytest.param(loaded, {name: dedent(text).strip() for name, text in sections.items()}, id=module.name)


@pytest.mark.parametrize(("converter", "sections"), list(_examples()))
def test_before_becomes_after(converter, sections):
    before = sections["Before"]
    names = {**_FREE, "step": len, "__builtins__": __builtins__}
    exec(compile(before, "<before>", "exec"), names)
    found = candidates("<before>", before)[0]
    fn = names.get(found.name) or getattr(names[found.class_name], found.name)
    source = gast.ast_to_gast(found.node)
    tree = as_function(source)
    context = make_context(tree, fn, "ag", is_plain, found.class_name)
    if "Refused" in sections:
        with pytest.raises(ConversionError, match=sections["Refused"]):
            converter.convert(tree, context)
    else:
        made = print_tree(converter.convert(tree, context), {})
        assert ast.dump(ast.parse(made)) == ast.dump(ast.parse(sections["After"])), made
