"""Variables that a function creates on its first call."""

import numpy as np
import pytest

import autograph as ag

ones = np.ones((3, 4), np.float32)
weight = None


class Dense:
    def __init__(self, units):
        self.units, self.built = units, False

    @ag.function
    def __call__(self, x):
        if not self.built:
            self.w = ag.Variable(ag.ops.ones((x.shape[-1], self.units)) * 2)
            self.b = ag.Variable(np.zeros(self.units, np.float32))
            self.built = True
        self.b.assign_add(ag.ops.ones(self.units))
        return x @ self.w + self.b


def test_layer_that_builds_itself():
    layer = Dense(2)
    for k in (1, 2, 3):
        np.testing.assert_array_equal(layer(ones), np.full((3, 2), 8 + k))
    assert layer.__call__.trace_count == 1
    np.testing.assert_array_equal(layer.b.numpy(), [3, 3])
    other = Dense(5)
    assert other(ones).shape == (3, 5)
    assert other.w is not layer.w


def test_initial_value_of_the_first_arguments():
    @ag.function
    def f(x):
        global weight
        if weight is None:
            weight = ag.Variable(x[0] * 10)
        weight.assign_add(x[0])
        return weight.value()

    try:
        found = [f(ones * k).numpy()[0] for k in (1.0, 2.0, 3.0)]
    finally:
        globals()["weight"] = None
    assert found == [11, 13, 16]
    assert f.trace_count == 1


def test_what_only_the_first_call_does():
    made = []

    @ag.function
    def f(x):
        if not made:
            made.append(ag.Variable(1.0))
            made[0].assign_add(100.0)
        made[0].assign_add(1.0)
        return x + made[0]

    assert [f(ag.constant(0.0)).item() for _ in range(3)] == [102, 103, 104]
    assert f.trace_count == 1


def test_gradients_reach_created_variables():
    class Model:
        w = None

        @ag.function
        def loss(self, x):
            if self.w is None:
                self.w = ag.Variable(np.float32(3))
            return x * self.w * self.w

    model = Model()
    with ag.GradientTape() as tape:
        y = model.loss(ag.constant(2.0))
    assert tape.gradient(y, model.w).item() == 12


def test_not_kept():
    @ag.function
    def f(x):
        return x + ag.Variable(1.0)

    for _ in range(2):
        with pytest.raises(ag.errors.StagingError, match="not on its first call only"):
            f(ag.constant(1.0))


def test_created_later():
    made = {}

    @ag.function
    def f(x, name):
        if name not in made:
            made[name] = ag.Variable(1.0)
        return x * made[name]

    assert f(ag.constant(2.0), "a").item() == 2
    with pytest.raises(ag.errors.StagingError, match="create it outside the function") as caught:
        f(ag.constant(2.0), "b")
    assert "made[name] = ag.Variable(1.0)" in str(caught.value)
    assert list(made) == ["a"]


def test_in_a_branch_of_a_tensor():
    made = []

    @ag.function
    def f(x):
        if x > 0:
            made.append(ag.Variable(1.0))
        return x

    with pytest.raises(ag.errors.StagingError, match="branch or loop that a tensor decides"):
        f(ag.constant(2.0))
    assert made == []


def test_graph_tensors_do_not_last():
    class Model:
        w = last = None

        @ag.function
        def run(self, x):
            if self.w is None:
                self.w = ag.Variable(1.0)
                self.last = x * 2
            return x * self.w

    model = Model()
    with pytest.raises(ag.errors.StagingError, match="'last' keeps a tensor"):
        model.run(ag.constant(2.0))
    assert model.w is None


class Drawn:
    """Draws its weights, and starts their average where they are after a first step."""

    def __init__(self):
        self.w = None

    def call(self, x):
        if self.w is None:
            self.w = ag.Variable(ag.random.normal((x.shape[-1], 2)))
            self.b = ag.Variable(ag.random.uniform((2,)))
            for row in x:
                self.b.assign_add(row[:2] * ag.random.uniform())
            self.average = ag.Variable(self.b * 0.5 + ag.ops.sum(self.w))
        self.average.assign(0.5 * self.average + self.b)
        return x @ self.w + ag.random.uniform((2,)), self.average + 0


@pytest.mark.parametrize("backend", ["numpy", "native", "xla"])
def test_initial_values_after_assignments(backend):
    if backend == "xla":
        pytest.importorskip("jax")

    def run(model, f):
        ag.random.set_seed(3)
        found = [part for _ in range(3) for part in f(model, ag.constant(ones))]
        return [*found, model.w, model.b, model.average, ag.random.uniform((2,))]

    expected = run(Drawn(), Drawn.call)
    staged = ag.function(Drawn.call, backend=backend)
    for value, wanted in zip(run(Drawn(), staged), expected, strict=True):
        np.testing.assert_allclose(value.numpy(), wanted.numpy(), rtol=1e-5)


def test_initial_values_from_python_are_refused():
    class Model:
        w = None

        @ag.function
        def run(self, x):
            if self.w is None:
                self.w = ag.Variable(ag.py_function(np.sin, x, Tout=ag.TensorSpec((), ag.float32)))
            return x * self.w

    model = Model()
    with pytest.raises(ag.errors.StagingError, match="depends on py_function, which would run twice"):
        model.run(ag.constant(2.0))
    assert model.w is None
