"""What the time of a compiled graph goes into: runs it with clocks in it, and tells each loop and call."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograph.backends.native.executable import Program
from autograph.backends.native.listing import places
from autograph.backends.native.marks import Marks, Part
from autograph.runtime.backend import Executable
from autograph.runtime.dims import SymbolicDim, evaluate, is_symbol, symbols_of
from autograph.runtime.ir import Graph, Value
from autograph.runtime.types import RefType, TensorType, Type

_LEAST_CALLS, _MOST_CALLS = 3, 10_000

Rows = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class PartTime:
    """The time in one part of a compiled graph.

    Attributes:
        kind: "loop" (fused elements), "product", "convolution", "library" (LAPACK and the like), "host" (Python),
            "copy", "while" (what a loop does besides its parts), "function" (likewise) or "try"; "rest" for what is in
            no part: numbers, arguments taken, results made.
        ops: the names of the ops that it computes.
        lines: the user's lines, each as "file:line  text".
        calls: how often it runs in a call.
        seconds: the time in it in a call, without the parts in it.
        share: of the whole.
        bytes: what each run of it reads and writes at least; None where sizes are not known.
        products: multiplications with additions in each run of a matrix product; None elsewhere.
    """

    kind: str
    ops: tuple[str, ...]
    lines: tuple[str, ...]
    calls: float
    seconds: float
    share: float
    bytes: int | None = None
    products: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Where a function's time goes; prints as a table, the most expensive part first.

    Attributes:
        name: the function's.
        calls: how many calls were measured; the times are means over the quicker half.
        seconds: the time of a call without clocks.
        clocked: the time of a call with them: the sum of all parts.
        parts: the parts, and the rest as the last.
    """

    name: str
    calls: int
    seconds: float
    clocked: float
    parts: tuple[PartTime, ...]

    def __str__(self) -> str:
        head = (
            f"{self.name}: {_time(self.seconds)} a call of the compiled graph, {_time(self.clocked)} with clocks in it "
            f"(the quicker half of {self.calls} calls)"
        )
        lines = [head, "", f"{'share':>7} {'time':>9} {'calls':>7} {'bytes':>9} {'rate':>12}  part"]
        for part in self.parts:
            size = "" if part.bytes is None else _size(part.bytes)
            text = f"{part.kind}: {', '.join(part.ops)}" if set(part.ops) - {part.kind} else part.kind
            calls = f"{part.calls:.6g}" if part.calls else ""
            numbers = f"{part.share:>7.1%} {_time(part.seconds):>9} {calls:>7} {size:>9} {_rate(part):>12}"
            lines.append(f"{numbers}  {text}".rstrip())
            lines += [f"{'':>50}{line}" for line in part.lines]
        return "\n".join(lines)

    __repr__ = __str__


