"""Every contestant of every row computes what plain NumPy computes."""

import numpy as np
import pytest

import autograph as ag
from benchmarks.contest import difference
from benchmarks.contestants import CONTESTANTS, REFERENCE
from benchmarks.rows import ROWS

OURS = ["autograph", "autograph-numpy", "autograph-xla"]


def results(row, name):
    run = row.contestants[name](row.data(True))
    run.prepare()
    for _ in range(row.checked):
        answer = run.call()
    if run.idle is not None:
        run.idle()
    return [np.array(result) for result in run.results(answer)]


@pytest.mark.parametrize("contestant", OURS)
@pytest.mark.parametrize("row", ROWS)
def test_agrees_with_numpy(row, contestant):
    wanted = results(ROWS[row], REFERENCE)
    assert all(np.isfinite(array).all() for array in wanted)
    assert difference(results(ROWS[row], contestant), wanted) <= ROWS[row].tolerance


def test_rows_name_contestants_that_there_are():
    for row in ROWS.values():
        assert {*OURS, REFERENCE, "jax", "tensorflow"} <= set(row.contestants) <= set(CONTESTANTS)


@pytest.fixture
def made(monkeypatch):
    """The functions that rows make."""
    found = []
    function = ag.function

    def recording(*args, **kwargs):
        decorate = function(*args, **kwargs)
        return lambda f: found.append(decorate(f)) or found[-1]

    monkeypatch.setattr(ag, "function", recording)
    return found


@pytest.mark.parametrize("name", ["epoch", "mlp-small"])
def test_training_on_xla_is_one_program_and_the_host_is_not_asked(made, name):
    jax = pytest.importorskip("jax")
    row = ROWS[name]
    run = row.contestants["autograph-xla"](row.data(True))
    run.call()  # which takes weights and batches to the device
    with jax.transfer_guard("disallow"):
        losses = [run.call(), run.call()]
    assert losses[0].numpy() > losses[1].numpy()
    (step,) = made
    assert "1 device program, compiled 1 time" in str(step.explain())


def test_a_third_batch_size_is_not_traced_again(made):
    row = ROWS["another-batch"]
    run = row.contestants["autograph"](row.data(True))
    run.prepare()
    (step,) = made
    before = step.trace_count
    run.call()
    assert step.trace_count == before == 2
