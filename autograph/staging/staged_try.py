"""A block of the graph whose failures are caught: finds what state it leaves where it may fail, then records it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograph.errors import AutoGraphError, GraphTensorError, StagingError
from autograph.ops.comparison import equal, not_equal
from autograph.runtime.failure import ErrorSite, Template
from autograph.runtime.ir import Node, Region, Value, walk
from autograph.runtime.op import Effect, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import assign_op, call_op, check_op, cond_op, fail_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import RefType, TensorType
from autograph.staging.codec import decode, encode
from autograph.staging.failures import Diverge, caught_of, is_users_exception, record_failure, stands_for
from autograph.staging.forms import (
    DIVERGED,
    Const,
    Form,
    Shared,
    Struct,
    form_of,
    has_identity,
    keys_of,
    parts_of,
    rebuild,
)
from autograph.staging.growing_list import List
from autograph.staging.joins import Join
from autograph.staging.journal import Location, copy_list
from autograph.staging.number_classes import without_class
from autograph.staging.paths import Path, note_join
from autograph.staging.regions import active_trace, apply_spoils, apply_writes, name_list, packed, trace_path, unpacked
from autograph.staging.staged_loop import same_form
from autograph.transforms.passes.catch_failures import Catcher, Raised, may_raise

_MOST_TRIALS = 20
# What kernels raise, by op; others may raise any of the built-in errors of values.
_RAISES: dict[str, tuple[type[Exception], ...]] = {
    "floor_divide": (ZeroDivisionError,),
    "remainder": (ZeroDivisionError,),
    "getitem": (IndexError,),
    "setitem": (IndexError,),
    "list_pop": (IndexError,),
    "list_get": (IndexError,),
    "list_set": (IndexError,),
}
_OF_VALUES = (ArithmeticError, LookupError, ValueError)
_SPECIAL = (ZeroDivisionError, OverflowError, IndexError, KeyError, AssertionError, TypeError, ValueError)
_KNOWN_TEXT = {
    "floor_divide": "integer division or modulo by zero",
    "remainder": "integer division or modulo by zero",
    "list_pop": "pop from empty list",
}


class StagedTry:
    """The body of a `try` statement of the graph under construction.

    Args:
        attempt: the body, a function of the carry.
        classes: what is caught.
        carry: values at the start.
        names: names of the results; None for one bare value.
        locations: cells and globals that the statement assigns; places in objects are found by tracing the body.
        of_tracing: exceptions that are about tracing, which nothing catches.
    """

    def __init__(
        self,
        attempt: Callable[..., Any],
        classes: tuple[type[BaseException], ...],
        carry: tuple[Any, ...],
        names: str | None,
        locations: Sequence[Location],
        of_tracing: tuple[type[Exception], ...],
    ) -> None:
        self.attempt = attempt
        self.classes = classes
        self.carry = carry
        self.names = names
        self.of_tracing = of_tracing
        self.locations = {location.identity: location for location in locations}
        # Objects that were there before the block: what it is given, and what a further trial changes again.
        self._old = {id(one) for one in _identities([*carry, *[place.get() for place in locations]])}
        self._seen: dict[Any, Location] = {}
        self.forms: dict[Any, Form] = {key: self._form_at(place) for key, place in self.locations.items()}
        self.join = Join("this try (before it and where it may raise)")
        self.path = Path(Region())
        self.ended: Node | None = None
        self._refs: dict[Any, list[Value]] = {}
        self._given: dict[Any, list[Any]] = {}  # what each place held where the body may raise
        self._dirty = False
        self._unsettled: list[str] = []

    def trace_body(self) -> bool:
        """Traces the body; whether it may raise at run time what is caught."""
        for _ in range(_MOST_TRIALS):
            self._trial()
            if not any(self._catches(node) for node in walk(self.path.region) if node is not self.ended):
                return False
            written = {key: place for key, place in self.path.touched.items() if key not in self.locations}
            new = {key: place for key, place in written.items() if key in self._seen}
            first = any(key not in self._seen for key in written) and len(self._seen) == 0
            self._seen |= written
            self._old |= {id(place.owner) for place in new.values()}
            self.locations |= new
            self._unsettled += [f"'{place.name}'" for place in new.values()]
            self.forms |= {key: self._form_at(place) for key, place in new.items()}
            if not new and not self._dirty and not first:
                return True
        refuse(
            StagingError,
            f"the types of what this try changes do not settle: {', '.join(dict.fromkeys(self._unsettled))}",
            "keep the structure, dtype and rank of each variable the same wherever the body may raise",
        )

    def _trial(self) -> None:
        trace = active_trace()
        outer = trace.before_failure
        self._dirty, self.ended, self._unsettled = False, None, []
        self._given = {key: [] for key in self.locations}
        self._refs = {key: [_reference(type_) for type_ in form.slot_types()] for key, form in self.forms.items()}

        def note(op: Op, attrs: Mapping[str, Any]) -> None:
            if self._may_catch(op, attrs):
                self._keep_state()
            if outer is not None:
                outer(op, attrs)

        trace.before_failure = note
        try:
            sources = (self.attempt, *self.carry)
            self.path = trace_path(Region(), self._run, self.locations.values(), sources)
        finally:
            trace.before_failure = outer

    def _run(self) -> Any:
        try:
            value = self.attempt(*self.carry)
        except Exception as error:
            if isinstance(error, self.of_tracing) or not isinstance(error, self.classes):
                raise
            if not isinstance(error, AutoGraphError) and not is_users_exception(error):
                raise
            record_failure(error)
            if caught_of(error) is None:
                self.ended = active_trace().region.nodes[-1]
            raise Diverge from None
        self._keep_state()
        return [value] if self.names is None else list(unpacked(value, len(name_list(self.names))))

    def _keep_state(self) -> None:
        """Assigns to the local references what the places that the block changes hold now."""
        trace = active_trace()
        for key, place in self.locations.items():
            value, form = self._value_at(place), self.forms[key]
            self._given[key].append(place.get())
            joined = self.join(form, form_of(value), place.name)
            if isinstance(form, Struct) and isinstance(joined, Const):
                joined = self.join.contents(form, joined.value, place.name)  # it has given way to others
            if not same_form(form, joined):
                self.forms[key], self._dirty = joined, True
                self._unsettled.append(f"'{place.name}'")
            if self._dirty:
                continue
            for ref, slot in zip(self._refs[key], encode(value, form), strict=True):
                trace.record(assign_op, (ref, slot), {}, ())

    def _may_catch(self, op: Op, attrs: Mapping[str, Any]) -> bool:
        site = attrs.get("site")
        if isinstance(site, ErrorSite):
            return issubclass(site.exception, self.classes)
        return bool(self._kernel_classes(op))

    def _kernel_classes(self, op: Op) -> list[type[BaseException]]:
        """The classes, the most special ones first, of what a kernel raises and this block catches."""
        known = _RAISES.get(op.name)
        kinds = [kind for kind in known or _SPECIAL if issubclass(kind, self.classes)]
        anything = bool(op.effects & Effect.HOST) or op is call_op
        for one in self.classes:
            related = any(issubclass(one, kind) or issubclass(kind, one) for kind in known or _OF_VALUES)
            if one not in kinds and (anything or (related and not (known and kinds))):
                kinds.append(one if issubclass(one, Exception) else Exception)
        return list(dict.fromkeys(kinds))

    def _catches(self, node: Node) -> list[type[BaseException]]:
        """The classes of what a node raises and is caught: the user's own, or those that catch a kernel's."""
        site = node.attrs.get("site")
        if isinstance(site, ErrorSite):
            return [site.exception] if issubclass(site.exception, self.classes) else []
        if not may_raise(node) or _is_safe(node):
            return []
        return self._kernel_classes(node.op)

    def record(self) -> Outcome:
        """Records the body into the current region; the places that it changes hold what they held where it ended."""
        trace = active_trace()
        region, forms = self.path.region, None
        if self.path.value is not DIVERGED:
            values = [self._settled(value) for value in self.path.value]
            forms = [form_of(value) for value in values]
            with trace.inside(region):
                region.results = [s for value, form in zip(values, forms, strict=True) for s in encode(value, form)]
        catcher = Catcher(trace, region, self._catches)
        state: dict[Value, Value] = {}
        for key, place in self.locations.items():
            state.update(zip(self._refs[key], encode(self._value_at(place), self.forms[key]), strict=True))
        status, slots = catcher.run(region, state)
        for key, place in self.locations.items():
            self._given[key].append(place.get())
        held = [decode(self.forms[key], iter([state[ref] for ref in self._refs[key]])) for key in self.locations]
        for place in self.locations.values():  # what it holds where something raises is not looked at
            trace.journal.items.distinct.pop(id(place.owner), None)
        apply_writes(zip(self.locations.values(), held, strict=True))
        apply_spoils([self.path])
        for key, made in zip(self.locations, held, strict=True):
            given = [*self._given[key], self.path.value_at(self.locations[key])]
            note_join(made, given, [*[None] * (len(given) - 1), self.path])
        places = iter(slots)
        results = None if forms is None else [decode(form, places) for form in forms]
        for made, value in zip(results or [], self.path.value if results else [], strict=True):
            note_join(made, [value], [self.path])
        payloads = {one.status: [Tensor(state[ref]) for ref in one.payload] for one in catcher.raised}
        outcome = Outcome(Tensor(status), results, catcher.raised, payloads, list(self.locations.values()))
        outcome.bare = self.names is None
        return outcome

    def _settled(self, value: Any) -> Any:
        """A result: objects that were there before stay these, others have the content that the body gave them."""
        if has_identity(value) and id(value) in self._old:
            return Shared(value)
        now = self.path.content(value)
        parts = None if isinstance(now, List) and now.graph is not None else parts_of(now)
        if parts is None:
            return now
        settled = [self._settled(part) for part in parts]
        same = all(a is b for a, b in zip(parts, settled, strict=True))
        return now if same else rebuild(now, settled, keys_of(now))

    def _form_at(self, place: Location) -> Form:
        return form_of(self._value_at(place))

    def _value_at(self, place: Location) -> Any:
        """What a place holds: an object that was there before stays that, of others the content counts."""
        value = place.get()
        if isinstance(place.owner, list) or not has_identity(value):
            return value
        if id(value) in self._old:
            return Shared(value)
        return copy_list(value) if isinstance(value, list) else value


class Outcome:
    """How a recorded block ended.

    Attributes:
        status: 0, or the status of what was raised; an integer scalar.
        results: what the block gives when nothing was raised; None if it always raises.
        raised: the ways to fail.
        payloads: the values of each failure's message, by status.
        locations: the places that the block changes.
        bare: whether the results are one value by itself.
    """

    def __init__(
        self,
        status: Tensor,
        results: list[Any] | None,
        raised: list[Raised],
        payloads: dict[int, list[Tensor]],
        locations: list[Location],
    ) -> None:
        self.status = status
        self.results = results
        self.raised = raised
        self.payloads = payloads
        self.locations = locations
        self.bare = False

    def give(self) -> Any:
        """The results as the block's function gave them."""
        assert self.results is not None
        return self.results[0] if self.bare else packed(self.results)

    def exception(self, group: list[Raised]) -> BaseException:
        """An exception for a handler, which stands for one of several failures."""
        first = group[0]
        if first.site is not None and (len(group) == 1 or not first.payload):
            error = first.site.made(_filled(first.site, self.payloads[first.status]))
        elif first.site is None and first.node.op.name in _KNOWN_TEXT:
            error = _kind_of(first)(_KNOWN_TEXT[first.node.op.name])
        else:
            error = _unknown(first.exception)
        return stands_for(error, _Group(self, group))

    def raise_again(self) -> None:
        """Records that the graph raises what was raised, if anything was."""
        for raised in self.raised:
            self._raise(raised, certain=False)

    def _raise(self, raised: Raised, certain: bool) -> None:
        trace = active_trace()
        payload = [trace.value(tensor) for tensor in self.payloads[raised.status]]
        status = trace.value(self.status)
        if raised.site is not None:
            if certain:
                trace.record(fail_op, payload, {"site": raised.site}, ())
            else:
                fine = trace.value(not_equal(Tensor(status), raised.status))
                trace.record(check_op, (fine, *payload), {"site": raised.site}, ())
            return
        then = Region()
        with trace.inside(then):
            self._run_again(raised, payload)
        fits = trace.value(equal(Tensor(status), raised.status))
        trace.record(cond_op, (fits,), {}, (), [then, Region()])

    def _run_again(self, raised: Raised, payload: list[Value]) -> None:
        """Runs an op that has failed once more, to raise what it raises."""
        trace, node = active_trace(), raised.node
        if payload and len(payload) == len(node.inputs):
            trace.region.append(Node(node.op, payload, node.attrs, (), [o.type for o in node.outputs], node.location))
        text = _KNOWN_TEXT.get(node.op.name, f"{node.op.name} failed")
        trace.record(fail_op, (), {"site": ErrorSite(_kind_of(raised), (text,), node.location)}, ())


