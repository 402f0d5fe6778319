"""The traces of one function: which of them answers a call, and when there has to be another one."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import optree

from autograph.function.arguments import Arguments
from autograph.function.concrete import ConcreteFunction
from autograph.function.creation import Creation
from autograph.function.generalize import Place, generalized
from autograph.function.guards import Guards
from autograph.function.leaf_types import (
    FunctionLeaf,
    LeafType,
    NumberInput,
    ObjectLeaf,
    Sizes,
    TensorLeaf,
)
from autograph.function.leaf_types import leaf_type as exact_type
from autograph.function.trace_store import TraceStore
from autograph.function.tracing import Traced
from autograph.runtime.dims import SymbolicDim
from autograph.runtime.variable import Variable

_MOST_TRIALS = 4


@dataclass(eq=False)
class Entry:
    """A concrete function and what must hold for it to answer a call.

    Attributes:
        backend: the backend's name.
        structure: how the leaves make the arguments.
        types: the type of each leaf.
        guards: the outer values that the trace read.
        concrete: the graph.
        seconds: how long tracing took.
        cause: why it was traced: what differed from the nearest trace before.
        first: what answers the first call, where that creates variables and goes another way than later ones.
        from_disk: whether another process traced it.
        variables: references to the graph's variables that are the function's own.
        supplied: pairs of a position among the graph's variables and the leaf that supplies it.
        pattern: which variables among the arguments are one, or the function's own.
        used: the number of the last call that it answered.
    """

    backend: str
    structure: optree.PyTreeSpec
    types: Sequence[LeafType]
    guards: Guards
    concrete: ConcreteFunction
    seconds: float
    cause: str
    first: ConcreteFunction | None = None
    from_disk: bool = False
    variables: tuple[Any, ...] = ()
    supplied: tuple[tuple[int, int], ...] = ()
    pattern: tuple[Any, ...] = ()
    used: int = 0
    finalizers: list[Any] = field(default_factory=list)

    def mismatch(self, arguments: Arguments, backend: str) -> str | None:
        """Why the entry does not answer a call, or None."""
        if backend != self.backend:
            return f"backend was {self.backend}, is {backend}"
        if arguments.structure != self.structure:
            return f"the structure of the arguments was {_text(self.structure)}, is {_text(arguments.structure)}"
        sizes: Sizes = {}
        for index, (type_, leaf) in enumerate(zip(self.types, arguments.leaves, strict=True)):
            why = type_.mismatch(leaf, sizes)
            if why is not None:
                return f"argument '{arguments.paths[index]}': {why}"
        if alias_pattern(arguments.leaves, self.variables) != self.pattern:
            return "other variables among the arguments are the same, or are used by the function itself"
        failed = self.guards.check()
        return None if failed is None else self.guards.explain(failed)

    def answers_types(
        self, structure: optree.PyTreeSpec, types: Sequence[LeafType], leaves: Sequence[Any], backend: str
    ) -> bool:
        """Whether the entry was traced for exactly these types."""
        if (backend, structure) != (self.backend, self.structure) or self.guards.check() is not None:
            return False
        return all(
            a == b or (b.input is None and a.mismatch(leaf, {}) is None)
            for a, b, leaf in zip(self.types, types, leaves, strict=True)
        )

    def answer(self, leaves: Sequence[Any]) -> Any:
        """Runs the graph on a call's leaves."""
        if self.first is not None:
            first, self.first = self.first, None
            return first.run(leaves)
        return self.concrete.run(leaves, self.references(leaves) if self.supplied else None)

    def references(self, leaves: Sequence[Any]) -> list[Any]:
        """The variables that a call's graph reads or writes."""
        variables: list[Any] = list(self.concrete.variables)
        for position, leaf in self.supplied:
            variables[position] = leaves[leaf]
        return variables


def alias_pattern(leaves: Sequence[Any], own: Sequence[Callable[[], Any]]) -> tuple[Any, ...]:
    """Which variables among the arguments are one, and which are among the function's own."""
    known = {id(variable): -1 - i for i, reference in enumerate(own) if (variable := reference()) is not None}
    return tuple([known.setdefault(id(leaf), i) for i, leaf in enumerate(leaves) if isinstance(leaf, Variable)])


def _text(structure: optree.PyTreeSpec) -> str:
    return str(structure).removeprefix("PyTreeSpec(").split(", NoneIsLeaf")[0]


Tracer = Callable[[Arguments, Sequence[LeafType], str, Creation | None], Traced]


