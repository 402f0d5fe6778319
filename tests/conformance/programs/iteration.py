"""Loops over tensors, `range`, `enumerate`, `zip`, `reversed`, `map`, `filter`, `items()`, with unpacking targets."""

import numpy as np

from tests.conformance.values import empty, f, m23, v3, v4


def range_tensor(n):
    total = 0
    for i in range(n):
        if i % 3 == 0:
            total += i
    return total


def range_down(n):
    total = 0
    for i in range(n, 0, -2):
        total = total * 2 + i
    return total


def enumerate_zip(xs):
    total = 0.0
    for i, (a, b) in enumerate(zip(xs, reversed(xs))):
        total += i * a * b
    return total


def rows_of_matrix(m):
    total = 0.0
    for row in m:
        for x in row:
            if x > 1:
                total += x
    return total


def unpack_rows(m):
    total = 0.0
    for a, b in m:
        total += a * b
    return total


def range_two_bounds(a, b):
    total = 0
    for i in range(a, b):
        total += i * i
    return total


def range_tensor_step(n, step):
    seen = 0
    for i in range(0, n, step):
        seen = seen * 7 + i
    return seen


def range_negative_tensor_step(a, b, step):
    total = 0
    for i in range(a, b, step):
        total = total * 3 + i
    return total


def nested_ranges(n):
    pairs = 0
    for i in range(n):
        for j in range(i, n):
            if (i + j) % 2 == 0:
                pairs += j
    return pairs


def enumerate_start(xs):
    total = 0.0
    for i, x in enumerate(xs, 1):
        total += i * x
    return total


def enumerate_keyword_start(xs):
    last = -1
    for i, x in enumerate(xs, start=5):
        if x > 0:
            last = i
    return last


def zip_of_three(xs, ys):
    total = 0.0
    for x, y, k in zip(xs, ys, range(10)):
        total += x * y * k
    return total


def zip_list_and_tensor(xs):
    total = 0.0
    for w, x in zip([1, 10, 100, 1000], xs):
        total += w * x
    return total


def zip_strict_rows(m):
    total = 0.0
    for (a, b), c in zip(m, m, strict=True):
        total += a * b + c[0]
    return total


def reversed_tensor(xs):
    total = 0.0
    for x in reversed(xs):
        total = total / 2 + x
    return total


def reversed_range(n):
    total = 0
    for i in reversed(range(n)):
        total = total * 10 + i
    return total


def map_lambda(xs):
    total = 0.0
    for y in map(lambda x: x * x if x > 0 else -x, xs):
        total += y
    return total


def map_two(xs, ys):
    total = 0.0
    for z in map(lambda x, y: x * y, xs, ys):
        total += z
    return total


def items_of_dict(x):
    weights = {"a": 1, "b": x, "c": x * 2}
    total = 0.0
    for name, w in weights.items():
        if w > 1:
            total += w * len(name)
        else:
            total -= w
    return total


def keys_and_values(x):
    d = {1: x, 2: x + 1}
    total = 0.0
    for k in d:
        if d[k] > 2:
            total += k
    for v in d.values():
        if v > 2:
            total += v
    for k in d.keys():
        total += k
    return total


def star_target(x):
    total = 0.0
    for first, *rest in [(x, 1, 2), (x + 1, 3, 4)]:
        if first > 2:
            total += rest[0]
        else:
            total += rest[1] * first
    return total


def nested_unpacking(xs, ys):
    total = 0.0
    for i, (x, (j, y)) in enumerate(zip(xs, enumerate(ys))):
        total += i * x + j * y
    return total


def target_is_attribute(xs):
    class Box:
        pass

    box = Box()
    box.last = 0.0
    for box.last in xs:
        if box.last < 0:
            break
    return box.last


def target_is_item(xs):
    slots = [0.0, 0.0]
    for slots[1] in xs:
        if slots[1] > 2:
            slots[0] += slots[1]
    return slots


