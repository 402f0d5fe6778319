"""Programs that random search found to differ from plain Python once, reduced."""

from collections import namedtuple
from dataclasses import dataclass

import numpy as np

from tests.conformance.values import f, v3

i = np.int64
Pair = namedtuple("Pair", "u v")


def squares(n):
    ys = []
    for k in range(n):
        ys.append(k * k)
    return ys


def floats_behind_ints(n):
    ys = []
    for k in range(n):
        ys.append(k)
    for k in range(n):
        ys.append(k * 0.5)
    return ys


def float_stored_among_ints(n):
    ys = squares(n)
    ys[0] = 0.5
    return ys


def pairs_of_other_numbers(n):
    ys = []
    for k in range(n):
        ys.append((k, 0.5 * k))
    ys.append((0.5, 1))
    ys[0] = (n, n)
    return ys, sum([a for a, b in ys])


def list_of_weak_or_strong(n, x):
    ys = []
    if n > 1:
        ys.append(1)
    else:
        ys.append(0.5)
        ys.append(x)
    ys.append(n)
    return ys


def sizes_of_each_element(n, v):
    ys = []
    for _ in range(n):
        ys.append(v[:2])
    ys.append(v)
    return ys[n].shape[0], ys[0].shape[0], ys[n] + v


def joined_lists(n, x):
    ys = squares(n)
    zs = [x, *[5]] + ys + [5] + ys[1:]
    ys += zs
    ys.extend([1.5])
    return ys, zs


def prepended(n, x):
    ys = []
    k = 0
    while k < n:
        k += 1
        ys = [x - k] + ys
    return ys


def edited_list(n, x):
    ys = squares(n)
    ys.insert(1, x)
    ys.insert(0, 7)
    ys.reverse()
    first = ys.pop(0)
    second = ys.pop(-2)
    ys.remove(7)
    del ys[0]
    return ys, first, second, ys[::-1], ys[-2:], x in ys, 3 in ys, ys.copy()


def truth_of_list(n):
    ys = squares(n)
    total = 1 if ys else 0
    while ys:
        total += ys.pop()
    return total, not ys, bool(ys), max(squares(n)), min(squares(n)), squares(n).index(1), squares(n).count(0)


def largest_of_none(n):
    ys = squares(n)
    ys.clear()
    return max(ys)


def removed_but_absent(n):
    ys = squares(n)
    ys.remove(n * 100)
    return ys


def dict_in_early_return(n):
    d = {"u": 0, "v": n}
    for k in range(n):
        if k >= 2:
            return -k, d
    d["v"] += 2
    return n, d


def cell_written_after_break(x):
    b = (lambda u: u + b)(x) if x > 100 else 1
    for k in range(2):
        b = k
        if x == x:
            break
    return b


def message_of_top_level_raise(x):
    raise ValueError(f"bad {x} of {x:4d}")


def number_as_argument(x):
    if x > 1:
        raise ValueError(x)
    return x


def divmod_of_tensors(x):
    return divmod(x, 3), divmod(7, x), divmod(x, -4)


def unknown_name_on_one_path(x):
    return never_assigned if x > 1 else x  # noqa: F821


def raise_behind_a_staged_raise(x):
    if x > 2:
        raise ValueError(f"{x} is too much")
    raise LookupError("nothing")


def optional_number_in_text(x):
    m = None
    if x > 1:
        m = x
    if x > 3:
        raise ValueError(f"m is {m}, {m:>3}" + str(m))
    if x < 0:
        raise ValueError(f"m is {m}")
    return x


def zip_with_an_empty_list(n):
    total = 0
    for y, z in zip([], range(n)):
        total += y * z
    return total


def zip_with_pairs(n, x):
    total = 0
    for k, (u, v) in zip(range(n), [(1, x), (x, 2)]):
        total += k * u - v
    return total


def list_of_one_path_or_another(x):
    ys, ws = [1], [x]
    if x > 1:
        ys.append(2)
        ws = ys
    else:
        ys = [4, 5]
    return ys[0] + 1, ys, ws


def list_made_anew_in_a_branch(x):
    ys = [x, 2]
    for k in range(3):
        if x > k:
            ys = [k, x]
        ys[0] += 1
        ys.append(k)
    return ys


