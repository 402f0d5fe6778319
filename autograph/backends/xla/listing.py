"""What a graph becomes on XLA, as text: StableHLO of its device programs, and the steps of the host between them."""

from __future__ import annotations

import collections
from collections.abc import Iterator
from typing import Any

import jax

from autograph.backends.xla.plan import HostStep
from autograph.backends.xla.program import Program, steps
from autograph.backends.xla.segments import CompiledSegment
from autograph.backends.xla.slots import LENGTH, Slots
from autograph.runtime.dims import evaluate
from autograph.runtime.ir import Graph, Value
from autograph.runtime.types import ListType, TensorType

SAMPLE = 8  # what open sizes are shown as


def stablehlo(graph: Graph) -> str:
    """The programs of an optimised graph in order; open sizes are shown as 8."""
    program = Program(graph)
    with jax.enable_x64(True):
        return "\n".join(_parts(program))


def _parts(program: Program) -> Iterator[str]:
    for step in steps(program.block):
        if isinstance(step, HostStep):
            at = "" if step.node.location is None else f"  # {step.node.location.file}:{step.node.location.line}"
            yield f"// host: {step.node.op.name}{at}"
        else:
            yield _text(program.compiled(step))


def _text(compiled: CompiledSegment) -> str:
    text: str = traced(compiled).lower().as_text()
    return text.rstrip()


def traced(compiled: CompiledSegment) -> Any:
    """The device program of a segment as JAX has traced it, which can be lowered for any platform."""
    segment = compiled.segment
    sizes: dict[str, int] = collections.defaultdict(lambda: SAMPLE, dict.fromkeys(segment.symbols, SAMPLE))
    specs = [_spec(value, compiled, sizes) for value in segment.inputs]
    return compiled.fixed(sizes).program.trace(*specs)


def _spec(value: Value, compiled: CompiledSegment, sizes: dict[str, int]) -> Any:
    if isinstance(value.type, ListType):
        element = value.type.element
        assert isinstance(element, TensorType)
        capacity = compiled.segment.capacities[compiled.segment.kinds[value]]
        return Slots(_struct((capacity, *_shape(element, sizes)), element), _struct((), None))
    assert isinstance(value.type, TensorType)
    return _struct(_shape(value.type, sizes), value.type)


def _struct(shape: tuple[int, ...], type_: TensorType | None) -> Any:
    dtype = LENGTH if type_ is None else type_.dtype.numpy
    return jax.ShapeDtypeStruct(shape, dtype)  # type: ignore[no-untyped-call]


def _shape(type_: TensorType, sizes: dict[str, int]) -> tuple[int, ...]:
    return tuple([evaluate(dim, sizes) for dim in type_.shape])
