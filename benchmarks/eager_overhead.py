"""What an eager op costs beyond NumPy's own time, for small operands.

python benchmarks/eager_overhead.py
"""

import sys
import timeit

import numpy as np

import autograph as ag

LIMIT = 3.0  # µs
REPEATS, NUMBER = 15, 4000


def cases():
    """Each op: its name, the eager call and NumPy's own."""
    a, b = np.ones((4, 4), np.float32), np.full((4, 4), 2.0, np.float32)
    mask = a > b
    x, y, m, i = ag.constant(a), ag.constant(b), ag.constant(mask), ag.constant(2)
    return [
        ("add", lambda: x + y, lambda: a + b),
        ("add number", lambda: x + 1.0, lambda: a + 1.0),
        ("multiply", lambda: x * y, lambda: a * b),
        ("exp", lambda: ag.ops.exp(x), lambda: np.exp(a)),
        ("sum", lambda: ag.ops.sum(x), lambda: np.sum(a)),
        ("sum axis", lambda: ag.ops.sum(x, axis=0), lambda: np.sum(a, axis=0)),
        ("max", lambda: ag.ops.max(x), lambda: np.max(a)),
        ("matmul", lambda: x @ y, lambda: a @ b),
        ("getitem int", lambda: x[1], lambda: a[1]),
        ("getitem slice", lambda: x[1:3], lambda: a[1:3]),
        ("getitem tensor", lambda: x[i], lambda: a[2]),
        ("reshape", lambda: ag.ops.reshape(x, (16,)), lambda: np.reshape(a, (16,))),
        ("transpose", lambda: x.T, lambda: a.T),
        ("where", lambda: ag.ops.where(m, x, y), lambda: np.where(mask, a, b)),
        ("less", lambda: x < y, lambda: a < b),
        ("astype", lambda: ag.ops.astype(x, ag.float64), lambda: a.astype(np.float64)),
        ("concat", lambda: ag.ops.concat([x, y]), lambda: np.concatenate([a, b])),
    ]


def microseconds(call):
    """The best time of one call."""
    return min(timeit.repeat(call, number=NUMBER, repeat=REPEATS)) / NUMBER * 1e6


def main():
    """Prints the table, and gives whether every op keeps within the limit."""
    print(f"{'op':16}{'NumPy µs':>10}{'eager µs':>10}{'beyond':>10}")
    worst = 0.0
    for name, eager, plain in cases():
        own, whole = microseconds(plain), microseconds(eager)
        worst = max(worst, whole - own)
        print(f"{name:16}{own:10.2f}{whole:10.2f}{whole - own:10.2f}{' !' if whole - own > LIMIT else ''}")
    print(f"most beyond NumPy: {worst:.2f} µs, limit {LIMIT} µs")
    return worst <= LIMIT


if __name__ == "__main__":
    sys.exit(not main())
