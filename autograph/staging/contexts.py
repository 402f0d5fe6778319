"""`with` statements: `with_`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from inspect import CO_VARARGS
from types import FunctionType
from typing import Any

from autograph.errors import OF_TRACING, StagingError
from autograph.ops.comparison import equal
from autograph.runtime.context import current_trace
from autograph.runtime.refusal import refuse
from autograph.staging.attempts import staged_try
from autograph.staging.calls import call, converted, inlined, should_convert
from autograph.staging.conditional import if_, staged_if
from autograph.staging.failures import Diverge
from autograph.staging.generators import Taken
from autograph.staging.journal import Location
from autograph.staging.paths import with_open_end
from autograph.staging.regions import name_list, named_locations, packed, unpacked
from autograph.staging.staged_try import Outcome, StagedTry
from autograph.staging.unbound import no_value
from autograph.transpiler.managers import gives_nothing, names_read


def with_(
    manager: Any,
    block: Callable[..., Any],
    carry: tuple[Any, ...] = (),
    names: str | None = None,
    cells: str = "",
    globals_: str = "",
    swallows: bool = False,
) -> Any:
    """`with manager as value: block(value, *carry)`; managers of the user's are staged as their methods' code says.

    Args:
        manager: the context manager.
        block: a function of what the manager gives and of `carry`.
        carry: values handed to the block.
        names: names of the results, "a, b"; None when the block gives the value of an expression.
        cells: names of closure variables that the block assigns.
        globals_: names of globals that the block assigns.
        swallows: whether the code after the statement is prepared for an exception that the manager swallows.

    Returns:
        What the block gives; None if an exception was swallowed.
    """
    if current_trace() is not None:
        declared = named_locations([block], cells, globals_)
        block = with_open_end(block)
        if isinstance(manager, contextlib.suppress):
            clause = (manager._exceptions, lambda *state: None)  # type: ignore[attr-defined]
            return staged_try(lambda *state: block(None, *state), (clause,), carry, names, declared)
        generator = getattr(manager, "func", None) if isinstance(manager, contextlib._GeneratorContextManager) else None
        if isinstance(generator, FunctionType) and should_convert(generator):
            manager.gen.close()
            return _by_generator(manager, generator, block, carry, names, declared)
        if isinstance(_method(manager, "__exit__"), FunctionType) and should_convert(_method(manager, "__exit__")):
            return _Managed(manager, block, carry, names, declared, swallows).run()
    with manager as value:
        return block(value, *carry)
    return _swallowed(swallows, manager)


def _method(manager: Any, name: str) -> Any:
    return getattr(type(manager), name, None)


def _swallowed(prepared: bool, manager: Any) -> None:
    if not prepared:
        refuse(
            StagingError,
            f"a {type(manager).__name__} swallows an exception, which its `with` statement did not expect",
            "bind the manager to a name first, and write `with name:`",
        )


def _by_generator(
    manager: Any,
    generator: FunctionType,
    block: Callable[..., Any],
    carry: tuple[Any, ...],
    names: str | None,
    declared: list[Location],
) -> Any:
    """A manager made by `contextlib.contextmanager`: the block runs at the generator's `yield`."""
    labels = ["result"] if names is None else name_list(names)
    taken = Taken(labels, [None if names is None else no_value for _ in labels])

    def take(value: Any) -> bool:
        trace = current_trace()
        for location in declared if trace is not None else ():
            trace.touch(location.owner)  # type: ignore[union-attr]
        found = block(value, *carry)
        taken.put([found] if names is None else unpacked(found, len(labels)))
        return False

    inlined(generator, catching=True)(take, *manager.args, **manager.kwds)
    values = taken.values()
    return values[0] if names is None else packed(values)


class _Managed:
    """A `with` statement of a manager whose methods are the user's."""

    def __init__(
        self,
        manager: Any,
        block: Callable[..., Any],
        carry: tuple[Any, ...],
        names: str | None,
        declared: list[Location],
        swallows: bool,
    ) -> None:
        self.manager = manager
        self.block = block
        self.carry = carry
        self.names = names
        self.declared = declared
        self.swallows = swallows

    def run(self) -> Any:
        enter = _method(self.manager, "__enter__")
        value = call(enter, self.manager) if isinstance(enter, FunctionType) else self.manager.__enter__()

        def attempt(*state: Any) -> Any:
            return self.block(value, *state)

        staged = StagedTry(attempt, (BaseException,), self.carry, self.names, self.declared, OF_TRACING)
        if not staged.trace_body():
            return self._plainly(attempt)
        outcome = with_open_end(staged.record)()
        if not _looks_at_exception(self._exit_method()):
            self._exit(None)
            outcome.raise_again()
            if outcome.results is None:
                raise Diverge
            return outcome.give()

        def fine() -> Any:
            self._exit(None)
            return outcome.give()

        def failed() -> Any:
            return self._failed(outcome, 0)

        if outcome.results is None:
            return failed()
        return staged_if(equal(outcome.status, 0), fine, failed, (), self.names, outcome.locations)

    def _exit_method(self) -> Any:
        return _method(self.manager, "__exit__")

    def _exit(self, error: BaseException | None) -> Any:
        kind = None if error is None else type(error)
        return converted(self._exit_method())(self.manager, kind, error, None)

    def _plainly(self, attempt: Callable[..., Any]) -> Any:
        try:
            result = attempt(*self.carry)
        except Diverge:
            raise
        except BaseException as error:
            if isinstance(error, OF_TRACING):
                raise
            return self._unless_swallowed(self._exit(error), error)
        self._exit(None)
        return result

    def _unless_swallowed(self, swallowed: Any, error: BaseException) -> Any:
        def again() -> Any:
            raise error

        def go_on() -> Any:
            _swallowed(self.swallows, self.manager)

        return if_(swallowed, go_on, again)

    def _failed(self, outcome: Outcome, index: int) -> Any:
        """Hands each exception to the manager by itself."""
        raised = outcome.raised[index]

        def one() -> Any:
            error = outcome.exception([raised])
            return self._unless_swallowed(self._exit(error), error)

        if index == len(outcome.raised) - 1:
            return one()
        test = equal(outcome.status, raised.status)
        return staged_if(test, one, lambda: self._failed(outcome, index + 1), (), self.names, outcome.locations)


def _looks_at_exception(method: FunctionType) -> bool:
    """Whether an `__exit__` does anything with what it is told of an exception, or may swallow it."""
    code = method.__code__
    told = set(code.co_varnames[1 : code.co_argcount])
    return bool(code.co_flags & CO_VARARGS or told & names_read(code)) or not gives_nothing(code)
