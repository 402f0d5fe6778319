"""`python -m benchmarks.memory`: the memory that a step of a network plans ahead, beside JAX's `memory_analysis()`.

Ours is the arena: one piece a call for all values of known size. JAX's is what XLA calls temporary. What both give
back (new weights) is not counted: JAX writes it over what was donated, AutoGraph into new arrays, in turn.
"""

from __future__ import annotations

import importlib.util
from typing import Any

from benchmarks.programs import programs_of
from benchmarks.row import Row
from benchmarks.rows import mlp_large, mlp_small

ROWS = (mlp_small, mlp_large)


def ours(row: Row, tiny: bool = False) -> int:
    """The bytes of the arena."""
    from autograph.backends.native.executable import Program

    found: list[int] = []
    init = Program.__init__

    def noted(self: Program, *args: Any) -> None:
        init(self, *args)
        found.append(self.arena)

    Program.__init__ = noted  # type: ignore[method-assign]
    try:
        run = row.contestants["autograph"](row.data(tiny))
        run.prepare()
        run.call()
    finally:
        Program.__init__ = init  # type: ignore[method-assign]
    return found[-1]


def jax_temporary(row: Row, tiny: bool = False) -> int:
    """The bytes that XLA allocates for temporary values."""
    return int(programs_of(row, "jax", tiny)[-1].compiled().memory_analysis().temp_size_in_bytes)


def main() -> None:
    """Prints the table."""
    jax_is_here = importlib.util.find_spec("jax") is not None
    print(f"{'row':<12} {'AutoGraph':>12} {'JAX':>12}")
    for row in ROWS:
        peer = f"{jax_temporary(row):,}" if jax_is_here else "not installed"
        print(f"{row.name:<12} {ours(row):>12,} {peer:>12}")


if __name__ == "__main__":
    main()
