"""`raise`, `assert`, `try` and `with` around staged code."""

from tests.conformance.values import f


def raises(x):
    if x > 3:
        raise ValueError("too large")
    return x


def asserts(x):
    assert x >= 0, "negative"
    return x + 1


def try_finally(x):
    log = 0.0
    try:
        if x > 0:
            log = x
    finally:
        log = log + 1
    return log


PROGRAMS = [
    (raises, [(f(2),), (f(5),)]),
    (asserts, [(f(2),), (f(-1),)]),
    (try_finally, [(f(2),), (f(-2),)]),
]
