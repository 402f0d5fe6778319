"""Finding the source of functions."""

import ast
import functools
import linecache
import os
import subprocess
import sys
import tempfile
import types
from pathlib import Path

import gast
import pytest

from autograph.errors import SourceNotFoundError
from autograph.transpiler import find_source


def text_of(fn):
    return ast.unparse(gast.gast_to_ast(find_source(fn).node))


def keep(fn):
    return fn


def wrap(fn):
    @functools.wraps(fn)
    def wrapper(*args):
        return fn(*args)

    return wrapper


class Holder:
    @staticmethod
    def static(__x, *rest, key=1, **options):
        return __x

    @property
    def size(self):
        def inner():
            return self

        return inner

    @classmethod
    @keep
    def made(cls):
        return cls

    double = lambda self, x: x + x  # noqa: E731


def test_functions_and_methods():
    assert find_source(text_of).node.name == "text_of"
    assert find_source(Holder.static).node.name == "static"
    assert find_source(Holder.__dict__["size"].fget).class_name == "Holder"
    assert find_source(Holder.__dict__["made"].__func__).line == find_source(Holder.made.__func__).line
    assert text_of(Holder.double) == "lambda self, x: x + x"
    assert find_source(keep).class_name is None


def test_nested_functions():
    assert find_source(Holder().size).node.name == "inner"


def test_decorated_functions_start_at_def():
    @keep
    @keep
    def decorated(x):
        return x

    source = find_source(decorated)
    assert source.lines[0].strip() == "def decorated(x):"
    assert source.lines[-1].strip() == "return x"
    assert source.line == decorated.__code__.co_firstlineno + 2


def test_a_wrapper_is_found_itself():
    assert find_source(wrap(keep)).node.name == "wrapper"


def test_two_lambdas_on_one_line():
    # fmt: off
    first, second = lambda x: x + 1, lambda x: x * 2
    outer = lambda x: lambda x: x
    nested = (lambda: (lambda: 1), lambda: 2)
    alike = [lambda x: x for _ in range(2)]
    default = lambda x, f=lambda x: -x: f(x)
    # fmt: on
    assert text_of(first) == "lambda x: x + 1"
    assert text_of(second) == "lambda x: x * 2"
    assert text_of(outer) == "lambda x: lambda x: x"
    assert text_of(outer(1)) == "lambda x: x"
    assert text_of(nested[0]) == "lambda: lambda: 1"
    assert text_of(nested[0]()) == "lambda: 1"
    assert text_of(nested[1]) == "lambda: 2"
    assert text_of(alike[0]) == text_of(alike[1]) == "lambda x: x"
    assert text_of(default.__defaults__[0]) == "lambda x: -x"
    assert text_of(default) == "lambda x, f=lambda x: -x: f(x)"


def test_lambdas_are_told_apart_without_columns_too():
    program = (
        "from test_source import text_of\n"
        "one, two, three = lambda x: x + 1, lambda x: x + 2, lambda x: lambda: x\n"
        "print(text_of(one), text_of(two), text_of(three), text_of(three(1)), sep='; ')\n"
    )
    here = Path(__file__).resolve()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(here.parent), *sys.path])}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "program.py"
        file.write_text(program)
        command = [sys.executable, "-X", "no_debug_ranges", str(file)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "lambda x: x + 1; lambda x: x + 2; lambda x: lambda: x; lambda: x"


def test_lambdas_over_several_lines():
    made = keep(
        lambda x: (
            x
            + 1
        )
    )  # fmt: skip
    assert text_of(made) == "lambda x: x + 1"


def run_text(text, name, **names):
    exec(compile(text, name, "exec"), names)
    return names


def test_text_of_exec_registered_with_linecache():
    text = "def f(x):\n    return x + 1\n"
    linecache.cache["<cell 1>"] = (len(text), None, text.splitlines(True), "<cell 1>")
    assert text_of(run_text(text, "<cell 1>")["f"]) == "def f(x):\n    return x + 1"


def test_text_that_a_loader_knows():
    text = "def f(x):\n    return x - 1\n"
    loader = types.SimpleNamespace(get_source=lambda name: text)
    names = run_text(text, "archive.zip/loaded.py", __loader__=loader, __name__="loaded")
    assert text_of(names["f"]) == "def f(x):\n    return x - 1"


def test_text_that_nobody_keeps():
    f = run_text("def f(x):\n    return x\n", "<gone>")["f"]
    with pytest.raises(SourceNotFoundError, match="no text is known for '<gone>'") as caught:
        find_source(f)
    assert "linecache" in str(caught.value)
    assert isinstance(caught.value, OSError)


def test_text_that_has_changed(tmp_path):
    file = tmp_path / "changed.py"
    file.write_text("def f(x):\n    return x\n")
    f = run_text(file.read_text(), str(file))["f"]
    file.write_text("# a new line\n\ndef f(x):\n    return x\n")
    with pytest.raises(SourceNotFoundError, match="the text there is another"):
        find_source(f)
    file.write_text("def f(x, y):\n    return x\n")
    with pytest.raises(SourceNotFoundError, match="reload the module"):
        find_source(f)
    file.write_text("def f(x):\n    return x\n# more\n")
    assert text_of(f) == "def f(x):\n    return x"


def test_positions_are_the_users():
    def f(x):
        return (x +
                1)  # fmt: skip

    node = find_source(f).node
    assert node.lineno == f.__code__.co_firstlineno
    assert node.body[0].lineno == node.lineno + 1
    assert node.body[0].end_lineno == node.lineno + 2
    assert node.col_offset == 4


def test_each_tree_is_fresh():
    first = find_source(keep).node
    first.body.clear()
    assert find_source(keep).node.body
