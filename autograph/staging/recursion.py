"""Recursion that tensors decide: a function that is entered again with the same types becomes a graph of its own.

The first calls are traced as any; where a function is entered again, by itself or through others, its graph is built:
once with calls of itself that never come back, which leaves the base cases and so the type of the result, then again
until the types of parameters and result settle.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import CellType, FunctionType
from typing import Any

import numpy as np

from autograph.errors import SourceLine, StagingError, message
from autograph.runtime.context import Context, current_trace, use
from autograph.runtime.dims import Dim, is_symbol, substitute, symbols_of
from autograph.runtime.ir import Graph, Value, replace_uses, walk
from autograph.runtime.location import definition_line
from autograph.runtime.structure_ops import assign_op, call_op, read_op
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import TensorType, Type
from autograph.runtime.variable import Variable
from autograph.runtime.verify import verify
from autograph.staging.codec import decode, encode
from autograph.staging.failures import Diverge
from autograph.staging.forms import (
    DIVERGED,
    Const,
    Form,
    Number,
    Optional,
    Slot,
    Struct,
    form_of,
    has_identity,
    parts_of,
    same_structure,
)
from autograph.staging.joins import Join
from autograph.staging.journal import Journal, cell_value
from autograph.staging.paths import Path
from autograph.staging.regions import guarded
from autograph.staging.staged_loop import same_form
from autograph.staging.watching import Watch

_MOST_TRIALS = 20
# Calls of one function in branches of itself before the Python numbers among its arguments become tensors.
_MOST_UNROLLED = 5
_Arguments = tuple[tuple[Any, ...], dict[str, Any]]


class Entry:
    """A call of a user's function that is being traced."""

    def __init__(self, function: FunctionType, arguments: _Arguments, trace: Trace) -> None:
        self.function = function
        self.arguments = arguments
        self.region = trace.region


