"""Random numbers: the published vectors of the generator, distributions by tests of fit, keys, staging and vmap."""

import numpy as np
import pytest
from scipy import stats

import autograph as ag
from autograph.ops.random.bits import random_bits_op, threefry
from autograph.runtime.apply import apply

COUNT = 20000
r = ag.random


@pytest.mark.parametrize(
    ("key", "counter", "words"),
    [
        ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
        ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0x1CB996FC, 0xBB002BE7)),
        ((0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3), (0xC4923A9C, 0x483DF7A0)),
    ],
)
def test_known_answers_of_threefry(key, counter, words):
    """The vectors that the generator's authors publish with it (Random123, kat_vectors, threefry2x32 of 20 rounds)."""
    found = threefry(np.array(key, np.uint32), np.array(counter, np.uint32).reshape(2, 1))
    assert tuple(found[:, 0].tolist()) == words
    state = ag.constant(np.array([*key, *counter], np.uint32))
    for run in (lambda s: apply(random_bits_op, s, size=2), ag.function(lambda s: apply(random_bits_op, s, size=2))):
        assert tuple(run(state).numpy().tolist()) == words


CONTINUOUS = [
    (lambda **k: r.uniform((COUNT,), 2.0, 4.0, **k), stats.uniform(2, 2)),
    (lambda **k: r.normal((COUNT,), 1.0, 3.0, **k), stats.norm(1, 3)),
    (lambda **k: r.truncated_normal((COUNT,), 1.0, 2.0, -1.0, 1.5, **k), stats.truncnorm(-1, 1.5, 1, 2)),
    (lambda **k: r.exponential((COUNT,), 2.0, **k), stats.expon(scale=2)),
    (lambda **k: r.gumbel((COUNT,), 1.0, 2.0, **k), stats.gumbel_r(1, 2)),
    (lambda **k: r.laplace((COUNT,), 1.0, 2.0, **k), stats.laplace(1, 2)),
    (lambda **k: r.gamma((COUNT,), 0.3, 2.0, **k), stats.gamma(0.3, scale=0.5)),
    (lambda **k: r.gamma((COUNT,), 7.5, **k), stats.gamma(7.5)),
    (lambda **k: r.beta((COUNT,), 0.5, 2.0, **k), stats.beta(0.5, 2)),
]


@pytest.mark.parametrize("dtype", [ag.float32, ag.float64])
@pytest.mark.parametrize(("draw", "law"), CONTINUOUS)
def test_continuous_distributions(draw, law, dtype):
    r.set_seed(11)
    for found in (draw(dtype=dtype), draw(dtype=dtype, key=r.key(5))):
        assert found.dtype is dtype
        assert stats.kstest(found.numpy().astype(np.float64), law.cdf).pvalue > 0.001


def fits(counts, probabilities):
    expected = np.asarray(probabilities) * np.sum(counts)
    return stats.chisquare(counts, expected * (np.sum(counts) / np.sum(expected))).pvalue > 0.001


@pytest.mark.parametrize("lam", [0.3, 4.0, 80.0])
def test_poisson(lam):
    drawn = r.poisson((COUNT,), lam, key=r.key(1)).numpy()
    law = stats.poisson(lam)
    low, high = int(law.ppf(0.001)), int(law.ppf(0.999))
    inside = drawn[(drawn >= low) & (drawn <= high)]
    assert fits(np.bincount(inside - low, minlength=high - low + 1), law.pmf(np.arange(low, high + 1)))
    assert abs(drawn.mean() - lam) < 5 * np.sqrt(lam / COUNT)


def test_discrete_distributions():
    k = r.key(2)
    assert fits(np.bincount(r.randint((COUNT,), 0, 7, key=k).numpy()), np.full(7, 1 / 7))
    assert fits(np.bincount(r.bernoulli((COUNT,), 0.3, key=k).numpy()), [0.7, 0.3])
    p = np.array([0.1, 0.2, 0.7])
    logits = ag.constant(np.log(np.stack([p, p[::-1]])))
    drawn = r.categorical(logits, COUNT, key=k)
    assert drawn.shape == (2, COUNT)
    assert fits(np.bincount(drawn.numpy()[0]), p)
    assert fits(np.bincount(drawn.numpy()[1]), p[::-1])
    assert fits(np.bincount(r.choice(3, (COUNT,), p=ag.constant(p), key=k).numpy()), p)
    assert fits(np.bincount(r.choice(5, (COUNT,), key=k).numpy()), np.full(5, 0.2))
    edges = r.randint((COUNT,), -3, -1, key=k).numpy()
    assert (edges.min(), edges.max()) == (-3, -2)


def test_orders():
    k = r.key(3)
    orders = np.stack([r.permutation(3, key=one).numpy() for one in r.split(k, 3000)])
    assert (np.sort(orders, 1) == np.arange(3)).all()
    assert fits(np.unique(orders @ [9, 3, 1], return_counts=True)[1], np.full(6, 1 / 6))
    rows = np.arange(20.0).reshape(10, 2)
    mixed = r.shuffle(ag.constant(rows), key=k).numpy()
    np.testing.assert_array_equal(np.sort(mixed, 0), rows)
    assert (mixed != rows).any()
    picked = r.choice(ag.constant(rows), (4,), replace=False, key=k).numpy()
    assert picked.shape == (4, 2)
    assert len(np.unique(picked[:, 0])) == 4
    first = [int(r.choice(3, (2,), False, ag.constant([0.8, 0.1, 0.1]), key=one).numpy()[0]) for one in r.split(k, 500)]
    assert fits(np.bincount(first), [0.8, 0.1, 0.1])


