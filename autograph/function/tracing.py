"""Traces a Python function into a concrete function."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from autograph.errors import AutoGraphError, ConversionError, GraphTensorError, SourceLine, StagingError, message
from autograph.function.arguments import Arguments
from autograph.function.concrete import ConcreteFunction, argument_spec
from autograph.function.creation import Creation
from autograph.function.guards import Guards
from autograph.function.leaf_types import LeafType, NumberInput
from autograph.function.reachable import outer_objects, structures
from autograph.runtime.context import Context, current_trace, use
from autograph.runtime.ir import Graph, free_values, walk
from autograph.runtime.location import definition_line
from autograph.runtime.structure_ops import constant_op
from autograph.runtime.tensor import TRACED, Tensor
from autograph.runtime.trace import Trace, has_placeholder
from autograph.runtime.types import TensorType
from autograph.runtime.verify import verify
from autograph.staging.calls import call, refuse_generator
from autograph.staging.choice import Chosen
from autograph.staging.class_methods import stand_ins
from autograph.staging.codec import encode
from autograph.staging.failures import (
    Diverge,
    error_location,
    is_users_exception,
    record_failure,
    shows_run_time_values,
)
from autograph.staging.forms import DIVERGED, Const, Form, OptionalStruct, Struct, Variants, form_of
from autograph.staging.generators import Generator
from autograph.staging.journal import Journal, Location
from autograph.staging.lazy import Lazy
from autograph.staging.sequences import Sequence as StagedSequence
from autograph.staging.stale import Stale
from autograph.staging.tags import UNBOUND
from autograph.staging.unbound import Maybe, Unbound
from autograph.staging.watching import Watch, globals_of


@dataclass(frozen=True)
class Traced:
    """A trace, and what guards have to know of it.

    Attributes:
        concrete: the concrete function.
        functions: the user's functions that the trace entered.
        arrays: the NumPy arrays that ops were given, by `id`.
        reads_elements: whether NumPy scalars were met, which may be elements of arrays from outside.
    """

    concrete: ConcreteFunction
    functions: list[Any]
    arrays: dict[int, Any]
    reads_elements: bool

    def guards(self, roots: Sequence[tuple[str, Any]]) -> Guards:
        """The guards of what the trace read from outside; `roots` are pairs of a path and an object."""
        guards = Guards()
        guards.collect(self.functions, roots)
        # What was computed from an array while tracing is in the graph as it was: all of the array has to stay.
        if self.reads_elements or any(not guards.knows(key) for key in self.arrays):
            guards.collect(self.functions, roots, whole_arrays=True)
        return guards


def trace_function(
    function: Callable[..., Any],
    name: str,
    code: str | Callable[[], str],
    arguments: Arguments,
    types: Sequence[LeafType],
    backend: str,
    creation: Creation | None = None,
) -> Traced:
    """Runs the converted function on stand-ins for its tensor arguments and collects the graph.

    Args:
        function: the Python function.
        name: the graph's name.
        code: its generated source, for the user to read, or what makes it when it is asked for.
        arguments: the call's arguments.
        types: what the trace may know of each argument leaf.
        backend: the name of the backend that shall run it.
        creation: takes the variables that the function creates; None where it must not.

    Returns:
        The concrete function, and what the trace met.

    Raises:
        StagingError: the function changes a Python object that outlives it.
    """
    trace = Trace(name, current_trace())
    trace.tells_classes = False
    try:
        return _traced(trace, function, code, arguments, types, backend, creation)
    except BaseException:
        if not trace.asks_classes:
            raise
    again = Trace(name, current_trace())
    again.tells_classes = True
    return _traced(again, function, code, arguments, types, backend, creation)


def _traced(
    trace: Trace,
    function: Callable[..., Any],
    code: str | Callable[[], str],
    arguments: Arguments,
    types: Sequence[LeafType],
    backend: str,
    creation: Creation | None,
) -> Traced:
    name = trace.graph.name
    journal = Journal(trace.graph.body, None)
    inputs = [
        None if type_.input is None else trace.add_input(type_.input, _param_name(path))
        for type_, path in zip(types, arguments.paths, strict=True)
    ]
    starts = [None if tensor is None else tensor._value for tensor in inputs]
    leaves = [leaf if tensor is None else tensor for leaf, tensor in zip(arguments.leaves, inputs, strict=True)]
    tree: Any = arguments.structure.unflatten(leaves)
    args, kwargs = tree
    trace.journal = journal
    trace.creation = creation
    if creation is not None:
        creation.begin(inputs)
    journal.older = {id(obj): obj for obj in structures([*args, *kwargs.values()])}
    watch = Watch([function, args, kwargs, *globals_of(function)], tracked=False)
    journal.untracked = watch.untracked
    try:
        with use(Context(trace)):
            with watch.watching(), stand_ins(watch.objects):
                value = _run(trace, function, args, kwargs)
            trace.number_marks.clear()  # what a function returns has the class of its type
            trace.number_classes.clear()
            changed = _written_arguments(inputs, starts)
            value = _bound_result(value, definition_line(function))
            form = form_of(value)
            _refuse_unreturnable(form, name, definition_line(function))
            results = encode(value, form) + [inputs[i]._value for i in changed]  # type: ignore[union-attr]
            trace.journal = None
            changed_objects = _changes(journal, inputs)
            if creation is not None and creation.variables:
                of_arguments = [change for change in changed_objects if id(change[0].owner) in journal.older]
                _refuse_lasting_changes(of_arguments, trace.entered, (args, kwargs))
                creation.keep(trace, changed_objects)
            else:
                spoiled = [(Location(obj, None, stale.line), obj) for obj, stale in journal.spoiled]
                _refuse_lasting_changes([*changed_objects, *spoiled], trace.entered, (args, kwargs))
                watch.compare()
            _refuse_unseen_changes(watch, journal, definition_line(function))
    except BaseException:
        journal.finish()  # puts back what the abandoned trace has changed
        raise
    trace.graph.body.results = results
    positions = [i for i, tensor in enumerate(inputs) if tensor is not None]
    _order_params(trace, len(positions))
    verify(trace.graph)
    concrete = ConcreteFunction(
        name=name,
        graph=trace.graph,
        code=code,
        inputs=positions,
        captures=[tensor for tensor, _ in trace.captures.values()],
        variables=[variable for variable, _ in trace.variables.values()],
        structured_input_signature=arguments.structure.unflatten(list(map(argument_spec, arguments.leaves, types))),
        result=form,
        writebacks=changed,
        numbers=_number_results(trace.graph, positions, types),
        backend=backend,
    )
    return Traced(concrete, trace.entered, trace.arrays, trace.reads_elements)


def _bound_result(value: Any, line: SourceLine | None) -> Any:
    """What a function returns; nothing that it returns is a name without a value, which some path may have left."""
    unbound = [one for one in value.ag_values if isinstance(one, Unbound)] if isinstance(value, Chosen) else []
    if not unbound and not (isinstance(value, Maybe) and UNBOUND in value.ag_kinds):
        return value
    name = unbound[0].name if unbound else value.ag_name
    what = f"'{name}' is returned, which has no value on some paths"
    raise StagingError(message(what, line, "give it a value before, or another one there: getattr(obj, name, other)"))


def _number_results(graph: Graph, positions: Sequence[int], types: Sequence[LeafType]) -> set[int]:
    """The results that are made of Python numbers only: the caller gets Python numbers, as if they were literal."""
    numbers = {
        param
        for param, position in zip(graph.params, positions, strict=False)
        if isinstance(types[position], NumberInput)
    }
    if not numbers:
        return set()
    for node in graph.body.nodes:
        used = [*node.inputs, *free_values(*node.regions)]
        if numbers.issuperset(used) and (used or node.op is constant_op):
            numbers.update(out for out in node.outputs if isinstance(out.type, TensorType) and out.type.weak)
    return {i for i, value in enumerate(graph.results) if value in numbers}


def _run(trace: Trace, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    refuse_generator(function)
    try:
        return call(function, *args, **kwargs)
    except Diverge:
        return DIVERGED
    except RecursionError as error:
        _refuse_depth(trace, error)
    except Exception as error:
        _refuse_hidden(error)
        happens = shows_run_time_values(error) or any(node.op.effects for node in walk(trace.graph.body))
        if not is_users_exception(error) or not happens:
            raise
        record_failure(error)  # what the graph does before (prints, checks, writes) comes first
        return DIVERGED


def _refuse_hidden(error: Exception) -> None:
    """Says in our words what a library says of a tensor of the graph that it took for a Python value."""
    trace = current_trace()
    text = str(error) if trace is None else trace.described(str(error))
    if not isinstance(error, TypeError) or isinstance(error, AutoGraphError) or is_users_exception(error):
        return
    if TRACED not in text:
        return
    what = f"a library cannot take a tensor that a graph computes: {text}"
    hint = "use ag.ops: ag.ops.zeros(x.shape), 0.0 * ag.ops.arange(n); or pass a Python number as the argument"
    raise GraphTensorError(message(what, error_location(error), hint)) from None


def _refuse_depth(trace: Trace, error: RecursionError) -> NoReturn:
    """Says whether a function that calls itself or the nesting of its code is too deep to trace."""
    function, times = Counter(trace.entered).most_common(1)[0] if trace.entered else (None, 0)
    if function is not None and times > 20:
        raise StagingError(
            message(
                f"{function.__qualname__} calls itself without end while it is traced: a tensor decides when it stops",
                definition_line(function),
                "write the recursion as a loop",
            )
        ) from None
    raise ConversionError(
        message(
            f"the branches and loops of {trace.graph.name} are nested too deeply to trace (each `elif` nests one more)",
            error_location(error),
            "move inner parts into functions of their own, or look values up in a tensor",
        )
    ) from None


def _param_name(path: str) -> str:
    return "".join(char if char.isalnum() else "_" for char in path).strip("_")


def _written_arguments(inputs: Sequence[Tensor | None], starts: Sequence[Any]) -> list[int]:
    """Positions of tensor arguments that `t[i] = v` gave a new value, which the caller's tensor has to get."""
    for tensor in inputs:
        if tensor is not None and isinstance(tensor._value, Stale):
            tensor._value.refuse_use(tensor._value.line)
    pairs = enumerate(zip(inputs, starts, strict=True))
    return [i for i, (tensor, start) in pairs if tensor is not None and tensor._value is not start]


