"""One of two processes that train together: `process.py PORT RANK` prints its losses."""

import json
import os
import sys
from pathlib import Path

os.environ["XLA_FLAGS"] = ""
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import jax  # noqa: E402

import autograph as ag  # noqa: E402
from tests.backends.xla.training import training_step  # noqa: E402


def main(port, rank):
    jax.config.update("jax_cpu_collectives_implementation", "gloo")
    jax.distributed.initialize(f"localhost:{port}", 2, int(rank))
    step, _, x, y = training_step()
    with ag.distribute.Mesh().data_parallel():
        print(json.dumps([float(step(ag.constant(x), ag.constant(y))) for _ in range(3)]))


main(*sys.argv[1:])
