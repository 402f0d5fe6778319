"""The scripts of docs/lowering-study.md make the form of the graph that they lower, and it has the right numbers."""

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "lowering-study.md"
ON_NUMPY = """
import numpy as np
from autograph.backends.numpy.codegen import Program
from autograph.runtime.failure import raise_failure
from compare import compare
from prepare import prepared

graph, table = prepared()
program = Program(graph)

def run(x, limit, variable):
    results = program.run([x, np.float64(limit), np.asarray(variable._value)])
    variable._value = np.asarray(results[-1])
    failure = table.failure(results)
    if failure is not None:
        raise_failure(failure)
    return results[: table.results]

compare("numpy", run)
"""


def test_the_graph_that_is_lowered_has_the_right_numbers(tmp_path):
    scripts = dict(re.findall(r"(?ms)^### `(\w+\.py)`\n\n```python\n(.*?)^```$", PAGE.read_text()))
    for name, text in {**scripts, "on_numpy.py": ON_NUMPY}.items():
        compile(text, name, "exec")
        (tmp_path / name).write_text(text)
    done = subprocess.run([sys.executable, "on_numpy.py"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("numpy batch") == 8
    assert done.stdout.count("raises ('AssertionError', 'size ") == 3
