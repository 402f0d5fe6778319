"""`match`."""

from dataclasses import dataclass

from assert_converts import assert_converts, assert_same


@dataclass
class Point:
    x: int
    y: int


class Color:
    RED = "red"


def test_values_alternatives_and_captures():
    def f(x):
        match x:
            case 0 | 1:
                y = "small"
            case None:
                y = "none"
            case Color.RED as c:
                y = c
            case n if n == 7:
                y = n + 1
            case _:
                y = "other"
        return y

    assert_same(f, (0,), (1,), (None,), ("red",), (7,), (8,))


def test_values_read_as_an_if_chain():
    def f(x):
        match x:
            case "adam":
                return 1
            case "sgd" | "momentum":
                return 2
        return 0

    after = """
    def f(x):
        def orelse():
            return ag.if_(ag.or_(x == 'sgd', lambda: x == 'momentum'), lambda: 2, lambda: 0)
        return ag.if_(x == 'adam', lambda: 1, orelse)
    """
    assert_converts(f, after, ("adam",), ("momentum",), ("none",))


def test_sequences():
    def f(x):
        match x:
            case []:
                return "empty"
            case [0, y]:
                return y
            case [1 | 2, *rest] if rest:
                return rest
            case (a, [b, (c as d)]) as whole:
                return a, b, c, d, whole
            case [_, *_]:
                return "long"
        return "no sequence"

    assert_same(f, ([],), ([0, 5],), ([2, 3, 4],), ([1],), ((5, [6, 7]),), ([9, 9, 9],), ("ab",), (3,))


def test_mappings_and_classes():
    def f(x):
        match x:
            case {"kind": "add", "by": n, **others}:
                return n, others
            case Point(0, y):
                return y
            case Point(x=a, y=b) if a == b:
                return a
            case int() | str():
                return "simple"
            case {}:
                return "mapping"
            case Point(x=z):
                return z

    values = [{"kind": "add", "by": 2, "k": 3}, {"kind": "sub"}, Point(0, 4), Point(3, 3), Point(1, 2), 4, "s", 1.5]
    assert_same(f, *[(value,) for value in values])


def test_the_subject_is_evaluated_once_and_may_be_rebound():
    def f(log, x):
        def seen(value):
            log.append(value)
            return value

        match seen(x):
            case 1:
                return log
            case y if y > 5:
                return y, log
        match x:
            case x if x > 3:
                return "large"
            case 2:
                return "two"
        return x, log

    assert_same(f, ([], 1), ([], 6), ([], 4), ([], 2), ([], 3))


def test_names_are_bound_only_when_the_pattern_fits():
    def f(x, y):
        match x:
            case [y, 0]:
                pass
            case [5, y] if y > 1:
                pass
        return y

    assert_same(f, ([1, 0], 9), ([1, 2], 9), ([5, 2], 9), ([5, 1], 9), (1, 9))


def test_jumps_out_of_cases():
    def f(xs):
        total = 0
        for x in xs:
            match x:
                case 0:
                    continue
                case 9:
                    break
                case [y]:
                    return y
            total += x
        return total

    assert_same(f, ([1, 0, 2],), ([1, 9, 2],), ([1, [5], 2],), ([],))


def test_nested():
    def f(x, y):
        match x, y:
            case 1, b:
                match b:
                    case 2:
                        return "one two"
            case a, 3:
                return a
        return None

    assert_same(f, (1, 2), (1, 3), (4, 3), (4, 4))


def test_alternatives_that_bind():
    def f(x):
        y = -1
        match x:
            case [0, y] | [y, 0] | {"y": y}:
                return y
            case Point(1 | 2 as y, 0) | [Point(y, 0) | Point(0, y), *_] if y > 1:
                return -y
            case _:
                return y

    shapes = [[0, 1], [1, 0], {"y": 5}, Point(2, 0), Point(1, 0), [Point(3, 0)], [Point(0, 4), 1], [Point(1, 1)]]
    assert_same(f, *[(shape,) for shape in shapes])
