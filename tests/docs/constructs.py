"""The functions that docs/constructs.md shows, with what each converts to and computes."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Construct:
    """One entry of the page.

    Attributes:
        title: the heading.
        function: the example.
        calls: its arguments, a tuple for each call; numbers and lists of numbers become tensors.
        note: what there is to say.
        wanted: what Python gives, where the example needs tensors to run at all; None to run it on plain values.
    """

    title: str
    function: Any
    calls: tuple[tuple[Any, ...], ...]
    note: str = ""


def clamp(x):
    if x > 1.0:
        y = 1.0
    else:
        y = x
    return y


def grade(points):
    if points >= 90:
        return 1
    elif points >= 50:
        return 2
    return 3


def sign(x):
    return 1 if x > 0 else -1 if x < 0 else 0


def inside(x, low, high):
    return low <= x < high and not x == 0


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def total(xs):
    result = 0.0
    for x in xs:
        result += x
    return result


def power(x, n):
    y = 1.0
    for _ in range(n):
        y = y * x
    return y


def first_above(xs, limit):
    found = -1.0
    for x in xs:
        if x > limit:
            found = x
            break
    return found


def sum_of_positive(xs):
    result = 0.0
    for x in xs:
        if x <= 0:
            continue
        result += x
    return result


def index_of(xs, wanted):
    for i, x in enumerate(xs):
        if x == wanted:
            return i
    return -1


def smallest_divisor(n):
    d = 2
    while d * d <= n:
        if n % d == 0:
            break
        d += 1
    else:
        d = n
    return d


def running_sums(xs):
    sums = []
    total = 0.0
    for x in xs:
        total += x
        sums.append(total)
    return sums


def squares(xs):
    return [x * x for x in xs if x > 0]


def cleared(xs, limit):
    for i in range(len(xs)):
        if xs[i] > limit:
            xs[i] = 0.0
    return xs


def count_signs(xs):
    counts = {"positive": 0, "other": 0}
    for x in xs:
        if x > 0:
            counts["positive"] += 1
        else:
            counts["other"] += 1
    return counts


class Account:
    """A balance that deposits change."""

    def __init__(self):
        self.balance = 0.0

    def deposit(self, amount):
        self.balance += amount


def balance(amounts):
    account = Account()
    for amount in amounts:
        if amount > 0:
            account.deposit(amount)
    return account.balance


def counted(xs):
    count = 0

    def seen(x):
        nonlocal count
        if x > 0:
            count += 1

    for x in xs:
        seen(x)
    return count


def shipping(kind, weight):
    match kind:
        case 1:
            return weight * 2.0
        case 2 | 3:
            return weight * 5.0
        case _:
            return 0.0


def root(x):
    assert x >= 0, f"no root of {x}"
    if x == 0:
        raise ValueError("zero")
    return x**0.5


def safe_ratio(a, b):
    try:
        return a // b
    except ZeroDivisionError:
        return 0


def layers(x, factors):
    for factor in factors:
        x = x * factor
    return x


def last_positive(xs):
    for x in xs:
        if x > 0:
            last = x
    return last


CONSTRUCTS = [
    Construct("`if` and `else`", clamp, ((3.0,), (0.5,)), "What the branches assign goes in and comes out by name."),
    Construct("`elif` and `return` in branches", grade, ((95,), (60,), (10,))),
    Construct("Conditional expressions", sign, ((4,), (-4,), (0,))),
    Construct("`and`, `or`, `not`, comparison chains", inside, ((1.0, 0.0, 2.0), (2.0, 0.0, 2.0)),
              "Right operands are computed only where Python computes them."),
    Construct("`while`", collatz, ((6,), (27,)), "The loop makes as many trips as the data asks for."),
    Construct("`for` over a tensor", total, (([1.0, 2.0, 4.0],),), "The loop goes over the first axis."),
    Construct("`for` over `range`", power, ((2.0, 10), (2.0, 0))),
    Construct("`break`", first_above, (([1.0, 5.0, 7.0], 4.0), ([1.0], 4.0)),
              "A flag remembers the `break`; `until` ends the loop when it is set."),
    Construct("`continue`", sum_of_positive, (([1.0, -2.0, 3.0],),)),
    Construct("`return` in a loop", index_of, (([5, 7, 9], 7), ([5, 7, 9], 8))),
    Construct("`while` with `else`", smallest_divisor, ((35,), (13,))),
    Construct("Lists that a loop grows", running_sums, (([1.0, 2.0, 4.0],),),
              "The list is part of the graph inside, and a Python list when it is returned."),
    Construct("Comprehensions", squares, (([1.0, -2.0, 3.0],),)),
    Construct("Item assignment", cleared, (([1.0, 9.0, 2.0], 4.0),)),
    Construct("Dicts as state", count_signs, (([1.0, -2.0, 3.0],),)),
    Construct("Attributes as state", balance, (([1.0, -2.0, 3.0],),),
              "The methods of objects are converted when they are called."),
    Construct("`nonlocal`", counted, (([1.0, -2.0, 3.0],),)),
    Construct("`match`", shipping, ((1, 3.0), (3, 3.0), (7, 3.0))),
    Construct("`assert` and `raise`", root, ((9.0,), (-1.0,), (0.0,)),
              "The exception is raised when the graph runs and comes there, with the values of that moment."),
    Construct("`try` and `except`", safe_ratio, ((7, 2), (7, 0))),
    Construct("Names that may have no value", last_positive, (([1.0, -2.0, 3.0],), ([-1.0],))),
    Construct("Python values stay Python", layers, ((1.0, (2.0, 3.0)),),
              "The loop goes over a tuple: it runs while the function is traced and the graph holds two products."),
]  # fmt: skip
