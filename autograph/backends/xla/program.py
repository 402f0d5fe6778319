"""A graph on XLA, as a function of raw values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any, Protocol

import jax
import numpy as np

from autograph.backends.xla import refuse_tracers
from autograph.backends.xla.device_names import devices_by_name
from autograph.backends.xla.direct import Direct, sole_segment
from autograph.backends.xla.host import Host, to_raw
from autograph.backends.xla.kept_copies import moved, on_device, own
from autograph.backends.xla.kept_programs import follow_settings
from autograph.backends.xla.plan import Block, HostStep, Segment, plan
from autograph.backends.xla.prepare import prepare
from autograph.backends.xla.segments import CompiledSegment
from autograph.backends.xla.transfers import Transfers
from autograph.runtime.device_tensor import DeviceTensor
from autograph.runtime.failure import Failure
from autograph.runtime.ir import Graph, Node
from autograph.runtime.locking import locked
from autograph.runtime.op import Kind
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import RefType, TensorType
from autograph.runtime.variable import Variable
from autograph.runtime.vector import Vector


class Program:
    """A graph split into device programs.

    Attributes:
        block: its steps.
        transfers: what has gone between the host and the device.

    Args:
        graph: optimised.
        programs: of graphs that call one another.
        device: the device to run on, None for the one that JAX prefers.
    """

    def __init__(self, graph: Graph, programs: dict[Graph, Program] | None = None, device: str | None = None) -> None:
        follow_settings()
        self.transfers = Transfers()
        self._name = device
        self._place = None if device is None else placements.get(device) or OneDevice(devices_by_name()[device])
        self._programs = {} if programs is None else programs
        self._programs[graph] = self
        self._prepared = prepare(graph)
        self._params = self._prepared.graph.params
        self._references = [place for place, value in enumerate(graph.params) if isinstance(value.type, RefType)]
        weak = [isinstance(value.type, TensorType) and value.type.weak for value in graph.results]
        self._kinds = list(zip(weak, graph.results))
        self._logs = 0 if self._prepared.log is None else self._prepared.log.count
        self.block = plan(self._prepared.graph, self._prepared.trips)
        self._direct: Direct | None = None
        sole = sole_segment(self.block)
        donated = () if sole is None or self._prepared.failures is None else self._written(sole)
        self._segments = {
            id(step): CompiledSegment(step, graph.name, donated)
            for step in steps(self.block)
            if isinstance(step, Segment)
        }
        if sole is not None and self._prepared.failures is not None:
            self._direct = Direct.of(self.block, self._segments[id(sole)], self._params)
        self._hosted = any(isinstance(step, HostStep) for step in self.block.steps)
        self._taken = [] if self._direct is None else self._direct.inputs
        self._short = self._made_short(graph)
        # Runs the graph on values, which may be tensors of the device; arrays among the results stay there.
        self.to_tensors = self._anywhere if self._short is None or self._place is not None else self._short

    @property
    def fallbacks(self) -> dict[str, int]:
        """How many nodes of each op the host runs: between device programs, and for those that have been compiled."""
        found = [node for step in steps(self.block) for node in self._on_host(step)]
        return dict(Counter(node.op.name for node in found))

    def _on_host(self, step: Segment | HostStep) -> Iterable[Node]:
        if isinstance(step, Segment):
            return self._segments[id(step)].called_back
        return () if step.node.op.kind in (Kind.CONTROL, Kind.EFFECT) else (step.node,)

    def compiled(self, segment: Segment) -> CompiledSegment:
        """The device programs of one of the graph's segments."""
        return self._segments[id(segment)]

    def notes(self) -> list[str]:
        """How the graph runs, for `fn.explain()`."""
        found = list(steps(self.block))
        hosted = sum(isinstance(step, HostStep) for step in found)
        compiled = [self._segments[id(step)] for step in found if isinstance(step, Segment)]
        count = sum(len(segment.sizes()) for segment in compiled)
        lines = [f"{_counted(len(compiled), 'device program')}, compiled {_counted(count, 'time')}"]
        lines[0] += f"; {_counted(hosted, 'step')} of the host between them" if hosted else ""
        if self._prepared.loops:
            lines.append(f"{_counted(self._prepared.loops, 'loop')} with a stack of frames for recursion")
        rooms = [room for segment in compiled for room in segment.segment.capacities]
        if rooms:
            lines.append(f"{_counted(len(rooms), 'buffer')} for lists, for at most {max(rooms)} items")
        lines += [line for segment in compiled for line in segment.notes()]
        return [*lines, str(self.transfers)]

    def _made_short(self, graph: Graph) -> Callable[[Sequence[Any]], list[Tensor]] | None:
        """What runs the graph on tensors, where it is one device program and prints nothing."""
        failures = self._prepared.failures
        if self._direct is None or self._logs or failures is None:
            return None
        device = None if self._place is None else self._place.device
        return self._direct.to_tensors(
            graph.params, graph.results, device, self._failed if failures.sites else None, self.transfers
        )

    def _written(self, segment: Segment) -> list[int]:
        """The inputs that are variables which the graph assigns."""
        results = self._prepared.graph.results
        kept = results[len(results) - len(self._references) - self._logs :]
        values = [self._params[place] for place in self._references]
        written = [value for value, end in zip(values, kept, strict=False) if end is not value]
        return [segment.inputs.index(v) for v in written if v in segment.inputs and v not in results]

    def __call__(self, raws: Sequence[Any]) -> list[Any]:
        """Runs the graph."""
        results = self._prepared.graph.results
        return [to_raw(out, value.type) for out, value in zip(self._run(raws), results, strict=False)]

    def _anywhere(self, raws: Sequence[Any]) -> list[Tensor]:
        """Runs the graph where it belongs, the short way or the long one."""
        place = self._place
        if place is None:
            return self._on_long_way([raw if type(raw) is Variable else self._raw(raw) for raw in raws])
        given = place([raw if type(raw) is Variable else self._raw(raw) for raw in raws])
        if self._short is not None and any(hasattr(given[i], "committed") for i in self._taken):
            return self._short(given)  # which runs where its operands are
        with nullcontext() if place.device is None else jax.default_device(place.device):
            return self._on_long_way(given) if self._short is None else self._short(given)

    def _raw(self, value: Any) -> Any:
        """What steps take for a tensor; what the host needs is there, and stays there."""
        if type(value) is DeviceTensor:
            return value.array
        if type(value) is not Tensor:
            return own(value)
        if self._hosted or (self._place is not None and self._place.device is None):
            return own(value._value)
        return on_device(value, None if self._place is None else self._place.device, self.transfers)

    def _on_long_way(self, given: list[Any]) -> list[Tensor]:
        return [
            DeviceTensor(out)
            if isinstance(out, jax.Array) and not weak
            else Tensor(to_raw(self.transfers.fetch(out), value.type))
            for out, (weak, value) in zip(self._run(given), self._kinds, strict=False)
        ]

    def _run(self, raws: Sequence[Any]) -> Sequence[Any]:
        """The graph's own results, as the device gives them; its effects have happened."""
        with jax.enable_x64(True):
            if self._prepared.failures is None:
                host = self._host(raws)
                return [host.values[value] for value in self._prepared.graph.results]
            if not self._references:
                return self._run_pure(raws)
            with locked([raws[place] for place in self._references]):
                return self._run_pure(raws)

    def _host(self, raws: Sequence[Any]) -> Host:
        host = Host(self._segments, self._call, self.transfers)
        host.bind(self._params, raws)
        host.block(self.block)
        return host

    def _call(self, graph: Graph, raws: Sequence[Any]) -> list[Any]:
        program = self._programs.get(graph)
        if program is None:
            program = Program(graph, self._programs, self._name)
        return program(raws)

    def _run_pure(self, raws: Sequence[Any]) -> Sequence[Any]:
        """Runs a graph without effects; then come its writes, its prints and its failure."""
        references = [raws[place] for place in self._references]
        values, failures = list(raws), self._prepared.failures
        for place in self._references:
            values[place] = values[place]._raw
        outs = self._outputs(values)
        if any(isinstance(out, jax.core.Tracer) for out in outs):
            refuse_tracers()
        end = len(outs) - self._logs
        for reference, out in zip(references, outs[end - len(references) : end], strict=True):
            reference._raw = out
        if self._logs and self._prepared.log is not None:
            results = self._prepared.graph.results
            fetched = map(self.transfers.fetch, outs[end:])
            self._prepared.log.write([to_raw(out, value.type) for out, value in zip(fetched, results[end:])])
        assert failures is not None
        if failures.sites:
            self._failed(outs)
        return outs[: self._prepared.results]

    def _failed(self, outs: Sequence[Any]) -> None:
        """Raises the failure that all results of a run tell of, if any; values of its message are on the host."""
        failures = self._prepared.failures
        assert failures is not None
        code = np.asarray(self.transfers.fetch(outs[failures.results]))
        if not code:
            return
        failure = failures.failure([*outs[: failures.results], code, *outs[failures.results + 1 :]])
        if failure is not None:
            payload = [np.asarray(raw) if isinstance(raw, jax.Array) else raw for raw in failure.payload]
            raise Failure(failure.site, payload)

    def _outputs(self, values: list[Any]) -> Sequence[Any]:
        """All results of the changed graph."""
        if self._direct is not None:
            return self._direct(values)
        host = self._host(values + [Vector()] * self._logs)
        return [host.values[value] for value in self._prepared.graph.results]


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


