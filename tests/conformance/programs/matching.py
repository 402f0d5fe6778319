"""`match` and the walrus."""

import numpy as np

from tests.conformance.values import empty, f, v3, v4


def match_number(n):
    match n:
        case 1:
            return 10
        case 2 | 3:
            return 20
        case _:
            return 30


def walrus(n):
    total = 0
    while (n := n - 1) > 0:
        total += n
    return total


def match_or_pattern(n):
    match n:
        case 1 | 2 | 3:
            return n * 10
        case 4:
            return 0
    return -n


def match_in_loop(xs):
    score = 0
    for x in xs:
        match x:
            case 1.0:
                score += 1
            case -2.0 | 3.0:
                score += 10
            case _:
                score += 100
    return score


def match_guard(x, y):
    match x:
        case v if v > y:
            return v - y
        case v if v == y:
            return 0.0
        case v:
            return y - v


def match_tuple(x, y):
    match (x, y):
        case (0, 0):
            return y - x
        case (0, b):
            return b
        case (a, 0):
            return -a
        case (a, b) if a > b:
            return a - b
        case (a, b):
            return a * b


def match_mapping(x, kind):
    command = {"op": kind, "value": x}
    match command:
        case {"op": "add", "value": v}:
            return v + 1
        case {"op": "neg", "value": v} if v > 0:
            return -v
        case {"value": v, **rest}:
            return v * 100 + len(rest)


class Shape:
    __match_args__ = ("width", "height")

    def __init__(self, width, height):
        self.width = width
        self.height = height


def match_class(x):
    shape = Shape(x, x * 2)
    match shape:
        case Shape(1, h):
            return h
        case Shape(width=w, height=h) if w > 3:
            return w * h
        case Shape(w, 4.0):
            return -w
    return 0.0


def match_nested(x, y):
    point = ("p", (x, [y, 1.0]))
    match point:
        case ("q", _):
            return 0.0
        case ("p", (a, [b, 1.0])) if a > b:
            return a
        case (_, (a, [b, *_])):
            return b - a


def match_singletons(x):
    y = None
    if x > 0:
        y = x
    match y:
        case None:
            return -1.0
        case v:
            return v * 2


def match_bool(x):
    match x > 2:
        case True:
            return 1
        case False:
            return 2


def match_as_binding(n):
    match n:
        case (1 | 2) as small:
            return small * 10
        case other:
            return other + 1


def match_falls_through(n):
    result = -1
    match n:
        case 1:
            result = 10
        case 2:
            result = 20
    return result


def match_captures_after(n):
    match n:
        case 0:
            m = 5
        case m:
            pass
    return m + 1


def match_break(xs):
    total = 0.0
    for x in xs:
        match x:
            case -1.0:
                break
            case 8.0:
                continue
            case v if v > 3:
                total += v
            case _:
                return -total
    return total


def match_strings(x, mode):
    match mode:
        case "up":
            step = 1
        case "down":
            step = -1
    while 0 < x < 5:
        x = x + step
    return x


def match_state_machine(n):
    state = 0
    steps = 0
    while steps < n:
        match state:
            case 0:
                state = 2
            case 2:
                state = 1
            case _:
                state = 0
                steps += 1
        steps += 1
    return state, steps


def walrus_if(x):
    if (y := x * 2) > 5:
        return y
    return -y


def walrus_while_pair(a, b):
    n = 0
    while (r := a % b) != 0:
        a, b = b, r
        n += 1
    return b, n


def walrus_short_circuit(x):
    y = 0.0
    if x > 0 and (y := x * 3) > 6:
        return y
    return y - 1


def walrus_in_call(x):
    def double(v):
        return v * 2

    z = double(w := x + 1) + w
    return z


def walrus_ternary(x):
    return (y := x * x) + y if x > 1 else (y := -x) * 3


def walrus_in_subscript(xs):
    total = xs[(k := 1)] + k
    i = 0
    while (i := i + k) < 3:
        total += xs[i]
    return total


PROGRAMS = [
    (match_number, [(np.int64(1),), (np.int64(3),), (np.int64(9),)]),
    (walrus, [(np.int64(5),)]),
    (match_or_pattern, [(np.int64(2),), (np.int64(4),), (np.int64(9),)]),
    (match_in_loop, [(v3,), (v4,), (empty,)]),
    (match_guard, [(f(3), f(1)), (f(1), f(1)), (f(1), f(3))]),
    (match_tuple, [(f(0), f(0)), (f(0), f(2)), (f(2), f(0)), (f(3), f(2)), (f(2), f(3))]),
    (match_mapping, [(f(2), "add"), (f(2), "neg"), (f(-2), "neg"), (f(2), "other")]),
    (match_class, [(f(1),), (f(4),), (f(2),), (f(3),)]),
    (match_nested, [(f(2), f(1)), (f(1), f(2))]),
    (match_singletons, [(f(2),), (f(-2),)]),
    (match_bool, [(f(3),), (f(1),)]),
    (match_as_binding, [(np.int64(2),), (np.int64(5),)]),
    (match_falls_through, [(np.int64(1),), (np.int64(2),), (np.int64(3),)]),
    (match_captures_after, [(np.int64(0),), (np.int64(7),)]),
    (match_break, [(np.array([4.0, 8.0, 5.0, -1.0, 9.0]),), (v4,), (v3,), (empty,)]),
    (match_strings, [(f(2.5), "up"), (f(2.5), "down"), (f(9), "up")]),
    (match_state_machine, [(np.int64(8),), (np.int64(0),)]),
    (walrus_if, [(f(3),), (f(1),)]),
    (walrus_while_pair, [(np.int64(48), np.int64(18)), (np.int64(7), np.int64(7))]),
    (walrus_short_circuit, [(f(3),), (f(1),), (f(-1),)]),
    (walrus_in_call, [(f(3),)]),
    (walrus_ternary, [(f(3),), (f(0.5),)]),
    (walrus_in_subscript, [(v4,)]),
]
