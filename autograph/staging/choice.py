"""`Chosen`: one of several values (strings, enums, functions, None, structures …), which one a tensor decides.

What is done with it is done with each of the values, and the index selects among the results.
"""

from __future__ import annotations

import enum
import json
import operator
from collections.abc import Callable, Iterator, Sequence
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, NoReturn

import numpy as np

from autograph.errors import OF_TRACING, GraphTensorError
from autograph.ops.casts import astype
from autograph.ops.comparison import not_equal
from autograph.ops.indexing import getitem
from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace
from autograph.runtime.dtypes import DType, of_python_number
from autograph.runtime.failure import of_program
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import cast_op
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.text import is_shown
from autograph.runtime.variable import Variable
from autograph.staging.unbound import Unbound, check_bound

_KINDS = (str, bytes, enum.Enum, FunctionType, BuiltinFunctionType, MethodType, type, DType, np.dtype)


def is_choosable(value: Any) -> bool:
    """Whether a Python value can be one of those that a tensor chooses from (numbers become tensors)."""
    return isinstance(value, _KINDS)


def same_choice(a: Any, b: Any) -> bool:
    """Whether two values are one choice."""
    if isinstance(a, Unbound) or isinstance(b, Unbound):
        return isinstance(a, Unbound) and isinstance(b, Unbound)
    if isinstance(a, Tensor) or isinstance(b, Tensor):
        return a is b
    return a is b or (type(a) is type(b) and repr(a) == repr(b) and bool(a == b))


def union(*groups: Sequence[Any]) -> tuple[Any, ...]:
    """All values of some groups, each once."""
    found: list[Any] = []
    for value in [value for group in groups for value in group]:
        if not any(same_choice(value, other) for other in found):
            found.append(value)
    return tuple(found)


def position(value: Any, values: Sequence[Any]) -> int:
    """Where a value is among the choices."""
    return next(i for i, other in enumerate(values) if same_choice(value, other))


class Chosen:
    """One of several values. What users read of it is read of the value, so its own names are none that they use.

    Attributes:
        ag_values: the values.
        ag_index: integer scalar tensor, the position of the value.
        ag_plain: whether none of the values is a structure or a tensor.
    """

    __slots__ = ("ag_index", "ag_plain", "ag_values")

    ag_values: tuple[Any, ...]
    ag_index: Tensor
    ag_plain: bool

    def __init__(self, values: Sequence[Any], index: Tensor) -> None:
        self.ag_values = tuple(values)
        self.ag_index = index
        self.ag_plain = all(
            is_choosable(value) or value is None or isinstance(value, Unbound) or type(value) in PYTHON_NUMBERS
            for value in self.ag_values
        )

    def ag_map(self, function: Callable[[Any], Any]) -> Any:
        """What a function gives for the value; what it raises for one of the values is raised where that is chosen."""
        chosen = self.require_bound()
        if chosen.ag_plain:
            try:
                return choose([function(value) for value in chosen.ag_values], chosen.ag_index)
            except _OF_VALUES as error:
                if isinstance(error, OF_TRACING):
                    raise
        return _select([_applied(function, value) for value in chosen.ag_values], chosen.ag_index)

    def named(self, name: str) -> Chosen:
        """Itself with another name for an unbound value."""
        values = [Unbound(name) if isinstance(value, Unbound) else value for value in self.ag_values]
        return Chosen(values, self.ag_index)

    def require_bound(self) -> Chosen:
        """Itself without the unbound case, which raises UnboundLocalError at run time."""
        places = [i for i, value in enumerate(self.ag_values) if isinstance(value, Unbound)]
        if not places:
            return self
        check_bound(not_equal(self.ag_index, np.int64(places[0])), self.ag_values[places[0]].name)
        other = next(value for value in self.ag_values if not isinstance(value, Unbound))
        return Chosen([other if isinstance(value, Unbound) else value for value in self.ag_values], self.ag_index)

    def ag_truth(self) -> Any:
        """Its truth, as a bool scalar or a bool, if it is plain."""
        return self.ag_map(bool)

    def is_none(self) -> Any:
        """Whether it is None."""
        return self.ag_map(lambda value: value is None)

    def __format__(self, spec: str) -> str:
        trace = current_trace()
        assert trace is not None
        chosen = self.require_bound()
        if not chosen.ag_plain:
            _refuse_use("text")
        texts = json.dumps([format(value, spec) for value in chosen.ag_values])
        return trace.placeholder(chosen.ag_index, f"!choice:{texts}")

    def __str__(self) -> str:
        return format(self, "")

    def __repr__(self) -> str:
        trace = current_trace()
        if trace is None or not is_shown():
            return f"<one of {len(self.ag_values)} values>"
        chosen = self.require_bound()
        if not chosen.ag_plain:
            _refuse_use("text")
        return trace.placeholder(chosen.ag_index, f"!choice:{json.dumps([repr(value) for value in chosen.ag_values])}")

    def __autograph_tensor__(self) -> Any:
        chosen = self.require_bound()
        if not all(value is None or _is_number(value) for value in chosen.ag_values):
            _refuse_use("an op")
        return _select([_reading(value) for value in chosen.ag_values], chosen.ag_index)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in ("__name__", "__qualname__"):
            raise AttributeError(name)
        return self.ag_map(lambda value: getattr(value, name))


