"""Items of lists that the graph keeps, changed in place: rows that grow, objects with attributes, tables."""

from dataclasses import dataclass

import numpy as np

from tests.conformance.values import f, v3, v4


@dataclass
class Body:
    x: float
    v: float


class Node:
    def __init__(self, key):
        self.key = key
        self.kids = []

    def add(self, kid):
        self.kids.append(kid)


def row_grows_at_an_index(v):
    rows = []
    for x in v:
        rows.append([x])
    rows[-1].append(v[0])
    rows[0][0] = 7.0
    return rows


def groups_filled_in_place(v, n):
    groups = [[] for _ in range(n)]
    for x in v:
        groups[int(x) % 3].append(x)
    return groups


def objects_changed_in_a_loop(v):
    bodies = []
    for x in v:
        bodies.append(Body(x, 1.0))
    for body in bodies:
        body.x = body.x + body.v * 0.5
        if body.x > 2:
            body.v = -body.v
    bodies[0].x += 10
    return bodies


def changed_while_it_is_an_item(v):
    rows = []
    for x in v:
        row = []
        rows.append(row)
        row.append(x)
        row.append(x * 2)
    return rows


def filled_in_a_loop_after_append(v):
    rows = []
    for x in v:
        row = []
        rows.append(row)
        for y in v:
            if y <= x:
                row.append(y)
    return rows


def changed_under_another_name(v):
    rows = []
    for x in v:
        rows.append([x])
    first = rows[0]
    first.append(1.0)
    if v[1] > 0:
        first.append(2.0)
    for x in v:
        first.append(x)
    return first, rows


def popped_changed_and_pushed(v):
    stack = [[v[0]]]
    for x in v:
        top = stack.pop()
        top.append(x)
        stack.append(top)
        stack.append([x])
    return stack


def merged_from_the_top(v):
    stack = []
    for x in v:
        stack.append([x])
    while len(stack) > 1:
        top = stack.pop()
        top.append(9.0)
        below = stack.pop()
        stack.append(below + top)
    return stack


def table_filled(v, n):
    table = []
    for _ in v:
        table.append([0.0, 0.0, 0.0])
    for i in range(n):
        for j in range(i + 1):
            table[i][j] += v[j]
            if v[i] > v[j]:
                table[j][i] = v[i]
    return table


def nodes_with_kids(v):
    nodes = []
    for x in v:
        nodes.append(Node(x))
    nodes[0].add(v[1])
    nodes[1].kids.append(v[2])
    return [node.key for node in nodes], [node.kids for node in nodes]


def another_row_on_each_path(v):
    rows = []
    for x in v:
        rows.append([x])
    if v[0] > 0:
        rows[0].append(1.0)
    else:
        rows[1].append(2.0)
    rows[0].append(3.0)
    return rows


def last_row_until_it_is_full(v):
    rows = [[]]
    for x in v:
        if len(rows[-1]) == 2:
            rows.append([])
        rows[-1].append(x)
    return rows


def rows_changed_by_a_function(v):
    rows = []
    for x in v:
        rows.append([x])

    def bump(row, by):
        row.append(by)
        if by > 1:
            row[0] = by

    for i, row in enumerate(rows):
        bump(row, i * 1.0)
    return rows


def every_row_in_every_trip(v):
    rows = []
    for x in v:
        rows.append([x])
        rows[0].append(x)
        for row in rows:
            row.append(x)
    return rows


def rows_filled_up(v):
    rows = []
    for x in v:
        rows.append([x])
    i = 0
    while i < len(rows):
        row = rows[i]
        while len(row) < 3:
            row.append(1.0)
        i += 1
    return rows


def first_and_last_object(v):
    bodies = [Body(v[0], 1.0)]
    for x in v:
        bodies.append(Body(x, x))
        bodies[-1].v = bodies[0].v + 1
        bodies[0].v = x
    return bodies


def first_row_has_a_name(v):
    rows = [[v[0]]]
    row = rows[0]
    for x in v:
        rows.append([x])
        row.append(x)
    return rows, row


def chunks_of_two(v):
    chunks, chunk = [], []
    for x in v:
        chunk.append(x)
        if len(chunk) == 2:
            chunks.append(list(chunk))
            chunk = []
    chunks.append(chunk)
    return chunks


def steps_of_bodies(x, n):
    bodies = [Body(x, 1.0), Body(-x, 0.5)]
    for i in range(n):
        bodies.append(Body(x * i, 0.1))
        for body in bodies:
            body.x = body.x + body.v
            if body.x > 2:
                body.v = -body.v
    return [body.x for body in bodies], [body.v for body in bodies]


PROGRAMS = [
    (row_grows_at_an_index, [(v3,), (v4,)]),
    (groups_filled_in_place, [(v3, np.int64(3)), (v4, np.int64(3))]),
    (objects_changed_in_a_loop, [(v3,), (v4,)]),
    (changed_while_it_is_an_item, [(v3,)]),
    (filled_in_a_loop_after_append, [(v3,), (v4,)]),
    (changed_under_another_name, [(v3,), (v4,)]),
    (popped_changed_and_pushed, [(v3,)]),
    (merged_from_the_top, [(v3,), (v4,)]),
    (table_filled, [(v3, np.int64(3)), (v3, np.int64(0))]),
    (nodes_with_kids, [(v3,)]),
    (another_row_on_each_path, [(v3,), (-v3,)]),
    (last_row_until_it_is_full, [(v3,), (v4,)]),
    (rows_changed_by_a_function, [(v3,)]),
    (every_row_in_every_trip, [(v3,)]),
    (rows_filled_up, [(v3,)]),
    (first_and_last_object, [(v3,)]),
    (first_row_has_a_name, [(v3,)]),
    (chunks_of_two, [(v3,), (v4,)]),
    (steps_of_bodies, [(f(1), np.int64(3)), (f(1), np.int64(0))]),
]
NOT_DIFFERENTIABLE = {}