def _refuse_unreturnable(form: Form, name: str, line: SourceLine | None) -> None:
    if isinstance(form, Const) and isinstance(form.value, Stale):
        form.value.refuse_use(form.value.line)
    if isinstance(form, Const) and isinstance(form.value, Generator):
        what = f"{name} returns a generator, which a graph cannot go on with"
        raise StagingError(message(what, line, "return the items: list(...)"))
    if isinstance(form, Const) and isinstance(form.value, str) and has_placeholder(form.value):
        raise GraphTensorError(
            message(
                f"{name} returns text made of a tensor's value, which is known at run time only",
                line,
                "return the tensor and format it outside",
            )
        )
    if isinstance(form, Const) and isinstance(form.value, Lazy | StagedSequence):
        raise GraphTensorError(
            message(f"{name} returns a generator, which a graph cannot", line, "return a list: [x for x in ...]")
        )
    if isinstance(form, Struct):
        for part in form.parts:
            _refuse_unreturnable(part, name, line)
    if isinstance(form, Variants):
        for option in form.options:
            _refuse_unreturnable(option, name, line)
    if isinstance(form, OptionalStruct):
        _refuse_unreturnable(form.inner, name, line)


def _changes(journal: Journal, inputs: Sequence[Tensor | None]) -> list[tuple[Location, Any]]:
    """What the trace has changed in Python objects, and undoes it."""
    own = {id(tensor) for tensor in inputs if tensor is not None}
    return [(location, value) for location, value in journal.finish().values() if id(location.owner) not in own]


