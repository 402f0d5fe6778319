"""`return` under conditions inside nested loops, early returns, functions that fall off the end."""

from tests.conformance.values import f, v3, v4


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


PROGRAMS = [
    (nested_returns, [(f(3),), (f(30),), (f(-3),)]),
    (early_return, [(v4, f(3.5)), (v4, f(100))]),
    (nested_loops_return, [(v4,), (v3,)]),
    (falls_off, [(f(2),), (f(-2),)]),
]

NOT_DIFFERENTIABLE = {
    nested_loops_return: "a sum is compared for equality",
}
