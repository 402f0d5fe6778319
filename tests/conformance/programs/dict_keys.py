"""Dicts whose keys, and the order of these, tensors decide."""

import numpy as np

from tests.conformance.values import f, v3


def key_added_in_loop(k):
    counts = {}
    for i in range(k):
        if "even" not in counts:
            counts["even"] = 0
        counts["even"] += 1
    return counts


def dict_made_in_each_trip(k):
    total = 0
    for i in range(k):
        d = {}
        d["a"] = i
        d["b"] = d["a"] + 1
        total += d["b"]
    return total


def key_of_the_last_trip(k):
    d = {}
    for i in range(k):
        d["last"] = i
    return d


def key_with_default(k):
    d = {}
    for i in range(k):
        d["n"] = d.get("n", 0) + i
    return d.get("n", -1)


def key_on_one_path(x):
    d = {}
    if x > 0:
        d["high"] = x
    return d


def asks_for_key_on_one_path(x):
    d = {"low": x}
    if x > 0:
        d["high"] = x
    return d.get("high", 0.0), len(d), "high" in d


def items_of_key_on_one_path(x):
    d = {"low": x}
    if x > 0:
        d["high"] = x
    total = 0
    for k, v in d.items():
        total += v
    return total, sum(d.values())


def missing_key_on_one_path(x):
    d = {"low": x}
    if x > 0:
        d["high"] = x
    return d["high"]


def key_deleted_on_one_path(x):
    d = {"low": x, "high": x}
    if x > 0:
        del d["high"]
    return d


def key_popped_on_one_path(x):
    d = {"low": x, "high": x}
    y = x
    if x > 0:
        y = d.pop("high") + 1
    return d, y


def counted_words(v, k):
    counts = {}
    for x in v:
        name = "pos" if x > 0 else "neg"
        counts[name] = counts.get(name, 0) + 1
    return counts


def counted_by_branches(v, k):
    counts = {}
    for x in v:
        if x > 0:
            if "pos" in counts:
                counts["pos"] += 1
            else:
                counts["pos"] = 1
        elif x < -1:
            counts.setdefault("neg", 0)
            counts["neg"] += x
    total = 0
    for name, c in counts.items():
        total = total * 10 + c
    if counts:
        total += 0.5
    return counts, len(counts), total, "neg" in counts, sum(counts.values())


def order_of_keys(x):
    d = {"z": 0}
    if x > 2:
        d["b"] = 1
    d["a"] = 2
    if x > 0:
        d["b"] = 3
    return d


def loops_over_uncertain_keys(x):
    d = {}
    if x > 0:
        d["b"] = 1
    d["a"] = 2
    ks = []
    for k in d:
        ks.append(d[k])
    return ks, [k for k in d.values()]


def keys_that_are_numbers(x):
    d = {}
    if x > 0:
        d[1] = x
    if x > 2:
        d[2] = x
    return d[2] if 2 in d else d[1]


def grouped_in_branches(x):
    groups = {}
    for i in range(3):
        if x > i:
            groups.setdefault("big", []).append(i)
        else:
            groups.setdefault("small", []).append(i)
    return groups


def grouped_in_loop(v):
    groups = {}
    for x in v:
        if x > 0:
            groups.setdefault("big", []).append(x)
        else:
            groups.setdefault("small", []).append(x)
    return groups


def none_under_uncertain_key(v):
    d = {"a": None}
    for x in v:
        if x > 0:
            d["a"] = x
        else:
            d["b"] = None
    return d


def uncertain_dicts_compared(x):
    d = {"a": 1}
    if x > 0:
        d["b"] = x
    return d == {"a": 1}, d == {"a": 1, "b": 1.0}


def uncertain_dicts_copied(x):
    d = {"a": 1}
    if x > 0:
        d["b"] = x
    e = dict(d)
    e["c"] = 5
    g = d.copy()
    g.pop("b", None)
    return d, e, g, d | {"q": 1}


def texts_under_uncertain_keys(x):
    d = {}
    if x > 0:
        d["name"] = "up"
    else:
        d["why"] = "down"
    return d, d.get("name", "none")


def keys_in_while(k):
    seen = {}
    steps = 0
    while k > 0:
        if k % 2 == 0:
            seen["even"] = k
        else:
            seen["odd"] = k
        k -= 1
        steps += 1
    return seen, steps


class Tally:
    def __init__(self):
        self.d = {}

    def add(self, k, x):
        self.d[k] = self.d.get(k, 0) + x


def dict_of_an_object(v):
    tally = Tally()
    for x in v:
        if x > 1:
            tally.add("hi", x)
        else:
            tally.add("lo", x)
    return tally.d


def chosen_key_deleted(x):
    d = {"k": 1, "m": x}
    del d["k" if x > 0 else "m"]
    return d