class Recursive:
    """The graph of a function that calls itself.

    Args:
        function: the user's function.
        run: the function converted.
        arguments: those of a call.
        earlier: those of a call that this one lies in.
        numbers: whether Python numbers among the arguments are inputs of the graph.
    """

    def __init__(
        self,
        function: FunctionType,
        run: Callable[..., Any],
        arguments: _Arguments,
        earlier: _Arguments,
        numbers: bool,
    ) -> None:
        self.function = function
        self.run = run
        self.numbers = numbers
        self.join = Join(f"the calls of {function.__name__} in itself")
        self.join_results = Join(f"the returns of {function.__name__}")
        self.arguments = arguments
        self.form = self._opened(
            self.join(self._form(earlier, arguments), self._form(arguments, earlier), "the arguments")
        )
        self.result: Form | None = None
        self.graph = Graph(function.__name__)
        self.cells = cells_of(function)
        self.captures: list[Tensor] = []
        self.variables: list[Variable] = []
        self._widened = False

    def _form(self, arguments: Any, other: Any) -> Form:
        """The form of arguments; objects that both calls have stay the objects they are."""
        if arguments is other and has_identity(arguments):
            return Const(arguments)
        form = form_of(arguments)
        if isinstance(form, Number) and self.numbers:
            return Slot(form.type)
        parts, others = parts_of(arguments), parts_of(other)
        if isinstance(form, Struct) and parts is not None and others is not None and len(parts) == len(others):
            inner = [self._form(a, b) for a, b in zip(parts, others, strict=True)]
            return Struct(form.example, tuple(inner), form.keys)
        return form

    def _opened(self, form: Form) -> Form:
        """A form whose sizes the graph can tell from its arguments: what is computed from others gets a symbol."""
        trace = current_trace()
        assert trace is not None
        if isinstance(form, Struct):
            return replace(form, parts=tuple([self._opened(part) for part in form.parts]))
        if not isinstance(form, Slot | Optional) or all(isinstance(d, int) or is_symbol(d) for d in form.type.shape):
            return form
        shape: list[Dim] = []
        for dim in form.type.shape:
            if not isinstance(dim, int) and not is_symbol(dim):
                dim = trace.fresh_symbol()
                self.join.free.update(symbols_of(dim))
            shape.append(dim)
        return replace(form, type=form.type.with_shape(tuple(shape)))

    def build(self, outer: Trace) -> None:
        """Traces the function until its types settle."""
        for _ in range(_MOST_TRIALS):
            trace = Trace(self.function.__name__, outer)
            trace.entered = outer.entered
            trace.building = [self]
            trace.symbols_after(outer)
            self.graph, self._widened = trace.graph, False
            with use(Context(trace)):
                value = self._traced(trace)
                if self._widened:
                    continue
                if value is DIVERGED and self.result is None:
                    if any(one.result is None for one in _building(outer)):
                        raise Diverge  # what it returns depends on a function around it
                    _refuse(self.function, "never returns: each of its paths calls it again", "add a base case")
                form = form_of(value)
                joined = form if self.result is None else self.join_results(self.result, form, "the result")
                settled = self.result is not None and same_form(joined, self.result) and self._same_captures(trace)
                self.result = joined
                if settled:
                    trace.graph.body.results = encode(value, joined)
                    self._close(trace)
                    outer.symbols_after(trace)
                    if not _building(outer):
                        _verify_all(trace.graph)
                    return
        _refuse(self.function, "has types that do not settle in its calls of itself", "give each call the same types")

    def _same_captures(self, trace: Trace) -> bool:
        """Whether calls in this trial have passed all that it takes from outside; notes it for the next one."""
        captures = [tensor for tensor, _ in trace.captures.values()]
        variables = [variable for variable, _ in trace.variables.values()]
        same = [*map(id, captures), *map(id, variables)] == [*map(id, self.captures), *map(id, self.variables)]
        self.captures, self.variables = captures, variables
        return same

    def _traced(self, trace: Trace) -> Any:
        journal = Journal(trace.graph.body, None)
        inputs = [trace.add_input(type_) for type_ in self.form.slot_types()]
        args, kwargs = decode(self.form, iter([trace.value(tensor) for tensor in inputs]))
        trace.journal = journal
        journal.cells.reached = Watch([self.function, args, kwargs, *self._outer_values()], tracked=False).cells
        path = Path(trace.graph.body)
        try:
            path.value = guarded(lambda: self.run(*args, **kwargs))
        finally:
            trace.journal = None
            path.writes = journal.finish()
        self._refuse_changes(path, (args, kwargs))
        return path.settled(path.value)

    def _refuse_changes(self, path: Path, arguments: Any) -> None:
        """Changes of objects that the function did not make would not be seen by its caller."""
        given = {id(part) for part in _all_parts([arguments, self.function.__closure__, *self._outer_values()])}
        for location, _ in path.writes.values():
            made = isinstance(location.owner, list | dict | set) and id(location.owner) not in given
            if not made and not isinstance(location.owner, Tensor):
                _refuse(self.function, f"changes {location.words}", "return the new value instead", location.line)
            if id(location.owner) in given:
                _refuse(self.function, "changes an argument", "return the new value instead", location.line)

    def _outer_values(self) -> list[Any]:
        names = self.function.__code__.co_names
        return [self.function.__globals__[name] for name in names if name in self.function.__globals__]

    def _close(self, trace: Trace) -> None:
        """Makes tensors and variables' values from outside parameters, in the order in which calls pass them."""
        body = trace.graph.body
        count = len(self.form.slot_types())
        extra = [param for _, param in trace.captures.values()]
        assigned = [node for node in walk(body) if node.op is assign_op]
        if assigned:
            what = "assigns a variable"
            _refuse(self.function, what, "return the new value, and assign it outside", assigned[0].location)
        body.params = [*body.params[:count], *extra]
        for _, reference in trace.variables.values():
            value = body.add_param(reference.type.value, reference.name)  # type: ignore[union-attr]
            for node in list(walk(body)):
                if node.op is read_op and node.inputs[0] is reference and node.region is not None:
                    replace_uses(body, node.outputs[0], value)
                    node.region.nodes.remove(node)

    def call(self, arguments: _Arguments) -> Any:
        """Records a call of the graph."""
        trace = current_trace()
        assert trace is not None
        if self in _building(trace):
            self._widen(arguments)
            if self.result is None or self._widened:
                raise Diverge
        assert self.result is not None
        slots = encode(arguments, self.form)
        inputs = [*slots, *[trace.value(tensor) for tensor in self.captures]]
        inputs += [trace.value(variable.value()) for variable in self.variables]
        types = self._result_types(trace, slots)
        outs = trace.record(call_op, inputs, {"callee": self.graph}, types)
        return decode(self.result, iter(outs))

    def _widen(self, arguments: _Arguments) -> None:
        joined = self.join(self.form, self._form(arguments, self.arguments), "the arguments")
        if not same_form(joined, self.form):
            self.form, self._widened = joined, True

    def takes(self, arguments: _Arguments) -> bool:
        """Whether the graph is of the types of these arguments, and of what the function sees around it."""
        if any(a is not b for a, b in zip(self.cells, cells_of(self.function), strict=True)):
            return False
        if not alike(self.arguments, arguments, self.numbers):
            return False
        joined = self.join(self.form, self._form(arguments, self.arguments), "the arguments")
        return same_form(joined, self.form)

    def _result_types(self, trace: Trace, slots: Sequence[Value]) -> list[Type]:
        """The result's types in terms of this call's sizes; sizes that the call computes are new."""
        assert self.result is not None
        known: dict[str, Dim] = {}
        for wanted, slot in zip(self.form.slot_types(), slots, strict=True):
            if isinstance(wanted, TensorType) and isinstance(slot.type, TensorType):
                pairs = zip(wanted.shape, slot.type.shape, strict=True)
                known |= {symbols_of(a)[0]: b for a, b in pairs if not isinstance(a, int) and is_symbol(a)}
        types = []
        for type_ in self.result.slot_types():
            if isinstance(type_, TensorType):
                names = {name for dim in type_.shape if not isinstance(dim, int) for name in symbols_of(dim)}
                mapping = {name: known[name] if name in known else trace.fresh_symbol() for name in sorted(names)}
                type_ = type_.with_shape(tuple([substitute(dim, mapping) for dim in type_.shape]))
            types.append(type_)
        return types


