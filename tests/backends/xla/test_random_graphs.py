"""Random programs give on XLA what they give on the numpy backend: see `graphs.py`."""

import pytest

from tests.backends.native.fuzz.program import write_program
from tests.backends.native.test_random_graphs import outcomes
from tests.sampling import LONG

GRAPHS, BATCH = (1500, 250) if LONG else (24, 12)
MODULE = "tests.backends.xla.graphs"


@pytest.mark.timeout(3600 if LONG else 900)
@pytest.mark.parametrize("first", range(70000, 70000 + GRAPHS, BATCH))
def test_random_graphs(first):
    found, _ = outcomes(first, BATCH, MODULE)
    bad = {seed: (kind, text) for seed, (kind, text) in found.items() if kind not in ("same", "refused")}
    for seed, (kind, text) in bad.items():
        print(f"--- seed {seed}: {kind}\n{write_program(seed).text}\n{text}")
    assert not bad, f"{len(bad)} of {len(found)}: seeds {list(bad)}"
    assert sum(kind == "refused" for kind, _ in found.values()) <= 0.05 * len(found)
