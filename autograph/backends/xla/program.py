"""A graph on XLA, as a function of raw values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import Any

import jax
import numpy as np

from autograph.backends.native.locking import locked
from autograph.backends.xla.host import Host, to_raw
from autograph.backends.xla.plan import Block, HostStep, Segment, plan
from autograph.backends.xla.prepare import prepare
from autograph.backends.xla.rules import RULES, STRUCTURAL
from autograph.backends.xla.segments import CompiledSegment
from autograph.runtime.ir import Graph, Node, Value, walk
from autograph.runtime.op import Kind
from autograph.runtime.types import RefType
from autograph.runtime.vector import Vector


class Program:
    """A graph split into device programs.

    Attributes:
        block: its steps.
        fallbacks: how many nodes of each op the host runs.

    Args:
        graph: optimised.
        programs: of graphs that call one another.
    """

    def __init__(self, graph: Graph, programs: dict[Graph, Program] | None = None) -> None:
        self._programs = {} if programs is None else programs
        self._programs[graph] = self
        self._prepared = prepare(graph)
        self._params = self._prepared.graph.params
        self._references = [place for place, value in enumerate(graph.params) if isinstance(value.type, RefType)]
        self.block = plan(self._prepared.graph)
        self._segments = {
            id(step): CompiledSegment(step, graph.name) for step in _steps(self.block) if isinstance(step, Segment)
        }
        self.fallbacks = dict(Counter(node.op.name for node in _on_host(self.block)))

    def __call__(self, raws: Sequence[Any]) -> list[Any]:
        """Runs the graph."""
        with jax.enable_x64(True):
            if self._prepared.failures is None:
                return self._run_with_effects(raws)
            references = [raws[place] for place in self._references]
            with locked(references) if references else nullcontext():
                return self._run_pure(raws, references)

    def _host(self, raws: Sequence[Any]) -> Host:
        host = Host(self._segments, self._call)
        host.bind(self._params, raws)
        host.block(self.block)
        return host

    def _call(self, graph: Graph, raws: Sequence[Any]) -> list[Any]:
        program = self._programs.get(graph)
        if program is None:
            program = Program(graph, self._programs)
        return program(raws)

    def _run_with_effects(self, raws: Sequence[Any]) -> list[Any]:
        host = self._host(raws)
        return [host.raw(value) for value in self._prepared.graph.results]

    def _run_pure(self, raws: Sequence[Any], references: Sequence[Any]) -> list[Any]:
        """Runs a graph without effects; then come its writes, its prints and its failure."""
        values, log, failures = list(raws), self._prepared.log, self._prepared.failures
        for place in self._references:
            values[place] = values[place]._value
        logs = 0 if log is None else log.count
        values += [Vector()] * logs
        host = self._host(values)
        results: list[Value] = self._prepared.graph.results
        kept = results[len(results) - len(references) - logs :]
        for reference, value in zip(references, kept, strict=False):
            reference._value = host.raw(value)
        if log is not None and logs:
            log.write([host.raw(value) for value in kept[len(references) :]])
        assert failures is not None
        if failures.sites:
            outputs = [_Lazy(host, value) for value in results]
            failure = failures.failure(outputs)
            if failure is not None:
                failure.payload = [lazy.raw() for lazy in failure.payload]
                raise failure
        return [to_raw(host.values[value], value.type) for value in results[: self._prepared.results]]


class _Lazy:
    """A result that comes from the device only if it is asked for."""

    def __init__(self, host: Host, value: Value) -> None:
        self._host = host
        self._value = value

    def raw(self) -> Any:
        return self._host.raw(self._value)

    def __int__(self) -> int:
        return int(np.asarray(self._host.values[self._value]))


def _steps(block: Block) -> Iterator[Segment | HostStep]:
    for step in block.steps:
        yield step
        if isinstance(step, HostStep):
            for inner in step.blocks:
                yield from _steps(inner)


def _on_host(block: Block) -> Iterator[Node]:
    """The nodes that compute on the host, in its own steps or called from device programs."""
    for step in _steps(block):
        if isinstance(step, HostStep):
            if step.node.op.kind not in (Kind.CONTROL, Kind.EFFECT):
                yield step.node
            continue
        for node in step.nodes:
            for inner in (node, *[n for region in node.regions for n in walk(region)]):
                if inner.op.name not in RULES and inner.op.name not in STRUCTURAL:
                    yield inner
