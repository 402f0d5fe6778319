"""The short way through a graph that is one device program: raw values in, device arrays out, variables donated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograph.backends.xla.plan import Block, Segment
from autograph.backends.xla.segments import CompiledSegment
from autograph.runtime.dims import SymbolicDim, is_symbol, symbols_of
from autograph.runtime.ir import Value
from autograph.runtime.types import TensorType


class Direct:
    """Runs the one segment of a graph.

    Attributes:
        outputs: for each of the graph's results, its place among the program's outputs.

    Args:
        compiled: the segment's programs.
        params: the graph's parameters.
        results: its results.
        sizes: for each size, the parameter and the axis that tell it.
    """

    def __init__(
        self,
        compiled: CompiledSegment,
        params: Sequence[Value],
        results: Sequence[Value],
        sizes: Mapping[str, tuple[int, int]],
    ) -> None:
        segment = compiled.segment
        self._compiled = compiled
        self._inputs = [params.index(value) for value in segment.inputs]
        self._sizes = sizes
        self.outputs = [segment.outputs.index(value) for value in results]

    @classmethod
    def of(cls, block: Block, compiled: CompiledSegment, params: Sequence[Value]) -> Direct | None:
        """The short way through a graph, if it has one."""
        segment = compiled.segment
        tensors = all(isinstance(value.type, TensorType) for value in (*params, *block.region.results))
        if not tensors or segment.capacities or not set(block.region.results) <= set(segment.outputs):
            return None
        places = {name: _place_of(name, params) for name in segment.symbols}
        sizes = {name: place for name, place in places.items() if place is not None}
        return cls(compiled, params, block.region.results, sizes) if len(sizes) == len(places) else None

    def __call__(self, raws: Sequence[Any]) -> Sequence[Any]:
        """The program's outputs."""
        sizes = {name: raws[place].shape[axis] for name, (place, axis) in self._sizes.items()}
        return self._compiled([raws[place] for place in self._inputs], sizes)


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
