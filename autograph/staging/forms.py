"""Forms: how a Python value crosses the boundary of a staged block.

A form says which parts of a value stay Python objects and which become graph values ("slots"). `form_of` reads it
off a value; `joins.join` finds the form that two paths share; `codec` turns values into slots and back.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import optree

from autograph.runtime.context import current_trace
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor, raw_type
from autograph.runtime.types import TensorType, Type
from autograph.runtime.variable import Variable
from autograph.staging.attributes import watch_attributes
from autograph.staging.choice import Chosen, is_choosable
from autograph.staging.growing_dict import Dict
from autograph.staging.growing_list import List
from autograph.staging.number_classes import Class, number_class
from autograph.staging.objects import is_cyclic, is_made, is_object, note_made, raw_attribute, with_attributes
from autograph.staging.stale import Stale
from autograph.staging.tags import INDEX_TYPE, NONE, TAG_TYPE, UNBOUND
from autograph.staging.truth import TruthOnly
from autograph.staging.unbound import Maybe, Unbound, no_value


class Form:
    """Base class of forms; this one is of a path that ends in an exception and so gives no value."""

    def slot_types(self) -> list[Type]:
        """The types of the slots, in order."""
        return []


@dataclass(frozen=True, slots=True, eq=False)
class Const(Form):
    """A Python object that stays what it is."""

    value: Any


@dataclass(frozen=True, slots=True)
class Number(Form):
    """A Python number that has been the same on all paths so far."""

    value: Any

    @property
    def type(self) -> TensorType:
        return raw_type(self.value)


@dataclass(frozen=True, slots=True)
class Slot(Form):
    """A tensor.

    `known` is what is known of a number's class, where the type does not tell it; a slot has that if `tagged`.
    """

    type: TensorType
    known: Class | None = None
    tagged: bool = False

    def slot_types(self) -> list[Type]:
        return [self.type, INDEX_TYPE] if self.tagged else [self.type]


@dataclass(frozen=True, slots=True)
class Absent(Form):
    """Unbound or None (`kind` is the tag), or a slot not written yet (`kind` is None)."""

    kind: int | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Optional(Form):
    """Unbound, None or a tensor, told apart by a tag: two slots, or three as those of `Slot`."""

    type: TensorType
    kinds: frozenset[int]
    name: str
    known: Class | None = None
    tagged: bool = False

    def slot_types(self) -> list[Type]:
        return [TAG_TYPE, *self.number.slot_types()]

    @property
    def number(self) -> Slot:
        """The form of the tensor."""
        return Slot(self.type, self.known, self.tagged)


@dataclass(frozen=True, slots=True, eq=False)
class Choice(Form):
    """One of several Python values: a slot for its position among them."""

    values: tuple[Any, ...]

    def slot_types(self) -> list[Type]:
        return [INDEX_TYPE]


@dataclass(frozen=True, slots=True)
class OptionalStruct(Form):
    """Unbound, None or a structure, told apart by a tag."""

    inner: Form
    kinds: frozenset[int]
    name: str

    def slot_types(self) -> list[Type]:
        return [TAG_TYPE, *self.inner.slot_types()]


@dataclass(frozen=True, slots=True)
class Variants(Form):
    """One of several structures, or a structure or something else: a slot for which, and the slots of each."""

    options: tuple[Form, ...]

    def slot_types(self) -> list[Type]:
        return [INDEX_TYPE, *[type_ for option in self.options for type_ in option.slot_types()]]


@dataclass(frozen=True, slots=True)
class GraphListForm(Form):
    """A list of the graph: a slot for each leaf of its elements."""

    columns: tuple[Type, ...]
    structure: optree.PyTreeSpec

    def slot_types(self) -> list[Type]:
        return list(self.columns)


@dataclass(frozen=True, slots=True, eq=False)
class Struct(Form):
    """A tuple, list, dict, dataclass or object, part by part; `example` is the object that it was read from.

    `keys` are a dict's keys and an object's attributes when it was read.
    """

    example: Any
    parts: tuple[Form, ...]
    keys: tuple[Any, ...] = ()

    def slot_types(self) -> list[Type]:
        return [type_ for part in self.parts for type_ in part.slot_types()]


class Diverged:
    """The value of a path that ends in an exception."""


DIVERGED = Diverged()


class Shared:
    """An object that paths share: what they changed in it is merged in the object itself."""

    def __init__(self, value: Any) -> None:
        self.value = value


def form_of(value: Any) -> Form:
    """The form of a value."""
    if isinstance(value, Diverged):
        return Form()
    if isinstance(value, Shared):
        return Const(value.value)
    if value is None:
        return Absent(NONE)
    if value is no_value:
        return Absent(None)
    if isinstance(value, Unbound):
        return Absent(UNBOUND, value.name)
    if isinstance(value, TruthOnly):
        value.refuse()
    if isinstance(value, Chosen):
        return Choice(value.ag_values) if value.ag_plain else Variants(tuple(map(form_of, value.ag_values)))
    if isinstance(value, Maybe):
        if isinstance(value.ag_value, Tensor):
            return optional(slot_of(value.ag_value), value.ag_kinds, value.ag_name)
        return OptionalStruct(form_of(value.ag_value), value.ag_kinds, value.ag_name)
    if type(value) in PYTHON_NUMBERS:
        return Number(value)
    if isinstance(value, Tensor):
        return Const(value._value) if isinstance(value._value, Stale) else slot_of(value)
    if isinstance(value, np.ndarray | np.generic):
        return Slot(raw_type(value))
    if isinstance(value, List) and isinstance(value.graph, Stale):
        return Const(value.graph)
    if isinstance(value, List) and value.graph is not None:
        return GraphListForm(tuple([column._value.type for column in value.graph.columns]), value.graph.structure)
    older = is_object(value) and not dataclasses.is_dataclass(value) and not is_made(value)
    return Const(value) if older else struct_of(value)


def slot_of(tensor: Tensor) -> Slot:
    """The form of a tensor."""
    type_ = tensor.type
    return Slot(type_) if type_.shape else number_slot(type_, number_class(tensor))


def number_slot(type_: TensorType, known: Class) -> Slot:
    """The form of a scalar of which that is known of the class."""
    if known.is_known:
        return Slot(type_)
    trace = current_trace()
    return Slot(type_, known, trace is not None and trace.tells_classes is True)


def optional(number: Slot, kinds: frozenset[int], name: str) -> Optional:
    """The form of a tensor that may be absent."""
    return Optional(number.type, kinds, name, number.known, number.tagged)


def kind_of(form: Form) -> Any:
    """What tells the options of `Variants` apart: forms of one kind join, those of others stand side by side."""
    if isinstance(form, Number | Slot):
        return "tensor"
    if isinstance(form, Absent):
        return "absent", form.kind
    if isinstance(form, GraphListForm):
        return "list", form.structure
    if isinstance(form, Struct):
        return class_of(form.example), form.keys, len(form.parts)
    if isinstance(form, Const) and not is_choosable(form.value):
        return "object", id(form.value)
    return "choice"


def class_of(value: Any) -> type:
    """The class of a structure; dicts that staging follows and those that it does not are of one class."""
    return dict if type(value) is Dict else type(value)


def options_of(form: Form) -> tuple[Form, ...]:
    """The forms of which a value has one."""
    if isinstance(form, Variants):
        return form.options
    if isinstance(form, Optional | OptionalStruct):
        inner = form.number if isinstance(form, Optional) else form.inner
        absent = [Absent(kind, form.name) for kind in (UNBOUND, NONE) if kind in form.kinds]
        return (*absent, inner)
    return (form,)


def struct_of(value: Any) -> Form:
    """The form of a structure, also of an object that is older than the trace."""
    parts = parts_of(value)
    return Const(value) if parts is None else Struct(value, tuple([form_of(part) for part in parts]), keys_of(value))


def keys_of(value: Any) -> tuple[Any, ...]:
    """A dict's keys, an object's attributes, nothing for other structures."""
    if isinstance(value, dict):
        return tuple(dict.keys(value))
    return () if dataclasses.is_dataclass(value) else attributes_in(value)


def attributes_in(value: Any) -> tuple[str, ...]:
    """The attributes that are the parts of an object, by name; none for other structures."""
    if dataclasses.is_dataclass(value):
        return tuple([field.name for field in dataclasses.fields(value)])
    return tuple(vars(value)) if is_object(value) else ()


def is_tensor_like(value: Any) -> bool:
    """Whether a value is a tensor, an array or a number."""
    return isinstance(value, Tensor | np.ndarray | np.generic) or type(value) in PYTHON_NUMBERS


def parts_of(value: Any) -> list[Any] | None:
    """The parts of a structure, None for what is not one."""
    if isinstance(value, list):
        return list(list.__iter__(value))  # a list of the graph has no parts here, and refuses iteration
    if isinstance(value, tuple):
        return list(value)
    if type(value) in (dict, Dict):
        return list(dict.values(value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [raw_attribute(value, field.name) for field in dataclasses.fields(value)]
    if is_object(value) and not is_cyclic(value):
        return list(vars(value).values())
    return None


def rebuild(example: Any, parts: Sequence[Any], keys: tuple[Any, ...]) -> Any:
    """A structure like `example` with other parts, under `keys` if it has such."""
    made = _rebuilt(example, parts, keys)
    note_made(made)
    if is_object(made):
        watch_attributes(made)
    return made


def _rebuilt(example: Any, parts: Sequence[Any], keys: tuple[Any, ...]) -> Any:
    if isinstance(example, list):
        return List(parts)
    if isinstance(example, tuple):
        return type(example)(*parts) if hasattr(example, "_fields") else tuple(parts)
    if isinstance(example, dict):
        return type(example)(zip(keys, parts, strict=True))
    if not dataclasses.is_dataclass(example):
        return with_attributes(example, dict(zip(keys, parts, strict=True)))
    copied = copy.copy(example)
    for field, part in zip(dataclasses.fields(example), parts, strict=True):
        object.__setattr__(copied, field.name, part)
    return copied


def same_structure(a: Any, b: Any) -> bool:
    """Whether two structures differ at most in their parts."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b)
    if class_of(a) is not class_of(b):
        return False
    if keys_of(a) != keys_of(b):
        return False
    return not isinstance(a, tuple) or len(a) == len(b)


def has_identity(value: Any) -> bool:
    """Whether a structure's identity matters, because it can be changed in place."""
    if isinstance(value, List):
        return not isinstance(value.graph, Stale)
    return not isinstance(value, tuple | Variable) and parts_of(value) is not None
