"""`join`: the form that the values of two paths share, or an error that names the variable and both types."""

from __future__ import annotations

from typing import Any, NoReturn

from autograph.errors import StagingError
from autograph.runtime.ir import Value
from autograph.runtime.promotion import fits
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import ListType, TensorType, Type
from autograph.staging.choice import is_choosable, union
from autograph.staging.forms import (
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
    attributes_in,
    class_of,
    form_of,
    has_identity,
    kind_of,
    number_slot,
    optional,
    options_of,
    struct_of,
)
from autograph.staging.growing_list import List
from autograph.staging.layouts import Grown
from autograph.staging.number_classes import Class, class_of_type, note_item
from autograph.staging.ragged import Mismatch, Widen, element, rows_of, shared, shown, skeleton
from autograph.staging.stale import Stale
from autograph.staging.tags import NONE, UNBOUND, VALUE
from autograph.staging.unbound import Unbound, attribute_name, key_name
from autograph.staging.widening import wider


class Join:
    """Joins forms for one staged block.

    Args:
        what: how messages call the two paths, such as "the branches of this if".
        free: symbolic sizes that stand for any size here already; sizes that differ get new ones.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self.free: set[str] = set()

    def __call__(self, a: Form, b: Form, name: str) -> Form:
        """The form that takes the values of both."""
        if type(a) is Form or type(b) is Form:
            return b if type(a) is Form else a
        if is_stale(a) or is_stale(b):
            return a if is_stale(a) else b
        if isinstance(a, Const) and isinstance(b, Struct | GraphListForm | Const) and has_identity(a.value):
            if a.value is (b.example if isinstance(b, Struct) else b.value if isinstance(b, Const) else None):
                return a  # the same object: what changed in it is carried by itself
            return self(_taken_apart(a.value), b, name)
        if isinstance(b, Const) and isinstance(a, Struct | GraphListForm) and has_identity(b.value):
            return self(a, _taken_apart(b.value), name)
        if isinstance(a, Const) and isinstance(b, Const) and _same_object(a.value, b.value):
            return a
        choices = _choices(a, b)
        if choices is not None:
            if len(choices) > _MOST_CHOICES:
                refuse(
                    StagingError,
                    f"'{name}' is one Python value after another in {self.what}",
                    "keep a number or a tensor, or append numbers to a list",
                )
            return Choice(choices)
        if isinstance(a, Variants) or isinstance(b, Variants):
            return self._vary(a, b, name)
        if isinstance(a, Absent) and isinstance(b, Absent):
            return self._absents(a, b, name)
        if isinstance(a, Absent):
            return self._with_absent(a, b, name)
        if isinstance(b, Absent):
            return self._with_absent(b, a, name)
        if isinstance(a, OptionalStruct) or isinstance(b, OptionalStruct):
            return self._optional_structs(a, b, name)
        if isinstance(a, Number) and isinstance(b, Number) and _same_number(a.value, b.value):
            return a
        if isinstance(a, Optional) or isinstance(b, Optional):
            return self._optionals(a, b, name)
        if isinstance(a, Number | Slot) and isinstance(b, Number | Slot):
            joined = self._numbers(a, b, name)
            if not all(_holds(joined.type, form.value) for form in (a, b) if isinstance(form, Number)):
                self._refuse(a, b, name)  # no dtype holds both
            return joined
        if isinstance(a, GraphListForm) or isinstance(b, GraphListForm):
            return self._lists(a, b, name)
        if isinstance(a, Struct) and isinstance(b, Struct):
            return self._structs(a, b, name)
        return self._vary(a, b, name)

    def _numbers(self, a: Number | Slot, b: Number | Slot, name: str) -> Slot:
        joined = self.tensor_type(a.type, b.type, name)
        return Slot(joined) if joined.shape else number_slot(joined, _class(a).joined(_class(b)))

    def _absents(self, a: Absent, b: Absent, name: str) -> Form:
        if a.kind == b.kind or b.kind is None:
            return a
        if a.kind is None:
            return b
        return Choice((None, Unbound(name)))

    def _with_absent(self, absent: Absent, other: Form, name: str) -> Form:
        if absent.kind is None:
            return Slot(other.type) if isinstance(other, Number) else other
        if isinstance(other, Number | Slot):
            return optional(_as_slot(other), frozenset({absent.kind, VALUE}), name)
        if isinstance(other, Optional):
            return optional(other.number, other.kinds | {absent.kind}, name)
        if isinstance(other, OptionalStruct):
            return OptionalStruct(other.inner, other.kinds | {absent.kind}, name)
        if isinstance(other, Const) and has_identity(other.value):
            other = _taken_apart(other.value)
        if isinstance(other, Struct | GraphListForm):
            return OptionalStruct(other, frozenset({absent.kind, VALUE}), name)
        return self._vary(absent, other, name)

    def _optionals(self, a: Form, b: Form, name: str) -> Form:
        if not isinstance(a, Optional | Number | Slot) or not isinstance(b, Optional | Number | Slot):
            return self._vary(a, b, name)
        kinds = (a.kinds if isinstance(a, Optional) else frozenset({VALUE})) | (
            b.kinds if isinstance(b, Optional) else frozenset({VALUE})
        )
        return optional(self._numbers(_as_slot(a), _as_slot(b), name), kinds, name)

    def _optional_structs(self, a: Form, b: Form, name: str) -> Form:
        inner = [form.inner if isinstance(form, OptionalStruct) else form for form in (a, b)]
        if kind_of(inner[0]) != kind_of(inner[1]) and not _are_lists(*inner):
            return self._vary(a, b, name)
        kinds = [form.kinds for form in (a, b) if isinstance(form, OptionalStruct)]
        return OptionalStruct(self(inner[0], inner[1], name), frozenset({VALUE}).union(*kinds), name)

    def _structs(self, a: Struct, b: Struct, name: str) -> Form:
        if a.example is b.example and has_identity(a.example):
            return Const(a.example)
        if isinstance(a.example, List) and isinstance(b.example, list) and len(a.example) != len(b.example):
            return self._grown(a, b, name)
        return self._by_parts(a, b, name) if _same_struct(a, b) else self._vary(a, b, name)

    def contents(self, a: Struct, value: Any, name: str) -> Form:
        """The form of what two objects hold, where a structure stands for the first one already."""
        b = _taken_apart(value)
        return self._by_parts(a, b, name) if isinstance(b, Struct) and _same_struct(a, b) else self._vary(a, b, name)

    def _by_parts(self, a: Struct, b: Struct, name: str) -> Form:
        names = _part_names(a, name)
        return Struct(a.example, tuple(map(self, a.parts, b.parts, names)), a.keys)

    def _lists(self, a: Form, b: Form, name: str) -> Form:
        if isinstance(a, GraphListForm) and isinstance(b, GraphListForm):
            try:
                return list_form(shared([element_of(a), element_of(b)], self._widen(name)))
            except Mismatch:
                return self._vary(a, b, name)
        graph, python = (a, b) if isinstance(a, GraphListForm) else (b, a)
        assert isinstance(graph, GraphListForm)
        if not isinstance(python, Struct) or not isinstance(python.example, list):
            return self._vary(a, b, name)
        return self._with_elements(graph, list(python.example), name)

    def _vary(self, a: Form, b: Form, name: str) -> Form:
        """The form of a value that has one structure or another; those of one kind are joined."""
        options: list[Form] = []
        for option in (*options_of(a), *options_of(b)):
            if isinstance(option, Absent) and option.kind is None:
                continue
            if isinstance(option, Const) and has_identity(option.value):
                option = _taken_apart(option.value)
            places = [i for i, other in enumerate(options) if kind_of(other) == kind_of(option)]
            if not places:
                options.append(option)
            else:
                other = options[places[0]]
                if isinstance(other, Struct) and isinstance(option, Struct):
                    options[places[0]] = self._by_parts(other, option, name)
                else:
                    options[places[0]] = self(other, option, name)
        if len(options) > _MOST_VARIANTS:
            refuse(
                StagingError,
                f"'{name}' has one structure after another in {self.what}",
                f"append to a list, or keep the structure of '{name}' the same",
            )
        return Variants(tuple(options)) if len(options) > 1 else options[0]

    def _grown(self, a: Struct, b: Struct, name: str) -> Form:
        items = [self._skeleton(item, name) for item in (*a.example, *b.example)]
        return list_form(self._shared(items, name))

    def _with_elements(self, form: GraphListForm, items: list[Any], name: str) -> GraphListForm:
        return list_form(self._shared([element_of(form), *[self._skeleton(item, name) for item in items]], name))

    def _shared(self, skeletons: list[Any], name: str) -> Any:
        try:
            return shared(skeletons, self._widen(name))
        except Mismatch as error:
            one, other = map(shown, error.args)
            refuse(
                StagingError,
                f"list '{name}' grows in a staged loop with elements of different structure: {one} and {other}",
                "append elements of one structure",
            )

    def _widen(self, name: str) -> Widen:
        def widen(a: TensorType, b: TensorType) -> TensorType:
            made = wider(a, b, f"{name}[…]", self.what, self.free, of_list=True)
            for type_ in (a, b):
                note_item(class_of_type(type_), made)
            return made

        return widen

    def _skeleton(self, item: Any, name: str) -> Any:
        return skeleton(item, lambda leaf: self._leaf_type(leaf, name))

    def _leaf_type(self, leaf: Any, name: str) -> Type:
        if isinstance(leaf, Tensor) and isinstance(leaf._value, Value) and isinstance(leaf._value.type, ListType):
            return leaf._value.type
        form = form_of(leaf)
        if not isinstance(form, Number | Slot):
            refuse(
                StagingError,
                f"list '{name}' grows in a staged loop, but an element is {describe(form)}",
                "append tensors or numbers",
            )
        note_item(_class(form), form.type)
        return form.type

    def tensor_type(self, a: TensorType, b: TensorType, name: str) -> TensorType:
        """The type that takes tensors of both types."""
        return wider(a, b, name, self.what, self.free)

    def _refuse(self, a: Form, b: Form, name: str) -> NoReturn:
        refuse(
            StagingError,
            f"'{name}' is {describe(a)} on one path and {describe(b)} on the other in {self.what}",
            f"give '{name}' the same structure and type on both paths",
        )


def _part_names(form: Struct, name: str) -> list[str]:
    """The names of a structure's parts, which say what Python raises where one is missing."""
    example = form.example
    if isinstance(example, dict):
        return [key_name(key, name) for key in form.keys]
    fields = form.keys or attributes_in(example)
    if fields:
        return [attribute_name(field, type(example), name) for field in fields]
    return [f"{name}[{place}]" for place in range(len(form.parts))]


