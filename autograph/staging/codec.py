"""Turns values into the slots of a form, and slots back into values, in a graph and on the host."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograph.ops.indexing import getitem
from autograph.ops.lists import list_pop_op
from autograph.runtime.apply import apply
from autograph.runtime.context import current_tapes, current_trace
from autograph.runtime.ir import Value
from autograph.runtime.number_range import check_range, may_exceed
from autograph.runtime.structure_ops import undefined_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import TensorType, Type
from autograph.staging.choice import Chosen, position, selected
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
    Shared,
    Slot,
    Struct,
    Variants,
    attributes_in,
    form_of,
    has_identity,
    kind_of,
    parts_of,
    rebuild,
    struct_of,
)
from autograph.staging.graph_list import GraphList, list_of_items
from autograph.staging.growing_dict import Dict, Stamp
from autograph.staging.growing_list import List
from autograph.staging.layouts import Grown, made
from autograph.staging.number_classes import class_tag, is_numeric, note_class
from autograph.staging.ragged import element
from autograph.staging.tags import INDEX_TYPE, NONE, UNBOUND, VALUE, tag_array
from autograph.staging.unbound import Maybe, Unbound, no_value

_ABSENT = object()


def _trace() -> Trace:
    trace = current_trace()
    assert trace is not None, "staged blocks exist while tracing only"
    return trace


def encode(value: Any, form: Form) -> list[Value]:
    """The slots of `value`, recorded in the current region; a path that diverged gives placeholders."""
    if isinstance(value, Shared):
        value = value.value
    if value is DIVERGED:
        return [undefined(type_) for type_ in form.slot_types()]
    if isinstance(value, Chosen) and not value.ag_plain and isinstance(form, Struct | GraphListForm | OptionalStruct):
        value = _merged(value, list(range(len(value.ag_values))))
    if isinstance(form, Slot):
        return _number_slots(value, form)
    if isinstance(form, Optional):
        return _optional_slots(value, form)
    if isinstance(form, Choice):
        return [_choice_slot(value, form)]
    if isinstance(form, Variants):
        return _variant_slots(value, form)
    if isinstance(form, GraphListForm):
        return _list_slots(value, form)
    if isinstance(form, OptionalStruct):
        return _optional_struct_slots(value, form)
    if isinstance(form, Struct):
        parts = parts_of(value)
        if parts is None:  # a slot not written yet
            return [undefined(type_) for type_ in form.slot_types()]
        return [slot for part, inner in zip(parts, form.parts, strict=True) for slot in encode(part, inner)]
    return []


def undefined(type_: Type) -> Value:
    """A placeholder that is never read."""
    return _trace().record(undefined_op, (), {"type": type_}, (type_,))[0]


def _tensor_slot(value: Any, type_: TensorType) -> Value:
    if value is no_value or value is None or isinstance(value, Unbound):
        return undefined(type_)
    if isinstance(value, Maybe):
        value = value.ag_value
    trace = _trace()
    slot = trace.value(value)
    if may_exceed(slot, type_.dtype):
        check_range(trace, slot, type_.dtype)
    return trace.cast(slot, type_.dtype, type_.weak)


def _number_slots(value: Any, form: Slot) -> list[Value]:
    number = _tensor_slot(value, form.type)
    if not form.tagged:
        return [number]
    held = value.ag_value if isinstance(value, Maybe) else value
    return [number, _trace().value(class_tag(held)) if is_numeric(held) else undefined(INDEX_TYPE)]


def _optional_slots(value: Any, form: Optional) -> list[Value]:
    trace = _trace()
    if isinstance(value, Maybe):
        return [trace.value(value.ag_tag), *_number_slots(value.ag_value, form.number)]
    tag = NONE if value is None else UNBOUND if isinstance(value, Unbound) else VALUE
    return [trace.value(tag_array(tag)), *_number_slots(value, form.number)]


def _choice_slot(value: Any, form: Choice) -> Value:
    trace = _trace()
    if value is no_value:
        return undefined(INDEX_TYPE)
    if isinstance(value, Chosen):
        places = np.asarray([position(candidate, form.values) for candidate in value.ag_values])
        same = len(value.ag_values) == len(form.values) and bool((places == np.arange(len(places))).all())
        return trace.value(value.ag_index if same else getitem(Tensor(trace.value(places)), value.ag_index))
    return trace.value(np.asarray(position(value, form.values)))


def _optional_struct_slots(value: Any, form: OptionalStruct) -> list[Value]:
    if isinstance(value, Maybe):
        return [_trace().value(value.ag_tag), *encode(value.ag_value, form.inner)]
    absent = value is None or value is no_value or isinstance(value, Unbound)
    tag = UNBOUND if isinstance(value, Unbound) else NONE if absent else VALUE
    inner = [undefined(type_) for type_ in form.inner.slot_types()] if absent else encode(value, form.inner)
    return [_trace().value(tag_array(tag)), *inner]


def _variant_slots(value: Any, form: Variants) -> list[Value]:
    """Which option it is, and the slots of each; those of the others are never read."""
    trace, kinds = _trace(), [kind_of(option) for option in form.options]
    given: dict[int, Any] = {}
    if value is no_value:
        index = undefined(INDEX_TYPE)
    elif isinstance(value, Maybe):
        absent = [kinds.index(("absent", kind)) if kind in value.ag_kinds else 0 for kind in (UNBOUND, NONE)]
        place = kinds.index(kind_of(form_of(value.ag_value)))
        given[place] = value.ag_value
        index = trace.value(getitem(Tensor(trace.value(np.asarray([*absent, place]))), value.ag_tag))
    elif isinstance(value, Chosen) and not value.ag_plain:
        mine = [kind_of(form_of(one)) for one in value.ag_values]
        places = list(range(len(mine))) if mine == kinds else [kinds.index(kind) for kind in mine]
        for place in dict.fromkeys(places):
            given[place] = _merged(value, [i for i, other in enumerate(places) if other == place])
        index = trace.value(getitem(Tensor(trace.value(np.asarray(places))), value.ag_index))
    else:
        place = kinds.index(_kind(value))
        given[place] = value
        index = trace.value(np.asarray(place))
    slots = [
        slot
        for place, option in enumerate(form.options)
        for slot in (encode(given[place], option) if place in given else encode(DIVERGED, option))
    ]
    return [index, *slots]


def _merged(chosen: Chosen, members: list[int]) -> Any:
    """One value that stands for some of those that a tensor chooses from, which have become of one kind."""
    if len(members) == 1:
        return chosen.ag_values[members[0]]
    table = np.zeros(len(chosen.ag_values), np.int64)
    table[members] = np.arange(len(members))
    place = getitem(Tensor(_trace().value(table)), chosen.ag_index)
    return selected([functools.partial(chosen.ag_values.__getitem__, one) for one in members], place)


def _kind(value: Any) -> Any:
    form = form_of(value)
    return kind_of(struct_of(value) if isinstance(form, Const) and has_identity(value) else form)


def _list_slots(value: Any, form: GraphListForm) -> list[Value]:
    trace = _trace()
    if not isinstance(value, list):
        return [undefined(type_) for type_ in form.columns]
    wanted = element(Grown(form.columns, form.structure))
    if isinstance(value, List) and value.graph is not None:
        made = value.graph.holding(wanted, sized=False)
    else:
        for item in list.__iter__(value):
            trace.journal.items.note_put(item)
        made = list_of_items(value, wanted)
    return [trace.value(column) for column in made.columns]


def decode(form: Form, slots: Iterator[Value]) -> Any:
    """The value that a form and its graph slots make."""
    value = _decoded(form, slots)
    journal = _trace().journal
    if journal is not None and has_identity(value):
        journal.items.note_decoded(value)
    return value


def _decoded(form: Form, slots: Iterator[Value]) -> Any:
    if isinstance(form, Const | Number):
        return form.value
    if isinstance(form, Slot):
        return _number(form, slots)
    if isinstance(form, Optional):
        return Maybe(Tensor(next(slots)), _number(form.number, slots), form.kinds, form.name)
    if isinstance(form, Choice):
        return Chosen(form.values, Tensor(next(slots)))
    if isinstance(form, Variants):
        index = Tensor(next(slots))
        return Chosen([decode(option, slots) for option in form.options], index)
    if isinstance(form, OptionalStruct):
        return Maybe(Tensor(next(slots)), decode(form.inner, slots), form.kinds, form.name)
    if isinstance(form, GraphListForm):
        return List.of_graph(GraphList([Tensor(next(slots)) for _ in form.columns], form.structure))
    if isinstance(form, Struct):
        return rebuild(form.example, [decode(part, slots) for part in form.parts], form.keys)
    if isinstance(form, Absent):
        return None if form.kind == NONE else Unbound(form.name) if form.kind == UNBOUND else no_value
    return DIVERGED


def _number(form: Slot, slots: Iterator[Value]) -> Tensor:
    made = Tensor(next(slots))
    if form.known is not None:
        tag = Tensor(next(slots)) if form.tagged else None
        note_class(made, form.known, None if tag is None else lambda: tag)
    return made


def decode_host(form: Form, results: Iterator[Tensor]) -> Any:
    """The value that a form and the results of a run make, for the user."""
    value = _host(form, results)
    return None if value is _ABSENT else value


def _host(form: Form, results: Iterator[Tensor]) -> Any:
    """As `decode_host`, but tells an unbound value, as that of a missing key, from None."""
    if isinstance(form, Const | Number):
        return form.value
    if isinstance(form, Slot):
        return next(results)
    if isinstance(form, Optional):
        tag, value = next(results), next(results)
        return value if int(np.asarray(tag)) == VALUE else _nothing(tag)
    if isinstance(form, Choice):
        found = form.values[int(np.asarray(next(results)))]
        return _ABSENT if isinstance(found, Unbound) else found
    if isinstance(form, Variants):
        place = int(np.asarray(next(results)))
        parts = [[next(results) for _ in option.slot_types()] for option in form.options]
        return _host(form.options[place], iter(parts[place]))
    if isinstance(form, OptionalStruct):
        tag = next(results)
        mine = [next(results) for _ in form.inner.slot_types()]
        return _host(form.inner, iter(mine)) if int(np.asarray(tag)) == VALUE else _nothing(tag)
    if isinstance(form, GraphListForm):
        return _host_list(Grown([next(results) for _ in form.columns], form.structure))
    if isinstance(form, Struct):
        given: list[Any] = [_host(part, results) for part in form.parts]
        if isinstance(form.example, Dict):
            return _host_dict(form.keys, given)
        rebuilt = rebuild(form.example, [None if part is _ABSENT else part for part in given], form.keys)
        for name, part in zip(attributes_in(form.example), given, strict=False):
            if part is _ABSENT:
                del vars(rebuilt)[name]
        return list(rebuilt) if isinstance(rebuilt, List) else rebuilt
    return _ABSENT if isinstance(form, Absent) and form.kind == UNBOUND else None


def _nothing(tag: Tensor) -> Any:
    return _ABSENT if int(np.asarray(tag)) == UNBOUND else None


def _host_dict(keys: tuple[Any, ...], parts: list[Any]) -> dict[Any, Any]:
    """The dict of the entries that are there, in the order of their stamps."""
    found = {key: part for key, part in zip(keys, parts, strict=True) if part is not _ABSENT}
    order = {key: int(np.asarray(found.get(Stamp(key), -1))) for key in found if not isinstance(key, Stamp)}
    return {key: found[key] for key in sorted(order, key=order.__getitem__)}


def _host_list(rows: Grown) -> list[Any]:
    """The items of a list that a graph gave."""
    columns = [_items(column) for column in rows.columns]
    return [made(rows.structure, row, _host_list) for row in zip(*columns, strict=True)]


def _items(column: Tensor) -> list[Tensor]:
    """The elements of a list that a graph gave; a tape sees how they come from it."""
    if not current_tapes():
        return [Tensor(raw) for raw in column._value]
    items: list[Tensor] = []
    while len(column._value):
        column, item = apply(list_pop_op, column)
        items.append(item)
    return items[::-1]
