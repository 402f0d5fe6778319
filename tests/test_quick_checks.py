"""The short way through the checks of annotations refuses what typeguard refuses."""

import collections.abc
import typing

import numpy as np
import pytest
import typeguard
from typeguard import TypeCheckError, check_type

from autograph.function.answers import call_key
from autograph.runtime import dims
from autograph.runtime.ir import Value
from autograph.runtime.types import TensorType
from autograph.transforms.counters import constant_of
from tests import quick_checks
from tests.sampling import LONG

VALUES = [
    None, True, 3, 2.5, 1j, "text", b"", (), (1,), (1, "a"), [1], ["a"], {}, {"a": 1}, int, len, np.float32(1), {3},
]  # fmt: skip


class Row(typing.NamedTuple):
    first: int


class Sized(typing.Protocol):
    size: int


ANNOTATIONS = [
    typing.Any, None, object, int, float, complex, str, bool, bytes, tuple, list, Row, Sized, np.generic, int | None,
    int | str, float | None, typing.Optional[str], typing.Union[list[int], int], list[int], tuple[int, ...],
    tuple[int, str], dict[str, int], collections.abc.Sequence[str], collections.abc.Callable[[int], int], type[int],
    typing.Literal[3], typing.Literal["text"], collections.abc.Iterable, collections.abc.Sequence,
]  # fmt: skip


def verdict(check, value, annotation):
    try:
        check(value, annotation)
    except TypeCheckError:
        return "refused"
    return "accepted"


@pytest.mark.parametrize("annotation", ANNOTATIONS, ids=str)
def test_verdicts_are_typeguards(annotation):
    def slowly(value, annotation):
        memo = typeguard.TypeCheckMemo(globals(), locals())
        quick_checks.typeguards(value, annotation, memo)

    values = [*VALUES, Row(1), TensorType]
    got, wanted = [[verdict(check, value, annotation) for value in values] for check in (check_type, slowly)]
    assert got == wanted


def test_annotations_of_the_package_are_checked():
    with pytest.raises(TypeCheckError):
        constant_of("no value")
    with pytest.raises(TypeCheckError):
        call_key("no arguments", "eager", frozenset())


@pytest.mark.skipif(not LONG, reason="checked in long runs")
def test_annotations_of_what_runs_most_are_checked_in_long_runs():
    with pytest.raises(TypeCheckError):
        Value("no type")
    with pytest.raises(TypeCheckError):
        dims.evaluate("no size", {})
