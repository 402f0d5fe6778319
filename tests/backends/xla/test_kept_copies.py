"""What programs take from the host and keep, and what they give: no buffer serves two masters."""

import contextlib
import gc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograph as ag

jax = pytest.importorskip("jax")

from autograph.backends.xla.kept_copies import Copies, copies_on, on_device  # noqa: E402
from autograph.backends.xla.transfers import Transfers  # noqa: E402


@ag.function(backend="xla")
def doubled(x):
    return x * 2.0


def test_a_tensor_is_copied_once():
    x = ag.constant(np.arange(3.0))
    assert doubled(x).numpy().tolist() == [0, 2, 4]
    copy = x._kept[2]
    with jax.transfer_guard_host_to_device("disallow"):
        doubled(x)
    assert x._kept[2] is copy
    x[0] = 5.0
    assert x._kept is None
    assert doubled(x).numpy().tolist() == [10, 2, 4]


def test_arrays_that_may_change_are_not_kept():
    array = np.ones(3)
    x = ag.ops.asarray(array)
    assert doubled(x).numpy().tolist() == [2, 2, 2]
    array[:] = 4.0
    assert doubled(x).numpy().tolist() == [8, 8, 8]
    assert doubled(array).numpy().tolist() == [8, 8, 8]


def test_copies_go_with_their_tensors():
    kept = copies_on(None)
    gc.collect()
    before = kept.total
    x = ag.constant(np.zeros(100_000))
    doubled(x)
    copy = weakref.ref(x._kept[2])
    assert kept.total == before + 800_000
    del x
    gc.collect()
    assert kept.total == before and copy() is None


def test_the_copy_used_longest_ago_gives_way():
    kept, tensors = Copies(250), [ag.constant(np.zeros(2)) for _ in range(3)]
    for tensor in tensors[:2]:
        on_device(tensor, None, Transfers())
        tensor._kept = (*tensor._kept[:3], kept.add(tensor, 100))
    on_device(tensors[0], None, Transfers())
    kept.add(tensors[2], 100)
    assert tensors[1]._kept is None and tensors[0]._kept is not None
    assert kept.total == 200


def test_what_a_variable_holds_is_its_own():
    a, b = ag.Variable([1.0, 2.0]), ag.Variable([3.0, 4.0])

    @ag.function(backend="xla")
    def swap_and_add(x):
        old = a.value()
        a.assign(b.value())
        b.assign(old)
        last = a.value()
        return old, last, x

    @ag.function(backend="xla")
    def same(x):
        a.assign(x)
        b.assign(a.value())
        return a.value()

    first = swap_and_add(ag.constant([0.0, 0.0]))
    second = swap_and_add(first[2])
    third = same(second[1])
    same(ag.constant([7.0, 8.0]))
    assert [t.numpy().tolist() for t in first] == [[1, 2], [3, 4], [0, 0]]
    assert [t.numpy().tolist() for t in second] == [[3, 4], [1, 2], [0, 0]]
    assert third.numpy().tolist() == [1, 2]
    assert a.numpy().tolist() == b.numpy().tolist() == [7, 8]


@pytest.mark.parametrize("taken", [lambda array: array, ag.ops.asarray], ids=["array", "tensor"])
@pytest.mark.parametrize("taped", [False, True])
def test_arrays_may_be_written_to_when_the_call_has_returned(taken: Callable[[Any], Any], taped: bool) -> None:
    @ag.function(backend="xla")
    def slow(x):
        y = x
        for _ in range(30):
            y = ag.ops.sin(y) + x
        return y

    array = np.ones(2_000_000)
    with ag.GradientTape() if taped else contextlib.nullcontext():
        wanted = np.array(slow(taken(array)).numpy())
        found = slow(taken(array))
        array[:] = 5.0
        np.testing.assert_array_equal(found.numpy(), wanted)
