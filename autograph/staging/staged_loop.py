"""A loop of the graph: finds the types that its carry keeps from trip to trip, then records it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograph.errors import StagingError
from autograph.runtime.dims import Dim, substitute
from autograph.runtime.ir import Region
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import while_op
from autograph.runtime.types import ListType, TensorType, Type
from autograph.staging.choice import same_choice
from autograph.staging.codec import decode, encode
from autograph.staging.forms import (
    DIVERGED,
    Absent,
    Choice,
    Const,
    Form,
    GraphListForm,
    Number,
    Optional,
    OptionalStruct,
    Slot,
    Struct,
    Variants,
    form_of,
    has_identity,
)
from autograph.staging.joins import Join
from autograph.staging.journal import Location, changed_keys, snapshot
from autograph.staging.list_items import Link
from autograph.staging.paths import Path, note_join, shared_or_settled
from autograph.staging.regions import active_trace, apply_spoils, apply_writes, note_moved, trace_path, unpacked
from autograph.staging.shared_carry import SharedCarry

_MOST_TRIALS = 20


class StagedLoop:
    """One `while` of the graph under construction.

    Args:
        test: gives the bool scalar tensor that says whether to go on, a function of the carry.
        body: one trip.
        carry: values at the start.
        names: names of the carry.
        locations: cells and globals that the loop assigns; places in objects are found by tracing the body.
    """

    def __init__(
        self,
        test: Callable[..., Any],
        body: Callable[..., Any],
        carry: tuple[Any, ...],
        names: list[str],
        locations: list[Location],
    ) -> None:
        self.test = test
        self.body = body
        self.names = names
        self.declared = locations
        self._older = set(active_trace().journal.aliases.made)
        self.locations = {location.identity: location for location in locations}
        self.starts = [*carry, *[location.get() for location in locations]]
        self.forms = [entry_form(value) for value in self.starts]
        self.count = len(carry)
        self.join = Join("this loop (before the first trip and after one)")
        self.shared = SharedCarry()
        self.spoiling: list[Path] = []
        self._items: set[int] = set()  # places in the carry whose values may be items of lists
        self._known: set[tuple[str, int]] = set()  # what is older than a trip and an item
        self._broken: list[Link] = []  # items that are elsewhere after a trip
        self._links: list[Link] = []

    def run(self) -> tuple[Any, ...] | None:
        """Records the loop and gives the carry at its end; objects that it changes hold their new values.

        Where the test changes something, nothing is recorded and nothing given.
        """
        trace = active_trace()
        path, outputs = self._fixed_point()
        with trace.inside(path.region):
            path.region.results = self._encode(outputs)
        test = self._traced_test()
        if test is None:
            return None
        inputs = self._encode(self.starts)
        types = self._result_types()
        slots = iter(trace.record(while_op, inputs, {}, types, [test, path.region]))
        values = [decode(form, slots) for form in self.forms]
        apply_writes(zip(self.locations.values(), values[self.count :], strict=True))
        apply_spoils([path])
        for link in self._links:
            link.keep()
        self._note_origins(values)
        for made, start, output in zip(values, self.starts, self._raw_outputs(path), strict=True):
            note_join(made, [start, output], [None, path])
        return tuple(values[: self.count])

    def changes(self, objects: Sequence[Any]) -> bool:
        """Whether the body, once its carry is found, changes one of some objects."""
        owners = {id(place.owner) for place in self.locations.values()}
        return any(id(one) in owners for one in objects)

    def _note_origins(self, values: list[Any]) -> None:
        for made, start in zip(values, self.starts, strict=True):
            note_join(made, [start], [None])
        for place in self._items & set(range(len(values))):
            active_trace().journal.items.note_taken(values[place])
        self.shared.join(values, active_trace())

    def _fixed_point(self) -> tuple[Path, list[Any]]:
        unsettled: list[str] = []
        for _ in range(_MOST_TRIALS):
            distinct = set(active_trace().journal.items.distinct)
            path = self._trial()
            if self._found_locations(path):
                continue
            outputs = self._outputs(path)
            news = self._newly_spoiled(path)
            news |= self._newly_items(path)
            news |= self._newly_broken(path) | bool(distinct - set(active_trace().journal.items.distinct))
            news |= self.shared.found_in(self.starts, self._raw_outputs(path), path)
            labels = [*self.names, *[location.name for location in self.locations.values()]]
            joined = [
                self.join(form, form_of(value), label)
                for form, value, label in zip(self.forms, outputs, labels, strict=True)
            ]
            if not news and all(same_form(a, b) for a, b in zip(self.forms, joined, strict=True)):
                return path, outputs
            changed = zip(labels, self.forms, joined, strict=True)
            unsettled = [f"'{label}'" for label, old, new in changed if not same_form(old, new)]
            self._note_moved(joined)
            self._forget_objects(joined)
        refuse(
            StagingError,
            f"the types of {', '.join(unsettled or self.names)} do not settle in this loop",
            "keep the structure, dtype and rank of each carried value the same from trip to trip",
        )

    def _note_moved(self, joined: list[Form]) -> None:
        """Tells which lists of Python are lists of the graph from the next trial on."""
        places = zip(self.locations.values(), joined[self.count :], self.forms[self.count :], strict=True)
        for (location, new, old), start in zip(places, self.starts[self.count :], strict=True):
            if isinstance(new, GraphListForm) and not isinstance(old, GraphListForm):
                note_moved(location, [start])

    def _forget_objects(self, joined: list[Form]) -> None:
        """Takes the joined forms; once an object gives way to others, what it holds is found again."""
        given_way = any(
            isinstance(old, Const) and not same_form(old, new)
            for old, new in zip(self.forms[: self.count], joined, strict=False)
        )
        self.forms = joined
        if given_way:
            kept = self.count + len(self.declared)
            self.locations = {location.identity: location for location in self.declared}
            self.starts, self.forms = self.starts[:kept], joined[:kept]
            self._items = {place for place in self._items if place < kept}
            self.shared.forget(kept)

    def _newly_spoiled(self, path: Path) -> bool:
        """Whether the body makes more objects stale, which are so from the second trip on."""
        before = {id(obj) for old in self.spoiling for obj, _ in old.spoiled}
        self.spoiling = [path]
        return any(id(obj) not in before for obj, _ in path.spoiled)

    def _newly_items(self, path: Path) -> bool:
        """Whether a trip makes more of what the next one starts with items of lists."""
        items = active_trace().journal.items
        outputs = enumerate(self._raw_outputs(path))
        places = {place for place, value in outputs if items.holds(path.content(value))} - self._items
        known, owners = items.known(), {id(place.owner) for place in self.locations.values()}
        held = {place for place, start in enumerate(self.starts) if items.holds(start)}
        older = {*[("object", key) for key in owners & known], *[("start", place) for place in held]} - self._known
        self._items |= places
        self._known |= older
        return bool(places) or bool(older)

    def _newly_broken(self, path: Path) -> bool:
        """Whether an item that a trip starts with, at a known place in its list, may be elsewhere when it ends."""
        broken = [] if path.value is DIVERGED else [link for link in self._links if link not in path.links]
        self._broken += broken
        return bool(broken)

    def _trial(self) -> Path:
        region = self._region()
        self._links = [link for link in active_trace().journal.items.links() if link not in self._broken]

        def run() -> Any:
            return unpacked(self.body(*self._enter(region)), self.count)

        path = trace_path(region, run, self.locations.values(), (self.body, *self.starts), is_trip=True)
        made = active_trace().journal.aliases.made.keys() - self._older
        path.spoiled = [(obj, stale) for obj, stale in path.spoiled if id(obj) not in made]
        return path

    def _region(self) -> Region:
        types: list[Type] = []
        names: list[str] = []
        labels = [*self.names, *[location.name for location in self.locations.values()]]
        for form, label in zip(self.forms, labels, strict=True):
            slots = form.slot_types()
            types.extend(slots)
            names.extend([label if label.isidentifier() else ""] * len(slots))
        return Region(types, names)

    def _enter(self, region: Region) -> list[Any]:
        try:
            return self._entered(region)
        except (LookupError, ArithmeticError, NameError, AssertionError) as error:
            raise RuntimeError("internal error: the carry of a loop is inconsistent") from error  # not the user's

    def _entered(self, region: Region) -> list[Any]:
        """The carry inside the loop; locations get their values of this trip."""
        slots = iter(region.params)
        values = [decode(form, slots) for form in self.forms]
        apply_writes(zip(self.locations.values(), values[self.count :], strict=True))
        apply_spoils(self.spoiling)
        for link in self._links:
            link.keep()
        self._note_origins(values)
        return values[: self.count]

    def _found_locations(self, path: Path) -> bool:
        """Adds the places in objects that the body has changed and that are not carried yet."""
        new = [location for key, (location, _) in path.writes.items() if key not in self.locations]
        for location in new:
            start = location.get()
            self.locations[location.identity] = location
            self.starts.append(start)
            self.forms.append(content_form(start))
        return bool(new)

    def _raw_outputs(self, path: Path) -> list[Any]:
        if path.value is DIVERGED:
            return [DIVERGED] * len(self.forms)
        return [*path.value, *[path.value_at(location) for location in self.locations.values()]]

    def _outputs(self, path: Path) -> list[Any]:
        raw = self._raw_outputs(path)
        given = [
            shared_or_settled(start, value, None, path)[1]
            for start, value in zip(self.starts, raw[: self.count], strict=False)
        ]
        return [*given, *raw[self.count :]]

    def _traced_test(self) -> Region | None:
        trace = active_trace()
        region = self._region()
        changed: list[Any] = []

        def run() -> Any:
            state = self._enter(region)
            before = [(place.owner, snapshot(place.owner)) for place in self.locations.values()]
            value = self.test(*state)
            changed.extend(key for owner, saved in before for key in changed_keys(owner, saved))
            return value

        path = trace_path(region, run, self.locations.values(), (self.test, *self.starts))
        if changed or any(key not in self.locations for key in path.writes):
            return None
        with trace.inside(region):
            region.results = [trace.value(path.value)]
        return region

    def _encode(self, values: list[Any]) -> list[Any]:
        return [slot for value, form in zip(values, self.forms, strict=True) for slot in encode(value, form)]

    def _result_types(self) -> list[Type]:
        """The carry's types after the loop: sizes that change from trip to trip are new symbols there."""
        trace = active_trace()
        fresh: dict[str, Dim] = {name: trace.fresh_symbol() for name in sorted(self.join.free)}
        return [_substituted(type_, fresh) for form in self.forms for type_ in form.slot_types()]


