"""The short way through a graph that is one device program: raw values in, device arrays out, variables donated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import jax
import numpy as np

from autograph.backends.xla import refuse_tracers
from autograph.backends.xla.kept_copies import on_device, own
from autograph.backends.xla.plan import Block, Segment
from autograph.backends.xla.segments import CompiledSegment
from autograph.backends.xla.transfers import Transfers
from autograph.runtime.device_tensor import DeviceTensor
from autograph.runtime.dims import SymbolicDim, is_symbol, symbols_of
from autograph.runtime.ir import Value
from autograph.runtime.locking import choose, known
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import RefType, TensorType


class Direct:
    """Runs the one segment of a graph.

    Attributes:
        inputs: the places of the parameters that the segment takes.

    Args:
        compiled: the segment's programs.
        params: the graph's parameters.
        results: its results, each an output of the segment or a parameter.
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
        self._count = len(params)
        self.inputs = [params.index(value) for value in segment.inputs]
        self._sizes = sizes
        outputs = {value: place for place, value in enumerate(segment.outputs)}
        # For each result whether it is an output of the segment, and its place among these or among the parameters.
        self._results = [
            (True, outputs[value]) if value in outputs else (False, params.index(value)) for value in results
        ]

    @classmethod
    def of(cls, block: Block, compiled: CompiledSegment, params: Sequence[Value]) -> Direct | None:
        """The short way through a graph, if it has one."""
        segment = compiled.segment
        results = block.region.results
        tensors = all(isinstance(value.type, TensorType) for value in (*params, *results))
        if not tensors or compiled.watched or not set(results) <= {*segment.outputs, *params}:
            return None
        places = {name: _place_of(name, params) for name in segment.symbols}
        sizes = {name: place for name, place in places.items() if place is not None}
        return cls(compiled, params, results, sizes) if len(sizes) == len(places) else None

    def __call__(self, raws: Sequence[Any]) -> list[Any]:
        """The graph's results for raw values."""
        sizes = {name: raws[place].shape[axis] for name, (place, axis) in self._sizes.items()}
        outs = self._compiled([raws[place] for place in self.inputs], sizes)
        return [outs[place] if made else raws[place] for made, place in self._results]

    def to_tensors(
        self,
        params: Sequence[Value],
        results: Sequence[Value],
        device: Any,
        failed: Callable[[list[Any]], Any] | None,
        transfers: Transfers,
    ) -> Callable[[Sequence[Any]], list[Tensor]] | None:
        """A function that runs the graph on tensors, variables and other values, and gives tensors.

        It is Python made for this graph, since what stands between a call and the program counts.

        Args:
            params: the graph's parameters as the function takes them, variables as references.
            results: the graph's own results; those of `__call__` go on with the error code, if there is one, and what
                comes with it; the last are the values of the variables.
            device: JAX's object for the device that values of the host are copied to; None for the default one.
            failed: takes all results where the graph may fail; raises if it has.
            transfers: counts what goes to the device and comes to the host.

        Returns:
            The function; None where a result is a parameter.
        """
        if not all(made for made, _ in self._results[: len(results)]):
            return None
        references = [place for place, value in enumerate(params) if isinstance(value.type, RefType)]
        weak = [isinstance(value.type, TensorType) and value.type.weak for value in results]
        with jax.ensure_compile_time_eval():
            kind = type(jax.device_put(np.float32(0)))
        space: dict[str, Any] = {"Tensor": Tensor, "Device": DeviceTensor, "copy": on_device, "device": device}
        space |= {"array": np.ndarray, "own": own, "fetched": transfers.fetch, "moved": transfers, "failed": failed}
        space |= {"known": known, "choose": choose, "wide": jax.enable_x64}
        space |= {"Array": kind, "Tracer": jax.core.Tracer, "refuse_tracers": refuse_tracers}
        space |= {"program": None if self._sizes else self._compiled.fixed({}), "run_for": self._compiled}
        source = "\n".join(self._source(references, weak, failed is not None))
        exec(compile(source, "<autograph call of XLA>", "exec"), space)
        found: Callable[[Sequence[Any]], list[Tensor]] = space["run"]
        return found

    def _source(self, references: Sequence[int], weak: Sequence[bool], may_fail: bool) -> Iterator[str]:
        """The lines of the function."""
        names = [f"a{place}" for place in range(self._count)]
        raws = [f"a{place}._raw" if place in references else name for place, name in enumerate(names)]
        yield "def run(values):"
        if names:
            yield f"    {', '.join(names)}, = values"
        for place in sorted(set(self.inputs) - set(references)):
            yield f"    if isinstance(a{place}, Tensor):"
            yield f"        a{place} = a{place}.array if type(a{place}) is Device else copy(a{place}, device, moved)"
            yield "    else:"
            yield f"        a{place} = own(a{place})"
        turns = ", ".join(f"{names[place]}._turn" for place in references)
        variables = ", ".join(names[place] for place in references)
        held = f"known.get(({turns},)) or choose(({variables},)), " if references else ""
        yield f"    with {held}wide(True):"
        for place in sorted(set(self.inputs) & set(references)):
            yield f"        if type({raws[place]}) is array:"
            yield f"            moved.send({raws[place]})"
        given = ", ".join(raws[place] for place in self.inputs)
        sizes = ", ".join(f"{name!r}: {raws[place]}.shape[{axis}]" for name, (place, axis) in self._sizes.items())
        yield f"        outs = run_for([{given}], {{{sizes}}})" if sizes else f"        outs = program({given})"
        if self._compiled.segment.outputs:
            yield "        if type(outs[0]) is not Array and isinstance(outs[0], Tracer):"
            yield "            refuse_tracers()"
        ends = [f"outs[{place}]" if made else raws[place] for made, place in self._results]
        if may_fail:
            yield f"        results = [{', '.join(ends)}]"
        for place, end in zip(references, ends[len(ends) - len(references) :], strict=True):
            if end != raws[place]:
                yield f"        {raws[place]} = {end}"
        if may_fail:
            yield "    failed(results)"
        made = [f"Tensor(fetched({end}).item())" if number else f"Device({end})" for end, number in zip(ends, weak)]
        yield f"    return [{', '.join(made)}]"


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