def test_keys():
    k = r.key(9)
    np.testing.assert_array_equal(r.normal((5,), key=k).numpy(), r.normal((5,), key=k).numpy())
    made = [*r.split(k, 3), *[r.fold_in(k, i) for i in range(3)], k]
    numbers = np.stack([r.uniform((500,), dtype=ag.float64, key=one).numpy() for one in made])
    assert np.abs(np.corrcoef(numbers) - np.eye(len(made))).max() < 0.2
    assert len(np.unique(numbers)) == numbers.size
    by_tensor = ag.function(lambda i: r.fold_in(k, i))(ag.constant(2))
    np.testing.assert_array_equal(by_tensor.numpy(), r.fold_in(k, 2).numpy())
    np.testing.assert_array_equal(r.key(ag.constant(2**40 + 3)).numpy(), r.key(2**40 + 3).numpy())
    np.testing.assert_array_equal(r.key(-1).numpy(), r.key(ag.constant(-1)).numpy())


def test_draws_continue_the_stream_of_a_generator():
    whole = ag.random.Generator(4).uniform((8,)).numpy()
    parts = ag.random.Generator(4)
    np.testing.assert_array_equal(np.concatenate([parts.uniform((2,)).numpy(), parts.uniform((6,)).numpy()]), whole)
    assert len(np.unique(np.stack([parts.key().numpy() for _ in range(5)]), axis=0)) == 5


def test_staged_loops_draw_new_numbers_every_trip_and_call():
    @ag.function
    def total(n):
        drawn = []
        for _ in range(n):
            drawn.append(r.normal())
        return ag.ops.stack(drawn)

    @ag.function
    def by_key(key, n):
        drawn = []
        for i in range(n):
            drawn.append(r.normal(key=r.fold_in(key, i)))
        return ag.ops.stack(drawn)

    r.set_seed(1)
    first, second = total(ag.constant(4)).numpy(), total(ag.constant(4)).numpy()
    assert len(np.unique([*first, *second])) == 8
    r.set_seed(1)
    np.testing.assert_array_equal([r.normal().item() for _ in range(4)], first)
    k, n = r.key(3), ag.constant(4)
    np.testing.assert_array_equal(by_key(k, n).numpy(), by_key(k, n).numpy())
    np.testing.assert_array_equal(by_key(k, n).numpy(), [r.normal(key=r.fold_in(k, i)).item() for i in range(4)])


@pytest.mark.parametrize("backend", ["numpy", "native"])
def test_the_same_numbers_on_every_backend(backend):
    def draws(k):
        a, b = r.split(k)
        return r.uniform((9,), dtype=ag.float64, key=a), r.randint((9,), 0, 99, key=b), r.permutation(9, key=k)

    k = r.key(123)
    for staged, eager in zip(ag.function(draws, backend=backend)(k), draws(k), strict=True):
        np.testing.assert_array_equal(staged.numpy(), eager.numpy())


def test_vmap_over_keys():
    keys = r.split(r.key(6), 4)

    def draws(k):
        one, two = r.split(k)
        return r.normal((3,), key=one), r.gamma((), 2.0, key=two), r.poisson((2,), 3.0, key=r.fold_in(k, 1))

    found = ag.vmap(draws)(keys)
    for i in range(4):
        for got, wanted in zip(found, draws(keys[i]), strict=True):
            np.testing.assert_allclose(got.numpy()[i], wanted.numpy(), rtol=1e-6)
    with pytest.raises(ag.errors.StagingError, match="split"):
        ag.vmap(lambda x: x + r.normal())(ag.constant([1.0, 2.0]))


def test_gradients_go_through_parameters():
    k = r.key(1)
    for f in (
        lambda s: r.normal((50,), 2.0, s, ag.float64, key=k),
        lambda s: r.exponential((50,), s, ag.float64, key=k),
        lambda s: r.gamma((50,), 2.0, s, ag.float64, key=k),
        lambda s: r.truncated_normal((50,), 0.0, 1.0, -s, s, ag.float64, key=k),
        lambda s: r.laplace((50,), s, s, ag.float64, key=k),
    ):
        s = ag.constant(1.3, ag.float64)
        step = (ag.ops.sum(f(s + 1e-6)) - ag.ops.sum(f(s - 1e-6))).item() / 2e-6
        np.testing.assert_allclose(ag.grad(f)(s).item(), step, rtol=1e-6)
    with pytest.raises(ag.errors.GradientError, match="gamma_quantile"):
        ag.grad(lambda a: r.gamma((3,), a, key=k))(ag.constant(2.0))


@pytest.mark.parametrize(
    ("draw", "error"),
    [
        (lambda: r.normal(key=ag.constant([1, 2])), ag.errors.ShapeError),
        (lambda: r.normal(key=r.split(r.key(1))), ag.errors.ShapeError),
        (lambda: r.normal((2,), dtype=ag.int64), ag.errors.DTypeError),
        (lambda: r.randint((2,), 3, 3), ag.errors.ShapeError),
        (lambda: r.choice(3, (4,), replace=False), ag.errors.ShapeError),
        (lambda: ag.random.choice(5, (3,), p=[0.1, 0.9]), ag.errors.ShapeError),
        (lambda: ag.random.choice(2, p=[[0.1, 0.9]]), ag.errors.ShapeError),
        (lambda: ag.random.categorical(ag.constant(1.0), 2), ag.errors.ShapeError),
    ],
)
def test_refusals(draw, error):
    with pytest.raises(error):
        draw()
