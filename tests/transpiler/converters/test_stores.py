"""Stores to attributes and items."""

from types import SimpleNamespace

import reference
from assert_converts import assert_converts, assert_same, is_plain

from autograph.transpiler import convert


def test_attributes_and_items():
    def f(a, b):
        a.x = b[0]
        a.y.z = a.x
        b[0] = b[1] = 5
        del b[1], a.x
        return a, b

    after = """
    def f(a, b):
        ag.set_attr(a, 'x', b[0])
        ag.set_attr(a.y, 'z', a.x)
        ag.set_item(b, 0, 5)
        ag.set_item(b, 1, 5)
        ag.del_item(b, 1)
        ag.del_attr(a, 'x')
        return a, b
    """
    assert_converts(f, after, (SimpleNamespace(y=SimpleNamespace()), [1, 2]), (None, [1]))


def test_swapping_reads_before_it_stores():
    def f(a, i, j):
        a[i], a[j] = a[j], a[i]
        return a

    after = """
    def f(a, i, j):
        value, value_2 = ag.item(a, j), ag.item(a, i)
        ag.set_item(a, i, value)
        ag.set_item(a, j, value_2)
        return a
    """
    assert_converts(f, after, ([1, 2, 3], 0, 2), ([1], 0, 0))


def test_targets_are_assigned_in_order():
    def f(a, i):
        i, a[i] = 1, "x"
        a[i], i = "y", 0
        *a[i:i], a[-1] = "pqr"
        return a, i

    assert_same(f, ([0, 0, 0], 2))


def test_augmented_stores_change_lists_in_place():
    def f(a, alias):
        a.items += [1]
        a.count += 1
        return a.items, alias, a.count

    after = """
    def f(a, alias):
        items = a.items
        items += ag.list_([1])
        ag.set_attr(a, 'items', items)
        count = a.count
        count += 1
        ag.set_attr(a, 'count', count)
        return a.items, alias, a.count
    """
    shared = []
    assert_converts(f, after, (SimpleNamespace(items=shared, count=0), shared))
    converted = convert(f, namespace=reference, is_plain=is_plain)
    assert converted(SimpleNamespace(items=shared, count=0), shared)[1] == [1]


def test_augmented_items_evaluate_their_parts_once():
    def f(log, a):
        def seen(x):
            log.append(x)
            return x

        seen(a)[seen(1)] += seen(2)
        a[0 : seen(2)] *= 2
        a[-1] -= 1
        return a, log

    assert_same(f, ([], [1, 2, 3]))


def test_a_call_in_the_target_runs_after_the_value():
    def f(log, a):
        def seen(x):
            log.append(x)
            return x

        seen(a)[seen(0)] = seen(7)
        return log, a

    assert_same(f, ([], [1, 2, 3]))


def test_loop_and_with_targets():
    def f(a, xs):
        for a.last in xs:
            a.sum += a.last
        for i, a.pair[0] in enumerate(xs):
            a.sum += i
        return a

    assert_same(f, (SimpleNamespace(sum=0, pair=[0]), [1, 2]))

    class Entered:
        def __enter__(self):
            return 5

        def __exit__(self, *error):
            pass

    def g(a, e):
        with e as a.first, e as a.rest[a.first - 5]:
            a.x = a.first
        return a.first, a.rest, a.x

    converted = convert(g, namespace=reference, is_plain=is_plain)
    assert converted(SimpleNamespace(rest=[0]), Entered()) == (5, [5], 5)


def test_annotated_assignments_lose_their_annotation():
    def f(a):
        x: int = 1
        a.y: str = "b"
        return x, a.y

    after = """
    def f(a):
        x = 1
        ag.set_attr(a, 'y', 'b')
        return x, a.y
    """
    assert_converts(f, after, (SimpleNamespace(),))
