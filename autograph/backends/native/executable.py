"""A graph in machine code, as a function of raw values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.backends.native import python_api, rules
from autograph.backends.native.engine import Compiled
from autograph.backends.native.entry import Entry
from autograph.backends.native.functions import Main
from autograph.backends.native.host import Table, dispatcher, running
from autograph.backends.native.list_sizes import sizes_are_given
from autograph.backends.native.marks import Marks
from autograph.backends.native.module import Module
from autograph.errors import AutoGraphError
from autograph.runtime.failure import Failure, raise_at
from autograph.runtime.ir import Graph, clone_graph, walk
from autograph.runtime.locking import locked
from autograph.runtime.structure_ops import call_op
from autograph.runtime.types import ListType, RefType, TensorType
from autograph.transforms.passes.chain_parts import chain_parts
from autograph.transforms.passes.dead_code import remove_dead_code
from autograph.transforms.passes.explicit_checks import make_checks_explicit
from autograph.transforms.passes.hoist_products import hoist_products
from autograph.transforms.passes.sink_products import sink_products
from autograph.transforms.passes.split_regions import split_regions

RULES = rules.__all__  # imported for what the modules register


class Program:
    """A compiled graph.

    Attributes:
        compiled: the machine code.
        fallbacks: how many nodes of each op the host runs.
        arena: the bytes of the memory that its functions plan ahead.
        loops: which ops each loop over elements computes, with the user's lines, as text.
        parameters: the parameters, as the code takes them.

    Args:
        graph: optimised.
        marks: clocks to write into the code, None for none.
    """

    def __init__(self, graph: Graph, marks: Marks | None = None) -> None:
        module, prepared, entry = lowered(graph, marks)
        self.parameters = prepared.params
        self._plain = not module.sites and not any(isinstance(value.type, RefType) for value in prepared.params)
        # Whether no other Python thread can run meanwhile, or it does not matter.
        self._atomic = not entry.variables or not (module.polls or module.sites or entry.releases)
        self._calls = module.calls
        self._sites = dispatcher(module.sites)
        self.compiled = Compiled(module.text(), id(self._sites))
        self.fallbacks = module.fallbacks
        self.arena = sum(module.arenas)
        self.loops = str(module.listing)
        self._types = [value.type for value in prepared.params]
        self._references = [place for place, type_ in enumerate(self._types) if isinstance(type_, RefType)]
        self._lists = [place for place, type_ in enumerate(self._types) if isinstance(type_, ListType)]
        self._count = len(prepared.results)
        self._collected = entry.collected
        self._variables = entry.variables
        self._kept = module.kept
        self._entry, self._definition = python_api.builtin(self.compiled.address("entry"))

    def __call__(self, raws: Sequence[Any]) -> list[Any]:
        """Runs the graph."""
        if self._plain:
            found: list[Any] | None = self._entry(raws)
            return found if found is not None else self._entry(self._fitting(raws))
        return self._run_with_host(raws)

    def _run_with_host(self, raws: Sequence[Any]) -> list[Any]:
        if self._atomic:
            return self._run_alone(raws)
        with locked([raws[place] for place in self._variables]):
            return self._run_alone(raws)

    def _run_alone(self, raws: Sequence[Any]) -> list[Any]:
        values = list(raws)
        for place in self._references:
            values[place] = values[place]._raw
        table = Table([raws[place] for place in self._lists])
        limit = [running.stack] if self._calls else []
        tables = running.tables
        tables.append(table)
        try:
            found: list[Any] | None = self._entry(values + limit)
            if found is None:
                found = self._entry(self._fitting(values) + limit)
        finally:
            tables.pop()
        assert found is not None
        raised = found.pop() if self._variables else None
        for place, raw in zip(self._variables, found[self._count :], strict=True):
            raws[place]._raw = raw
        if raised is not None:
            raise raised
        if table.error is not None:
            self._raise(*table.error)
        for place, raw in zip(self._collected, table.results, strict=True):
            found[place] = raw
        return found[: self._count]

    @staticmethod
    def _raise(error: BaseException, location: Any) -> None:
        if location is None or isinstance(error, Failure | AutoGraphError) or not isinstance(error, Exception):
            raise error
        raise_at(error.with_traceback(None), location)

    def _fitting(self, raws: Sequence[Any]) -> list[Any]:
        """The values in the form that the entry reads: contiguous arrays, Python's own numbers."""
        made = []
        for raw, type_ in zip(raws, self._types, strict=True):
            held = type_.value if isinstance(type_, RefType) else type_
            if not isinstance(held, TensorType):
                made.append(raw)
            elif held.weak:
                made.append(held.dtype.numpy.type(raw).item())
            else:
                made.append(np.array(raw, held.dtype.numpy, order="C", ndmin=0))
        return made


def lowered(graph: Graph, marks: Marks | None = None) -> tuple[Module, Graph, Entry]:
    """The unit that a graph becomes, the graph in the form in which it was written, and its entry."""
    prepared = _prepared(graph, {})
    module = Module(marks)
    module.sized_lists = sizes_are_given(prepared)
    entry = Entry(module, prepared, Main(module, prepared))
    if marks is not None:
        module.add(marks.text())
    return module, prepared, entry


def _prepared(graph: Graph, done: dict[Graph, Graph]) -> Graph:
    """A copy of a graph, and of those it calls, in which only checks fail."""
    copy = done[graph] = clone_graph(graph)
    for node in walk(copy.body):
        if node.op is call_op:
            callee = node.attrs["callee"]
            node.attrs["callee"] = done.get(callee) or _prepared(callee, done)
    make_checks_explicit(copy, calls=True)
    hoist_products(copy)
    chain_parts(copy)
    sink_products(copy)
    remove_dead_code(copy)
    split_regions(copy)
    return copy
