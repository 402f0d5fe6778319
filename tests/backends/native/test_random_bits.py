"""Random words and what is drawn from them: the same natively as on the numpy backend, on any number of threads."""

import numpy as np
import pytest

import autograph as ag
from autograph.ops.random.bits import random_advance_op, random_bits_op
from autograph.runtime.apply import apply
from tests.backends.native.compare import close, same

STATE = np.array([1, 2, 0xFFFFFFFE, 3], np.uint32)  # the counter's lower word is about to overflow


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("size", [0, 1, 2, 7, 100_001])
def test_words(size, count):
    before = ag.config.threads()
    ag.config.set_threads(count)
    try:
        same(lambda s: apply(random_bits_op, s, size=size), STATE)
        same(lambda s: apply(random_advance_op, s, size=size), STATE)
    finally:
        ag.config.set_threads(before)


def test_stacks_of_states():
    states = np.stack([STATE + np.uint32(i) for i in range(6)]).reshape(2, 3, 4)
    same(lambda s: apply(random_bits_op, s, size=5), states)
    same(lambda s: apply(random_advance_op, s, size=5), states)


def test_sizes_that_the_graph_knows():
    same(lambda x: ag.random.uniform(x.shape, key=ag.random.key(3)), np.ones((5, 3)), open_sizes=True)


DRAWS = {
    "uniform": lambda r: r.uniform((3, 5), -1.0, 2.0),
    "uniform64": lambda r: r.uniform((7,), dtype=ag.float64),
    "normal": lambda r: r.normal((7,)),
    "truncated_normal": lambda r: r.truncated_normal((7,)),
    "exponential": lambda r: r.exponential((7,)),
    "gumbel": lambda r: r.gumbel((7,)),
    "laplace": lambda r: r.laplace((7,)),
    "gamma": lambda r: r.gamma((7,), 2.5),
    "beta": lambda r: r.beta((7,), 2.0, 3.0),
    "bernoulli": lambda r: r.bernoulli((7,), 0.3),
    "randint": lambda r: r.randint((7,), -5, 1000),
    "categorical": lambda r: r.categorical(ag.constant([0.1, 0.7, 0.2]), 6),
    "permutation": lambda r: r.permutation(30),
    "choice": lambda r: r.choice(10, (4,), replace=False),
}


@pytest.mark.parametrize("name", DRAWS)
def test_draws(name):
    def run(key):
        return DRAWS[name](ag.random.generators.stream_of(key))

    close(run, STATE[:2])


def test_a_generator_goes_on_in_each_trip():
    found = []
    for backend in ("native", "numpy"):
        source = ag.random.Generator(3)

        @ag.function(backend=backend)
        def run(n, source=source):
            total = 0.0
            for _ in range(n):
                total = total + source.uniform()
            return total

        found.append([run(ag.constant(n)).numpy() for n in (4, 5)])
    np.testing.assert_allclose(found[0], found[1], rtol=1e-6)
