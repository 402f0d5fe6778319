"""`assert`: checked at once, or when the graph runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograph.runtime.context import current_trace
from autograph.runtime.failure import ErrorSite
from autograph.runtime.location import user_line
from autograph.runtime.structure_ops import check_op
from autograph.staging.failures import templates
from autograph.staging.regions import is_staged, predicate


def assert_(test: Any, text: Callable[[], Any] | None = None) -> None:
    """`assert test, text()`; with a tensor of the graph the check happens when the graph runs.

    Raises:
        AssertionError: the test is false.
    """
    if not is_staged(test):
        if not test:
            raise AssertionError(*([] if text is None else [text()]))
        return
    trace = current_trace()
    assert trace is not None
    flag = trace.value(predicate(test))
    arguments, payload = templates(() if text is None else (text(),))
    site = ErrorSite(AssertionError, arguments, user_line())
    trace.record(check_op, (flag, *payload), {"site": site}, ())
