"""Exceptions that leave a staged block while it is traced become failures that the graph raises at run time."""

from __future__ import annotations

import copy
import dis
import inspect
import json
import re
from collections.abc import Iterator
from types import FrameType, FunctionType, TracebackType
from typing import Any, Protocol

from autograph.errors import AutoGraphError, GraphTensorError, SourceLine, message
from autograph.runtime.context import current_trace
from autograph.runtime.failure import ErrorSite, Template, is_of_program
from autograph.runtime.ir import Value
from autograph.runtime.location import code_line, is_internal, is_library, user_line
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import fail_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import has_placeholder
from autograph.runtime.variable import Variable
from autograph.staging.choice import Chosen
from autograph.staging.forms import parts_of
from autograph.staging.number_classes import number_class, with_class
from autograph.staging.stale import Stale
from autograph.staging.unbound import Maybe

_RAISE = dis.opmap["RAISE_VARARGS"]


_CAUGHT = "__autograph_caught__"


class Caught(Protocol):
    """What an exception stands for that a handler of staged code gets."""

    def raise_again(self) -> None:
        """Records that the graph raises what was caught."""
        ...


def caught_of(error: BaseException) -> Caught | None:
    """What the graph has caught, if an exception stands for that."""
    found: Caught | None = vars(error).get(_CAUGHT)
    return found


def stands_for(error: BaseException, caught: Caught) -> BaseException:
    """The exception, standing for what the graph has caught."""
    vars(error)[_CAUGHT] = caught
    return error


class Diverge(BaseException):
    """Leaves a block whose every path ends in an exception: nothing after it can run."""


def is_users_exception(error: Exception) -> bool:
    """Whether plain Python would raise this too if it came here: a `raise` statement, or a failed operation on values.

    Other exceptions (a TypeError of a library that was handed a graph tensor) are about tracing.
    """
    if caught_of(error) is not None or is_of_program(error):
        return True
    if isinstance(error, AutoGraphError | RecursionError | MemoryError):
        return False
    last = _last(error.__traceback__)
    if last is not None and not is_internal(last.tb_frame.f_code.co_filename):
        instruction = last.tb_frame.f_code.co_code[last.tb_lasti]
        if instruction == _RAISE:
            return True
    return isinstance(error, AssertionError | LookupError | ArithmeticError | NameError) or _is_of_python(error)


# Python's words for operands that do not go together, whatever their values.
_OPERANDS = ("unsupported operand type(s) for", "not supported between instances of")
_OF_OBJECT = re.compile(r"'[\w.]+' object (is not|has no|does not support) ")
_BINDING = re.compile(r"[\w.<>]+\(\) (missing|takes|got) ")
_OURS = re.compile(r"\b(Tensor|Variable|Maybe|Chosen|Stale|Unbound|TruthOnly|Lazy|Sequence|Generator)\b")


def _is_of_python(error: Exception) -> bool:
    """Whether Python itself raised this in the user's code, for operands that are as they are without a graph."""
    text = str(error)
    if isinstance(error, TypeError) and _BINDING.match(text):
        return True
    if has_placeholder(text):  # of a library that was handed a tensor
        return False
    if _OURS.search(text) and not any(words in text for words in _OPERANDS):
        return False
    frames = list(_frames(error.__traceback__))
    if isinstance(error, TypeError | AttributeError) and _OF_OBJECT.match(text):
        return True
    users = [place for place, frame in enumerate(frames) if _is_users(frame.f_code.co_filename)]
    if not users:
        return False
    return all(not holds_graph_values(given) for frame in frames[users[-1] + 1 :][:1] for given in _given(frame))


def _frames(traceback: TracebackType | None) -> Iterator[FrameType]:
    while traceback is not None:
        yield traceback.tb_frame
        traceback = traceback.tb_next


def _is_users(file: str) -> bool:
    return not is_internal(file) and not is_library(file)


def _given(frame: FrameType) -> list[Any]:
    """The arguments that a frame's function was called with."""
    code = frame.f_code
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    return [frame.f_locals[name] for name in code.co_varnames[:count] if name in frame.f_locals]


_MOST_PARTS = 10_000


def holds_graph_values(value: Any) -> bool:
    """Whether a value is one of the graph's, or a structure with such in it."""
    waiting, seen = [value], set[int]()
    while waiting:
        one = waiting.pop()
        if isinstance(one, Tensor) and one.is_graph:
            return True
        if isinstance(one, Variable | Maybe | Chosen | Stale) or getattr(one, "graph", None) is not None:
            return True
        if isinstance(one, str) and has_placeholder(one):
            return True
        if id(one) in seen:
            continue
        if len(seen) > _MOST_PARTS:
            return True  # nobody knows
        seen.add(id(one))
        waiting += parts_of(one) or (list(one) if isinstance(one, set | frozenset) else [])
    return False


