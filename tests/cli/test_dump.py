"""`autograph dump` shows each view, and refuses wrong input in one line with exit code 2."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

import autograph as ag
from autograph.cli.main import main

PROGRAM = """
import autograph as ag

def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps

def scaled(model, x, factor):
    return model.twice(x) * factor

def softmax(x):
    e = ag.ops.exp(x - ag.ops.max(x, axis=1, keepdims=True))
    return e / ag.ops.sum(e, axis=1, keepdims=True)

class Model:
    def twice(self, x):
        return x * 2
"""


@pytest.fixture
def file(tmp_path):
    path = Path(tmp_path) / "collatz_program.py"
    path.write_text(PROGRAM)
    return str(path)


def dump(*arguments):
    return CliRunner().invoke(main, ["dump", *arguments])


@pytest.mark.parametrize(
    ("show", "wanted"),
    [
        ("source", "while n != 1:"),
        ("ast", "While("),
        ("code", "ag.while_("),
        ("graph", "while %n"),
        ("optimized", "func collatz(%n: i64[])"),
        ("llvm", "define ptr @entry("),
        ("asm", "entry:"),
        ("stablehlo", "stablehlo.while"),
    ],
)
def test_views(file, show, wanted):
    result = dump(f"{file}:collatz", "--show", show, "--signature", "i64[]")
    assert result.exit_code == 0, result.output
    assert wanted in result.output
    assert "\x1b" not in result.output


def test_loops(file):
    result = dump(f"{file}:softmax", "--show", "loops", "--signature", "f32[?,8]")
    assert result.exit_code == 0, result.output
    first, *_ = result.output.split("loop 2")
    assert first.startswith("loop 1: max\n")
    assert "collatz_program.py:" in first and "e = ag.ops.exp(x - ag.ops.max(x, axis=1, keepdims=True))" in first
    assert "subtract, exp" in result.output


@pytest.mark.parametrize("option", [["--profile"], ["--show", "profile"]])
def test_profile(file, option):
    result = dump(f"{file}:softmax", *option, "--signature", "f32[64,8]")
    assert result.exit_code == 0, result.output
    assert "loop: subtract, exp" in result.output and "return e / ag.ops.sum(e" in result.output
    assert result.output.splitlines()[-1].endswith("  rest")


def test_a_profile_needs_sizes(file):
    result = dump(f"{file}:softmax", "--profile", "--signature", "f32[?,8]")
    assert result.exit_code == 2
    assert "a profile needs sizes" in result.output


def test_dot(file):
    result = dump(f"{file}:collatz", "--show", "graph", "--format", "dot", "--signature", "i64[]")
    assert result.exit_code == 0
    assert result.output.startswith('digraph "collatz" {')
    assert "subgraph cluster_" in result.output


def test_svg(file):
    result = dump(f"{file}:collatz", "--show", "graph", "--format", "svg", "--signature", "i64[]")
    assert result.exit_code == 0
    picture = ElementTree.fromstring(result.output)
    texts = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {"func collatz", "test", "body", "then", "else", "not_equal(·, 1)", "yield"} <= set(texts)


def test_method(file):
    result = dump(f"{file}:Model.twice")
    assert result.exit_code == 0
    assert "return x * 2" in result.output


@pytest.mark.parametrize(
    ("target", "word"),
    [
        ("nowhere.py:f", "no file"),
        ("{file}:nothing", "no function"),
        ("json", "MODULE:FUNCTION"),
        ("no_such_module_at_all:f", "no module"),
        ("json:dumps.x", "no function"),
    ],
)
def test_wrong_name(file, target, word):
    result = dump(target.format(file=file))
    assert result.exit_code == 2
    assert word in result.output
    assert len(result.output.strip().splitlines()) == 1


@pytest.mark.parametrize("signature", ["f99[]", "f32[a b]", "f32[2"])
def test_wrong_signature(file, signature):
    result = dump(f"{file}:collatz", "--show", "graph", "--signature", signature)
    assert result.exit_code == 2
    assert len(result.output.strip().splitlines()) == 1


def test_graph_without_signature(file):
    result = dump(f"{file}:collatz", "--show", "graph")
    assert result.exit_code == 2
    assert "--signature" in result.output


def test_legend(file):
    result = dump(f"{file}:collatz")
    assert "#   ag.while_(test, body, carry, names): `while`" in result.output
    assert "for_" not in result.output


def test_python_arguments(file):
    result = dump(f"{file}:scaled", "--show", "optimized", "--signature", "Model(), f32[?], 0.5")
    assert result.exit_code == 0, result.output
    assert "func scaled(%x: f32[d" in result.output


def test_python_arguments_that_fail(file):
    result = dump(f"{file}:scaled", "--show", "graph", "--signature", "Modle(), f32[?], 0.5")
    assert result.exit_code == 2
    assert "NameError" in result.output


def test_help():
    result = CliRunner().invoke(main, ["--help"])
    assert "dump" in result.output
    assert "train.py:fit" in result.output


def test_package_runs_as_the_command():
    done = subprocess.run([sys.executable, "-m", "autograph", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"autograph, version {ag.__version__}\n"
