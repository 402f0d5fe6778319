"""The short way through a graph that is one device program: raw values in, device arrays out, variables donated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograph.backends.xla.plan import Block, Segment
from autograph.backends.xla.segments import CompiledSegment
from autograph.runtime.dims import SymbolicDim, is_symbol, symbols_of
from autograph.runtime.ir import Value
from autograph.runtime.types import TensorType

Argument = Callable[[Sequence[Any]], Any]


class Direct:
    """Runs the one segment of a graph.

    Attributes:
        outputs: for each of the graph's results, its place among the program's outputs.

    Args:
        compiled: the segment's programs.
        params: the graph's parameters.
        written: the parameters whose memory the results may take.
    """

    def __init__(self, compiled: CompiledSegment, params: Sequence[Value], results: Sequence[Value]) -> None:
        segment = compiled.segment
        self._compiled = compiled
        self._programs: dict[Any, Any] = {}
        self._inputs = [params.index(value) for value in segment.inputs]
        self._symbols = [_place_of(name, params) for name in segment.symbols]
        self._sizes = segment.symbols
        self.outputs = [segment.outputs.index(value) for value in results]

    @classmethod
    def of(cls, block: Block, compiled: CompiledSegment, params: Sequence[Value]) -> Direct | None:
        """The short way through a graph, if it has one."""
        segment = compiled.segment
        tensors = all(isinstance(value.type, TensorType) for value in (*params, *block.region.results))
        if not tensors or segment.capacities or not set(block.region.results) <= set(segment.outputs):
            return None
        if any(_place_of(name, params) is None for name in segment.symbols):
            return None
        return cls(compiled, params, block.region.results)

    def __call__(self, raws: Sequence[Any]) -> Sequence[Any]:
        """The program's outputs."""
        key = tuple([raws[place].shape[axis] for place, axis in self._symbols]) if self._symbols else ()  # type: ignore[misc]
        program = self._programs.get(key)
        if program is None:
            sizes = dict(zip(self._sizes, key, strict=True))
            program = self._programs[key] = self._compiled.program(sizes, ())
        outs: Sequence[Any] = program(*[raws[place] for place in self._inputs])[0]
        return outs


def sole_segment(block: Block) -> Segment | None:
    """The only step of a block, if that is a segment."""
    step = block.steps[0] if len(block.steps) == 1 else None
    return step if isinstance(step, Segment) else None


def _place_of(name: str, params: Sequence[Value]) -> tuple[int, int] | None:
    """A parameter and an axis whose size is a symbol."""
    for place, value in enumerate(params):
        if isinstance(value.type, TensorType):
            for axis, dim in enumerate(value.type.shape):
                if isinstance(dim, SymbolicDim) and is_symbol(dim) and symbols_of(dim) == (name,):
                    return place, axis
    return None
