"""`python -m benchmarks.kernels`: what XLA makes of the rows for a GPU that need not be there; ours beside JAX's.

XLA compiles for the GPU that a file in `benchmarks/targets` describes. Counted are the kernels, copies and calls of
libraries that a call starts, outside loops and for each trip of a loop; `?` stands for trips that the host learns by
asking the device after each. Needs the package `jax[cuda12]` or `jax[cuda13]`, and no GPU.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from benchmarks.programs import programs_of
from benchmarks.rows import ROWS

TARGETS = Path(__file__).parent / "targets"
# Instructions that start nothing.
_FREE = {"parameter", "constant", "get-tuple-element", "tuple", "bitcast", "after-all", "while", "conditional", "call"}
_HEAD = re.compile(r"^(ENTRY )?%?([\w.\-]+) \(.*\{$")
_TRIPS = re.compile(r'"known_trip_count":\{"n":"(\d+)"')


@dataclass(frozen=True)
class Part:
    """What a program starts in one place.

    Attributes:
        launches: kernels, copies and calls of libraries.
        trips: of each loop around it, from the outermost; None where the host has to ask.
    """

    launches: int
    trips: tuple[int | None, ...] = ()

    def __str__(self) -> str:
        return " × ".join(["?" if count is None else str(count) for count in self.trips] + [str(self.launches)])


def parts(text: str) -> list[Part]:
    """What a compiled program starts, by its text."""
    bodies: dict[str, list[str]] = {}
    entry = name = ""
    for line in text.splitlines():
        head = _HEAD.match(line)
        if head:
            name = head[2]
            bodies[name] = []
            entry = name if head[1] else entry
        elif name and re.match(r"^\s+(ROOT )?%", line):
            bodies[name].append(line)
    return list(_parts(bodies, entry, ()))


def _parts(bodies: dict[str, list[str]], name: str, trips: tuple[int | None, ...]) -> Iterator[Part]:
    lines = [(_opcode(line), line) for line in bodies[name]]
    yield Part(sum(opcode not in _FREE for opcode, _ in lines), trips)
    for opcode, line in lines:
        if opcode == "while":
            known = _TRIPS.search(line)
            inner = (*trips, int(known[1]) if known else None)
            yield from _parts(bodies, _named(line, "body"), inner)
            if known is None:
                yield from _parts(bodies, _named(line, "condition"), inner)
        elif opcode == "call":
            yield from _parts(bodies, _named(line, "to_apply"), trips)
        elif opcode == "conditional":
            for branch in re.findall(r"%([\w.\-]+)", line.split("branch_computations=", 1)[-1].split("}", 1)[0]):
                yield from _parts(bodies, branch, (*trips, None))


def _opcode(line: str) -> str:
    """The name of an instruction, which stands behind the type of its result."""
    rest = line.split(" = ", 1)[1]
    depth = 0
    for place, char in enumerate(rest):
        depth += (char in "([{") - (char in ")]}")
        if char == " " and depth == 0:
            return rest[place + 1 :].split("(", 1)[0]
    return ""


def _named(line: str, key: str) -> str:
    found = re.search(key + r"=%?([\w.\-]+)", line)
    assert found is not None
    return found[1]


def placed_on(target: str) -> Any:
    """The sharding that stands for a GPU by its file in `benchmarks/targets`; "cpu" for the processor."""
    import jax

    if target == "cpu":
        return None
    from jax.experimental import topologies

    text = (TARGETS / f"{target}.txtpb").read_text()
    found = topologies.get_topology_desc(target, platform="cuda", topology="1x1x1", target_config=text)
    return jax.sharding.SingleDeviceSharding(found.devices[0])


def census(row: str, contestant: str, place: Any, tiny: bool) -> tuple[str, int]:
    """What a call starts, and the bytes that it takes for values on the way."""
    programs = [program.compiled(place) for program in programs_of(ROWS[row], contestant, tiny)]
    found = [str(part) for program in programs for part in parts(program.as_text()) if part.launches]
    return " + ".join(found), sum(program.memory_analysis().temp_size_in_bytes for program in programs)


@click.command(help="What XLA makes of the rows for a GPU that need not be there.")
@click.option("--rows", default="", help="Names of rows, with commas; all by default.")
@click.option("--target", default="h200", help="A file of benchmarks/targets without its ending, or cpu.")
@click.option("--tiny", is_flag=True, help="Small operands.")
def main(rows: str, target: str, tiny: bool) -> None:
    """Prints the table."""
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    os.environ.setdefault("JAX_SKIP_CUDA_CONSTRAINTS_CHECK", "1")  # which looks for a driver
    place = placed_on(target)
    names = [name for name in rows.split(",") if name] or [n for n, row in ROWS.items() if row.measures == "runs"]
    table = Table("row", "AutoGraph on XLA", "JAX", "temporary bytes", "JAX's", title=f"launches of a call on {target}")
    for name in names:
        (ours, our_bytes), (theirs, their_bytes) = [census(name, who, place, tiny) for who in ("autograph-xla", "jax")]
        table.add_row(name, ours, theirs, f"{our_bytes:,}", f"{their_bytes:,}")
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