def list_returned_early_changes_later(n, x):
    ys = [x]
    for k in range(n):
        ys.append(k)
        if k > x:
            return -1, ys
        ys[0] += 1
    ys.append(9)
    return n, ys


class Purse:
    def __init__(self, gold):
        self.gold = gold
        self.log = [gold]

    @classmethod
    def richer(cls, a, b):
        return cls(a) if a > b else cls(b)


def object_made_on_one_path(x):
    purse = Purse(x)
    if x > 1:
        purse = Purse(7)
        purse.log.append(x)
    else:
        purse.log[0] = 3
        purse.log.append(2)
    purse.gold += 1
    return purse.gold, purse.log


def object_made_anew_each_trip(n):
    purse = Purse(0)
    for k in range(n):
        purse = Purse.richer(purse.gold + 2, k * k)
        if k > 2:
            purse.gold -= 1
    return purse.gold, purse.log


def alternatives_that_bind(x, y):
    match [x, y, 3]:
        case [1, *more] | [*more, 3] if y > 1:
            out = sum(more)
        case [u, _, 3] | [_, u, _]:
            out = u * 10
        case _:
            out = -1
    match Pair(x, y):
        case Pair(1, v) | Pair(v, 1):
            out += v * 100
        case Pair(u, (2 | 3) as v) as both:
            out += both.u + v
    return out


def searched_and_sorted(x):
    ys = [3, x, 1, x]
    ys.sort()
    zs = [x, 5]
    zs.sort(reverse=True)
    ys.remove(x)
    return ys, zs, ys.count(x), [2, 4, 6].index(x), [x, 1, 2].count(2)


def truth_of_lists_in_tests(n, x):
    ys, out = [], 0
    for k in range(n):
        ys.append(k)
    if ys and x > 1:
        out = 1
    while x > out and ys or not ys and out < 2:
        out += 1
    return out, 1 if x > 3 or ys else 0


class Bag:
    def __init__(self):
        self.items = []

    def put(self, item):
        if item > 1:
            self.items.append(item)

    def __len__(self):
        return len(self.items)

    def __bool__(self):
        return len(self.items) > 1


class Sized:
    def __init__(self, size):
        self.size = size

    def __len__(self):
        return self.size


def truth_of_objects(xs):
    bag = Bag()
    for x in xs:
        bag.put(x)
    big = 1 if bag else 0
    if not Sized(0):
        big += 10
    return big, len(bag), bool(bag)


def dict_made_and_changed_in_a_branch(x):
    d = {"u": x, "v": 1}
    if x > 1:
        d = {"u": sum(d.values()), "v": d["u"]}
        for key in d:
            d[key] += 1
    return d


def largest_with_place(xs):
    best = None
    for k, x in enumerate(xs):
        if best is None or x > best[0]:
            best = (x, k)
    if best is None:
        return -1, best
    value, place = best
    return value - place, best


def record_on_one_path(x):
    found = None
    if x > 1:
        found = {"x": x, "ys": [x, 1]}
    if found is not None:
        found["ys"][0] += 1
        found["x"] = found["ys"][0] * 2
    return found, 0 if found else 1, found == {"x": 6, "ys": [3, 1]}


def structure_unbound_on_one_path(x):
    if x > 1:
        pair, items = (x, 2), [x, 3]
    if x > 2:
        items[0] = pair[0] + 1
        return items[0] + items[1], sum(pair)
    return x, pair[1]


def stored_in_a_branch(x, v):
    v = v + 0
    if x > 0:
        v[0] = 5
        out = v
    else:
        out = v * 2
    return out, v


def stored_before_early_return(x, v):
    v = v + 0
    for k in range(3):
        v[0] = k
        if k > x:
            v[1] = 9
            return k, v
    v[-1] = 7
    return x, v


def tensor_of_one_path_or_another(x, v):
    w = v + 1
    for k in range(2):
        if x > k:
            w = v * 2
        w[0] += k
    return w


def power_with_a_modulus(n):
    k, total = 0, []
    while k < n:
        k += 1
        total.append(pow(k, 3, 7) + 10 * pow(k, 0, 5) + 100 * pow(3, 4, k + 2) + 1000 * pow(k, 2))
    return total


@dataclass
class Named:
    name: str
    value: float
    index: int
    tag: int = 3
    values: tuple = (1, 2)


