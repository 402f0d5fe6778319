"""Of which of Python's classes a number is, where paths give an int or a float of one name.

    total = 0
    while x > 0:
        print(total)                # 0, then 0.5
        total = total + 0.5

A graph has one type for `total`. What asks for the class (text, `isinstance`, `type`, class patterns) finds here what
is known of it: by the operations that computed the number, from the values that blocks give. Where that is a matter of
the path, the trace starts again, and from then on blocks carry the class beside such a number: `kind + 4 * is_tensor`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from autograph.errors import StagingError
from autograph.ops.arithmetic import add, floor_divide, maximum, multiply, remainder
from autograph.ops.casts import astype
from autograph.ops.comparison import greater, less
from autograph.ops.joining import stack
from autograph.ops.logic import logical_and
from autograph.ops.selection import where
from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace
from autograph.runtime.dtypes import DType, int64
from autograph.runtime.ir import Value
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import cast_op
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor, raw_type
from autograph.runtime.trace import Trace, set_number_text
from autograph.runtime.types import TensorType

BOOL, INT, FLOAT, COMPLEX = range(4)
_KINDS: tuple[Any, ...] = (False, 0, 0.0, 0j)
_ARITHMETIC = frozenset(
    {"add", "subtract", "multiply", "floor_divide", "remainder", "negative", "positive", "abs", "pow"}
)
_ITEMS = frozenset({"list_get", "list_pop"})


@dataclass(frozen=True, slots=True)
class Class:
    """What is known of a number's class.

    Attributes:
        kind: `BOOL`, `INT`, `FLOAT` or `COMPLEX`; None where it is a matter of the path.
        is_tensor: whether it is a tensor, no number of Python's; None where that is.
    """

    kind: int | None
    is_tensor: bool | None

    @property
    def is_known(self) -> bool:
        return self.kind is not None and self.is_tensor is not None

    def joined(self, other: Class) -> Class:
        """Of numbers that are of this class or of another."""
        return Class(
            self.kind if self.kind == other.kind else None,
            self.is_tensor if self.is_tensor is other.is_tensor else None,
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """What is noted of a value: what is known, and what computes the rest."""

    known: Class
    tag: Callable[[], Any] | None = None


class TellClasses(BaseException):
    """A trace has to start again, and carry the classes of numbers."""


def class_of_type(type_: TensorType) -> Class:
    """The class of the numbers of a type, if paths do not differ in it."""
    return Class(_kind(type_.dtype), not type_.weak)


def _kind(dtype: DType) -> int:
    return BOOL if dtype.is_bool else INT if dtype.is_integer else FLOAT if dtype.is_floating else COMPLEX


def number_class(number: Any) -> Class:
    """What is known of the class of a number or tensor."""
    if not isinstance(number, Tensor):
        return class_of_type(raw_type(number))
    trace, value = current_trace(), number._value
    if trace is None or not isinstance(value, Value):
        return class_of_type(number.type)
    found: Class = trace.number_classes.get(value) or _class(value, trace)
    return found


def _class(value: Value, trace: Trace) -> Class:
    known = trace.number_classes
    waiting = [value]
    while waiting:
        one = waiting[-1]
        parts = [] if one in known else _parts(one, trace)
        missing = [part for part in parts if part not in known]
        waiting.extend(missing)
        if not missing:
            if one not in known:
                known[one] = _combined(one, [known[part] for part in parts], trace)
            waiting.pop()
    found: Class = known[value]
    return found


def _parts(value: Value, trace: Trace) -> list[Value]:
    """The values of whose classes a value's class is a matter."""
    mark = trace.number_marks.get(value)
    if isinstance(mark, Value):
        return [mark]
    node = value.node
    if mark is not None or node is None or not isinstance(value.type, TensorType) or value.type.shape:
        return []
    return node.inputs if node.op.name in _ARITHMETIC else []


def _combined(value: Value, parts: list[Class], trace: Trace) -> Class:
    mark, type_ = trace.number_marks.get(value), value.type
    if isinstance(mark, Value):
        return parts[0]
    if mark is not None:
        found: Class = mark.known
        return found
    if not isinstance(type_, TensorType):
        return Class(None, True)
    plain = class_of_type(type_)
    if parts:
        return _of_arithmetic(plain, parts)
    is_item = value.node is not None and value.node.op.name in _ITEMS
    if is_item and type_.dtype in trace.mixed_items and not type_.shape:
        return Class(None, False if type_.weak else None)
    captured = _captured(value, trace) if value.node is None and trace.parent is not None else None
    return plain if captured is None else class_of_captured(captured, trace)


def _of_arithmetic(plain: Class, parts: list[Class]) -> Class:
    kinds = [part.kind for part in parts]
    sure = None not in kinds or plain.kind in kinds or plain.kind == INT
    tensors = [part.is_tensor for part in parts]
    return Class(
        plain.kind if sure else None,
        plain.is_tensor if not plain.is_tensor or True in tensors or None not in tensors else None,
    )


def _captured(value: Value, trace: Trace) -> Tensor | None:
    """The tensor of the trace around that a parameter stands for."""
    return next((tensor for tensor, param in trace.captures.values() if param is value), None)


def class_of_captured(tensor: Tensor, trace: Trace) -> Class:
    """The class of a number that a trace takes from the one around it."""
    if not isinstance(tensor._value, Value) or trace.parent is None:
        return class_of_type(tensor.type)
    return _class(tensor._value, trace.parent)


