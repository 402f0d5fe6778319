"""Texts of structures that hold tensors show the values that these have when the graph runs."""

import collections
from dataclasses import dataclass

import pytest

import autograph as ag

Pair = collections.namedtuple("Pair", "a b")


@dataclass
class Record:
    a: object


class Shown:
    def __init__(self, a):
        self.a = a

    def __repr__(self):
        return f"Shown({self.a!r}, {[self.a]})"


def prints_structures(x):
    print([1, x], (x,), {"a": x}, {1: (x, [x])}, sep=";")
    print(Record(x), Pair(x, [x]), Shown(x), [Shown(x)])


def prints_texts_of_them(x):
    print(
        f"{(x,)} {[x]!r} {[x]!s} {x!r:>8} {x!s:>8} {str(x):<5}|",
        str([x]),
        repr((x,)),
        "{} {!r} {!r:>5}".format([x], (x,), x),
    )
    print("%s %r" % ([x], (x,)), "a" + str((x, 1)))


def prints_what_may_be_none(x):
    s = None
    if x > 0:
        s = x
    print([s, 1], (s,))


def prints_a_chosen_text(x):
    word = "low" if x > 0 else "it's"
    print([word], (word, x))


@pytest.mark.parametrize("backend", ["numpy", "native"])
@pytest.mark.parametrize(
    "program", [prints_structures, prints_texts_of_them, prints_what_may_be_none, prints_a_chosen_text]
)
def test_printed_as_python_does(program, backend, capfd):
    staged = ag.function(program, backend=backend)
    for value in (3, -3):
        program(value)
        wanted = capfd.readouterr().out
        staged(ag.constant(value))
        assert capfd.readouterr().out == wanted


def test_raised_with_a_text_of_a_structure():
    @ag.function
    def refuses(x):
        if x > 2:
            raise ValueError(f"{[x, (1, x)]}")
        assert x > 0, f"{(x, 1)}"
        return x

    with pytest.raises(ValueError, match=r"^\[3, \(1, 3\)\]$"):
        refuses(ag.constant(3))
    with pytest.raises(AssertionError, match=r"^\(-1, 1\)$"):
        refuses(ag.constant(-1))


def raises_a_list(x):
    raise ValueError([x])


def raises_a_record(x):
    if x > 0:
        raise ValueError(Record(x))
    return x


def prints_a_grown_list(x):
    found = []
    for k in range(x):
        found.append(k)
    print(found)


def prints_uncertain_keys(x):
    found = {}
    if x > 0:
        found["a"] = x
    print(found)


def prints_a_wide_structure(x):
    print(f"{(x, 1)!r:>12}")


def formats_a_wide_structure(x):
    print("{!s:>12}".format((x, 1)))


@pytest.mark.parametrize(
    "program",
    [
        *(raises_a_list, raises_a_record, prints_a_grown_list, prints_uncertain_keys),
        *(prints_a_wide_structure, formats_a_wide_structure),
    ],
)
def test_refused(program):
    with pytest.raises(ag.errors.GraphTensorError, match=f"in {program.__name__}"):
        ag.function(program)(ag.constant(3))