class Cache:
    """The entries of one function, and the places that cannot be general.

    Args:
        trace: traces the function for a call.
        limit: gives the number of entries to keep.
        roots: gives pairs of a path and an object that the function reads besides its arguments (`self`).
        forget: called when an entry goes.
        store: keeps traces for other processes.
        declared: the parameters that the user has declared static.
    """

    def __init__(
        self,
        trace: Tracer,
        limit: Callable[[], int],
        roots: Callable[[], Sequence[tuple[str, Any]]],
        forget: Callable[[], None],
        store: TraceStore,
        declared: Collection[str] = (),
    ) -> None:
        self.entries: list[Entry] = []
        self.static: set[Place] = set()
        self._trace = trace
        self._limit = limit
        self._roots = roots
        self._forget = forget
        self._declared = declared
        self._is_new = True
        self._store = store

    def find(self, arguments: Arguments, backend: str) -> Entry | None:
        """The entry that answers a call: the most recently used that fits."""
        for entry in sorted(self.entries, key=lambda entry: -entry.used):
            if entry.mismatch(arguments, backend) is None:
                return entry
        return None

    def add(
        self, arguments: Arguments, backend: str, fixed: Sequence[LeafType] | None, generalize: bool
    ) -> tuple[Entry, list[str]]:
        """Traces for a call that no entry answers.

        Args:
            arguments: the call's arguments.
            backend: the backend's name.
            fixed: the types of the leaves, where a signature gives them.
            generalize: whether sizes and numbers that changed become inputs.

        Returns:
            The entry, and why each of the others does not answer, the nearest first.
        """
        ranked = sorted(self.entries, key=lambda entry: (self._distance(entry, arguments), -entry.used))
        reasons = [entry.mismatch(arguments, backend) or "" for entry in ranked]
        cause = reasons[0] if reasons else "first call"
        choices = [fixed] if fixed is not None else self._choices(ranked, arguments, generalize)
        entry = self._first(choices, arguments, backend, cause)
        self._evict()
        self.entries.append(entry)
        return entry, reasons

    def _distance(self, entry: Entry, arguments: Arguments) -> int:
        """How much differs, so that the nearest trace explains a retrace: leaves count more than guards."""
        if entry.structure != arguments.structure:
            return 1_000_000
        sizes: Sizes = {}
        leaves = sum(t.mismatch(leaf, sizes) is not None for t, leaf in zip(entry.types, arguments.leaves, strict=True))
        return 1000 * leaves + len(entry.guards.failures())

    def _choices(self, ranked: list[Entry], arguments: Arguments, generalize: bool) -> list[Sequence[LeafType]]:
        """Types to trace with, the most general first; the last ones are exact."""
        exact = [exact_type(leaf) for leaf in arguments.leaves]
        for entry in ranked if generalize else ():
            if entry.structure != arguments.structure:
                continue
            general = self._generalized(entry, arguments, self.static)
            if general is not None:
                return [general, *self._narrower(entry, general, arguments), exact]
        return [exact]

    def _generalized(self, entry: Entry, arguments: Arguments, static: set[Place]) -> Sequence[LeafType] | None:
        fixed = [i for i, name in enumerate(arguments.parameters) if name in self._declared] if self._declared else []
        return generalized(entry.types, arguments.leaves, arguments.paths, static, fixed)

    def _narrower(self, entry: Entry, general: Sequence[LeafType], arguments: Arguments) -> list[Sequence[LeafType]]:
        """The same with one place less general, for each of a few."""
        places = _places(general)
        if not 1 < len(places) <= _MOST_TRIALS:
            return []
        tried = [self._generalized(entry, arguments, self.static | {place}) for place in places]
        return [types for types in tried if types is not None]

    def _first(self, choices: Sequence[Sequence[LeafType]], arguments: Arguments, backend: str, cause: str) -> Entry:
        """The entry of the first choice that can be traced; the body may need some values to be known."""
        for types in choices[:-1]:
            try:
                entry = self._made(types, arguments, backend, cause)
            except Exception:  # whatever it is, it also comes up with exact types, or was due to the general ones
                continue
            self.static |= _places(choices[0]) - _places(types)
            return entry
        entry = self._made(choices[-1], arguments, backend, cause)
        self.static |= _places(choices[0])
        return entry

    def _made(self, types: Sequence[LeafType], arguments: Arguments, backend: str, cause: str) -> Entry:
        start = time.perf_counter()
        roots = [*self._roots(), *_objects(arguments)]
        found = self._store.load(arguments, types, backend, roots)
        first = None
        if found is not None:
            self._is_new = False
            concrete, guards = found
        else:
            traced, first = self._traced(types, arguments, backend)
            concrete, guards = traced.concrete, traced.guards(roots)
            if first is None:
                self._store.save(arguments, types, backend, concrete, guards)
        guards.compile()
        seconds = time.perf_counter() - start
        entry = Entry(backend, arguments.structure, types, guards, concrete, seconds, cause, first, found is not None)
        self._place_variables(entry, arguments)
        self._watch(entry)
        return entry

    def _traced(
        self, types: Sequence[LeafType], arguments: Arguments, backend: str
    ) -> tuple[Traced, ConcreteFunction | None]:
        """A trace; on the function's first call one that may create variables, and then one that finds them there."""
        creation = Creation(arguments.leaves) if self._is_new else None
        traced = self._trace(arguments, types, backend, creation)
        first = None
        if creation is not None and creation.variables:
            first = traced.concrete
            try:
                traced = self._trace(arguments, types, backend, None)
            except BaseException:
                creation.undo()
                raise
        self._is_new = False
        return traced, None if first is None or first.computes_same(traced.concrete) else first

    def _place_variables(self, entry: Entry, arguments: Arguments) -> None:
        """Finds the variables that the arguments supply; those that the function reaches itself are its own."""
        positions = {id(variable): i for i, variable in enumerate(entry.concrete.variables)}
        leaves = {id(leaf): i for i, leaf in enumerate(arguments.leaves) if isinstance(leaf, Variable)}
        free = {key for key in leaves if key in positions and not entry.guards.knows(key)}
        entry.supplied = tuple([(positions[key], leaves[key]) for key in free])
        entry.variables = tuple([weakref.ref(v) for v in entry.concrete.variables if id(v) not in free])
        entry.pattern = alias_pattern(arguments.leaves, entry.variables)

    def _watch(self, entry: Entry) -> None:
        """Lets the entry go with the objects that it is about."""
        reference = weakref.ref(self)
        entry_reference = weakref.ref(entry)

        def gone() -> None:
            cache, dead = reference(), entry_reference()
            if cache is not None and dead is not None:
                cache.remove(dead)

        objects = [obj for type_ in entry.types for obj in _referents(type_)]
        objects += [obj for r in entry.guards.objects if (obj := r()) is not None]
        for obj in {id(obj): obj for obj in objects}.values():
            finalizer = weakref.finalize(obj, gone)
            finalizer.atexit = False
            entry.finalizers.append(finalizer)

    def remove(self, entry: Entry) -> None:
        """Forgets an entry."""
        for finalizer in entry.finalizers:
            finalizer.detach()
        self.entries = [other for other in self.entries if other is not entry]
        self._forget()

    def clear(self) -> None:
        """Forgets all entries."""
        for entry in list(self.entries):
            self.remove(entry)
        self.static.clear()

    def _evict(self) -> None:
        while len(self.entries) >= max(self._limit(), 1):
            self.remove(min(self.entries, key=lambda entry: entry.used))


def _places(types: Sequence[LeafType]) -> set[Place]:
    """What is general in types."""
    found: set[Place] = set()
    for index, type_ in enumerate(types):
        if isinstance(type_, NumberInput):
            found.add((index, None))
        elif isinstance(type_, TensorLeaf):
            found |= {(index, axis) for axis, dim in enumerate(type_.type.shape) if isinstance(dim, SymbolicDim)}
    return found


def _objects(arguments: Arguments) -> list[tuple[str, Any]]:
    """The arguments that guards go by."""
    found = []
    for path, leaf in zip(arguments.paths, arguments.leaves, strict=True):
        type_ = exact_type(leaf)
        if isinstance(type_, ObjectLeaf):
            found.append((path, leaf))
        elif isinstance(type_, FunctionLeaf) and hasattr(leaf, "__self__"):
            found.append((path, leaf.__self__))
    return found


def _referents(type_: LeafType) -> list[Any]:
    """The live objects that a leaf type refers to weakly."""
    if isinstance(type_, FunctionLeaf):
        return [obj for part in type_.parts for obj in _referents(part)]
    if isinstance(type_, ObjectLeaf) and isinstance(type_.reference, weakref.ref):
        obj = type_.reference()
        return [] if obj is None else [obj]
    return []