def _refuse_lasting_changes(changed: Sequence[tuple[Location, Any]], entered: Sequence[Any], arguments: Any) -> None:
    """Changes of objects that outlive the call would happen once a trace and not once a call: refused."""
    older = outer_objects(entered, arguments) if changed else set()
    for location, _ in changed:
        if id(location.owner) in older:
            _refuse_change(location)


def _refuse_unseen_changes(watch: Watch, journal: Journal, line: SourceLine | None) -> None:
    """Refuses changes that lists and dicts announce to nobody: `obj.items += ys`, and what C code does to arguments."""
    of_arguments = [Location(obj, None, line) for obj in journal.older.values()]
    for location in [*journal.stored, *of_arguments]:
        if watch.has_changed(location.owner):
            _refuse_change(location)


def _refuse_change(location: Location) -> NoReturn:
    raise StagingError(
        message(
            f"a staged function changes {location.words} that exists outside it; that would happen "
            "when the function is traced, not at each call",
            location.line,
            "keep the value in an ag.Variable (assign it), or return it from the function",
        )
    )


def _order_params(trace: Trace, inputs: int) -> None:
    """Puts the graph's parameters in the order arguments, captures, variables."""
    params = trace.graph.body.params
    captured = [value for _, value in trace.captures.values()]
    references = [value for _, value in trace.variables.values()]
    trace.graph.body.params = [*params[:inputs], *captured, *references]
