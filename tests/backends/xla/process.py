"""One of two processes that train together: `process.py PORT RANK` prints its losses."""

import importlib
import json
import os
import sys
from pathlib import Path


def main(port, rank):
    os.environ["XLA_FLAGS"] = ""
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    jax, ag, training = [importlib.import_module(name) for name in ("jax", "autograph", "tests.backends.xla.training")]
    jax.config.update("jax_cpu_collectives_implementation", "gloo")
    jax.distributed.initialize(f"localhost:{port}", 2, int(rank))
    step, _, x, y = training.training_step()
    with ag.distribute.Mesh().data_parallel():
        print(json.dumps([float(step(ag.constant(x), ag.constant(y))) for _ in range(3)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