# A structure that grows from trip to trip has no end of them.
_MOST_VARIANTS = 6
# Nor have texts that do.
_MOST_CHOICES = 100


def _are_lists(a: Form, b: Form) -> bool:
    """Whether both are lists, which may grow."""
    return all(isinstance(f, GraphListForm) or (isinstance(f, Struct) and isinstance(f.example, list)) for f in (a, b))


def _holds(type_: TensorType, number: Any) -> bool:
    """Whether a type holds a Python number as it is; floats are not exact anyway."""
    exact = not type_.weak or type(number) is not int or not type_.dtype.is_floating or int(float(number)) == number
    return exact and fits(number, type_.dtype)


def _as_slot(form: Number | Slot | Optional) -> Slot:
    return form.number if isinstance(form, Optional) else form if isinstance(form, Slot) else Slot(form.type)


def _class(form: Number | Slot) -> Class:
    return form.known if isinstance(form, Slot) and form.known is not None else class_of_type(form.type)


def element_of(form: GraphListForm) -> Any:
    """The skeleton of a list's items."""
    return element(Grown(form.columns, form.structure))


def list_form(skeleton: Any) -> GraphListForm:
    """The form of a list of items of a skeleton."""
    rows = rows_of(skeleton)
    return GraphListForm(tuple(rows.columns), rows.structure)


