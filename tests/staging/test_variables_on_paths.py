"""A Variable on one path and a tensor on the other: which of them it is, a tensor decides."""

import numpy as np
import pytest

import autograph as ag

SCALAR = ag.Variable(2.0, dtype=ag.float64)
OTHER = ag.Variable(7.0, dtype=ag.float64)
VECTOR = ag.Variable([1.0, 2.0], dtype=ag.float64)


class Box:
    def __init__(self, v):
        self.v = v


def in_expression(x):
    w = SCALAR if x > 0 else x
    return w + 1, x + w, 2**w, x < w, -w, 0 < w < 5, ag.ops.sin(w), ag.ops.stack([w, x]), max(w, x), sum([w, x])


def in_statement(x):
    if x > 0:
        w = SCALAR
    else:
        w = x
    w += 1
    while w < 10:
        w = w * w
    return w


def read_when_used(x):
    w = SCALAR if x > 0 else x
    SCALAR.assign(10.0)
    read = w + 1
    SCALAR.assign(2.0)
    return read


def number_on_the_other_path(x):
    w = SCALAR if x > 0 else 5.0
    return w * x


def none_on_the_other_path(x):
    w = None
    if x > 0:
        w = SCALAR
    return -1.0 if w is None else x - w


def in_loop(x):
    w = SCALAR
    for step in ag.ops.stack([x, -x, x]):
        w = w + step if step > 0 else step
    return w


def largest(x):
    best = SCALAR
    for one in ag.ops.stack([x, -x]):
        best = one if one > best else best
    return best + 0


def in_containers(x):
    pair = (SCALAR, x) if x > 0 else (x, x)
    found, box = {"a": SCALAR}, Box(SCALAR)
    if x > 0:
        found["a"] = x
        box.v = x * 2
    return pair[0] + pair[1], 1 + found["a"], x - box.v, [SCALAR, x][ag.ops.astype(x > 0, ag.int64)] + 1


def vectors(x):
    w = VECTOR if x > 0 else VECTOR * x
    total = 0.0
    for row in w:
        total += row
    return total, w[0], x * w, w @ w, ag.ops.reshape(w, (2, 1))


def assigned_where_it_is_one(x):
    w = SCALAR if x > 0 else OTHER
    w.assign_add(x)
    read = SCALAR - OTHER
    w.assign_sub(x)
    return read


PROGRAMS = (in_expression, in_statement, read_when_used, number_on_the_other_path, none_on_the_other_path, in_loop)
PROGRAMS += (largest, in_containers, vectors, assigned_where_it_is_one)


def numbers(value):
    """The numbers of a result, in order."""
    parts = value if isinstance(value, tuple) else (value,)
    return [float(number) for part in parts for number in np.ravel(np.asarray(part))]


@pytest.mark.parametrize("backend", ["numpy", "native"])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_as_eagerly(program, backend):
    staged = ag.function(program, backend=backend)
    for value in (3.0, -3.0):
        x = ag.constant(value, dtype=ag.float64)
        assert numbers(staged(x)) == pytest.approx(numbers(program(x)))


def test_the_variable_itself_is_given_back():
    staged = ag.function(lambda x: SCALAR if x > 0 else x)
    assert staged(ag.constant(1.0, dtype=ag.float64)) is SCALAR
    assert float(staged(ag.constant(-1.0, dtype=ag.float64))) == -1.0


def test_a_list_that_grows_takes_values():
    @ag.function
    def collects(xs):
        found = []
        for _ in xs:
            found.append(SCALAR)
        return found

    with pytest.raises(ag.errors.StagingError, match="append tensors or numbers"):
        collects(ag.constant([1.0, 2.0]))
