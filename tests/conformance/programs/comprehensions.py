"""List, dict and set comprehensions and generator expressions over tensors."""

import numpy as np

from tests.conformance.values import empty, f, m23, v3, v4


def comprehension(xs):
    return [x + 1 for x in xs if x > 1]


def squares(xs):
    return [x * x for x in xs]


def comprehension_if_else(xs):
    return [x if x > 0 else -2 * x for x in xs]


def comprehension_two_fors(xs, ys):
    return [x * y for x in xs for y in ys if x != y]


def comprehension_of_range(n):
    return [i * i for i in range(n) if i % 2 == 0]


def comprehension_of_pairs(xs):
    return [(i, x) for i, x in enumerate(xs) if x > 0]


def comprehension_in_loop(xs):
    total = 0.0
    for x in xs:
        total += sum([x * k for k in (1, 2, 3)])
    return total


def comprehension_in_branch(xs, x):
    if x > 0:
        ys = [y * x for y in xs]
    else:
        ys = [y - x for y in xs if y > 0]
    return ys, len(ys)


def comprehension_of_comprehension(xs):
    ys = [x + 1 for x in xs]
    return [y * 2 for y in ys if y > 0]


def generator_sum(xs):
    return sum(x * x for x in xs)


def generator_sum_if(xs):
    return sum(x for x in xs if x > 0)


def generator_max(xs):
    return max(x * x for x in xs)


def generator_over_list(x, y):
    return sum(v * 2 for v in [x, y, x * y] if v > 0)


def dict_of_tensors(x, y):
    d = {k: v * 2 for k, v in [("a", x), ("b", y)]}
    if d["a"] > d["b"]:
        d["a"] = d["b"]
    return d


def dict_by_name(x):
    names = ("p", "q", "r")
    powers = {name: x**i for i, name in enumerate(names)}
    return {name: v if v > 1 else -v for name, v in powers.items()}


def set_of_names(x, words):
    lengths = {len(w) for w in words}
    total = 0.0
    for n in sorted(lengths):
        if x > n:
            total += n
    return total


def set_of_tensors(xs):
    return len({x * 2 for x in (1, 2, 3)}) + len([x for x in xs])


def dict_over_tensor(n):
    return {i: i * i for i in range(3) if i != 1}, n


def comprehension_closure(xs, scale):
    def scaled(v):
        return v * scale if v > 0 else v

    return [scaled(x) for x in xs]


def comprehension_with_condition_call(xs):
    def odd(v):
        return v % 2 == 1

    return [x for x in xs if odd(x) and x > 0]


def comprehension_in_call(xs):
    def total(items):
        result = 0.0
        for item in items:
            result += item
        return result

    return total([x / 2 for x in xs if x > 0])


def enumerate_comprehension_zip(xs, ys):
    return [i * (a - b) for i, (a, b) in enumerate(zip(xs, ys))]


def comprehension_of_optional(xs, limit=None):
    return [x for x in xs if limit is None or x < limit]


def dot_products(m, v):
    return [sum(a * b for a, b in zip(row, v)) for row in m]


def walrus_in_list(v):
    return [y for x in v if (y := x * 2) > 2]


def walrus_outlives_comprehension(v):
    x = 5.0
    doubled = [y for x in v if (y := x * 2) > 2]
    return doubled, x, y


def walrus_running_total(v):
    total = 0.0
    return [total := total + x for x in v], total


def walrus_in_dict(x):
    return {k: (y := k * x) for k in (1, 2)}, y


def walrus_of_a_comprehension(v):
    if len(big := [y for x in v if (y := x * x) > 3]) > 1:
        return big
    return [y]


def walrus_in_nested_comprehension(m, v):
    return [(s := x + y) for row in m for y in row for x in v if x > 0 if y > 0], s


def dict_over_rows(m):
    return {k: sum(row) for k, row in enumerate(m)}


def dict_over_elements(v):
    return {k: x if x > 0 else -x for k, x in enumerate(v, 5)}


def dict_over_some_elements(v):
    return {k: x * 2 for k, x in enumerate(v) if k != 1}


def dict_of_words_and_elements(v):
    return {name: x * 2 for name, x in zip("abc", v)}


def words_and_elements(v):
    total = 0.0
    for name, x in zip(["a", "b", "c"], v):
        if x > 0:
            total += x * len(name)
        elif name == "b":
            total -= 1.0
    return total


def set_over_elements(v):
    return len({k % 2 for k, _ in enumerate(v)}) + v[0]


PROGRAMS = [
    (walrus_in_list, [(v3,), (v4,), (empty,)]),
    (walrus_outlives_comprehension, [(v3,), (v4,)]),
    (walrus_running_total, [(v3,), (empty,)]),
    (walrus_in_dict, [(f(2),), (f(-1),)]),
    (walrus_of_a_comprehension, [(v3,), (v4,)]),
    (walrus_in_nested_comprehension, [(m23, v3)]),
    (dict_over_rows, [(m23,)]),
    (dict_over_elements, [(v3,), (v4,), (empty,)]),
    (dict_over_some_elements, [(v3,), (v4,)]),
    (dict_of_words_and_elements, [(v3,), (v4,)]),
    (words_and_elements, [(v3,), (v4,), (empty,)]),
    (set_over_elements, [(v3,), (v4,)]),
    (comprehension, [(v3,), (v4,)]),
    (squares, [(v3,), (empty,)]),
    (comprehension_if_else, [(v3,), (empty,)]),
    (comprehension_two_fors, [(v3, v4), (empty, v3)]),
    (comprehension_of_range, [(np.int64(7),), (np.int64(0),)]),
    (comprehension_of_pairs, [(v3,), (-v3,)]),
    (comprehension_in_loop, [(v3,), (empty,)]),
    (comprehension_in_branch, [(v3, f(2)), (v3, f(-2))]),
    (comprehension_of_comprehension, [(v3,), (-v4,)]),
    (generator_sum, [(v3,), (empty,)]),
    (generator_sum_if, [(v3,), (-v3,), (empty,)]),
    (generator_max, [(v3,), (v4,)]),
    (generator_over_list, [(f(2), f(3)), (f(-2), f(3))]),
    (dict_of_tensors, [(f(2), f(1)), (f(1), f(2))]),
    (dict_by_name, [(f(2),), (f(0.5),)]),
    (set_of_names, [(f(4), ("ab", "cde", "fg", "hijkl")), (f(1), ("ab",))]),
    (set_of_tensors, [(v3,)]),
    (dict_over_tensor, [(np.int64(4),)]),
    (comprehension_closure, [(v3, f(3))]),
    (comprehension_with_condition_call, [(v3,), (v4,)]),
    (comprehension_in_call, [(v3,), (empty,)]),
    (enumerate_comprehension_zip, [(v3, v4)]),
    (comprehension_of_optional, [(v3,), (v3, f(2))]),
    (dot_products, [(m23, v3)]),
]

NOT_DIFFERENTIABLE = {
    comprehension: "an item is at the limit",
}
