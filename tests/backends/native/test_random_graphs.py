"""Random programs give natively what they give on the numpy backend: see `fuzz/program.py` and `both.py`."""

import ast
import collections
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backends.native.fuzz.pairs import missing, table
from tests.backends.native.fuzz.program import write_program
from tests.sampling import LONG

ROOT = Path(__file__).resolve().parents[3]
GRAPHS, BATCH = (20_000, 1000) if LONG else (100, 50)
MODULE = "tests.backends.native.fuzz.worker"


def outcomes(first, count, module=MODULE):
    """What became of each seed, by a process of its own; a crash is one of the outcomes. And what ran natively."""
    found, ran, last = {}, collections.Counter(), first - 1
    while last < first + count - 1:
        command = [sys.executable, "-m", module, str(last + 1), str(first + count - last - 1)]
        process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        made, counted = read(process.stdout)
        assert made, process.stderr
        last = max(made)
        made[last] = made[last] or ("crashed", process.stderr[-2000:])
        found.update(made)
        ran.update(counted)
    return found, ran


def read(text):
    """What a worker says: the outcome of each seed, None for one that it did not finish, and what ran natively."""
    found, ran, seed = {}, collections.Counter(), None
    for line in text.splitlines():
        word, _, rest = line.partition(" ")
        if word == "seed":
            seed = int(rest)
            found[seed] = None
        elif word == "ran":
            name, dtype, times = rest.rsplit(" ", 2)
            ran[name, dtype] += int(times)
        elif word != "host" and seed is not None:
            found[seed] = (word, ast.literal_eval(rest))
    return found, ran


@pytest.mark.timeout(14400 if LONG else 900)
@pytest.mark.parametrize("first", range(0, GRAPHS, GRAPHS if LONG else BATCH))
def test_random_graphs(first):
    found, ran = {}, collections.Counter()
    for start in range(first, GRAPHS if LONG else first + BATCH, BATCH):
        made, counted = outcomes(start, BATCH)
        found.update(made)
        ran.update(counted)
    bad = {seed: (kind, text) for seed, (kind, text) in found.items() if kind not in ("same", "refused")}
    for seed, (kind, text) in bad.items():
        print(f"--- seed {seed}: {kind}\n{write_program(seed).text}\n{text}")
    assert not bad, f"{len(bad)} of {len(found)}: seeds {list(bad)}"
    refused = [text for kind, text in found.values() if kind == "refused"]
    assert len(refused) <= 0.05 * len(found), refused
    if LONG:
        print(table(ran))
        assert not missing(ran)
