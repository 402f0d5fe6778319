"""List, dict and set comprehensions and generator expressions over tensors."""

from tests.conformance.values import v3, v4


def comprehension(xs):
    return [x + 1 for x in xs if x > 1]


PROGRAMS = [
    (comprehension, [(v3,), (v4,)]),
]

NOT_DIFFERENTIABLE = {
    comprehension: "an item is at the limit",
}
