"""Loops over elements become functions of the unit, equal ones one, where that is worth a call."""

import re

import numpy as np
import pytest

import autograph as ag
from autograph.backends.native.builder import type_of
from autograph.backends.native.executable import Program


def compiled(function, *args):
    graph = ag.function(function).get_concrete_function(*map(ag.constant, args)).optimized
    program = Program(graph)
    return program, re.findall(r"^define internal void @(loop\d+)", program.compiled.text, re.MULTILINE)


def test_equal_loops_are_one_function():
    x = np.linspace(-1, 1, 500)

    def steps(x):
        for _ in range(6):
            x = ag.ops.flip(ag.ops.sin(x) * 1.5)
            x = x[::-1] - ag.ops.sum(x) / 500
        return x

    program, loops = compiled(steps, x)
    assert 1 <= len(loops) <= 4
    calls = re.findall(r"call void @(loop\d+)", program.compiled.text)
    assert len(calls) > 2 * len(loops)
    for _ in range(6):
        x = np.flip(np.sin(x) * 1.5)
        x = x[::-1] - x.mean()
    np.testing.assert_allclose(program([np.linspace(-1, 1, 500)])[0], x, rtol=1e-9)


def test_different_loops_are_different_functions():
    _, loops = compiled(lambda x, y: (x * 2 + 1, y * 2 + 1, x * 3 + 1), np.ones(100), np.ones(200))
    assert len(loops) == 3


def test_small_loops_stay():
    _, loops = compiled(lambda x: ag.ops.sum(x * 2) + x, np.ones(5))
    assert not loops


def test_totals_go_through_memory():
    values = np.random.default_rng(0).normal(size=(40, 50)).astype(np.float32)
    program, loops = compiled(lambda x: ag.ops.sum(x * x) + ag.ops.max(x), values)
    assert loops
    np.testing.assert_allclose(program([values])[0], (values * values).sum() + values.max(), rtol=1e-5)


@pytest.mark.parametrize(
    ("instruction", "type_"),
    [
        ("add nsw i64 %a, 1", "i64"),
        ("getelementptr inbounds i8, ptr %a, i64 8", "ptr"),
        ("load float, ptr %a, !llvm.access.group !3", "float"),
        ("fadd reassoc double %a, %b", "double"),
        ("icmp slt i64 %a, %b", "i1"),
        ("select i1 %c, i64 %a, i64 %b", "i64"),
        ("sext i32 %a to i64", "i64"),
        ("inttoptr i64 %a to ptr", "ptr"),
        ("call float @math.exp.f32(float %a)", "float"),
        ("extractvalue {i64, i1} %a, 1", "i1"),
        ("call {i64, i1} @llvm.sadd.with.overflow.i64(i64 %a, i64 %b)", ""),
    ],
)
def test_types_of_instructions(instruction, type_):
    assert type_of(instruction) == type_
