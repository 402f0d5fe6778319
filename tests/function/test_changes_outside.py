"""What functions change in lists, dicts and objects of their callers: refused, however it is written."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograph as ag
from autograph.errors import StagingError

X = np.ones(3)


@dataclasses.dataclass
class Pair:
    u: Any
    v: Any


class Holder:
    def __init__(self) -> None:
        self.items = [1]
        self.table: dict[str, Any] = {}


HOLDER, ITEMS, TABLE = Holder(), [1], {"items": [1]}


def new_key(p):
    p["new"] = p["x"] * 2
    return p["x"]


def other_value(p):
    p["x"] = p["x"] * 2
    return p["x"]


def augmented_value(p):
    p["x"] += 1.0
    return p["x"]


def deleted(p):
    del p["x"]
    return p["y"]


def popped(p):
    return p.pop("x")


def set_default(p):
    return p.setdefault("q", p["x"] * 2)


def updated(p):
    p.update(c=p["x"])
    return p["x"]


def cleared(p):
    p.clear()
    return 1.0


def merged(p):
    p |= {"z": p["x"]}
    return p["x"]


def of_another_name(p):
    q = p
    q["x"] = q["x"] + 1
    return q["y"]


def inner_dict(p):
    p["d"]["z"] = p["x"]
    return p["x"]


def inner_list(p):
    p["l"].append(p["x"])
    return p["x"]


def in_a_branch(p):
    if p["x"].sum() > 0:
        p["x"] = p["x"] * 2
    return p["x"]


def in_a_loop(p):
    while p["x"].sum() < 100.0:
        p["x"] = p["x"] * 2
    return p["x"]


def in_a_function(p):
    def inner(q):
        q["x"] = q["x"] * 5

    inner(p)
    return p["x"]


def appended(p):
    p["l"].append(1.0)
    return p["x"]


def list_added(p):
    xs = p["l"]
    xs += [p["x"]]
    return xs[0]


def local_list_added(p):
    xs, ys = p["l"], [p["x"]]
    xs += ys
    return xs[0]


def tuple_added(p):
    xs = p["l"]
    xs += (p["x"],)
    return xs[0]


def repeated(p):
    xs = p["l"]
    xs *= 2
    return xs[0]


def attribute_of_a_pair(p):
    p["pair"].u = p["x"] * 2
    return p["x"]


def dict_of_a_pair(p):
    p["pair"].v["q"] = p["x"]
    return p["x"]


def list_of_an_object(p):
    HOLDER.items += (1,)
    return p["x"]


def dict_of_an_object(p):
    HOLDER.table |= {"q": 1}
    return p["x"]


def global_list(p):
    xs = ITEMS
    xs += [1]
    return p["x"]


def list_in_a_global(p):
    TABLE["items"] += (1,)
    return p["x"]


CHANGES = [
    *(new_key, other_value, augmented_value, deleted, popped, set_default, updated, cleared, merged, of_another_name),
    *(inner_dict, inner_list, in_a_branch, in_a_loop, in_a_function, appended, list_added, local_list_added),
    *(tuple_added, repeated, attribute_of_a_pair, dict_of_a_pair, list_of_an_object, dict_of_an_object),
    *(global_list, list_in_a_global),
]


def arguments() -> dict[str, Any]:
    x = ag.constant(X)
    return {"x": x, "y": x + 1, "l": [x], "d": {"y": x}, "pair": Pair(x, {})}


@pytest.mark.parametrize("function", CHANGES, ids=lambda function: function.__name__)
def test_changes_are_refused(function: Callable[..., Any]) -> None:
    given, expected = arguments(), arguments()
    with pytest.raises(StagingError, match="outside"):
        ag.function(function)(given)
    assert given.keys() == expected.keys()
    for one, other in [(given, expected), (given["d"], expected["d"])]:
        for key, value in one.items():
            if isinstance(value, ag.Tensor):
                np.testing.assert_array_equal(value, other[key])
    assert len(given["l"]) == 1 and vars(given["pair"])["v"] == {}


def copies_of_dicts(p):
    q = dict(p)
    q["x"] = q["x"] + 1
    r = p.copy()
    r["y"] = 1.0
    s = {**p}
    s["x"] = 0.0
    t = p | {"x": 2.0}
    t["y"] = 3.0
    return q["x"] + r["y"] + s["x"] + t["y"]


def copies_of_lists(p):
    ys = p["l"][:]
    ys.append(1.0)
    ys += [2.0]
    zs = list(p["l"])
    zs += ys
    zs[0] = 0.0
    ws = p["l"] + ys
    return ys[-1] + zs[0] + len(ws) + len(zs)


def keywords(p):
    def inner(**options):
        options["z"] = options["w"] * 2
        return options.pop("w") + options["z"]

    return inner(w=p["x"])


def rest(p):
    def inner(*xs):
        xs += (p["y"],)
        return xs[0] + xs[-1]

    return inner(p["x"])


def another_pair(p):
    e = dataclasses.replace(p["pair"], u=p["x"] * 2)
    e.v = 1.0
    return e.u + e.v


def own_list(p):
    xs = "a b".split()
    xs += ["c"]
    ys = xs
    ys += [p["x"]]
    return p["x"] + len(xs)


@pytest.mark.parametrize(
    "function", [copies_of_dicts, copies_of_lists, keywords, rest, another_pair, own_list], ids=lambda f: f.__name__
)
def test_what_is_the_functions_own_may_change(function: Callable[..., Any]) -> None:
    staged = ag.function(function)
    for _ in range(2):
        np.testing.assert_array_equal(staged(arguments()), function(arguments()))


def test_the_first_call_that_makes_variables() -> None:
    made = []

    @ag.function
    def counted(p):
        if not made:
            made.append(ag.Variable(0.0))
        p["n"] = made[0].assign_add(1.0)
        return p["n"]

    with pytest.raises(StagingError, match="'n'"):
        counted({})
