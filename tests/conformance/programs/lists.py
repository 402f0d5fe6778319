"""Lists that staged blocks grow, change and index by tensors."""

from tests.conformance.values import empty, v3, v4


def append_all(xs):
    ys = []
    for x in xs:
        ys.append(x * x)
    return ys


def append_some(xs):
    ys = []
    for x in xs:
        if x > 0:
            ys.append(x)
    total = 0.0
    for y in ys:
        total += y
    return total, len(ys)


def list_state(xs):
    counts = [0, 0]
    for x in xs:
        if x > 0:
            counts[0] += 1
        else:
            counts[1] += 1
    return counts


def set_item(xs):
    ys = xs + 0
    for i in range(len(ys)):
        if ys[i] < 0:
            ys[i] = 0
    return ys


PROGRAMS = [
    (append_all, [(v3,), (empty,)]),
    (append_some, [(v3,), (v4,)]),
    (list_state, [(v3,)]),
    (set_item, [(v3,)]),
]