def _choices(a: Form, b: Form) -> tuple[Any, ...] | None:
    """The Python values that two paths choose from, where one at least has such a value and no path a tensor."""
    if not any(isinstance(form, Choice) or (isinstance(form, Const) and is_choosable(form.value)) for form in (a, b)):
        return None
    groups = [_candidates(form) for form in (a, b)]
    return None if not all(groups) else union(*[group for group in groups if group])


def _candidates(form: Form) -> tuple[Any, ...] | None:
    if isinstance(form, Choice):
        return form.values
    if isinstance(form, Absent) and form.kind is not None:
        return (None if form.kind == NONE else Unbound(form.name),)
    if isinstance(form, Number):
        return (form.value,)
    return (form.value,) if isinstance(form, Const) and is_choosable(form.value) else None


def _taken_apart(value: Any) -> Form:
    return form_of(value) if isinstance(value, list) else struct_of(value)


def _same_struct(a: Struct, b: Struct) -> bool:
    if isinstance(a.example, list) and isinstance(b.example, list):
        return len(a.parts) == len(b.parts)
    return class_of(a.example) is class_of(b.example) and a.keys == b.keys and len(a.parts) == len(b.parts)


def is_stale(form: Form) -> bool:
    """Whether a form is of what has become stale, which stays so on every path."""
    return isinstance(form, Const) and isinstance(form.value, Stale)


def describe(form: Form) -> str:
    """A form in the user's words."""
    if isinstance(form, Const):
        return f"the {type(form.value).__name__} {form.value!r}"
    if isinstance(form, Choice):
        return f"one of {', '.join(repr(value) for value in form.values)}"
    if isinstance(form, Number):
        return f"the number {form.value!r}"
    if isinstance(form, Slot):
        return f"a tensor {form.type}"
    if isinstance(form, Absent):
        return "unbound" if form.kind == UNBOUND else "None"
    if isinstance(form, Optional):
        return f"an optional tensor {form.type}"
    if isinstance(form, GraphListForm):
        return "a list grown in a staged loop"
    if isinstance(form, OptionalStruct):
        return f"an optional {describe(form.inner)}"
    if isinstance(form, Variants):
        return " or ".join(map(describe, form.options))
    assert isinstance(form, Struct)
    inner = ", ".join(describe(part) for part in form.parts)
    return f"a {type(form.example).__name__.lower()} of {len(form.parts)} ({inner})"


def _same_number(a: Any, b: Any) -> bool:
    return type(a) is type(b) and (a == b or (a != a and b != b)) and repr(a) == repr(b)


def _same_object(a: Any, b: Any) -> bool:
    return a is b or (type(a) is type(b) and isinstance(a, str | bytes | range | slice) and a == b)
