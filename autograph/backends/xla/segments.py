"""Runs one segment: compiled for the sizes at hand, and again with larger buffers where a list outgrows its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jax

from autograph.backends.xla import rule_modules
from autograph.backends.xla.lists import element_of
from autograph.backends.xla.lowering import Lowering
from autograph.backends.xla.plan import Segment
from autograph.backends.xla.slots import Slots, to_slots
from autograph.runtime.dims import evaluate
from autograph.runtime.ir import Value
from autograph.runtime.types import ListType
from autograph.runtime.vector import Vector

LOADED = rule_modules.__all__  # imported for what the modules register
GROWTH = 8


class CompiledSegment:
    """A segment with the device programs made of it so far.

    Attributes:
        watched: whether lists may outgrow their buffers.

    Args:
        segment: what to run.
        name: what profilers call its programs.
        donated: the places of inputs whose memory the outputs may take.
    """

    def __init__(self, segment: Segment, name: str, donated: Sequence[int] = ()) -> None:
        self.segment = segment
        self.name = name
        self.donated = tuple(donated)
        self.watched = len(segment.bounds) < len(segment.capacities)
        self._programs: dict[Any, Any] = {}
        self._lists = [(place, value) for place, value in enumerate(segment.inputs) if isinstance(value.type, ListType)]

    def __call__(self, raws: Sequence[Any], sizes: Mapping[str, int]) -> Sequence[Any]:
        """The segment's outputs for its inputs."""
        if not self.watched:
            outs: Sequence[Any] = self.fixed(sizes)(*raws)
            return outs
        return self._with_lists(raws, sizes)

    def fixed(self, sizes: Mapping[str, int]) -> Any:
        """The device program for some sizes, where no list is watched."""
        key = tuple([sizes[name] for name in self.segment.symbols])
        program = self._programs.get(key)
        if program is None:
            program = self._programs[key] = self.program(sizes, self.segment.capacities)
        return program

    def _with_lists(self, raws: Sequence[Any], sizes: Mapping[str, int]) -> Sequence[Any]:
        segment = self.segment
        for place, value in self._lists:
            self._make_room(segment.kinds[value], _count(raws[place]))
        while True:
            capacities = tuple(segment.capacities)
            given = list(raws)
            for place, value in self._lists:
                if isinstance(given[place], Vector):
                    given[place] = _in_buffer(given[place], value, capacities[segment.kinds[value]], sizes)
            key = (*[sizes[name] for name in segment.symbols], *capacities)
            program = self._programs.get(key)
            if program is None:
                program = self._programs[key] = self.program(sizes, capacities)
            outs, overflow = program(*given)
            outgrown = int(overflow)
            if not outgrown:
                return list(outs)
            for kind in range(len(capacities)):
                if outgrown >> kind & 1:
                    segment.capacities[kind] = max(segment.capacities[kind], capacities[kind] * GROWTH)

    def _make_room(self, kind: int, count: int) -> None:
        while self.segment.capacities[kind] < count:
            self.segment.capacities[kind] *= 2

    def program(self, sizes: Mapping[str, int], capacities: Sequence[int]) -> Any:
        """The device program for some sizes and capacities, compiled when it is called.

        It gives the segment's outputs; where lists are watched, a pair of these and the overflow.
        """
        segment, watched = self.segment, self.watched
        fixed = {name: sizes[name] for name in segment.symbols}

        def run(*raws: Any) -> Any:
            lowering = Lowering(fixed, segment.kinds, capacities, segment.bounds)
            lowering.bind(segment.inputs, raws)
            lowering.block(segment.nodes)
            outs = lowering.values(segment.outputs)
            return (outs, lowering.overflow) if watched else outs

        run.__name__ = run.__qualname__ = self.name
        return jax.jit(run, donate_argnums=self.donated)


def _count(raw: Any) -> int:
    return raw.capacity if isinstance(raw, Slots) else len(raw)


def _in_buffer(items: Vector, value: Value, capacity: int, sizes: Mapping[str, int]) -> Slots:
    element = element_of(value)
    return to_slots(items, capacity, tuple([evaluate(dim, sizes) for dim in element.shape]), element.dtype.numpy)