def _is_number(value: Any) -> bool:
    return isinstance(value, Tensor | Variable | np.ndarray | np.generic) or type(value) in PYTHON_NUMBERS


def _reading(value: Any) -> Callable[[], Any]:
    def run() -> Any:
        if value is None:
            raise of_program(TypeError("it is None here, and None does not support this operation"))
        return value.value() if isinstance(value, Variable) else value

    return run


# What an operation on a value of the wrong kind raises.
_OF_VALUES = (TypeError, AttributeError, LookupError, ArithmeticError, ValueError)


def _applied(function: Callable[[Any], Any], value: Any) -> Callable[[], Any]:
    def run() -> Any:
        try:
            return function(value)
        except _OF_VALUES as error:
            if not isinstance(error, OF_TRACING):
                of_program(error)
            raise

    return run


def _refuse_use(what: str) -> NoReturn:
    refuse(
        GraphTensorError,
        f"{what} on a value that a tensor chooses, so that it is not known while the function is traced",
        "do it in converted code, or for each of the values in the branch that chooses it",
    )


def _binary(function: Callable[[Any, Any], Any], swapped: bool = False) -> Callable[[Chosen, Any], Any]:
    def method(self: Chosen, other: Any) -> Any:
        if isinstance(other, Chosen):
            return self.ag_map(lambda value: other.ag_map(lambda second: function(value, second)))
        return self.ag_map(lambda value: function(other, value) if swapped else function(value, other))

    return method


def _unary(function: Callable[[Any], Any]) -> Callable[[Chosen], Any]:
    return lambda self: self.ag_map(function)


def _refusing(what: str) -> Callable[..., NoReturn]:
    def method(self: Chosen, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse_use(what)

    return method


def _iterated(self: Chosen) -> Iterator[Any]:
    """The parts, where all of the values have as many; `a, b = chosen` cannot tell how many it wants."""
    sizes = {len(value) if isinstance(value, list | tuple) else -1 for value in self.ag_values}
    if len(sizes) > 1 or -1 in sizes or any(getattr(value, "graph", None) is not None for value in self.ag_values):
        refuse(
            GraphTensorError,
            "a value is unpacked of which a tensor decides how many parts it has",
            "take its parts by index (r[0]), loop over it with a for statement, or unpack it where it is made",
        )
    return iter([self.ag_map(operator.itemgetter(place)) for place in range(sizes.pop())])


Chosen.__iter__ = _iterated  # type: ignore[attr-defined]
for _name, _what in (("hash", "hash()"), ("bool", "bool()"), ("len", "len()"), ("call", "a call")):
    setattr(Chosen, f"__{_name}__", _refusing(_what))
_ARITHMETIC = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "lshift", "rshift", "xor")
for _name in ("eq", "ne", "lt", "le", "gt", "ge", "getitem", "contains", *_ARITHMETIC, "and_", "or_"):
    setattr(Chosen, f"__{_name.strip('_')}__", _binary(getattr(operator, _name)))
for _name in (*_ARITHMETIC, "and_", "or_"):
    setattr(Chosen, f"__r{_name.strip('_')}__", _binary(getattr(operator, _name), swapped=True))
for _name in ("neg", "pos", "abs", "invert"):
    setattr(Chosen, f"__{_name}__", _unary(getattr(operator, _name)))


# Set by the module of `if`, which needs this one: chooses among results that are not plain Python values.
_select: Callable[[Sequence[Callable[[], Any]], Tensor], Any]


def set_select(select: Callable[[Sequence[Callable[[], Any]], Tensor], Any]) -> None:
    """Announces how to choose among results of any kind."""
    global _select
    _select = select


def selected(runs: Sequence[Callable[[], Any]], index: Tensor) -> Any:
    """What the function at a position gives that a tensor says; only that one runs."""
    return _select(runs, index)


def choose(results: Sequence[Any], index: Tensor) -> Any:
    """The result at a position that a tensor gives."""
    if all(same_choice(result, results[0]) for result in results):
        return results[0]
    kinds = {type(result) for result in results}
    if kinds == {bool}:
        return _entry(results, index)
    if len(kinds) == 1 and kinds <= set(PYTHON_NUMBERS):
        dtype = of_python_number(results[0])
        return apply(cast_op, astype(_entry(results, index), dtype), dtype=dtype, weak=True)
    if all(is_choosable(result) or result is None for result in results):
        values = union(results)
        places = [position(result, values) for result in results]
        return Chosen(values, _entry(places, index))
    return _select([_constant(result) for result in results], index)


def _constant(result: Any) -> Callable[[], Any]:
    return lambda: result


def _entry(table: Sequence[Any], index: Tensor) -> Tensor:
    trace = current_trace()
    assert trace is not None, "values are chosen while tracing"
    found: Tensor = getitem(Tensor(trace.value(np.asarray(table))), index)
    return found


def chosen_call(function: Chosen, args: tuple[Any, ...], kwargs: dict[str, Any], call: Callable[..., Any]) -> Any:
    """Calls the function that a tensor chooses; only its branch runs."""
    bound = function.require_bound()
    runs = [lambda value=value: call(value, *args, **kwargs) for value in bound.ag_values]
    return _select(runs, bound.ag_index)