def chosen_key_popped(x):
    d = {"k": 1, "m": x, "n": 5}
    v = d.pop("k" if x > 0 else "m")
    w = d.pop("n" if x > 5 else "z", 9)
    u = d.setdefault("m" if x > 1 else "q", 7)
    return v, w, u, d


def chosen_key_deleted_twice(x):
    d = {"k": 1, "m": x}
    key = "k" if x > 0 else "m"
    del d["k"]
    del d[key]
    return d


def chosen_dict_loses_a_key(x):
    d = {"k": 1, "m": x} if x > 0 else {"m": 3, "k": 0}
    del d["k"]
    d["z"] = x
    return d, len(d), "k" in d


def chosen_dict_may_lack_the_key(x):
    d = {"k": 1, "m": x} if x > 0 else {"m": 3}
    del d["k"]
    return d, len(d)


def key_deleted_in_loop(v):
    d, n = {"k": 1.0}, 0
    for x in v:
        if x > 0:
            d["k"] = x
        elif "k" in d:
            del d["k"]
            n += 1
    return d, n


def variants_become_alike(x, y):
    d = {"k": 1, "m": x} if x > 0 else {"m": 3.5}
    if "k" in d:
        del d["k"]
    if y > 0:
        d["z"] = 1
    return d, len(d), d["m"]


def alike_variant_chosen_again(x, y):
    d = {"k": 1, "m": x} if x > 0 else {"m": 3.5}
    if "k" in d:
        del d["k"]
    ys = [1.0, 2.0] if x > 0 else [x]
    if len(ys) > 1:
        ys.pop()
    e, zs = (d, ys) if y > 0 else ({"m": 9}, [y])
    return e, e["m"], zs, zs[0]


def key_missing_in_a_copy(v, n):
    d, c = {}, 0.0
    for x in v:
        d["p" if x > 0 else "q"] = x
    k = 0
    while k < n:
        k += 1
        if k > 5:
            d = {}
        c = d["q"]
        d = dict(d)
    return d, c


PROGRAMS = [
    (key_added_in_loop, [(np.int64(3),), (np.int64(0),)]),
    (dict_made_in_each_trip, [(np.int64(3),), (np.int64(0),)]),
    (key_of_the_last_trip, [(np.int64(3),), (np.int64(0),)]),
    (key_with_default, [(np.int64(3),), (np.int64(0),)]),
    (keys_in_while, [(np.int64(3),), (np.int64(0),)]),
    (key_on_one_path, [(f(1),), (f(-1),)]),
    (asks_for_key_on_one_path, [(f(1),), (f(-1),)]),
    (items_of_key_on_one_path, [(f(1),), (f(-1),)]),
    (missing_key_on_one_path, [(f(1),), (f(-1),)]),
    (key_deleted_on_one_path, [(f(1),), (f(-1),)]),
    (key_popped_on_one_path, [(f(1),), (f(-1),)]),
    (uncertain_dicts_compared, [(f(1),), (f(-1),)]),
    (uncertain_dicts_copied, [(f(1),), (f(-1),)]),
    (texts_under_uncertain_keys, [(f(1),), (f(-1),)]),
    (order_of_keys, [(f(1),), (f(-1),), (f(3),)]),
    (loops_over_uncertain_keys, [(f(1),), (f(-1),), (f(3),)]),
    (keys_that_are_numbers, [(f(1),), (f(-1),), (f(3),)]),
    (grouped_in_branches, [(f(1),), (f(-1),), (f(3),)]),
    (grouped_in_loop, [(v3,), (-v3,)]),
    (none_under_uncertain_key, [(v3,), (-v3,)]),
    (dict_of_an_object, [(v3,), (-v3,)]),
    (counted_words, [(v3, np.int64(2)), (-v3, np.int64(0))]),
    (counted_by_branches, [(v3, np.int64(2)), (-v3, np.int64(0))]),
    (chosen_key_deleted, [(f(2),), (f(-2),)]),
    (chosen_key_popped, [(f(2),), (f(-2),), (f(9),)]),
    (chosen_key_deleted_twice, [(f(2),), (f(-2),)]),
    (chosen_dict_loses_a_key, [(f(2),), (f(-2),)]),
    (chosen_dict_may_lack_the_key, [(f(2),), (f(-2),)]),
    (key_deleted_in_loop, [(v3,), (v3[:2],)]),
    (variants_become_alike, [(f(2), f(1)), (f(2), f(-1)), (f(-2), f(1)), (f(-2), f(-1))]),
    (alike_variant_chosen_again, [(f(2), f(1)), (f(2), f(-1)), (f(-2), f(1)), (f(-2), f(-1))]),
    (key_missing_in_a_copy, [(v3, np.int64(2)), (v3[:1], np.int64(2))]),
]
