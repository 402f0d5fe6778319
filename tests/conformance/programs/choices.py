"""Python values that a tensor chooses: strings, enums, functions, None."""

import enum

import numpy as np

from tests.conformance.values import f

i = np.int64
v5 = np.array([3.0, 1.0, 4.0, 1.0, 5.0])


class Color(enum.Enum):
    RED = 1
    GREEN = 2


def classify(x):
    if x > 1:
        return "big"
    if x < -1:
        return "small"
    return "middle"


def chosen_function(x):
    op = (lambda a: a * 2) if x > 0 else (lambda a: a - 1)
    return op(x)


def chosen_enum(x):
    color = Color.RED if x > 0 else Color.GREEN
    if color is Color.RED:
        return x, color
    return x * color.value, color


def enum_in_tuple(x):
    color = Color.RED if x > 0 else Color.GREEN
    return color in (Color.GREEN,), color != Color.RED, color.name


def state_machine(xs):
    state, ups = "start", []
    for x in xs:
        if state == "start" and x > 2:
            state = "up"
        elif state == "up" and x < 2:
            state = "down"
        elif state in ("down", "end"):
            state = "end"
        ups.append(1 if state == "up" else 0)
    return state, ups


def text_in_message(x):
    kind = "positive" if x > 0 else "negative"
    raise ValueError(f"{kind:>10} {x:.1f} {kind!r}")


def text_methods(x):
    text = "ab" if x > 0 else "cde"
    return text.upper() + "!", len(text), text[0], "<" + text, text * 2, text < "b"


def none_or_text(x):
    found = None
    if x > 0:
        found = "yes"
    return (-1 if found is None else 1), found


def unbound_or_text(x):
    if x > 0:
        found = "yes"
    return found


def while_text_says_so(xs):
    place, state = 0, "run"
    while state != "stop":
        if xs[place] > 3:
            state = "stop"
        else:
            place += 1
    return place, state


def match_chosen_text(x):
    kind = "a" if x > 0 else "b"
    match kind:
        case "a":
            return x * 2
        case "b" | "c":
            return x * 3


def counts_by_chosen_key(xs):
    counts = {"pos": 0, "neg": 0}
    for x in xs:
        key = "pos" if x > 0 else "neg"
        counts[key] = counts[key] + 1
    return counts


def text_beside_number(x):
    kind = "none" if x < 0 else 0
    return 5 if kind == 0 else 6


def chosen_twice(x, y):
    first = "a" if x > 0 else "b"
    second = first if y > 0 else "c"
    return first == second, second, first + second


def truth_of_text(x):
    text = "" if x > 0 else "word"
    return (1 if text else 2), not text, text or "empty"


def operands_of_no_common_type(xs):
    stack = []
    for x in xs:
        if stack and stack[-1] > x:
            stack.pop()
        stack.append(x)
    return stack


def text_shown_as_repr(n):
    if n > 10:
        raise ValueError(f"n={n:>5} {n} {n * 0.5:.2f}")
    return n


def text_raised(x):
    raise KeyError("a" if x > 0 else "b")


both = [(f(2),), (f(-2),)]

PROGRAMS = [
    (classify, [*both, (f(0),)]),
    (chosen_function, both),
    (chosen_enum, both),
    (enum_in_tuple, both),
    (state_machine, [(v5,), (v5 - 4,)]),
    (text_in_message, both),
    (text_methods, both),
    (none_or_text, both),
    (unbound_or_text, both),
    (while_text_says_so, [(v5 + 1,)]),
    (match_chosen_text, both),
    (counts_by_chosen_key, [(v5,), (v5 - 3,)]),
    (text_beside_number, both),
    (chosen_twice, [(f(1), f(1)), (f(-1), f(1)), (f(1), f(-1))]),
    (truth_of_text, both),
    (operands_of_no_common_type, [(v5,), (v5[::-1].copy(),)]),
    (text_raised, both),
    (text_shown_as_repr, [(i(3),), (i(30),)]),
]
