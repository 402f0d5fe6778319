"""`try` statements: `try_` and `finally_`."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

from autograph.errors import OF_TRACING
from autograph.ops.comparison import equal
from autograph.ops.logic import logical_or
from autograph.runtime.context import current_trace
from autograph.runtime.tensor import Tensor
from autograph.staging.conditional import staged_if
from autograph.staging.failures import Diverge
from autograph.staging.journal import Location
from autograph.staging.paths import with_open_end
from autograph.staging.regions import named_locations
from autograph.staging.staged_try import Outcome, StagedTry
from autograph.transforms.passes.catch_failures import Raised

_Clause = tuple[Any, ...]


def try_(
    attempt: Callable[..., Any],
    clauses: tuple[_Clause, ...],
    carry: tuple[Any, ...] = (),
    names: str | None = None,
    cells: str = "",
    globals_: str = "",
) -> Any:
    """Runs `attempt`, and a handler when it raises what the handler is for; in a graph when it raises at run time.

    Args:
        attempt: a function of `carry`.
        clauses: (class or classes, handler) or (class or classes, name, handler). The handlers are functions of the
            exception, where there is a name for it, and of `carry`. Classes may be given by a function.
        carry: values handed to the functions.
        names: names of the results, "a, b"; None when the functions give the value of an expression.
        cells: names of closure variables that the functions assign.
        globals_: names of globals that the functions assign.

    Returns:
        What the function that ran to its end gives.

    Raises:
        StagingError: the functions give values that no one type or structure can hold.
    """
    if current_trace() is None:
        return _plainly(attempt, clauses, carry)
    functions = [attempt, *[clause[-1] for clause in clauses]]
    return staged_try(attempt, clauses, carry, names, named_locations(functions, cells, globals_))


def staged_try(
    attempt: Callable[..., Any],
    clauses: tuple[_Clause, ...],
    carry: tuple[Any, ...],
    names: str | None,
    declared: list[Location],
) -> Any:
    """As `try_` while a graph is traced; `declared` are the cells and globals that the functions assign."""
    classes = [_classes(clause[0]) for clause in clauses]
    block = StagedTry(attempt, _flat(classes), carry, names, declared, OF_TRACING)
    if not block.trace_body():
        return _plainly(attempt, clauses, carry)
    outcome = block.record()

    def handle() -> Any:
        return _choose(_handlers(outcome, clauses, classes, carry), outcome, names)

    if outcome.results is None:
        return handle()
    return staged_if(equal(outcome.status, 0), outcome.give, handle, (), names, outcome.locations)


def finally_(
    attempt: Callable[..., Any],
    final: Callable[[], Any],
    carry: tuple[Any, ...] = (),
    names: str | None = None,
    cells: str = "",
    globals_: str = "",
) -> Any:
    """Runs `attempt`, then `final` also when it raises; in a graph also when it raises at run time.

    Args:
        attempt: a function of `carry`.
        final: a function without arguments.
        carry: values handed to `attempt`.
        names: names of the results, "a, b"; None when `attempt` gives the value of an expression.
        cells: names of closure variables that the functions assign.
        globals_: names of globals that the functions assign.

    Returns:
        What `attempt` gives.
    """
    if current_trace() is not None:
        declared = named_locations([attempt, final], cells, globals_)
        attempt = with_open_end(attempt)
        block = StagedTry(attempt, (BaseException,), carry, names, declared, OF_TRACING)
        if block.trace_body():
            outcome = with_open_end(block.record)()
            final()
            outcome.raise_again()
            if outcome.results is None:
                raise Diverge
            return outcome.give()
    try:
        return attempt(*carry)
    finally:
        final()


def _plainly(attempt: Callable[..., Any], clauses: tuple[_Clause, ...], carry: tuple[Any, ...]) -> Any:
    try:
        return attempt(*carry)
    except Diverge:
        raise
    except BaseException as error:
        if isinstance(error, OF_TRACING) and current_trace() is not None:
            raise
        for kinds, *name, handler in clauses:
            if isinstance(error, _classes(kinds)):
                return handler(*([error] if name else []), *carry)
        raise


def _classes(kinds: Any) -> Any:
    return kinds() if isinstance(kinds, FunctionType) else BaseException if kinds is None else kinds


def _flat(kinds: Any) -> tuple[type[BaseException], ...]:
    if isinstance(kinds, tuple | list):
        return tuple([one for inner in kinds for one in _flat(inner)])
    return (kinds,)


Group = tuple[list[Raised], Callable[[], Any]]


def _handlers(
    outcome: Outcome, clauses: tuple[_Clause, ...], classes: list[Any], carry: tuple[Any, ...]
) -> list[Group]:
    """What was raised, in groups that one trace of a handler serves: each by itself where the handler looks at it."""
    found: list[Group] = []
    for index, (_, *name, handler) in enumerate(clauses):
        mine = [one for one in outcome.raised if _clause_of(one, classes) == index]
        groups = [[one] for one in mine] if name else [mine] if mine else []
        found += [(group, _run(outcome, group, handler, carry, bool(name))) for group in groups]
    return found


def _run(
    outcome: Outcome, group: list[Raised], handler: Callable[..., Any], carry: tuple[Any, ...], named: bool
) -> Callable[[], Any]:
    def run() -> Any:
        error = outcome.exception(group)
        try:
            raise error
        except BaseException:  # so that `raise` in the handler raises it again
            return handler(*([error] if named else []), *carry)

    return run


def _clause_of(raised: Raised, classes: list[Any]) -> int:
    return next(i for i, kinds in enumerate(classes) if issubclass(raised.exception, _flat(kinds)))


def _choose(groups: list[Group], outcome: Outcome, names: str | None) -> Any:
    (group, run), *rest = groups
    if not rest:
        return run()
    test: Tensor = equal(outcome.status, group[0].status)
    for raised in group[1:]:
        test = logical_or(test, equal(outcome.status, raised.status))
    return staged_if(test, run, lambda: _choose(rest, outcome, names), (), names, outcome.locations)
