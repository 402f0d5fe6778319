"""Contests: processes are started, compared and timed; who disagrees is left out."""

import dataclasses
import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks.__main__ import file_name, main, taking_part
from benchmarks.chart import chart
from benchmarks.contest import Figures, Options, contest, difference, environment_of, tolerance_of
from benchmarks.rows import ROWS
from benchmarks.table import Line, duration, lines, table

OPTIONS = Options(["autograph", "numpy"], repeats=2, processes=1, seconds=0.002, rest=0.0, tiny=True)


def test_difference():
    wanted = [np.array([2.0, -4.0]), np.array(1.0)]
    assert difference(wanted, wanted) == 0
    assert difference([np.array([2.0, -3.0]), np.array(1.0)], wanted) == 0.25
    assert difference([np.array([np.nan, -4.0]), np.array(1.0)], wanted) == float("inf")
    assert difference(wanted[:1], wanted) == float("inf")
    assert difference([np.zeros(3)], [np.zeros(2)]) == float("inf")


def test_command(tmp_path):
    paths = ["--json", str(tmp_path / "a" / "figures.json"), "--svg", str(tmp_path / "chart.svg")]
    options = "--rows coll --peers numpy --repeats 2 --processes 1 --seconds 0.002 --tiny".split()
    outcome = CliRunner().invoke(main, options + paths)
    assert outcome.exit_code == 0, outcome.output
    assert "collatz, loop alone" in outcome.output
    figures = json.loads((tmp_path / "a" / "figures.json").read_text())["rows"]["collatz"]
    assert set(figures) == {"autograph", "numpy"}
    for own in figures.values():
        assert own["error"] is None and own["difference"] == 0.0
        assert len(own["calls"]) == len(own["idles"]) == 2 and min(own["calls"]) > 0
        assert len(own["firsts"]) == 1
    assert ElementTree.parse(tmp_path / "chart.svg").getroot().tag.endswith("svg")


def test_devices():
    assert taking_part(["jax", "numba", "torch"], "gpu:1", None) == ["autograph-xla", "jax", "torch"]
    assert taking_part(["autograph", "jax"], "cpu", "autograph-xla") == ["autograph-xla", "jax"]
    assert taking_part(["jax"], "cpu", None) == ["autograph", "jax"]
    assert environment_of("cpu")["JAX_PLATFORMS"] == "cpu"
    assert environment_of("gpu:1")["CUDA_VISIBLE_DEVICES"] == "1"
    assert "JAX_PLATFORMS" not in environment_of("gpu:1")
    assert environment_of("gpu:1")["XLA_PYTHON_CLIENT_PREALLOCATE"] == "false"
    assert [tolerance_of(ROWS["mlp-small"], device) for device in ("cpu", "gpu:0")] == [1e-4, 0.02]
    assert tolerance_of(ROWS["collatz"], "gpu:0") == 0
    assert file_name("NVIDIA H200 (x)") == "nvidia-h200-x"


def test_ours_on_xla():
    line = Line("", "", {"autograph-xla": [1.0, 2.0], "jax": [2.0, 4.0]})
    assert line.ratio("jax") == 2.0 and line.ours == "autograph-xla"
    assert Line("", "", {"jax": [2.0]}).ratio("jax") is None


def test_who_disagrees_is_left_out():
    strict = dataclasses.replace(ROWS["mlp-small"], tolerance=-1.0)
    figures = contest(strict, OPTIONS)
    assert "differ from NumPy's" in figures["autograph"].error
    assert not figures["autograph"].calls


def test_who_is_not_installed_is_left_out(tmp_path):
    bare = tmp_path / "python"
    bare.write_text("#!/bin/sh\nexit 3\n")
    bare.chmod(0o755)
    options = dataclasses.replace(OPTIONS, pythons={"autograph": str(bare)})
    figures = contest(ROWS["call-overhead"], options)
    assert figures["autograph"].error == "ended with code 3"
    assert figures["numpy"].error is None and len(figures["numpy"].calls) == 2


MISTAKES = [["--rows", "nothing"], ["--peers", "nobody"], ["--python", "jax"], ["--device", "gpu:x"]]


@pytest.mark.parametrize("option", MISTAKES)
def test_mistakes(option):
    assert CliRunner().invoke(main, option).exit_code == 2


def figures_of(calls, firsts, error=None):
    return Figures(calls=calls, firsts=firsts, error=error)


def test_table_and_chart():
    row = ROWS["elementwise"]
    results = {
        row.name: {
            "autograph": figures_of([1.0, 2.0, 4.0], [3.0]),
            "jax": figures_of([2.0, 6.0, 8.0], [8.0]),
            "tensorflow": figures_of([4.0, 8.0, 16.0], [9.0]),
            "torch": figures_of([8.0, 16.0, 32.0], [16.0]),
            "numba": figures_of([0.5, 0.5, 0.5], [1.0]),
            "torch-compile": figures_of([], [], "not there"),
        }
    }
    found = lines([row], results)
    (runs,), (compiles,) = found["runs"], found["compiles"]
    assert runs.best == "jax" and runs.ratio("jax") == 2.0
    assert compiles.times == {"autograph": 1.0, "jax": 2.0, "tensorflow": 1.0, "numba": 0.5}
    assert compiles.best == "tensorflow"
    assert list(table("", found["runs"], ["autograph", "numba"]).columns[1].cells) == ["2 s"]
    about = {"processor": "one & only", "cores": "2"}
    texts = [node.text for node in ElementTree.fromstring(chart(found["runs"], found["compiles"], about)).iter()]
    assert {"elementwise", "2 s", "JAX", "TensorFlow"} <= set(texts)
    assert any("one & only" in (text or "") for text in texts)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(2.5, "2.5 s"), (0.0123, "12.3 ms"), (1.5e-6, "1.5 µs"), (2e-8, "0.02 µs"), (-2e-7, "-0.20 µs")],
)
def test_duration(seconds, text):
    assert duration(seconds) == text
