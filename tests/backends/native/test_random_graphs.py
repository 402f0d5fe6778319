"""Random programs give natively what they give on the numpy backend: see `random_graphs.py` and `both.py`."""

import ast
import collections
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backends.native.random_graphs import write_program
from tests.sampling import LONG

ROOT = Path(__file__).resolve().parents[3]
GRAPHS, BATCH = (20_000, 1000) if LONG else (100, 50)


def outcomes(first, count):
    """What became of each seed, by a process of its own; a crash is one of the outcomes. And what ran natively."""
    found, ran, last = {}, collections.Counter(), first - 1
    while last < first + count - 1:
        command = [
            sys.executable,
            "-m",
            "tests.backends.native.fuzz_worker",
            str(last + 1),
            str(first + count - last - 1),
        ]
        process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        seed = None
        for line in process.stdout.splitlines():
            word, _, rest = line.partition(" ")
            if word == "seed":
                seed = int(rest)
                found[seed] = ("crashed", process.stderr[-2000:])
            elif word == "ran":
                name, dtype, times = rest.split()
                ran[name, dtype] += int(times)
            elif seed is not None:
                found[seed] = (word, ast.literal_eval(rest))
        assert seed is not None, process.stderr
        last = seed
    return found, ran


TALLY = collections.Counter()


@pytest.mark.timeout(14400 if LONG else 900)
@pytest.mark.parametrize("first", range(0, GRAPHS, BATCH))
def test_random_graphs(first):
    found, ran = outcomes(first, BATCH)
    TALLY.update(ran)
    bad = {seed: (kind, text) for seed, (kind, text) in found.items() if kind not in ("same", "refused")}
    for seed, (kind, text) in bad.items():
        print(f"--- seed {seed}: {kind}\n{write_program(seed).text}\n{text}")
    assert not bad, f"{len(bad)} of {BATCH}: seeds {list(bad)}"
    refused = [text for kind, text in found.values() if kind == "refused"]
    assert len(refused) <= 0.05 * BATCH, refused
