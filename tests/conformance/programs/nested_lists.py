"""Lists in lists and in dicts, displays with stars, and what happens to items of a list that the graph keeps."""

import numpy as np

from tests.conformance.values import empty, f, v3, v4


def display_with_star(v, k):
    ys = []
    for i in range(k):
        ys = [*ys, v[i]]
    return ys


def star_among_others(v, k):
    ys = []
    for i in range(k):
        ys.append(v[i])
    return [*ys, 1.0], [0.0, *ys, *ys], max([*ys, 1.0])


def loop_over_star(v, k):
    ys = []
    for x in v:
        if x > k:
            ys.append(x)
    total = 0.0
    for y in [*ys, 1.0, 2.0]:
        total = total * 2 + y
    return total


def buckets_of_tensor_index(v, k):
    groups = [[], [], []]
    for i in range(k):
        groups[i].append(v[i])
        groups[-1].append(0.5)
    return groups


def bucket_out_of_range(v, k):
    groups = [[], []]
    for i in range(k):
        groups[i + 1].append(v[i])
    return groups


def buckets_in_dict(v, k):
    groups = {"small": [], "large": []}
    for x in v:
        groups["large" if x > k else "small"].append(x)
    return groups


def matrix_of_lists(v, k):
    m = [[0.0] * 3 for _ in range(3)]
    for i in range(k):
        m[i][i] = v[i]
        for j in range(i):
            m[i][j] = m[j][i] + v[j]
    return m


def row_replaced(v, k):
    rows = [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]
    for i in range(k):
        rows[i] = [v[0], v[1]]
    return rows


def named_row(v, k):
    rows = [[0.0, 0.0], [1.0, 1.0]]
    first = rows[0]
    rows[k][0] = v[0]
    first[1] = 5.0
    return rows, first[0]


def objects_by_index(v, k):
    slots = [{"sum": 0.0}, {"sum": 1.0}]
    for x in v:
        chosen = slots[0 if x > k else 1]
        chosen["sum"] += x
    return slots


def empty_items(k):
    nothing, units = [], []
    for _ in range(k):
        nothing.append(None)
        units.append(())
    return nothing, len(units)


def list_that_grows_under_its_loop(k):
    order = [k]
    for node in order:
        if node > 0:
            order.append(node - 1)
    return order


def list_that_shrinks_under_its_loop(k):
    ys = [k, 1, 2, 3]
    seen = 0
    for y in ys:
        seen += 1
        if y > 1:
            ys.pop()
    return ys, seen


def graph_list_grows_under_its_loop(k):
    ys = []
    for i in range(k):
        ys.append(i)
    for j, y in enumerate(ys):
        if y > 0:
            ys.append(y - j)
    return ys


def reversed_stops_at_the_start(k):
    ys = []
    for i in range(k):
        ys.append(i)
    for y in reversed(ys):
        ys.append(y)
    return ys


def repeated_by_tensor(x, k):
    ys = [x, 1.0] * k
    for i in range(len(ys)):
        ys[i] += i
    return ys, [0.0] * k


def grown_list_repeated(v, k):
    ys = []
    for i in range(k):
        ys.append(v[i])
    zs = ys * 2
    ys *= 3
    return zs, ys


def grown_list_sorted_in_place(v):
    ys = []
    for x in v:
        ys.append(-x)
    ys.sort()
    first = ys[:2]
    ys.sort(reverse=True)
    return ys, first


def grown_slices_assigned(v, k):
    ys = []
    for x in v:
        ys.append(x)
    ys[1:] = [1.0, 2.0]
    ys[0:0] = [k * 1.0]
    del ys[1:2]
    return ys


PROGRAMS = [
    (display_with_star, [(v3, np.int64(2)), (v3, np.int64(0))]),
    (star_among_others, [(v3, np.int64(2)), (v3, np.int64(0))]),
    (loop_over_star, [(v4, np.int64(0)), (empty, np.int64(0))]),
    (buckets_of_tensor_index, [(v3, np.int64(3)), (v3, np.int64(0))]),
    (bucket_out_of_range, [(v3, np.int64(1)), (v3, np.int64(2))]),
    (buckets_in_dict, [(v4, np.int64(1)), (empty, np.int64(1))]),
    (matrix_of_lists, [(v3, np.int64(3)), (v3, np.int64(0))]),
    (row_replaced, [(v3, np.int64(2)), (v3, np.int64(0))]),
    (named_row, [(v3, np.int64(0)), (v3, np.int64(-1))]),
    (objects_by_index, [(v4, np.int64(1)), (empty, np.int64(1))]),
    (empty_items, [(np.int64(2),), (np.int64(0),)]),
    (list_that_grows_under_its_loop, [(np.int64(3),), (np.int64(0),)]),
    (list_that_shrinks_under_its_loop, [(np.int64(3),), (np.int64(0),)]),
    (graph_list_grows_under_its_loop, [(np.int64(4),), (np.int64(0),)]),
    (reversed_stops_at_the_start, [(np.int64(3),), (np.int64(0),)]),
    (repeated_by_tensor, [(f(2), np.int64(3)), (f(2), np.int64(0)), (f(2), np.int64(-2))]),
    (grown_list_repeated, [(v3, np.int64(2)), (v3, np.int64(0))]),
    (grown_list_sorted_in_place, [(v4,), (empty,)]),
    (grown_slices_assigned, [(v3, np.int64(4)), (empty, np.int64(1))]),
]
NOT_DIFFERENTIABLE = {}