class _Group:
    """Some of the failures of a block, which a handler may raise again."""

    def __init__(self, outcome: Outcome, group: list[Raised]) -> None:
        self.outcome = outcome
        self.group = group

    def raise_again(self) -> None:
        *others, last = self.group
        for raised in others:
            self.outcome._raise(raised, certain=False)
        self.outcome._raise(last, certain=True)


def _kind_of(raised: Raised) -> type[BaseException]:
    """The class of a kernel's exception."""
    for kind in _RAISES.get(raised.node.op.name, ()):
        return kind if issubclass(kind, raised.exception) else raised.exception
    return raised.exception


def _identities(values: Sequence[Any]) -> Iterator[Any]:
    """The objects within values whose identity matters."""
    for value in values:
        if has_identity(value):
            yield value
        yield from _identities(parts_of(value) or [])


def _reference(type_: Any) -> Value:
    return Value(RefType(type_))


def _is_safe(node: Node) -> bool:
    """Whether the operands of an op that may fail rule that out."""
    type_ = node.outputs[0].type if node.outputs else None
    if node.op.name in ("floor_divide", "remainder"):
        return isinstance(type_, TensorType) and not type_.dtype.is_integer and not type_.weak
    source = node.inputs[0].type if node.inputs else None
    if node.op.name == "getitem" and len(node.inputs) == 1 and isinstance(source, TensorType):
        return all(isinstance(dim, int) for dim in source.shape)
    return False


