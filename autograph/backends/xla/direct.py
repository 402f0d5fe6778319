"""The short way through a graph that is one device program: raw values in, device arrays out, variables donated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import jax
import numpy as np

from autograph.backends.xla import refuse_tracers
from autograph.backends.xla.buckets import buckets
from autograph.backends.xla.kept_copies import on_device, own
from autograph.backends.xla.plan import Block, Segment
from autograph.backends.xla.segments import CompiledSegment
from autograph.backends.xla.transfers import Transfers
from autograph.runtime.device_tensor import DeviceTensor, shared_type
from autograph.runtime.dims import SymbolicDim, is_symbol, symbols_of
from autograph.runtime.ir import Value
from autograph.runtime.locking import choose, known
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import RefType, TensorType, Type


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
        types = [value.type for value in results]
        numbers = [t.dtype.numpy.itemsize if isinstance(t, TensorType) and t.weak else 0 for t in types]
        with jax.ensure_compile_time_eval():
            kind = type(jax.device_put(np.float32(0)))
        space: dict[str, Any] = {"Tensor": Tensor, "Device": DeviceTensor, "copy": on_device, "device": device}
        space |= {"array": np.ndarray, "own": own, "on_host": np.asarray, "moved": transfers, "failed": failed}
        space |= {"new": DeviceTensor.__new__}
        space |= {f"type{place}": _fixed(type_) for place, type_ in enumerate(types)}
        space |= {"known": known, "choose": choose}
        space |= {"Array": kind, "Tracer": jax.core.Tracer, "refuse_tracers": refuse_tracers}
        space |= {"program": None if self._sizes else self._compiled.fixed({}), "run_for": self._compiled}
        space |= {"fixed": self._compiled.fixed, "buckets": buckets}
        source = "\n".join(self._source(references, numbers, failed is not None))
        exec(compile(source, "<autograph call of XLA>", "exec"), space)
        found: Callable[[Sequence[Any]], list[Tensor]] = space["run"]
        return found

    def _run_lines(self, given: Sequence[str], raws: Sequence[str]) -> Iterator[str]:
        """The lines that run the program; of operands that are all JAX's arrays it knows the dtypes."""
        operands = ", ".join(given)
        there = " and ".join(f"type({name}) is Array" for name in given) or "True"
        program, others = "program", f"program({operands})"
        if self._sizes:
            sizes = ", ".join(f"{name!r}: {raws[place]}.shape[{axis}]" for name, (place, axis) in self._sizes.items())
            yield f"sizes = {{{sizes}}}"
            there = f"buckets.sizes is None and {there}"
            program, others = "fixed(sizes)", f"run_for([{operands}], sizes)"
        yield f"if {there}:"
        yield "    try:"
        yield f"        outs = {program}.run({operands})"
        yield "    except (TypeError, ValueError):"
        yield f"        outs = {program}.again({operands})"
        yield "else:"
        yield f"    outs = {others}"

    def _held_lines(
        self, references: Sequence[int], raws: Sequence[str], ends: Sequence[str], may_fail: bool
    ) -> Iterator[str]:
        """The lines from reading the variables to writing them."""
        for place in sorted(set(self.inputs) & set(references)):
            yield f"if type({raws[place]}) is array:"
            yield f"    moved.send({raws[place]})"
        yield from self._run_lines([raws[place] for place in self.inputs], raws)
        if self._compiled.segment.outputs:
            yield "if type(outs[0]) is not Array and isinstance(outs[0], Tracer):"
            yield "    refuse_tracers()"
        if may_fail:  # before variables are written, which the results may show
            yield f"results = [{', '.join(ends)}]"
        for place, end in zip(references, ends[len(ends) - len(references) :], strict=True):
            if end != raws[place]:
                yield f"{raws[place]} = {end}"

    def _source(self, references: Sequence[int], numbers: Sequence[int], may_fail: bool) -> Iterator[str]:
        """The lines of the function.

        Args:
            references: the places of variables.
            numbers: for each result that is a Python number its bytes, 0 for tensors.
            may_fail: whether results tell of a failure.
        """
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
        ends = [f"outs[{place}]" if made else raws[place] for made, place in self._results]
        indent = "    "
        if references:
            turns = ", ".join(f"{names[place]}._turn" for place in references)
            variables = ", ".join(names[place] for place in references)
            yield f"    with known.get(({turns},)) or choose(({variables},)):"
            indent += "    "
        for line in self._held_lines(references, raws, ends, may_fail):
            yield indent + line
        if may_fail:
            yield "    failed(results)"
        for place, (end, size) in enumerate(zip(ends, numbers)):
            if size:
                yield f"    moved.count({size})"
                yield f"    r{place} = Tensor(on_host({end}).item())"
            else:  # what `__init__` does, without a call
                yield f"    r{place} = new(Device)"
                yield f"    r{place}.array, r{place}._host, r{place}._type = {end}, None, type{place}"
        yield f"    return [{', '.join([f'r{place}' for place in range(len(numbers))])}]"


def _fixed(type_: Type) -> TensorType | None:
    """A type as tensors of the device share it; None where its sizes change."""
    if not isinstance(type_, TensorType) or not all(isinstance(dim, int) for dim in type_.shape):
        return None
    return shared_type(type_.dtype.numpy, type_.shape)


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
