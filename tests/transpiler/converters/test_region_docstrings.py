"""The examples in the docstrings of the modules that build regions: the whole conversion turns Before into Generated."""

import importlib
import linecache
import pkgutil
import re
from textwrap import dedent

import pytest
from assert_converts import without_comments

from autograph.transpiler import converters, to_code

_SECTION = re.compile(r"^(Before|Generated):\n((?:    .*\n|\n)+)", re.MULTILINE)


def _examples():
    for module in pkgutil.iter_modules(converters.__path__):
        loaded = importlib.import_module(f"{converters.__name__}.{module.name}")
        sections = dict(_SECTION.findall((loaded.__doc__ or "") + "\n"))
        if "Generated" in sections:
            yield pytest.param(*(dedent(sections[name]).strip() for name in ("Before", "Generated")), id=module.name)


@pytest.mark.parametrize(("before", "generated"), list(_examples()))
def test_before_becomes_generated(before, generated):
    file = f"<{before}>"
    linecache.cache[file] = (len(before), None, before.splitlines(True), file)
    names = {}
    exec(compile(before, file, "exec"), names)
    assert without_comments(to_code(names["f"], is_plain=lambda obj: False)).strip() == generated
