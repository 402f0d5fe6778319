"""Names without a value: not bound yet, or bound under a condition that only the running graph knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograph.ops.casts import astype
from autograph.ops.joining import stack
from autograph.ops.logic import logical_and, logical_not, logical_or
from autograph.runtime.context import current_trace
from autograph.runtime.failure import ErrorSite
from autograph.runtime.location import user_line
from autograph.runtime.structure_ops import check_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.text import is_shown
from autograph.runtime.trace import has_placeholder
from autograph.staging.number_classes import class_tag, number_class
from autograph.staging.tags import NONE, UNBOUND, tag_differs, tag_equals


class Unbound:
    """Stands in a carry for a local name that has no value yet."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"<unbound {self.name}>"


class PlaceName(str):
    """The name of a place in an object, which is missing with Python's own exception.

    Attributes:
        exception: the exception's type.
        argument: its argument.
    """

    exception: type[BaseException]
    argument: Any


def attribute_name(name: str, owner: type, of: str = "") -> PlaceName:
    """The name of an attribute, of an object that is called `of`."""
    made = PlaceName(f"{of}.{name}" if of else name)
    made.exception, made.argument = AttributeError, f"'{owner.__name__}' object has no attribute '{name}'"
    return made


def key_name(key: Any, of: str = "") -> PlaceName:
    """The name of an entry, of a dict that is called `of`."""
    made = PlaceName(f"{of}[{key!r}]")
    made.exception, made.argument = KeyError, key
    return made


class _NoValue:
    """Stands in a carry for a slot that is written before it is read, so it needs no check."""

    def __repr__(self) -> str:
        return "ag.no_value"


no_value = _NoValue()


def unbound(name: str) -> Unbound:
    """The state of a name before its first assignment (or after `del`)."""
    return Unbound(name)


class Maybe:
    """A value that is unbound, None, or a tensor or structure, as a tag decides when the graph runs.

    What users read of it is read of the value, so its own names are none that they use.

    Attributes:
        ag_tag: int8 scalar tensor, one of `tags.UNBOUND`, `NONE`, `VALUE`.
        ag_value: the tensor or structure, meaningful while the tag says VALUE.
        ag_kinds: the tags that can occur.
        ag_name: the user's name for it.
    """

    __slots__ = ("ag_kinds", "ag_name", "ag_tag", "ag_value")

    ag_tag: Tensor
    ag_value: Any
    ag_kinds: frozenset[int]
    ag_name: str

    def __init__(self, tag: Tensor, value: Any, kinds: frozenset[int], name: str) -> None:
        self.ag_tag = tag
        self.ag_value = value
        self.ag_kinds = kinds
        self.ag_name = name

    def named(self, name: str) -> Maybe:
        """Itself under another name."""
        return Maybe(self.ag_tag, self.ag_value, self.ag_kinds, name)

    def require_bound(self) -> Any:
        """Itself without the unbound case, which raises UnboundLocalError at run time."""
        if UNBOUND not in self.ag_kinds:
            return self
        check_bound(tag_differs(self.ag_tag, UNBOUND), self.ag_name)
        rest = self.ag_kinds - {UNBOUND}
        return Maybe(self.ag_tag, self.ag_value, rest, self.ag_name) if NONE in rest else self.ag_value

    def require_value(self) -> Any:
        """The tensor or structure; None raises TypeError at run time, as computing with None does."""
        bound_self = self.require_bound()
        if bound_self is not self:
            return bound_self.require_value() if isinstance(bound_self, Maybe) else bound_self
        text = f"'{self.ag_name}' is None here, and None does not support this operation"
        check(tag_differs(self.ag_tag, NONE), TypeError, text)
        return self.ag_value

    __autograph_tensor__ = require_value

    def is_none(self) -> Tensor:
        """Whether it is None, a bool scalar of the graph."""
        return tag_equals(self.ag_tag, NONE)

    def ag_pair(self) -> Tensor:
        """Whether it is None, and the number, in one tensor."""
        number, dtype = self.ag_value, self.ag_value.dtype
        known = number_class(number).kind is not None or number.type.shape
        parts = [number] if known else [astype(class_tag(number), dtype), number]
        found: Tensor = stack([astype(self.is_none(), dtype), *parts])
        return found

    def __str__(self) -> str:
        return format(self, "")

    def __repr__(self) -> str:
        return format(self, "") if is_shown() else f"<{type(self.ag_value).__name__} or nothing>"

    def __format__(self, spec: str) -> str:
        trace = current_trace()
        value = self.require_bound()
        if not isinstance(value, Maybe) or trace is None:
            return format(value, spec)
        if not isinstance(value.ag_value, Tensor):
            value = value.require_value()
            return format(value, spec)
        pair = value.ag_pair()
        return trace.placeholder(pair, f"!optional:{spec}")

    def __eq__(self, other: Any) -> Any:
        bound_self = self.require_bound()
        if not isinstance(bound_self, Maybe):
            return bound_self == other
        if isinstance(other, Maybe):
            both_none = logical_and(self.is_none(), other.is_none())
            return logical_or(both_none, logical_and(other == self.ag_value, self._some()))
        if other is None:
            return self.is_none()
        return logical_and(self._some(), self.ag_value == other)

    def __ne__(self, other: Any) -> Any:
        return logical_not(self == other)

    def _some(self) -> Any:
        return logical_not(self.is_none())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.require_value(), name)

    def __getitem__(self, key: Any) -> Any:
        return self.require_value()[key]

    def __iter__(self) -> Any:
        return iter(self.require_value())

    def __len__(self) -> int:
        return len(self.require_value())


