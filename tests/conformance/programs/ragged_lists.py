"""Lists of lists whose lengths the graph decides, and lists of objects that a staged loop makes."""

from collections import namedtuple
from dataclasses import dataclass

import numpy as np

from tests.conformance.values import empty, v3, v4

Named = namedtuple("Named", "name rows")


@dataclass
class Spot:
    x: float
    near: list


def rows_of_falling_length(n):
    rows = []
    while n > 0:
        row = []
        for i in range(n):
            row.append(i * n)
        rows.append(row)
        n = n - 1
    return rows


def rows_of_two_lengths(v):
    rows = []
    for x in v:
        rows.append([x])
        rows.append([x, x])
    return rows, sum(len(row) for row in rows)


def pairs_and_then_more(v):
    rows = [[v[0], 1.0]]
    for x in v:
        rows.append([x, x])
    for x in v:
        row = []
        while x > 0:
            row.append(x)
            x = x - 1
        rows.append(row)
    total = 0.0
    for row in rows:
        for y in row:
            total = total + y
    return rows, total


def rows_beside_numbers(v):
    pairs = []
    for x in v:
        pairs.append((x, [y for y in v if y > x]))
    return pairs, [len(row) for _, row in pairs]


def rows_of_rows(v):
    cube = []
    for x in v:
        plane = []
        for y in v:
            plane.append([z for z in v if z <= y])
        cube.append(plane)
    return cube, len(cube[1][2])


def returned_while_growing(v):
    rows = []
    for x in v:
        row = []
        for y in v:
            if y > x:
                break
            row.append(y)
        rows.append(row)
        if len(row) > 1:
            return rows
    return rows


def rows_popped_and_inserted(v):
    rows = []
    for x in v:
        rows.append([y for y in v if y < x])
    last = rows.pop()
    rows.insert(0, last)
    rows.extend([[v[0]], []])
    rows.reverse()
    return rows, last


def flattened(v):
    rows = [[y * x for y in v if y > x] for x in v]
    return [z for row in rows for z in row], max(len(row) for row in rows)


def empty_rows_filled(v):
    rows = []
    for x in v:
        rows.append([])
    for x in v:
        rows[1] = rows[1] + [x]  # noqa: RUF005
    return rows


def groups_by_tensor(v, n):
    groups = [[] for _ in range(n)]
    for x in v:
        k = int(x) % 3
        groups[k] = [*groups[k], x]
    return groups


def best_of_named_rows(v):
    rows = []
    for x in v:
        rows.append(Named(x, [y for y in v if y > x]))
    best = rows[0]
    for row in rows:
        if len(row.rows) > len(best.rows):
            best = row
    return best, rows


def rows_compared(v):
    rows = []
    for x in v:
        rows.append([y for y in v if y > x])
    return rows[0] == rows[1], rows[0] == [v[1], v[2]], [v[2]] in rows, sorted(rows, key=len)


def rows_after_none(v):
    rows = None
    for x in v:
        if rows is None:
            rows = [[x]]
        else:
            rows.append([*rows[-1], x])
    return rows


def pascals_triangle(n):
    rows = [[1]]
    while len(rows) < n:
        last = rows[-1]
        rows.append([1, *[last[i] + last[i + 1] for i in range(len(last) - 1)], 1])
    return rows


def intervals_halved(v):
    stack = [[v[0], v[1]]]
    done = []
    while stack:
        low, high = stack.pop()
        if high - low < 0.3:
            done.append((low, high))
        else:
            middle = (low + high) / 2
            stack.append([low, middle])
            stack.append([middle, high])
    return done


def paths_from_a_queue(v):
    queue, found = [[v[0]]], []
    while queue:
        path = queue.pop(0)
        if len(path) > 2:
            found.append(path)
        else:
            for y in v:
                if y > path[-1]:
                    queue.append([*path, y])
    return found


def objects_with_rows(v):
    spots = []
    for x in v:
        spots.append(Spot(x * 2, [y for y in v if y < x]))
    return spots, sum(spot.x for spot in spots), len(spots[-1].near)


PROGRAMS = [
    (rows_of_falling_length, [(np.int64(3),), (np.int64(0),)]),
    (rows_of_two_lengths, [(v3,), (empty,)]),
    (pairs_and_then_more, [(v3,)]),
    (rows_beside_numbers, [(v3,), (empty,)]),
    (rows_of_rows, [(v3,)]),
    (returned_while_growing, [(v4,), (empty,)]),
    (rows_popped_and_inserted, [(v3,), (empty,)]),
    (flattened, [(v3,)]),
    (empty_rows_filled, [(v3,), (v3[:1],)]),
    (groups_by_tensor, [(v3, np.int64(3)), (v3, np.int64(1))]),
    (best_of_named_rows, [(v3,), (empty,)]),
    (rows_compared, [(v3,)]),
    (rows_after_none, [(v3,), (empty,)]),
    (pascals_triangle, [(np.int64(4),), (np.int64(1),)]),
    (intervals_halved, [(np.array([0.0, 1.0]),)]),
    (paths_from_a_queue, [(v4,)]),
    (objects_with_rows, [(v3,), (empty,)]),
]
NOT_DIFFERENTIABLE = {}
