"""Functions of the array API standard in staged code, by the namespace of whatever array comes in."""

import numpy as np

from tests.conformance.values import empty, f, v3, v4

A = np.array([[4.0, 1.0], [1.0, 3.0]])
INDEFINITE = np.array([[1.0, 2.0], [2.0, 1.0]])


def newton_for_two_unknowns(start):
    xp = start.__array_namespace__()
    x = start
    trips = 0
    while xp.linalg.vector_norm(residual(xp, x)) > 1e-9:
        jacobian = xp.stack([xp.stack([2 * x[0], 2 * x[1]]), xp.stack([x[1], x[0]])])
        x = x - xp.linalg.solve(jacobian, residual(xp, x))
        trips += 1
    return x, trips


def residual(xp, x):
    return xp.stack([x[0] ** 2 + x[1] ** 2 - 4, x[0] * x[1] - 1])


def kalman_filter(readings, variance):
    xp = readings.__array_namespace__()
    step = xp.asarray([[1.0, 1.0], [0.0, 1.0]], dtype=xp.float64)
    state = xp.zeros((2,), dtype=xp.float64)
    spread = xp.eye(2, dtype=xp.float64)
    for reading in readings:
        state = step @ state
        spread = step @ spread @ xp.matrix_transpose(step) + 0.1 * xp.eye(2, dtype=xp.float64)
        gain = spread[:, 0] / (spread[0, 0] + variance)
        state = state + gain * (reading - state[0])
        spread = spread - xp.linalg.outer(gain, spread[0, :])
    return state, xp.linalg.det(spread)


def cholesky_with_jitter(a):
    xp = a.__array_namespace__()
    a = (a + xp.matrix_transpose(a)) / 2
    jitter = 0.0
    while True:
        try:
            factor = xp.linalg.cholesky(a + jitter * xp.eye(2, dtype=xp.float64))
            break
        except np.linalg.LinAlgError:
            jitter = 2 * jitter + 0.5
    return factor, jitter


def inverse_or_nothing(a):
    xp = a.__array_namespace__()
    try:
        return xp.linalg.inv(a)
    except np.linalg.LinAlgError:
        return xp.zeros((2, 2), dtype=xp.float64)


def singular_raises(a):
    return a.__array_namespace__().linalg.inv(a)


def low_pass(x, cut):
    xp = x.__array_namespace__()
    waves = xp.fft.rfft(x)
    for k in range(3):
        if k > cut:
            waves = xp.where(xp.arange(waves.shape[0]) == k, 0.0, waves)
    return xp.fft.irfft(waves, n=4)


def drop_until_distinct(xs):
    xp = xs.__array_namespace__()
    while xs.shape[0] > xp.unique_values(xs).shape[0]:
        xs = xs[1:]
    return xs


def sieve_of_array(n):
    xp = n.__array_namespace__()
    left = xp.arange(2, 30)
    found = []
    while left.shape[0] > 0 and left[0] < n:
        prime = left[0]
        found.append(prime)
        left = xp.take(left, xp.nonzero(left % prime != 0)[0], axis=0)
    return found


def automaton(cells, steps):
    xp = cells.__array_namespace__()
    for _ in range(steps):
        cells = xp.bitwise_xor(xp.roll(cells, 1), xp.roll(cells, -1))
    return cells, xp.sum(cells)


def buckets(xs, edges):
    xp = xs.__array_namespace__()
    places = xp.searchsorted(edges, xs)
    total = xp.zeros((4,), dtype=xp.float64)
    for i in range(xs.shape[0]):
        total = total + xp.where(xp.arange(4) == places[i], xs[i], 0.0)
    return total, xp.cumulative_sum(total)


def spectral_shift(a, limit):
    xp = a.__array_namespace__()
    shift = 0.0
    while xp.min(xp.linalg.eigvalsh(a)) < limit:
        a = a + xp.eye(2, dtype=xp.float64)
        shift += 1.0
    return xp.linalg.slogdet(a).logabsdet, shift


PROGRAMS = [
    (newton_for_two_unknowns, [(np.array([2.0, 0.3]),)]),
    (kalman_filter, [(v4, f(0.5)), (empty, f(0.5))]),
    (cholesky_with_jitter, [(A,), (INDEFINITE,)]),
    (inverse_or_nothing, [(A,), (np.ones((2, 2)),)]),
    (singular_raises, [(A,), (np.ones((2, 2)),)]),
    (low_pass, [(v4, np.int64(1)), (v4, np.int64(0))]),
    (drop_until_distinct, [(np.array([1.0, 3.0, 1.0, 3.0, 2.0]),), (v3,)]),
    (sieve_of_array, [(np.int64(20),), (np.int64(1),)]),
    (automaton, [(np.array([0, 0, 1, 0, 0, 0]), np.int64(3)), (np.array([0, 1]), np.int64(0))]),
    (buckets, [(v4, np.array([0.0, 3.5, 5.0]))]),
    (spectral_shift, [(A, f(5)), (INDEFINITE, f(-3))]),
]

NOT_DIFFERENTIABLE = {
    inverse_or_nothing: "near a singular matrix inverses are of any size",
}