def attributes_of_an_optional_object(v):
    best = None
    for x in v:
        if best is None or x > best.value:
            best = Named("a", x, 0)
    return best.value, best.index, best.tag, best.values


def attributes_of_one_of_two(x):
    it = Named("a", x, 1) if x > 0 else Named("bb", x * 2, 2)
    d = {"a": x} if x > 0 else {"b": x, "c": 1}
    t = (x, 1) if x > 0 else (1, x, 3)
    return it.value, it.index, len(it.name), it.values, sum(d.values()), t.index(1)


def dicts_of_two_makes(x, n):
    d = {"u": 0, "v": n}
    for _ in range(n):
        if x > 1:
            return d
        d = {**d, "u": x}
    while n > 0:
        n -= 1
        d = dict(d)
        d = {key: z + sum(d.values()) for key, z in d.items()}
    return d


PROGRAMS = [
    (power_with_a_modulus, [(i(3),), (i(0),)]),
    (stored_in_a_branch, [(i(0), np.arange(3)), (i(2), np.arange(3))]),
    (stored_before_early_return, [(i(0), np.arange(3)), (i(9), np.arange(3))]),
    (tensor_of_one_path_or_another, [(i(0), np.arange(3)), (i(2), np.arange(3))]),
    (largest_with_place, [(np.array([1, 5, 3]),), (np.array([2]),), (np.array([1])[:0],)]),
    (record_on_one_path, [(i(0),), (i(2),)]),
    (structure_unbound_on_one_path, [(i(0),), (i(2),), (i(3),)]),
    (dict_made_and_changed_in_a_branch, [(i(0),), (i(3),)]),
    (alternatives_that_bind, [(i(1), i(2)), (i(4), i(3)), (i(4), i(1)), (i(1), i(1)), (i(5), i(0))]),
    (searched_and_sorted, [(i(2),), (i(4),)]),
    (truth_of_lists_in_tests, [(i(0), i(2)), (i(2), i(5)), (i(2), i(0))]),
    (truth_of_objects, [(np.array([3, 0, 2]),), (np.array([2, 1]),)]),
    (object_made_on_one_path, [(i(0),), (i(2),)]),
    (object_made_anew_each_trip, [(i(0),), (i(5),)]),
    (raise_behind_a_staged_raise, [(i(1),), (i(3),)]),
    (optional_number_in_text, [(i(0),), (i(2),), (i(5),), (i(-2),)]),
    (zip_with_an_empty_list, [(i(3),)]),
    (zip_with_pairs, [(i(1), i(5)), (i(4), i(5))]),
    (list_of_one_path_or_another, [(i(0),), (i(2),)]),
    (list_made_anew_in_a_branch, [(i(0),), (i(2),)]),
    (list_returned_early_changes_later, [(i(3), i(0)), (i(3), i(5))]),
    (floats_behind_ints, [(i(3),), (i(0),)]),
    (float_stored_among_ints, [(i(3),)]),
    (pairs_of_other_numbers, [(i(3),), (i(1),)]),
    (list_of_weak_or_strong, [(i(1), i(7)), (i(3), i(7))]),
    (sizes_of_each_element, [(i(3), np.arange(3.0))]),
    (joined_lists, [(i(4), i(9)), (i(2), i(0))]),
    (prepended, [(i(3), i(5)), (i(0), i(5))]),
    (edited_list, [(i(4), i(9)), (i(2), i(0))]),
    (truth_of_list, [(i(4),), (i(2),)]),
    (largest_of_none, [(i(3),)]),
    (removed_but_absent, [(i(3),)]),
    (dict_in_early_return, [(i(1),), (i(4),)]),
    (cell_written_after_break, [(i(1),), (i(200),)]),
    (message_of_top_level_raise, [(i(-3),)]),
    (number_as_argument, [(i(3),), (i(0),), (f(2.5),)]),
    (divmod_of_tensors, [(i(5),), (i(-5),)]),
    (unknown_name_on_one_path, [(i(0),), (i(2),)]),
    (attributes_of_an_optional_object, [(v3,), (-v3,)]),
    (attributes_of_one_of_two, [(f(2),), (f(-2),)]),
    (dicts_of_two_makes, [(np.int64(-2), np.int64(2)), (np.int64(3), np.int64(2)), (np.int64(3), np.int64(0))]),
]