def _substituted(type_: Type, mapping: dict[str, Dim]) -> Type:
    if not mapping or isinstance(type_, ListType):
        return type_
    assert isinstance(type_, TensorType)
    return type_.with_shape(tuple([substitute(dim, mapping) for dim in type_.shape]))


def entry_form(value: Any) -> Form:
    """The form that a value starts a loop with: numbers are tensors, mutable objects stay the objects they are."""
    if has_identity(value):
        return Const(value)
    return _widened(form_of(value))


def content_form(value: Any) -> Form:
    """The form of what an object holds when a loop starts."""
    return _widened(form_of(value))


def _widened(form: Form) -> Form:
    if isinstance(form, Number):
        return Slot(form.type)
    if isinstance(form, OptionalStruct):
        return OptionalStruct(_widened(form.inner), form.kinds, form.name)
    if isinstance(form, Variants):
        return Variants(tuple(map(_widened, form.options)))
    if isinstance(form, Struct):
        parts = [
            Const(p.example) if isinstance(p, Struct) and has_identity(p.example) else _widened(p) for p in form.parts
        ]
        return Struct(form.example, tuple(parts), form.keys)
    return form


def same_form(a: Form, b: Form) -> bool:
    """Whether two forms have the same slots in the same structure."""
    if type(a) is not type(b) or a.slot_types() != b.slot_types():
        return False
    if isinstance(a, Struct) and isinstance(b, Struct):
        return len(a.parts) == len(b.parts) and all(map(same_form, a.parts, b.parts))
    if isinstance(a, Variants) and isinstance(b, Variants):
        return len(a.options) == len(b.options) and all(map(same_form, a.options, b.options))
    if isinstance(a, OptionalStruct) and isinstance(b, OptionalStruct):
        return a.kinds == b.kinds and same_form(a.inner, b.inner)
    if isinstance(a, Const) and isinstance(b, Const):
        return a.value is b.value or a.value == b.value
    if isinstance(a, Choice) and isinstance(b, Choice):
        return len(a.values) == len(b.values) and all(map(same_choice, a.values, b.values))
    return not isinstance(a, Absent | Slot | Optional) or a == b
