"""`return` under conditions inside nested loops, early returns, functions that fall off the end."""

import numpy as np

from tests.conformance.values import empty, f, v3, v4


def nested_returns(x):
    if x > 0:
        if x > 10:
            return x * 100
        return x
    return -x


def early_return(xs, limit):
    for x in xs:
        if x > limit:
            return x * 10
    return limit


def nested_loops_return(xs):
    for x in xs:
        for y in xs:
            if x + y == 7:
                return x * y
    return -1.0


def falls_off(x):
    if x > 0:
        return x


def return_from_three_loops(xs, limit):
    for x in xs:
        i = 0
        while i < 3:
            for y in xs:
                if x * y + i > limit:
                    return x + y + i
            i += 1
    return limit


def different_lengths(x):
    if x < 0:
        return -x
    y = x * 2
    if y < 5:
        z = y + 1
        if z > 4:
            return z
        y = z
    if y > 100:
        return y - 100
    y = y * y
    return y + 1


def return_in_else_only(x):
    if x > 0:
        x = x * 2
    else:
        return -1.0
    return x + 1


def return_in_elif_chain(x):
    if x > 10:
        return 1
    elif x > 5:
        x = x - 5
    elif x > 0:
        return 3
    else:
        x = -x
    if x > 2:
        return 4
    return 5


def return_in_while(x):
    while x < 100:
        x = x * 2
        if x > 30:
            if x > 50:
                return x
            x = x + 1
    return -x


def falls_off_in_loop(xs, limit):
    for x in xs:
        if x > limit:
            return x


def falls_off_late(x):
    if x > 0:
        if x > 5:
            return x * 2
        x = x - 1
    elif x < -5:
        return -x


def bare_returns(xs):
    state = [0.0]

    def run():
        for x in xs:
            if x < 0:
                return
            state[0] += x

    run()
    return state[0]


def return_tuple_or_tuple(x, y):
    if x > y:
        return x, (y, 1)
    for k in range(3):
        if y > k:
            return y, (x, k)
    return x, (x, -1)


def return_dict(x):
    if x > 1:
        return {"a": x, "b": 1}
    return {"a": -x, "b": 2}


def return_list(xs, limit):
    seen = []
    for x in xs:
        if x > limit:
            return seen
        seen.append(x)
    return seen


def return_from_loop_in_branch(x, xs):
    if x > 0:
        for y in xs:
            if y > x:
                return y
        x = x + 10
    else:
        x = -x
    return x


def return_inside_try_finally(x):
    log = []
    try:
        if x > 0:
            return x * 2
        x = x - 1
    finally:
        log.append(x)
    return x


def return_none_or_value_in_call(x):
    def half(v):
        if v > 1:
            return v / 2

    y = half(x)
    if y is None:
        return x
    return y


def helper_with_returns(xs):
    def sign(v):
        if v > 0:
            return 1
        if v < 0:
            return -1
        return 0

    total = 0
    for x in xs:
        total = total * 3 + sign(x)
    return total


def return_in_both_loops(n):
    for i in range(n):
        for j in range(i):
            if i * j > 10:
                return i, j
        if i > 6:
            return i, -1
    return -1, -1


def return_index_of(xs, wanted):
    for i, x in enumerate(xs):
        if x == wanted:
            return i
    return -1


def return_condition_itself(x, y):
    if x > 3:
        return x > y
    return y > 0


def number_or_tensor(x):
    if x > 2:
        return 1
    if x > 1:
        return 0.5
    return x


PROGRAMS = [
    (nested_returns, [(f(3),), (f(30),), (f(-3),)]),
    (early_return, [(v4, f(3.5)), (v4, f(100))]),
    (nested_loops_return, [(v4,), (v3,)]),
    (falls_off, [(f(2),), (f(-2),)]),
    (return_from_three_loops, [(v4, f(13.5)), (v4, f(1000)), (empty, f(1))]),
    (different_lengths, [(f(-2),), (f(1.7),), (f(1.2),), (f(70),), (f(3),)]),
    (return_in_else_only, [(f(2),), (f(-2),)]),
    (return_in_elif_chain, [(f(11),), (f(8),), (f(6),), (f(2),), (f(-1),), (f(-7),)]),
    (return_in_while, [(f(1),), (f(33),), (f(16),), (f(200),)]),
    (falls_off_in_loop, [(v3, f(2)), (v3, f(9)), (empty, f(0))]),
    (falls_off_late, [(f(6),), (f(2),), (f(-6),), (f(-1),)]),
    (bare_returns, [(v3,), (v4,), (empty,)]),
    (return_tuple_or_tuple, [(f(2), f(1)), (f(0.5), f(1.5)), (f(-3), f(-1))]),
    (return_dict, [(f(2),), (f(0.5),)]),
    (return_list, [(v4, f(3.5)), (v4, f(2)), (v4, f(100))]),
    (return_from_loop_in_branch, [(f(2), v4), (f(20), v4), (f(-2), v4)]),
    (return_inside_try_finally, [(f(2),), (f(-2),)]),
    (return_none_or_value_in_call, [(f(3),), (f(0.5),)]),
    (helper_with_returns, [(v3,), (np.array([0.0, 1.0, -1.0]),), (empty,)]),
    (return_in_both_loops, [(np.int64(3),), (np.int64(7),), (np.int64(20),)]),
    (return_index_of, [(v3, f(3)), (v3, f(9))]),
    (return_condition_itself, [(f(4), f(2)), (f(4), f(5)), (f(1), f(1))]),
    (number_or_tensor, [(f(3),), (f(1.5),), (f(0.25),)]),
]

NOT_DIFFERENTIABLE = {
    nested_loops_return: "a sum is compared for equality",
}