def _filled(site: ErrorSite, payload: list[Tensor]) -> list[Any]:
    """An exception's arguments and attributes, text with stand-ins for run-time values."""
    trace, rest, found = active_trace(), list(payload), []
    for argument in site.holes:
        if not isinstance(argument, Template):
            found.append(argument)
            continue
        values, rest = rest[: len(argument.specs)], rest[len(argument.specs) :]
        if argument.specs in (("!v",), ("!p",), ("!n",)):
            found.append(without_class(values[0]) if argument.specs == ("!n",) else values[0])
            continue
        pairs = zip(values, argument.specs, argument.pieces[1:], strict=True)
        found.append(argument.pieces[0] + "".join([trace.placeholder(v, spec) + piece for v, spec, piece in pairs]))
    return found


class _Unknown:
    """An exception of which the graph knows the class only."""

    @property
    def args(self) -> Any:
        refuse(
            GraphTensorError,
            "the text of this exception is known at run time only",
            "catch it without looking at it, or check for the error before and raise one with a text of your own",
        )

    def __str__(self) -> str:
        return str(self.args)

    __repr__ = __str__


def _unknown(kind: type[BaseException]) -> BaseException:
    made: BaseException = kind.__new__(type(kind.__name__, (_Unknown, kind), {}))
    return made