def _last(traceback: TracebackType | None) -> TracebackType | None:
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback


def error_location(error: BaseException) -> SourceLine | None:
    """The innermost of the user's lines in an exception's traceback."""
    found, traceback = None, error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        # The initialisers that `dataclass` makes for this package have no file.
        ours = str(traceback.tb_frame.f_globals.get("__name__")).startswith("autograph.")
        if not ours and not is_internal(code.co_filename) and (found is None or not is_library(code.co_filename)):
            found = code_line(code, traceback.tb_lasti, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def record_failure(error: BaseException) -> None:
    """Records that the graph raises this exception here."""
    caught = caught_of(error)
    if caught is not None:
        caught.raise_again()
        return
    held = held_by(error)
    names = tuple(held or ())
    location = error_location(error) or user_line()  # the operation may have been tried inside this package
    filled, payload = templates((*error.args, *(held or {}).values()), location)
    count = len(error.args)
    attributes = None if held is None else tuple(zip(names, filled[count:], strict=True))
    site = ErrorSite(type(error), filled[:count], location, attributes, _cause(error))
    _record(site, payload)


def _cause(error: BaseException) -> BaseException | None:
    """What an exception was raised from, if all of it is known while tracing."""
    cause = error.__cause__
    try:
        if cause is None or any(map(holds_graph_values, (*cause.args, *(held_by(cause) or {}).values()))):
            return None
        copied = copy.copy(cause)
    except (TypeError, AutoGraphError):  # it cannot be copied, or its text is not known
        return None
    vars(copied).pop(_CAUGHT, None)
    return copied


def held_by(error: BaseException) -> dict[str, Any] | None:
    """What an exception with an `__init__` of the user's, or with attributes, holds besides its arguments."""
    held = {name: value for name, value in vars(error).items() if not name.startswith("__autograph_")}
    return held if held or isinstance(type(error).__init__, FunctionType) else None


def shows_run_time_values(error: BaseException) -> bool:
    """Whether an exception's arguments are known when the graph runs only."""
    if caught_of(error) is not None:
        return True
    return any(map(holds_graph_values, (*error.args, *(held_by(error) or {}).values())))


def _record(site: ErrorSite, payload: list[Value]) -> None:
    trace = current_trace()
    assert trace is not None
    trace.record(fail_op, payload, {"site": site}, ())


def templates(arguments: tuple[Any, ...], location: SourceLine | None = None) -> tuple[tuple[Any, ...], list[Value]]:
    """Arguments of an exception, raised at a line, or of print with holes for run-time values, and these values."""
    trace = current_trace()
    assert trace is not None
    filled: list[Any] = []
    payload: list[Value] = []
    for argument in arguments:
        if isinstance(argument, str) and has_placeholder(argument):
            template, tensors = trace.template(argument)
            filled.append(template)
            payload.extend(trace.value(tensor) for tensor in tensors)
        elif isinstance(argument, Tensor):
            known = argument.type.shape or number_class(argument).kind is not None
            filled.append(Template.of_value(argument.type.weak) if known else Template(("", ""), ("!n",)))
            payload.append(trace.value(argument if known else with_class(argument)))
        elif isinstance(argument, Maybe | Chosen):
            template, tensor = _of_state(argument)
            filled.append(template)
            payload.append(trace.value(tensor))
        elif holds_graph_values(argument):
            raise GraphTensorError(
                message(
                    "an exception's argument is a structure of tensors",
                    location or user_line(),
                    "raise with the tensors themselves, or with text that shows them: f'{values}'",
                )
            )
        else:
            filled.append(argument)
    return tuple(filled), payload


def _of_state(argument: Maybe | Chosen) -> tuple[Template, Tensor]:
    """The template of an argument that is a number or None, or a text that a tensor chooses."""
    found = argument.require_bound()
    if isinstance(found, Tensor):
        return Template.of_value(), found
    if isinstance(found, Maybe) and isinstance(found.ag_value, Tensor):
        return Template(("", ""), ("!w",)), found.ag_pair()
    if isinstance(found, Chosen) and all(isinstance(value, str) for value in found.ag_values):
        return Template(("", ""), (f"!choice:{json.dumps(found.ag_values)}",)), found.ag_index
    refuse(
        GraphTensorError,
        "an exception's argument is a Python object that a tensor chooses",
        "raise in the branch that chooses it",
    )
