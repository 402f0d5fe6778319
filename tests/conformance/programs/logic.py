"""Conditional expressions, `and`, `or`, `not`, chained comparisons, `in`, truth of numbers, `is None`."""

import numpy as np

from tests.conformance.values import empty, f, v3, v4


def ternary(x):
    return x * 2 if x > 3 else -x


def logic(x, y):
    if x > 0 and y > 0:
        return 1
    if x > 0 or not y > 0:
        return 2
    return 3


def chain(x):
    return 1 if 0 < x <= 5 else 0


def odd_chain(x, y):
    return 1 if 0 < x + y < abs(x) + 9 in (5, 9, 14) else 2


def operand_or(x):
    return x or 5.0


def numeric_truth(n):
    trips = 0
    while n:
        n = n // 2
        trips += 1
    return trips


def in_tuple(n):
    return 1 if n in (2, 3, 5) else 0


def nested_ternary(x):
    return x if x > 3 else (2 * x if x > 1 else (-x if x > 0 else 0.0))


def ternary_in_loop(xs):
    total = 0.0
    for x in xs:
        total += (x if x > 0 else -x) if total < 4 else 1
    return total


def and_value(x, y):
    return x and y


def or_chain(x, y):
    return x or y or 7.0


def short_circuit_guards(xs, i):
    if i < len(xs) and xs[i] > 0:
        return xs[i]
    return -1.0


def short_circuit_division(a, b):
    if b != 0 and a // b > 2:
        return a // b
    return 0


def or_skips_call(x):
    calls = [0]

    def costly(v):
        calls[0] += 1
        return v > 2

    if x > 5 or costly(x):
        return calls[0] * 10
    return calls[0]


def not_of_things(x, n):
    a = not x
    b = not n > 3
    return a, b, not (a and b)


def not_list(xs):
    kept = []
    for x in xs:
        if x > 2:
            kept.append(x)
    if not kept:
        return -1.0
    return kept[0]


def chain_of_four(a, b, c):
    return a < b <= c != a


def chain_of_calls(x):
    count = [0]

    def middle(v):
        count[0] += 1
        return v * 2

    inside = 1 < middle(x) < 10
    return inside, count[0]


def chain_in_while(x):
    n = 0
    while 0 < x < 10 and n < 20:
        x = x * 1.5 - 1
        n += 1
    return n


def in_list_of_tensors(x, y):
    return x in [y, 2.0, y + 1]


def not_in_list(xs):
    hits = 0
    for x in xs:
        if x not in [1.0, 3.0]:
            hits += 1
    return hits


def in_dict(n):
    prices = {1: 10, 2: 20}
    return n in prices, n not in prices


def in_tensor(x, xs):
    if x in xs:
        return 1
    return 2


def truth_of_vector_item(xs):
    count = 0
    for x in xs:
        if x:
            count += 1
    return count


def while_float_truth(x):
    n = 0
    while x:
        x = abs(x) // 2
        n += 1
    return n


def truth_in_not(x):
    return 1 if not x else 2


def is_none_default(x, y=None):
    if y is None:
        y = x * 2
    return x + y


def is_none_of_optional(x):
    y = None
    if x > 0:
        y = x
    if y is not None:
        return y * 2
    return x


def bool_and_number(x):
    return (x > 1) + 2 * (x > 2) + True


def xor_flags(x, y):
    a = x > 0
    b = y > 0
    return a != b, a == b, a ^ b, a | b, a & b


def or_of_assigned(x):
    y = x > 2 and x < 5
    z = y or x == 7
    if z:
        x = x + 10
    return x, z


def any_of_conditions(x, y):
    flags = [x > 0, y > 0, x > y]
    n = 0
    for flag in flags:
        if flag:
            n = n * 2 + 1
    return n


def operand_in_arithmetic(x, y):
    return 2 * (x or 1) + (y and 3)


PROGRAMS = [
    (ternary, [(f(5),), (f(1),)]),
    (logic, [(f(1), f(1)), (f(1), f(-1)), (f(-1), f(1)), (f(-1), f(-1))]),
    (chain, [(f(0),), (f(5),), (f(6),)]),
    (odd_chain, [(f(5), f(1)), (f(-5), f(1))]),
    (operand_or, [(f(0),), (f(2),)]),
    (numeric_truth, [(np.int64(37),), (np.int64(0),)]),
    (in_tuple, [(np.int64(3),), (np.int64(4),)]),
    (nested_ternary, [(f(4),), (f(2),), (f(0.5),), (f(-1),)]),
    (ternary_in_loop, [(v4,), (v3,), (empty,)]),
    (and_value, [(f(2), f(3)), (f(0), f(3)), (f(2), f(0))]),
    (or_chain, [(f(2), f(3)), (f(0), f(3)), (f(0), f(0))]),
    (short_circuit_guards, [(v3, np.int64(0)), (v3, np.int64(1)), (v3, np.int64(7))]),
    (short_circuit_division, [(np.int64(9), np.int64(3)), (np.int64(9), np.int64(0)), (np.int64(2), np.int64(5))]),
    (or_skips_call, [(f(6),), (f(3),), (f(1),)]),
    (not_of_things, [(f(0), np.int64(1)), (f(2), np.int64(5)), (f(2), np.int64(2))]),
    (not_list, [(v3,), (-v3 - 3,)]),
    (chain_of_four, [(f(1), f(2), f(3)), (f(1), f(1), f(3)), (f(1), f(2), f(1)), (f(1), f(2), f(2))]),
    (chain_of_calls, [(f(2),), (f(0.25),), (f(7),)]),
    (chain_in_while, [(f(3),), (f(1.9),), (f(-1),)]),
    (in_list_of_tensors, [(f(2), f(9)), (f(5), f(5)), (f(5), f(4)), (f(1), f(7))]),
    (not_in_list, [(v3,), (empty,)]),
    (in_dict, [(np.int64(1),), (np.int64(3),)]),
    (in_tensor, [(f(3), v3), (f(4), v3)]),
    (truth_of_vector_item, [(np.array([1.0, 0.0, -2.0]),), (empty,)]),
    (while_float_truth, [(f(11),), (f(0),)]),
    (truth_in_not, [(f(0),), (f(3),)]),
    (is_none_default, [(f(2),), (f(2), f(5))]),
    (is_none_of_optional, [(f(2),), (f(-2),)]),
    (bool_and_number, [(f(3),), (f(1.5),), (f(0),)]),
    (xor_flags, [(f(1), f(1)), (f(1), f(-1)), (f(-1), f(-1))]),
    (or_of_assigned, [(f(3),), (f(7),), (f(1),)]),
    (any_of_conditions, [(f(1), f(2)), (f(2), f(-1)), (f(-2), f(-1))]),
    (operand_in_arithmetic, [(f(2), f(5)), (f(0), f(5)), (f(2), f(0))]),
]

NOT_DIFFERENTIABLE = {
    chain: "a limit is met",
    odd_chain: "a sum is compared for equality",
    operand_or: "zero is false",
    while_float_truth: "zero is false",
}