class Placement(Protocol):
    """Where a program runs: it puts operands there."""

    device: Any  # JAX's object for it, None where the operands' places say it

    def __call__(self, raws: Sequence[Any]) -> list[Any]:
        """Values where they belong."""
        ...


class OneDevice:
    """Copies what lives elsewhere to a device."""

    def __init__(self, device: Any) -> None:
        self.device = device
        self._only = {device}

    def __call__(self, raws: Sequence[Any]) -> list[Any]:
        """The values on the device; variables move there."""
        given = []
        for raw in raws:
            if type(raw) is Variable:
                with locked((raw,)):
                    raw._raw = self._moved(raw._raw)
                given.append(raw)
            else:
                given.append(self._moved(raw))
        return given

    def _moved(self, raw: Any) -> Any:
        committed = getattr(raw, "committed", None)  # None: a number or an array of the host
        if committed is None or (committed and raw.devices() == self._only):
            return raw
        return moved(raw, self.device)


# By the name of a backend's device: what is not one device.
placements: dict[str, Placement] = {}


def steps(block: Block) -> Iterator[Segment | HostStep]:
    """All steps, those of inner regions too."""
    for step in block.steps:
        yield step
        if isinstance(step, HostStep):
            for inner in step.blocks:
                yield from steps(inner)
