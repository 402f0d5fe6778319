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


three = np.array([1.0, 2.0, 3.0], np.float32)

PROGRAMS = [
    (classes_of_counters, [(np.int64(3),), (np.int64(0),)]),
    (classes_of_carried_numbers, [(np.int64(3),), (np.int64(0),)]),
    (classes_matched, [(np.int64(5),), (np.int64(1),)]),
    (numbers_of_a_list, [(three, np.int64(3)), (three.astype(np.float64), np.int64(2))]),
    (numbers_of_a_zip, [(three, np.int64(3)), (three, np.int64(1))]),
    (numbers_put_into_a_list, [(np.int64(7),), (np.int64(0),)]),
]
