"""Runs one segment: compiled for the sizes at hand, and again with larger buffers where a list outgrows its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import jax
import numpy as np

from autograph.backends.xla import rule_modules
from autograph.backends.xla.ahead import Ahead
from autograph.backends.xla.buckets import buckets
from autograph.backends.xla.fills import cut, padded
from autograph.backends.xla.lists import element_of
from autograph.backends.xla.lowering import Lowering
from autograph.backends.xla.padding import Padding, PaddingError, padding_of
from autograph.backends.xla.plan import Segment
from autograph.backends.xla.slots import Slots, to_slots
from autograph.runtime.dims import evaluate
from autograph.runtime.ir import Node, Value
from autograph.runtime.types import ListType
from autograph.runtime.vector import Vector

LOADED = rule_modules.__all__  # imported for what the modules register
GROWTH = 8


class CompiledSegment:
    """A segment with the device programs made of it so far.

    Attributes:
        watched: whether lists may outgrow their buffers.
        called_back: the nodes for which programs call the host, as far as they have been compiled.

    Args:
        segment: what to run.
        name: what profilers call its programs.
        donated: the places of inputs whose memory the outputs may take; one whose lists are watched keeps
            all, since it may have to run again.
    """

    def __init__(self, segment: Segment, name: str, donated: Sequence[int] = ()) -> None:
        self.segment = segment
        self.name = name
        self.watched = len(segment.bounds) < len(segment.capacities)
        self.called_back: set[Node] = set()
        self.donated = () if self.watched else tuple(donated)
        self._programs: dict[Any, Ahead] = {}
        self._lists = [(place, value) for place, value in enumerate(segment.inputs) if isinstance(value.type, ListType)]

    def __call__(self, raws: Sequence[Any], sizes: Mapping[str, int]) -> Sequence[Any]:
        """The segment's outputs for its inputs."""
        if buckets.sizes is None or not self.segment.symbols or not self.padding.symbols:
            return self._run(raws, sizes)
        with jax.enable_x64(True):
            return self._run_padded(raws, sizes)

    def _run_padded(self, raws: Sequence[Any], sizes: Mapping[str, int]) -> Sequence[Any]:
        segment, names = self.segment, self.padding.symbols
        wide = {**sizes, **{name: buckets.round_up(sizes[name]) for name in names}}
        given = [padded(raw, value.type, wide) for raw, value in zip(raws, segment.inputs, strict=True)]
        try:
            outs = self._run(given, wide, ([np.int64(sizes[name]) for name in names],))
        except PaddingError as error:
            self.padding = Padding((), {}, {**self.padding.reasons, **dict.fromkeys(names, str(error))})
            return self._run(raws, sizes)
        return [cut(out, value.type, sizes) for out, value in zip(outs, segment.outputs, strict=True)]

    @cached_property
    def padding(self) -> Padding:
        """Which of its sizes may be padded."""
        return padding_of(self.segment)

    def sizes(self) -> list[Any]:
        """What it has been compiled for."""
        return list(self._programs)

    def notes(self) -> list[str]:
        """Which sizes are padded, and why others are not, if there are buckets."""
        if buckets.sizes is None or not self.segment.symbols:
            return []
        lines = [f"padded sizes: {', '.join(self.padding.symbols)}"] if self.padding.symbols else []
        return lines + [f"size {name} is not padded: {reason}" for name, reason in self.padding.reasons.items()]

    def _run(self, raws: Sequence[Any], sizes: Mapping[str, int], true: tuple[Any, ...] = ()) -> Sequence[Any]:
        """Its outputs; for padded inputs, `true` holds one thing, the true sizes."""
        if self.watched:
            return self._with_lists(raws, sizes, true)
        outs: Sequence[Any] = self.fixed(sizes, bool(true))(*raws, *true)
        return outs

    def fixed(self, sizes: Mapping[str, int], is_padded: bool = False) -> Ahead:
        """The device program for some sizes and the present capacities."""
        capacities = tuple(self.segment.capacities)
        key = (*[sizes[name] for name in self.segment.symbols], *capacities, is_padded)
        program = self._programs.get(key)
        if program is None:
            program = self._programs[key] = Ahead(self.program(sizes, capacities, is_padded))
        return program

    def _with_lists(self, raws: Sequence[Any], sizes: Mapping[str, int], true: tuple[Any, ...]) -> Sequence[Any]:
        segment = self.segment
        for place, value in self._lists:
            self._make_room(segment.kinds[value], _count(raws[place]))
        while True:
            capacities = tuple(segment.capacities)
            given = list(raws)
            for place, value in self._lists:
                if isinstance(given[place], Vector):
                    given[place] = _in_buffer(given[place], value, capacities[segment.kinds[value]], sizes)
            outs, overflow = self.fixed(sizes, bool(true))(*given, *true)
            outgrown = int(overflow)
            if not outgrown:
                return list(outs)
            for kind in range(len(capacities)):
                if outgrown >> kind & 1:
                    segment.capacities[kind] = max(segment.capacities[kind], capacities[kind] * GROWTH)

    def _make_room(self, kind: int, count: int) -> None:
        while self.segment.capacities[kind] < count:
            self.segment.capacities[kind] *= 2

    def program(self, sizes: Mapping[str, int], capacities: Sequence[int], is_padded: bool = False) -> Any:
        """The device program for some sizes and capacities, compiled when it is called.

        It gives the segment's outputs; where lists are watched, a pair of these and the overflow. If sizes are padded,
        it takes the true ones behind its other inputs.
        """
        segment, watched = self.segment, self.watched
        fixed = {name: sizes[name] for name in segment.symbols}

        def run(*raws: Any) -> Any:
            true: dict[str, Any] = {}
            if is_padded:
                *raws, found = raws  # type: ignore[assignment]
                true = dict(zip(self.padding.symbols, found, strict=True))
            fills = self.padding.fills if is_padded else {}
            lowering = Lowering(fixed, segment.kinds, capacities, segment.bounds, segment.trips, true, fills)
            lowering.bind(segment.inputs, raws)
            lowering.block(segment.nodes)
            outs = lowering.values(segment.outputs)
            self.called_back |= lowering.called_back
            return (outs, lowering.overflow) if watched else outs

        run.__name__ = run.__qualname__ = self.name
        return jax.jit(run, donate_argnums=self.donated, keep_unused=True)  # operands say where it runs


def _count(raw: Any) -> int:
    return raw.capacity if isinstance(raw, Slots) else len(raw)


def _in_buffer(items: Vector, value: Value, capacity: int, sizes: Mapping[str, int]) -> Slots:
    element = element_of(value)
    return to_slots(items, capacity, tuple([evaluate(dim, sizes) for dim in element.shape]), element.dtype.numpy)