def entered(function: FunctionType, run: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Calls a converted function, or its graph if it is being traced with arguments of these types already."""
    trace = current_trace()
    if trace is None:
        return run(*args, **kwargs)
    arguments = _bound(function, args, kwargs)
    for building in _building(trace):
        if building.function is function and alike(building.arguments, arguments, building.numbers):
            return building.call(arguments)
    active = [entry for entry in trace.active if entry.function is function]
    if active and _has_tensors(arguments):
        recursive = _recursive(trace, function, run, arguments, active)
        if recursive is not None:
            return recursive.call(arguments)
    with _active(trace, Entry(function, arguments, trace)):
        return run(*args, **kwargs)


@contextmanager
def _active(trace: Trace, entry: Entry) -> Iterator[None]:
    trace.active.append(entry)
    try:
        yield
    finally:
        trace.active.pop()


def _bound(function: FunctionType, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Arguments:
    """The arguments as the function takes them, however they are passed."""
    try:
        found = inspect.signature(function).bind(*args, **kwargs)
    except (TypeError, ValueError):  # the call itself says what is wrong
        return args, kwargs
    found.apply_defaults()
    return found.args, found.kwargs


def _building(trace: Trace | None) -> list[Recursive]:
    """The functions whose graphs are being built, by this trace and those around it."""
    found: list[Recursive] = []
    while trace is not None:
        found += trace.building
        trace = trace.parent
    return found


def _verify_all(graph: Graph) -> None:
    """Verifies a graph and all that it calls."""
    graphs = [graph]
    for one in graphs:
        verify(one)
        callees = [node.attrs["callee"] for node in walk(one.body) if node.op is call_op]
        graphs += [callee for callee in dict.fromkeys(callees) if callee not in graphs]


def _recursive(
    trace: Trace, function: FunctionType, run: Callable[..., Any], arguments: _Arguments, active: list[Entry]
) -> Recursive | None:
    numbers = _unrolled(trace, function, arguments) >= _MOST_UNROLLED
    earlier = next((one for one in active if alike(one.arguments, arguments, numbers)), None)
    if earlier is None:
        return None
    for known in trace.built:
        if known.function is function and known.takes(arguments):
            found: Recursive = known
            return found
    made = Recursive(function, run, arguments, earlier.arguments, numbers)
    made.build(trace)
    trace.built.append(made)
    return made


def _unrolled(trace: Trace, function: FunctionType, arguments: _Arguments) -> int:
    """In how many calls of the function this one lies, each in another branch of the graph, but for numbers alike."""
    around: Trace | None = trace
    regions: set[int] = {id(trace.region)}
    while around is not None:
        for entry in around.active:
            if entry.function is function and alike(entry.arguments, arguments, True):
                regions.add(id(entry.region))
        around = around.parent
    return len(regions) - 1


def alike(a: Any, b: Any, numbers: bool) -> bool:
    """Whether arguments differ at most in what the graph knows: values and sizes of tensors.

    Args:
        a: arguments.
        b: others.
        numbers: whether Python numbers may differ too.
    """
    if a is b:
        return True
    if isinstance(a, Tensor | np.ndarray | np.generic) or isinstance(b, Tensor | np.ndarray | np.generic):
        x, y = form_of(a), form_of(b)
        if not isinstance(x, Slot) or not isinstance(y, Slot | Number) or (isinstance(y, Number) and not numbers):
            return numbers and isinstance(x, Number) and isinstance(y, Slot) and x.type.dtype is y.type.dtype
        return (x.type.dtype, x.type.weak, x.type.rank) == (y.type.dtype, y.type.weak, y.type.rank)
    if type(a) in PYTHON_NUMBERS or type(b) in PYTHON_NUMBERS:
        return type(a) is type(b) and (numbers or repr(a) == repr(b))
    parts_a, parts_b = parts_of(a), parts_of(b)
    if parts_a is None or parts_b is None:
        return type(a) is type(b) and isinstance(a, str | bytes | range | slice) and a == b
    same = same_structure(a, b) and len(parts_a) == len(parts_b)
    return same and all(alike(x, y, numbers) for x, y in zip(parts_a, parts_b, strict=True))


def _has_tensors(value: Any) -> bool:
    if isinstance(value, Tensor):
        return value.is_graph
    return any(_has_tensors(part) for part in parts_of(value) or [])


def _all_parts(value: Any) -> Iterator[Any]:
    yield value
    held = [cell_value(value, "")] if isinstance(value, CellType) else parts_of(value) or []
    for part in held:
        yield from _all_parts(part)


def cells_of(function: FunctionType) -> list[Any]:
    """What a function's closure holds now."""
    return [cell_value(cell, "") for cell in function.__closure__ or () if not _is_empty(cell)]


def _is_empty(cell: CellType) -> bool:
    try:
        return cell.cell_contents is None
    except ValueError:
        return True


def _refuse(function: FunctionType, what: str, hint: str, line: SourceLine | None = None) -> Any:
    text = f"{function.__qualname__}, which calls itself as tensors decide, {what}"
    raise StagingError(message(text, line or definition_line(function), hint))
