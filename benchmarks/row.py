"""A row of the table: one piece of work, and how each contestant does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

COMPILES = "compiles"
RUNS = "runs"


@dataclass
class Run:
    """A contestant that is ready to work.

    Attributes:
        call: does the work once, and is done when it returns.
        results: what is compared with the reference, made of what the last call returned.
        prepare: what comes before the first call, and is not timed.
        idle: a call of the same function that finds nothing to do, whose time is what a call costs beside the work.
    """

    call: Callable[[], Any]
    results: Callable[[Any], list[Any]] = field(default=lambda answer: [on_host(answer)])
    prepare: Callable[[], Any] = field(default=lambda: None)
    idle: Callable[[], Any] | None = None


def finished(made: Callable[..., Run], **options: Any) -> Callable[[Any], Run]:
    """A maker of Runs whose calls wait for the device, as XLA's return before their results are there."""

    def make(data: Any) -> Run:
        run = made(data, **options)
        call, idle = run.call, run.idle
        return replace(run, call=lambda: _ready(call()), idle=None if idle is None else lambda: _ready(idle()))

    return make


def on_host(value: Any) -> np.ndarray:
    """A framework's tensor as an array, also when it lives on a device."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    return np.asarray(value)


def _ready(answer: Any) -> Any:
    first = answer
    while isinstance(first, list | tuple):
        first = first[0]
    if hasattr(first, "array"):
        first.array.block_until_ready()
    return answer


@dataclass(frozen=True)
class Row:
    """One piece of work.

    Attributes:
        name: what the command line calls it.
        title: what tables call it.
        data: makes the operands, in NumPy; small ones on request, for tests.
        contestants: by name, what makes a Run of the operands. "numpy" is the reference.
        checked: how many calls are made before results are compared.
        tolerance: how far results may be off, relative to their largest element.
        large: whether it takes a processor long, and is left out there unless it is asked for.
        measures: "runs" for the time of a warm call, "compiles" for what the first call takes beyond that.
    """

    name: str
    title: str
    data: Callable[[bool], Any]
    contestants: dict[str, Callable[[Any], Run]]
    checked: int = 1
    tolerance: float = 1e-4
    measures: str = RUNS
    large: bool = False
