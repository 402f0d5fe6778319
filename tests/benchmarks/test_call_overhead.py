"""The script that times calls runs."""

import importlib.util
import json
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "benchmarks"


def load(name):
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_call_overhead(tmp_path, monkeypatch, capsys):
    script = load("call_overhead")
    monkeypatch.setattr(script, "ROUNDS", 2)
    monkeypatch.setattr(script, "CALLS", 3)
    monkeypatch.setattr(sys, "argv", ["call_overhead.py", "--save", str(tmp_path / "figures.json")])
    script.main()
    assert "ag.function beyond the work" in capsys.readouterr().out
    assert json.loads((tmp_path / "figures.json").read_text())["microseconds"]["ag.function"] > 0
