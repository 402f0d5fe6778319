"""Boxes of a drawing lie within their frames, apart from each other, below what they use."""

import itertools

import pytest

import autograph as ag
from autograph.cli.drawing import drawing
from autograph.cli.layout import place
from tests.examples.test_examples import load


def newton():
    return load("newton").solve.get_concrete_function(ag.TensorSpec([], ag.float64))


def ode():
    number = ag.TensorSpec([], ag.float64)
    return load("ode").integrate.get_concrete_function(number, number, 1e-4)


def sampler():
    return load("metropolis").sample.get_concrete_function(ag.TensorSpec([], ag.int64), 2.0)


def nothing():
    return ag.function(lambda: None).get_concrete_function()


def frames_of(frame):
    yield frame
    for box in frame.boxes:
        for inner in box.frames:
            yield from frames_of(inner)


def inside(inner, outer):
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def apart(a, b):
    return a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y


@pytest.mark.parametrize("make", [newton, ode, sampler, nothing])
@pytest.mark.parametrize("view", ["graph", "optimized"])
def test_places(make, view):
    made = drawing(getattr(make(), view))
    place(made)
    for frame in frames_of(made.root):
        assert all(inside(box, frame) for box in frame.boxes)
        assert all(inside(inner, box) for box in frame.boxes for inner in box.frames)
        assert all(apart(a, b) for a, b in itertools.combinations(frame.boxes, 2))
    for source, target in made.arrows:
        assert source.y + source.height < target.y


def test_every_op_is_drawn_once():
    made = drawing(newton().optimized)
    ops = [box.lines[0] for frame in frames_of(made.root) for box in frame.boxes if box.kind == "op"]
    assert sorted(op.partition("(")[0] for op in ops) == sorted(
        ["while", "abs", "greater", "pow", "pow", "multiply", "add", "add", "subtract", "subtract", "divide"]
    )
