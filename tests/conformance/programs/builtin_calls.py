"""Python's builtins over tensors."""

from tests.conformance.values import f, v3, v4


def builtins_mix(xs, x):
    return max(x, 2.0), min(x, 2.0), abs(x), int(x), float(x), len(xs), round(x)


def any_all(xs, x):
    return any(xs > 2), all(xs > 2), any([x > 2, x < 0]), all([x > 2, True])


PROGRAMS = [
    (builtins_mix, [(v3, f(1.6)), (v3, f(-2.3))]),
    (any_all, [(v3, f(1.5)), (v4, f(3))]),
]