def profile(name: str, graph: Graph, plain: Executable, raws: Sequence[Any], seconds: float) -> Profile:
    """Runs a graph for a while, with clocks in it and without.

    Args:
        name: what to call it.
        graph: optimised; it is compiled once more.
        plain: the executable without clocks.
        raws: the operands; variables among them are assigned.
        seconds: how long to measure, about.
    """
    marks = Marks()
    program = Program(graph, marks)
    once = max(min(_timed(run, raws) for _ in range(2)) for run in (plain, program))
    count = max(_LEAST_CALLS, min(_MOST_CALLS, int(seconds / 2 / max(once, 1e-7))))
    without = sorted(_timed(plain, raws) for _ in range(count))
    times, rows = _measured(program, marks, raws, count)
    # Calls in which the processor did something else are left out, as whole calls, so that parts and whole still fit.
    quick = np.argsort(times, kind="stable")[: (count + 1) // 2]
    whole = float(times[quick].mean())
    ticks, begins = rows[quick].mean(axis=0)[1:].T
    sizes = _sizes(program.parameters, raws)
    parts = [
        _part_time(part, float(ticks[i]), float(begins[i]), whole, sizes)
        for i, part in enumerate(marks.parts)
        if begins[i]
    ]
    parts.sort(key=lambda part: -part.seconds)
    rest = whole - sum(part.seconds for part in parts)
    parts.append(PartTime("rest", (), (), 0, rest, rest / whole))
    return Profile(name, count, sum(without[: len(quick)]) / len(quick), whole, tuple(parts))


def _timed(run: Executable, raws: Sequence[Any]) -> float:
    start = time.perf_counter()
    run(raws)
    return time.perf_counter() - start


def _measured(program: Program, marks: Marks, raws: Sequence[Any], count: int) -> tuple[Rows, Rows]:
    """For each call its time, and for each part the seconds in it and how often it began."""
    used = len(marks.parts) + 1
    times, rows = np.zeros(count), np.zeros((count, used, 2))
    program(raws)
    first_tick, first = int(marks.state[0]), time.perf_counter()
    for i in range(count):
        marks.cells[:used] = 0
        marks.reset()
        times[i] = _timed(program, raws)
        rows[i] = marks.cells[:used]
    last_tick, last = int(marks.state[0]), time.perf_counter()
    if used > 1:  # from one call's last border to another's
        rows[..., 0] *= (last - first) / (last_tick - first_tick)
    return times, rows


def _part_time(part: Part, seconds: float, calls: float, whole: float, sizes: Mapping[str, int]) -> PartTime:
    node = part.node
    known = part.kind in ("loop", "product", "convolution", "library", "host", "copy")
    ops = tuple(dict.fromkeys(node.op.name for node in part.nodes))
    lines = tuple(_shortened(line) for line in places(part.nodes))
    moved = _moved(part, sizes) if known else None
    products = _products(node.inputs, sizes) if node.op.name == "matmul" else None
    return PartTime(part.kind, ops, lines, calls, seconds, seconds / whole, moved, products)


def _sizes(parameters: Sequence[Value], raws: Sequence[Any]) -> dict[str, int]:
    """The sizes that symbols have in these operands."""
    found: dict[str, int] = {}
    for value, raw in zip(parameters, raws, strict=True):
        type_ = _held(value.type)
        if isinstance(type_, TensorType):
            for dim, size in zip(type_.shape, np.shape(getattr(raw, "_value", raw)), strict=True):
                if is_symbol(dim):
                    found[symbols_of(dim)[0]] = size
    return found


def _held(type_: Type) -> Type:
    return type_.value if isinstance(type_, RefType) else type_


def _shape(value: Value, sizes: Mapping[str, int]) -> list[int]:
    assert isinstance(value.type, TensorType)
    return [evaluate(dim, dict(sizes)) if isinstance(dim, SymbolicDim) else dim for dim in value.type.shape]


def _moved(part: Part, sizes: Mapping[str, int]) -> int | None:
    """The bytes of what a part takes from others, and of what its last node gives; each counted once."""
    made = {output for node in part.nodes for output in node.outputs}
    taken = dict.fromkeys(value for node in part.nodes for value in node.inputs if value not in made)
    total = 0
    for value in (*taken, *part.node.outputs):
        if not isinstance(value.type, TensorType):
            return None
        try:
            total += int(np.prod(_shape(value, sizes), dtype=np.int64)) * value.type.dtype.numpy.itemsize
        except KeyError:  # a size that only the running graph knows
            return None
    return total


def _products(operands: Sequence[Value], sizes: Mapping[str, int]) -> int | None:
    try:
        x, y = [_shape(value, sizes) for value in operands]
    except KeyError:
        return None
    batch = np.broadcast_shapes(tuple(x[:-2]), tuple(y[:-2]))
    return int(np.prod(batch, dtype=np.int64)) * x[-2] * x[-1] * y[-1]


def _time(seconds: float) -> str:
    for limit, factor, unit in ((1e-6, 1e9, "ns"), (1e-3, 1e6, "µs"), (1.0, 1e3, "ms")):
        if seconds < limit:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s"


def _size(count: int) -> str:
    for limit, factor, unit in ((1e3, 1, "B"), (1e6, 1e3, "kB"), (1e9, 1e6, "MB")):
        if count < limit:
            return f"{count / factor:.3g} {unit}"
    return f"{count / 1e9:.3g} GB"


def _rate(part: PartTime) -> str:
    """Operations a second of a product, bytes a second of the rest."""
    if not part.seconds or not part.calls:
        return ""
    if part.products is not None:
        return f"{2e-9 * part.products * part.calls / part.seconds:.3g} GFLOP/s"
    if part.kind in ("loop", "copy") and part.bytes is not None:
        return f"{1e-9 * part.bytes * part.calls / part.seconds:.3g} GB/s"
    return ""


def _shortened(line: str) -> str:
    """A line's file as seen from the working directory, where it lies in it."""
    here = os.getcwd() + os.sep
    return line.removeprefix(here)
