"""What Python's builtins do when a tensor of the graph is among their arguments."""

from __future__ import annotations

import builtins
import functools
import math
import sys
import warnings
from collections.abc import Callable
from typing import Any

from autograph.errors import AutoGraphError, GraphTensorError, StagingError
from autograph.ops import arithmetic, reductions, rounding
from autograph.ops.comparison import equal, less, not_equal
from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace
from autograph.runtime.dtypes import bool_, float64, int64
from autograph.runtime.failure import Template, of_program
from autograph.runtime.location import is_internal
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import cast_op, print_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.text import showing
from autograph.runtime.trace import has_placeholder
from autograph.runtime.variable import Variable
from autograph.staging.attributes import attributes_of, held_value, note_whole
from autograph.staging.choice import Chosen, choose
from autograph.staging.comprehensions import dict_
from autograph.staging.conditional import if_
from autograph.staging.failures import templates
from autograph.staging.growing_dict import bare, present
from autograph.staging.growing_list import List
from autograph.staging.impure import FILE, refuse_read
from autograph.staging.logic import not_
from autograph.staging.loops import for_
from autograph.staging.math_forms import MATH_FORMS, WHOLE, is_followed
from autograph.staging.number_classes import note_same, of_class
from autograph.staging.orders import collected, max_, min_, sorted_
from autograph.staging.regions import condition, is_staged, predicate
from autograph.staging.sequences import (
    Sequence,
    as_staged_sequence,
    enumerate_,
    filter_,
    map_,
    range_,
    reversed_,
    zip_,
)
from autograph.staging.stores import del_attr, set_attr
from autograph.staging.texts import require_unread, text
from autograph.staging.unbound import check


def _len(value: Any) -> Any:
    sequence = as_staged_sequence(value)
    return builtins.len(value) if sequence is None else sequence.length()


def _int(value: Any = 0, *args: Any) -> Any:
    return _number(value, int64, builtins.int, args)


def _float(value: Any = 0.0) -> Any:
    return _number(value, float64, builtins.float, ())