def _delegate(name: str) -> None:
    def method(self: Maybe, *args: Any) -> Any:
        return getattr(self.require_value(), name)(*args)

    method.__name__ = name
    setattr(Maybe, name, method)


_BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor", "divmod")
for _name in _BINARY:
    _delegate(f"__{_name}__")
    _delegate(f"__r{_name}__")
for _name in ("lt", "le", "gt", "ge", "neg", "pos", "abs", "invert", "bool", "float", "int", "index"):
    _delegate(f"__{_name}__")
Maybe.__hash__ = object.__hash__  # type: ignore[method-assign]


def check(ok: Tensor, exception: type[BaseException], text: str) -> None:
    """Records that the graph raises `exception(text)` at the user's line unless `ok`; the text may show tensors."""
    trace = current_trace()
    assert trace is not None, "checks are recorded while tracing"
    shown, tensors = trace.template(text) if has_placeholder(text) else (text, [])
    site = ErrorSite(exception, (shown,), user_line())
    trace.record(check_op, (trace.value(ok), *map(trace.value, tensors)), {"site": site}, ())


def check_bound(ok: Tensor, name: str) -> None:
    """Records what Python raises for a name, an attribute or a key without a value, unless `ok`."""
    if not isinstance(name, PlaceName):
        check(ok, UnboundLocalError, unbound_message(name))
    elif isinstance(name.argument, str):
        check(ok, name.exception, name.argument)
    else:
        trace = current_trace()
        assert trace is not None, "checks are recorded while tracing"
        site = ErrorSite(name.exception, (name.argument,), user_line())
        trace.record(check_op, (trace.value(ok),), {"site": site}, ())


def unbound_message(name: str) -> str:
    """Python's own words for reading a local name that has no value."""
    return f"cannot access local variable '{name}' where it is not associated with a value"


def free_name(name: str) -> PlaceName:
    """The name of a variable of an outer function."""
    made = PlaceName(name)
    made.exception = NameError
    made.argument = f"cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
    return made


def bound(value: Any, free: str | None = None) -> Any:
    """The value of a name that may be unbound.

    Args:
        value: the value.
        free: the name, where it is a variable of an outer function.

    Raises:
        UnboundLocalError: it is unbound; at run time where only the graph knows.
        NameError: so is a variable of an outer function.
    """
    if isinstance(value, Unbound):
        raise UnboundLocalError(unbound_message(value.name)) if free is None else NameError(free_name(free).argument)
    if free is not None and hasattr(type(value), "require_bound"):
        value = value.named(free_name(free))
    return value.require_bound() if hasattr(type(value), "require_bound") else value


def local(read: Callable[[], Any], name: str) -> Any:
    """The value of a local variable that generated functions share.

    Args:
        read: reads it.
        name: its name.

    Raises:
        UnboundLocalError: it has none; at run time where only the graph knows.
    """
    try:
        value = read()
    except NameError:
        raise UnboundLocalError(unbound_message(name)) from None
    return bound(value)