def note_class(tensor: Tensor, known: Class, tag: Callable[[], Any] | None) -> None:
    """Notes what is known of the class of a number that a block gives; `tag` gives the rest."""
    trace = current_trace()
    if trace is not None and isinstance(tensor._value, Value):
        trace.number_marks[tensor._value] = Mark(known, tag)


def note_extreme(largest: bool, made: Any, first: Any, second: Any) -> None:
    """Notes that a number is the larger (or smaller) one of two, the first one where they are equal."""
    known = number_class(first).joined(number_class(second))
    if isinstance(made, Tensor) and not made.type.shape and not known.is_known:
        better = greater if largest else less
        note_class(made, known, lambda: where(better(second, first), class_tag(second), class_tag(first)))


def note_item(known: Class, type_: TensorType) -> None:
    """Notes that a number of a class becomes an item of a list of the graph, with items of a type."""
    trace = current_trace()
    if trace is not None and not type_.shape and known != class_of_type(type_):
        trace.mixed_items.add(type_.dtype)


def note_same(made: Any, number: Any) -> None:
    """Notes that a number is of the class of another one."""
    trace = current_trace()
    if trace is not None and isinstance(made, Tensor) and isinstance(number, Tensor):
        trace.number_marks[trace.value(made)] = trace.value(number)


def class_tag(number: Any) -> Any:
    """The class of a number: a NumPy integer, or a tensor.

    Raises:
        TellClasses: the trace does not carry it so far.
        StagingError: nothing tells of it.
    """
    known, trace = number_class(number), current_trace()
    if known.kind is not None and known.is_tensor is not None:
        return np.int64(known.kind + 4 * known.is_tensor)
    assert trace is not None
    return _tag(number._value, trace)


def _tag(value: Value, trace: Trace) -> Any:
    tags: dict[Value, Any] = {}
    waiting = [value]
    while waiting:
        one = waiting[-1]
        known = _class(one, trace)
        parts = [] if one in tags or known.is_known else _parts(one, trace)
        missing = [part for part in parts if part not in tags]
        waiting.extend(missing)
        if not missing:
            if one not in tags:
                tags[one] = _tag_of_one(one, known, [tags[part] for part in parts], trace)
            waiting.pop()
    return tags[value]


def _tag_of_one(value: Value, known: Class, parts: list[Any], trace: Trace) -> Any:
    if known.kind is not None and known.is_tensor is not None:
        return np.int64(known.kind + 4 * known.is_tensor)
    mark = trace.number_marks.get(value)
    if isinstance(mark, Value):
        return parts[0]
    if not parts:
        return _ask_again(trace) if mark is None or mark.tag is None else mark.tag()
    assert value.node is not None
    kind, is_tensor = np.int64(INT), np.int64(0)
    for part in parts:
        kind = maximum(kind, remainder(part, np.int64(4)))
        is_tensor = maximum(is_tensor, floor_divide(part, np.int64(4)))
    if value.node.op.name == "pow":
        fraction = logical_and(less(Tensor(value.node.inputs[1]), 0), less(kind, np.int64(FLOAT)))
        kind = where(fraction, np.int64(FLOAT), kind)
    return add(kind, multiply(is_tensor, np.int64(4)))


def _ask_again(trace: Trace) -> NoReturn:
    if trace.tells_classes is False:
        trace.asks_classes = True
        raise TellClasses
    refuse(
        StagingError,
        "the class of a number is asked for, which is an int on some paths and a float on others",
        "make it one of them: start with 0.0, or write float(x)",
    )


def of_class(number: Any, answers: Callable[[Any], Any]) -> tuple[list[Any], Any]:
    """What a function says of each class that a number may be of, and the position among them, an int or a tensor.

    Args:
        number: a tensor of the graph, or a number.
        answers: a function of an example of the class: a number of Python's, or the tensor itself.
    """
    known = number_class(number)
    kinds = range(_kind(number.dtype) + 1) if known.kind is None else [known.kind]
    tensors = [False, True] if known.is_tensor is None else [known.is_tensor]
    cases = {kind + 4 * is_tensor: number if is_tensor else _KINDS[kind] for is_tensor in tensors for kind in kinds}
    found = {case: answers(example) for case, example in cases.items()}
    results = list(found.values())
    if all(result is results[0] for result in results):
        return results[:1], 0
    return [found.get(case, results[0]) for case in range(8)], class_tag(number)


def _number_text(trace: Trace, tensor: Tensor, spec: str) -> tuple[Tensor, str]:
    """What a text shows of a number: also its class, where paths differ in it."""
    special = spec.startswith(("!choice", "!optional", "!number"))
    if special or tensor.type.shape or number_class(tensor).kind is not None:
        return tensor, spec
    return with_class(tensor), f"!number:{spec}"


def with_class(tensor: Tensor) -> Tensor:
    """A number's class, and the number, in one tensor."""
    made: Tensor = stack([astype(class_tag(tensor), tensor.dtype), tensor])
    return made


def without_class(pair: Any) -> Tensor:
    """The number of what `with_class` makes."""
    number: Tensor = apply(cast_op, pair[1], dtype=pair.dtype, weak=True)
    note_class(number, Class(None, False), lambda: astype(pair[0], int64))
    return number


def is_numeric(value: Any) -> bool:
    """Whether a value is a number or a scalar tensor."""
    return type(value) in PYTHON_NUMBERS or (isinstance(value, Tensor) and not value.type.shape)


set_number_text(_number_text)