def _number(value: Any, dtype: Any, plain: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    if not (is_staged(value) if dtype is int64 else is_followed(value)):
        try:
            return plain(value, *args)
        except (TypeError, ValueError) as error:
            if not isinstance(error, AutoGraphError):
                of_program(error)
            raise
    scalar = value.__autograph_tensor__() if hasattr(value, "__autograph_tensor__") else value
    if dtype is int64 and scalar.dtype.is_floating:
        _require_whole(scalar)
    return apply(cast_op, scalar, dtype=dtype, weak=True)


def _require_whole(number: Any) -> None:
    """What Python raises for floats that are no integers, and for those that are beyond all of the graph's."""
    check(equal(number, number), ValueError, "cannot convert float NaN to integer")
    check(not_equal(arithmetic.abs(number), math.inf), OverflowError, "cannot convert float infinity to integer")
    check(less(arithmetic.abs(number), 2.0**63), OverflowError, "the integer is out of bounds for int64")


def _bool(value: Any = False) -> Any:
    test = condition(value)
    return apply(cast_op, predicate(test), dtype=bool_, weak=True) if is_staged(test) else builtins.bool(test)


def _abs(value: Any) -> Any:
    return builtins.abs(value)


def _sum(items: Any, start: Any = 0) -> Any:
    return _fold(items, start, lambda a, b: a + b)


def _reduce(function: Callable[[Any, Any], Any], items: Any, *start: Any) -> Any:
    if start:
        return _fold(items, start[0], function)
    values = collected(items)
    if values.graph is None:
        return functools.reduce(function, values)
    check(values.length() != 0, TypeError, "reduce() of empty iterable with no initial value")
    return _fold(values[1:], values[0], function)


def _fold(items: Any, start: Any, step: Callable[[Any, Any], Any]) -> Any:
    def trip(item: Any, total: Any) -> Any:
        return step(total, item)

    return for_(items, trip, (start,), "total")


def _round(value: Any, digits: Any = None) -> Any:
    if not (is_staged(value) if digits is None else is_followed(value)):
        return builtins.round(value, digits) if digits is not None else builtins.round(value)
    if digits is None:
        return _int(rounding.round(value))
    scale = 10.0**digits
    rounded = rounding.round(value * scale) / scale
    note_same(rounded, value)
    return rounded


def _pow(base: Any, exponent: Any, modulus: Any = None) -> Any:
    if modulus is None or not builtins.any(is_staged(part) for part in (base, exponent, modulus)):
        return builtins.pow(base, exponent) if modulus is None else builtins.pow(base, exponent, modulus)
    if not isinstance(exponent, int) or exponent < 0:
        refuse(
            StagingError,
            "pow(base, exponent, modulus) of tensors with an exponent that is no Python number of at least 0",
            "write the loop: multiply and take the remainder",
        )
    result, square = 1 % modulus, base % modulus
    while exponent:
        if exponent & 1:
            result = result * square % modulus
        square, exponent = square * square % modulus, exponent >> 1
    return result


def _print(*args: Any, sep: str | None = " ", end: str | None = "\n", file: Any = None, flush: bool = False) -> None:
    trace = current_trace()
    if trace is not None and file not in (None, sys.stdout, sys.stderr):
        refuse_read("print() to a file", FILE)
    if trace is None:
        builtins.print(*args, sep=sep, end=end, file=file, flush=flush)
        return
    with showing():
        texts = [format(arg, "") if isinstance(arg, Tensor) else builtins.str(arg) for arg in args]
    text = (" " if sep is None else sep).join(texts)
    (filled,), payload = templates((text,))
    template = filled if isinstance(filled, Template) else Template((filled,))
    attrs = {"template": template, "end": "\n" if end is None else end, "stderr": file is sys.stderr}
    trace.record(print_op, payload, attrs, ())


def list_(items: Any = ()) -> Any:
    """`list(items)`, and the list that a list display makes."""
    return collected(items)


def joined(*parts: Any) -> Any:
    """`[*a, *b]`: the items of all parts."""
    made = List()
    for part in parts:
        made = made + collected(part)
    return made


def _warn(message: Any, category: Any = None, stacklevel: int = 1, source: Any = None) -> None:
    """`warnings.warn`, which counts the user's frames only."""
    require_unread(warnings.warn, [message])
    depth, left = 0, builtins.max(stacklevel, 1)
    frame: Any = sys._getframe()
    while frame is not None and left:
        depth, left = depth + 1, left - (not is_internal(frame.f_code.co_filename))
        frame = frame.f_back
    warnings.warn(message, category, stacklevel=depth, source=source)


def _any(items: Any) -> Any:
    return reductions.any(items) if is_staged(items) else _truth_in(items, False)


def _all(items: Any) -> Any:
    return reductions.all(items) if is_staged(items) else _truth_in(items, True)


def _truth_in(items: Any, start: bool) -> Any:
    """Goes over the items while their truth is `start`."""

    def trip(item: Any, found: Any) -> Any:
        return _bool(item)

    return for_(items, trip, (start,), "found", until=not_ if start else _bool)


class _Shown(str):
    """The text of a tensor's `repr`, which is known at run time; so a width and the like has to wait, too."""

    tensor: Tensor

    def __new__(cls, text: str, tensor: Tensor) -> _Shown:
        made = super().__new__(cls, text)
        made.tensor = tensor
        return made

    def __format__(self, spec: str) -> str:
        trace = current_trace()
        return trace.placeholder(self.tensor, f"!r:{spec}") if spec and trace is not None else str(self)


def _repr(value: Any) -> Any:
    if isinstance(value, str) and has_placeholder(value):
        refuse(GraphTensorError, "repr() of text that shows a tensor", "show the tensor itself: {x!r}")
    trace = current_trace()
    if isinstance(value, Tensor) and is_staged(value) and trace is not None:
        return _Shown(trace.placeholder(value, "!r"), value)
    if isinstance(value, Chosen):
        return value.ag_map(builtins.repr)
    with showing():
        return text(builtins.repr(value))


def _isinstance(value: Any, classes: Any) -> Any:
    if isinstance(value, Chosen):
        return value.ag_map(lambda one: _isinstance(one, classes))
    if not _is_number(value) or isinstance(value, classes):
        return isinstance(value, classes)
    results, place = of_class(value, lambda one: isinstance(one, classes))
    return _bool(choose(results, place)) if len(results) > 1 else results[0]


def _is_number(value: Any) -> bool:
    """Whether a value is a number that a graph computes."""
    return isinstance(value, Tensor) and is_staged(value) and not value.type.shape


def _type(*args: Any) -> Any:
    if len(args) != 1:
        return type(*args)
    if isinstance(args[0], Chosen):
        return args[0].ag_map(_type)
    if not _is_number(args[0]):
        return type(args[0])
    results, place = of_class(args[0], type)
    return choose(results, place) if len(results) > 1 else results[0]


def _getattr(obj: Any, name: Any, *default: Any) -> Any:
    """`getattr`; an attribute may be there on some paths only."""
    if isinstance(name, Chosen):
        return name.ag_map(lambda one: _getattr(obj, one, *default))
    if name == "__dict__":
        note_whole(obj)
    held = held_value(obj, name)
    if held is None or not default or hasattr(type(obj), "__getattr__"):
        return builtins.getattr(obj, name, *default)
    return if_(present(held), lambda: bare(held), lambda: default[0])


def _hasattr(obj: Any, name: Any) -> Any:
    held = held_value(obj, name)
    if held is None:
        return builtins.hasattr(obj, name)
    if hasattr(type(obj), "__getattr__"):
        refuse(
            StagingError,
            f"hasattr() of '{name}', which is there on some paths only, with a class that has __getattr__",
            "ask what decides it instead",
        )
    return present(held)


def _any_staged(args: tuple[Any, ...]) -> bool:
    return builtins.any(is_staged(arg) or isinstance(arg, Sequence) for arg in args)


def _whole(plain: Callable[..., Any], staged: Callable[..., Any]) -> Callable[..., Any]:
    return lambda value: _int(staged(value)) if isinstance(value, Tensor | Variable) else plain(value)


FORMS: dict[Any, Callable[..., Any]] = {
    builtins.len: _len,
    builtins.range: range_,
    builtins.enumerate: enumerate_,
    builtins.zip: zip_,
    builtins.reversed: reversed_,
    builtins.map: map_,
    builtins.int: _int,
    builtins.float: _float,
    builtins.bool: _bool,
    builtins.abs: _abs,
    builtins.sum: _sum,
    functools.reduce: _reduce,
    builtins.max: max_,
    builtins.min: min_,
    builtins.sorted: sorted_,
    builtins.filter: filter_,
    builtins.round: _round,
    builtins.pow: _pow,
    builtins.any: _any,
    builtins.all: _all,
    builtins.print: _print,
    warnings.warn: _warn,
    builtins.list: list_,
    builtins.dict: dict_,
    builtins.repr: _repr,
    builtins.isinstance: _isinstance,
    builtins.type: _type,
    builtins.getattr: _getattr,
    builtins.hasattr: _hasattr,
    builtins.setattr: set_attr,
    builtins.delattr: del_attr,
    builtins.vars: attributes_of(builtins.vars),
    builtins.dir: attributes_of(builtins.dir),
    **MATH_FORMS,
    **{plain: _whole(plain, staged) for plain, staged in WHOLE.items()},
}
