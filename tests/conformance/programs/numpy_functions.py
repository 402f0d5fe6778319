"""NumPy's own functions in staged code, on whatever array comes in."""

import numpy as np

from tests.conformance.values import empty, f, v3, v4

A = np.array([[4.0, 1.0], [1.0, 3.0]])


def gradient_descent(a, b):
    x = np.zeros_like(b)
    trips = 0
    while np.linalg.norm(a @ x - b) > 1e-6:
        x = x - 0.2 * (a @ x - b)
        trips += 1
    return x, trips


def median_filter(signal):
    out = np.zeros_like(signal)
    for i in range(signal.shape[0]):
        window = np.clip(np.arange(-1, 2) + i, 0, signal.shape[0] - 1)
        out[i] = np.median(np.take(signal, window))
    return out


def normalised(x):
    if np.any(x < 0):
        x = x - np.min(x)
    return np.where(np.sum(x) > 0, x / np.maximum(np.sum(x), 1e-9), x)


def clipped_walk(steps):
    place, farthest = 0.0, 0.0
    for step in steps:
        place = np.clip(place + step, -2.0, 2.0)
        farthest = np.fmax(farthest, np.abs(place))
    return place, farthest


def smoothed(x, trips):
    for _ in range(trips):
        x = np.convolve(np.concatenate([x[:1], x, x[-1:]]), np.array([0.25, 0.5, 0.25]), mode="valid")
    return x, np.std(x), np.argmax(x)


PROGRAMS = [
    (gradient_descent, [(A, np.array([1.0, 2.0]))]),
    (median_filter, [(v4,), (v3,)]),
    (normalised, [(v4,), (np.array([-1.0, 2.0]),), (np.zeros(2),)]),
    (clipped_walk, [(v4,), (np.array([-3.0, 1.0]),), (empty,)]),
    (smoothed, [(v4, np.int64(2)), (v3, f(0).astype(np.int64))]),
]
