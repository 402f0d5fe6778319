"""What Python's numbers are instances of, where a graph computes them, and numbers taken out of Python lists."""

import numpy as np


def classes_of_counters(n):
    found = 0
    for i in range(n):
        if isinstance(i, int):
            found += 1
        if isinstance(i, float):
            found += 100
        if type(i) is int:
            found += 7
    return found


def classes_of_carried_numbers(n):
    half, total = 0.5, 0
    for _ in range(n):
        half = half * 1.5
        large = half > 1.0
        if isinstance(half, float) and isinstance(large, bool) and not isinstance(half, int | str):
            total += 10
    return total, half


def classes_matched(n):
    total = 0
    for i in range(n):
        match (i, i * 0.5, "name"):
            case [int(a), float(b), str()] if b < 1.5:
                total = total + a * 10
            case _:
                total = total - 1
        match i:
            case bool():
                total = total + 1000
            case int(k) if k > 1:
                total = total + k
            case float() | complex():
                total = total - 500
    return total


def numbers_of_a_list(values, n):
    weights = [1.0, 2.5, 4.0]
    total = values[0] * 0
    for i in range(n):
        weight = weights[i]
        total = total + values[i] * weight if isinstance(weight, float) else total - 100
    return total


def numbers_of_a_zip(values, n):
    grown = []
    for i in range(n):
        grown.append(values[i])
    total = values[0] * 0
    for value, weight in zip(grown, [3, 5, 7]):
        total = total + value * weight if isinstance(weight, int) else total - 100
    return total


def numbers_put_into_a_list(n):
    counts = [0, 0, 0]
    for i in range(n):
        counts[i % 3] += i
    return [count if isinstance(count, int) else -1 for count in counts], counts[n % 3]


def classes_on_the_way(n):
    x, ints, total = 0, 0, 0
    while n > 0:
        if isinstance(x, int) and type(total) is int:
            ints = ints + 1
        match x:
            case int():
                total = total + 100
            case float(half):
                total = total + half
        x = x + 0.5
        n = n - 1
    return ints, total * 1.0, isinstance(x, int), isinstance(x, int | float)


def texts_on_the_way(n):
    x, best = 0, None
    while n > 0:
        if n < 3:
            best = x
        x = x + 0.5
        n = n - 1
    raise ValueError(f"{x} {x:.2f} {x!r:>5} {best} {best!r} {[x, best]}", x)


def texts_after_branches(x):
    y, flag = (1, True) if x > 0 else (0.5, 4)
    z = y * 3
    raise ValueError(f"{y} {z // 2} {-y} {y / 2} {max(0, y - 1)} {flag} {flag + 1} {type(z).__name__}", round(z, 1))


def texts_of_looked_up_numbers(n):
    found = [0, 0.5, True, 2][n % 4]
    raise ValueError("%s" % found + str(found) + repr(found), isinstance(found, bool))


def texts_of_recursive_sums(n):
    def add(n, total):
        return total if n <= 0 else add(n - 1, total + 0.5)

    raise ValueError(f"total {add(n, 0)}")


three = np.array([1.0, 2.0, 3.0], np.float32)

PROGRAMS = [
    (classes_of_counters, [(np.int64(3),), (np.int64(0),)]),
    (classes_of_carried_numbers, [(np.int64(3),), (np.int64(0),)]),
    (classes_matched, [(np.int64(5),), (np.int64(1),)]),
    (numbers_of_a_list, [(three, np.int64(3)), (three.astype(np.float64), np.int64(2))]),
    (numbers_of_a_zip, [(three, np.int64(3)), (three, np.int64(1))]),
    (classes_on_the_way, [(np.int64(3),), (np.int64(0),)]),
    *[
        (program, [(np.int64(3),), (np.int64(0),)])
        for program in (texts_on_the_way, texts_after_branches, texts_of_looked_up_numbers, texts_of_recursive_sums)
    ],
    (numbers_put_into_a_list, [(np.int64(7),), (np.int64(0),)]),
]
