"""What a case of bad input is: a user's few lines, and the error that these must give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import autograph as ag

COUNTER = ag.Variable(0, dtype=ag.int32, name="counter")


@dataclass(frozen=True)
class Case:
    """Bad input and what it gets.

    Attributes:
        session: a user's few lines, given how to decorate functions; the line to be named ends with `# here`.
        exception: what is raised.
        words: key words of the message.
        eager: what the same lines get where nothing is staged: an exception and key words, None for no error, `...`
            for what is not looked at.
        at_run_time: whether only the running graph can know, so that what came before has happened.
        at_line: whether the error is about one line; otherwise about a whole function.
    """

    session: Callable[[Any], Any]
    exception: type[BaseException]
    words: tuple[str, ...]
    eager: Any
    at_run_time: bool
    at_line: bool


class Table(list[Case]):
    """The cases of a topic."""

    def bad(
        self,
        exception: type[BaseException],
        *words: str,
        eager: Any = "same",
        at_run_time: bool = False,
        at_line: bool = True,
    ) -> Callable[[Any], Any]:
        """Adds the decorated session to the table."""

        def add(session: Any) -> Any:
            wanted = (exception, *words) if eager == "same" else eager
            self.append(Case(session, exception, words, wanted, at_run_time, at_line))
            return session

        return add


def staged(function: Any) -> Any:
    """`ag.function`, behind a change of a variable that an error while tracing must prevent."""

    def counted(*args: Any, **kwargs: Any) -> Any:
        COUNTER.assign_add(1)
        return function(*args, **kwargs)

    return ag.function(counted)


def eager(function: Any) -> Any:
    """The function as it is."""
    return function
