"""SciPy, scikit-learn and einops give tensors for tensors, with the values that they give for NumPy's arrays."""

import os
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "array_api_consumers.py"
CHECK = """
import runpy, warnings
import numpy as np
import autograph as ag
pairs, gradient, x = runpy.run_path({path!r})["main"]()
assert len(pairs) == 10
for got, wanted in pairs:
    assert isinstance(got, ag.Tensor), type(got)
    assert got.dtype == ag.as_dtype(wanted.dtype)
    np.testing.assert_allclose(got.numpy(), wanted, rtol=1e-9, atol=1e-9)
largest = np.maximum(x[:, 0::2], x[:, 1::2]).repeat(2, 1)
np.testing.assert_allclose(gradient.numpy(), np.where(x == largest, 2 * x, 0))
"""


def test_consumers_take_tensors():
    # A process of its own, because SciPy decides when it is first imported whether it dispatches.
    environment = {**os.environ, "SCIPY_ARRAY_API": "1"}
    code = CHECK.format(path=str(EXAMPLE))
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
