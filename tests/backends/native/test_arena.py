"""Values share memory where they are not needed at the same time, and only there."""

import numpy as np
import pytest

import autograph as ag
from autograph.backends.native.arena import planned
from autograph.backends.native.executable import Program


def places(text, **sizes):
    blocks = []
    for line in text.strip().splitlines():
        if line.endswith(":"):
            blocks.append((line.strip()[:-1], []))
        else:
            blocks[-1][1].append("  " + line.strip())
    return planned({f"%{name}": size for name, size in sizes.items()}, blocks)


def shares(text):
    """Whether `a` and `b` have one place."""
    found, total = places(text, a=64, b=64)
    assert total == (64 if found["%a"] == found["%b"] else 128)
    return found["%a"] == found["%b"]


STRAIGHT = "start:\ncall void @loop1(ptr %a)\ncall void @loop2(ptr %a)\n"


def test_one_after_the_other():
    assert shares(STRAIGHT + "call void @loop3(ptr %b)")
    assert not shares(STRAIGHT + "call void @loop3(ptr %a, ptr %b)")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("%v1 = getelementptr inbounds float, ptr %a, i64 3", "%v2 = load float, ptr %v1"),
        ("store ptr %a, ptr %s1", "%v2 = load ptr, ptr %s1"),
        ("%v1 = ptrtoint ptr %a to i64\n%v2 = getelementptr i64, ptr %s1, i64 2\nstore i64 %v1, ptr %v2",
         "%v3 = getelementptr i64, ptr %s1, i64 2\n%v4 = load i64, ptr %v3"),
        ("store ptr %a, ptr %s1\ncall void @llvm.memcpy.p0.p0.i64(ptr %s2, ptr %s1, i64 8, i1 false)",
         "%v1 = load ptr, ptr %s2"),
        ("store ptr %a, ptr %s1\n%v1 = call i32 @graph1(ptr %frame, ptr %s1, ptr %s2)", "%v2 = load ptr, ptr %s2"),
        ("%v1 = call ptr @sort.1(ptr %frame, ptr %a)", "%v2 = load ptr, ptr %v1"),
        ("store ptr %a, ptr %out", "ret i32 0"),
    ],
)  # fmt: skip
def test_an_address_that_goes_elsewhere_is_followed(before, after):
    assert not shares(f"start:\n{before}\ncall void @loop3(ptr %b)\n{after}")


LOOP = """start:
{0}
br label %head
head:
{1}
br i1 %c, label %body, label %done
body:
{2}
br label %head
done:
{3}"""
A, B, NONE = "call void @loop1(ptr %a)", "call void @loop2(ptr %b)", "call void @loop3(ptr %c)"


@pytest.mark.parametrize(
    ("parts", "shared"),
    [
        ((A, NONE, B, NONE), True),
        ((A, NONE, f"{A}\n{B}", NONE), False),
        ((NONE, NONE, f"{A}\n{B}", NONE), True),
        ((NONE, B, A, A), False),
        ((NONE, NONE, f"{B}\n{A}", A), False),
        ((NONE, NONE, A, B), True),
    ],
)
def test_loops(parts, shared):
    assert shares(LOOP.format(*parts)) == shared


def test_large_values_come_first_and_lie_aligned():
    found, total = places("start:\ncall void @loop1(ptr %a, ptr %b, ptr %c)", a=10, b=1000, c=65)
    assert found == {"%b": 0, "%c": 1024, "%a": 1152}
    assert total == 1216


def test_chain_of_layers_needs_two_of_their_results():
    chain = [np.eye(64, dtype=np.float32) * factor for factor in (2, 0.5, -1, 3, 1, 0.25)]

    @ag.function(backend="native")
    def run(x):
        for matrix in chain:
            x = ag.ops.tanh(x @ matrix)
        return x

    x = np.random.default_rng(0).normal(size=(128, 64)).astype(np.float32)
    wanted = x
    for matrix in chain:
        wanted = np.tanh(wanted @ matrix)
    np.testing.assert_allclose(run(x), wanted, rtol=1e-5, atol=1e-6)
    program = Program(run.get_concrete_function(ag.TensorSpec((128, 64), ag.float32)).graph)
    assert program.planned <= 3 * x.nbytes