def loop_over_list_of_tensors(x, y):
    best = 0.0
    for v in [x, y, x + y]:
        if v > best:
            best = v
    return best


def loop_over_grown_list(xs):
    kept = []
    for x in xs:
        if x > 0:
            kept.append(x * 2)
    total = 0.0
    for i, k in enumerate(kept):
        total += i + k
    for k in reversed(kept):
        total = total / 2 + k
    for a, b in zip(kept, xs):
        total += a * b
    return total


def slices_in_loop(xs):
    total = 0.0
    for x in xs[1:]:
        total += x
    for x in xs[::-1]:
        total = total * 0.5 + x
    return total


def loop_over_transposed(m):
    total = 0.0
    for column in m.T:
        if column[0] > 1:
            total += column[1]
    return total


def range_in_while(n):
    total = 0
    while n > 0:
        for i in range(n):
            if i == 3:
                break
            total += i
        n -= 2
    return total


def unpack_tensor(xs):
    a, b, c = xs
    if a > 0:
        a, b = b, a
    return a * 100 + b * 10 + c


def unpack_starred(xs):
    first, *rest = [x for x in (xs[0], xs[1], xs[2])]
    (p, q), r = rest, first
    if p > q:
        r = p
    return r


def swap_in_loop(n):
    a, (b, c) = 0, (1, 2)
    for _ in range(n):
        a, (b, c) = b, (c, a + b)
    return a, b, c


PROGRAMS = [
    (range_tensor, [(np.int64(10),), (np.int64(0),)]),
    (range_down, [(np.int64(7),), (np.int64(0),)]),
    (enumerate_zip, [(v3,)]),
    (rows_of_matrix, [(m23,), (np.zeros((0, 3)),)]),
    (unpack_rows, [(m23.T,)]),
    (range_two_bounds, [(np.int64(2), np.int64(6)), (np.int64(6), np.int64(2))]),
    (range_tensor_step, [(np.int64(10), np.int64(3)), (np.int64(0), np.int64(1))]),
    (
        range_negative_tensor_step,
        [
            (np.int64(9), np.int64(0), np.int64(-4)),
            (np.int64(0), np.int64(9), np.int64(2)),
            (np.int64(0), np.int64(9), np.int64(-1)),
        ],
    ),
    (nested_ranges, [(np.int64(5),), (np.int64(0),)]),
    (enumerate_start, [(v3,), (empty,)]),
    (enumerate_keyword_start, [(v3,), (-v3,)]),
    (zip_of_three, [(v3, v4), (v4, v3), (empty, v3)]),
    (zip_list_and_tensor, [(v4,), (v3,), (empty,)]),
    (zip_strict_rows, [(m23.T,)]),
    (reversed_tensor, [(v3,), (empty,)]),
    (reversed_range, [(np.int64(4),), (np.int64(0),)]),
    (map_lambda, [(v3,), (empty,)]),
    (map_two, [(v3, v4)]),
    (items_of_dict, [(f(2),), (f(0.25),)]),
    (keys_and_values, [(f(1.5),), (f(3),)]),
    (star_target, [(f(2.5),), (f(1.5),), (f(0),)]),
    (nested_unpacking, [(v3, v4), (empty, v3)]),
    (target_is_attribute, [(v3,), (v4 + 2,), (empty,)]),
    (target_is_item, [(v3,), (empty,)]),
    (loop_over_list_of_tensors, [(f(1), f(2)), (f(-1), f(-2)), (f(3), f(-2))]),
    (loop_over_grown_list, [(v4,), (-v3,)]),
    (slices_in_loop, [(v3,), (v4,)]),
    (loop_over_transposed, [(m23,)]),
    (range_in_while, [(np.int64(7),), (np.int64(0),)]),
    (unpack_tensor, [(v3,), (-v3,)]),
    (unpack_starred, [(v3,), (-v3,)]),
    (swap_in_loop, [(np.int64(5),), (np.int64(0),)]),
]
