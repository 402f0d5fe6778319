"""`for`."""

from assert_converts import assert_converts, assert_same


def test_a_target_that_lives_on_is_carried():
    def f(xs, x):
        for x in xs:
            print(x)
        return x

    after = """
    def f(xs, x):
        def body(item, x):
            x = item
            ag.call(print, x)
            return x
        x = ag.for_(xs, body, (x,), 'x')
        return x
    """
    assert_converts(f, after, ([], 1), ([2, 3], 1))


def test_targets_are_taken_apart_in_the_body():
    def f(pairs):
        total = 0
        for i, (a, *b) in pairs:
            total += i * a + sum(b)
        return total

    after = """
    def f(pairs):
        total = 0
        def body(item, total):
            i, (a, *b) = item
            total += i * a + ag.call(sum, b)
            return total
        total = ag.for_(pairs, body, (total,), 'total')
        return total
    """
    assert_converts(f, after, ([(2, [3]), (4, [5, 6, 7])],))


def test_targets_may_be_attributes_and_items():
    def f(a):
        for a[0] in [1, 2, 3]:
            pass
        for a[1], last in zip(a, a):
            pass
        return a, last

    assert_same(f, ([0, 0],))


def test_loops_over_literals_stay():
    def f(x):
        total = 0
        for i in range(3):
            for scale in (1, x):
                total += i * scale
                if total > 5:
                    total = 0
        return total

    after = """
    def f(x):
        total = 0
        for i in range(3):
            for scale in (1, x):
                total += i * scale
                total = ag.if_(total > 5, lambda total: 0, lambda total: total, (total,), 'total')
        return total
    """
    assert_converts(f, after, (2,))


def test_a_loop_over_a_literal_that_is_left_early_is_converted():
    def f(limit):
        for i in range(10):
            if i * i > limit:
                break
        return i

    after = """
    def f(limit):
        broke = False
        i = ag.unbound('i')
        def body(item, i, broke):
            i = item
            return i, i * i > limit
        i, broke = ag.for_(range(10), body, (i, broke), 'i, broke', until=lambda i, broke: broke)
        return ag.bound(i)
    """
    assert_converts(f, after, (10,))


def test_captured_targets_stay_variables():
    def f(xs):
        later = []
        for x in xs:
            later.append(lambda: x)
        return [one() for one in later]

    after = """
    def f(xs):
        x: object
        later = ag.list_([])
        def body(item):
            nonlocal x
            x = item
            later.append(lambda: x)
        ag.for_(xs, body, cells='x')
        return ag.list_of(lambda one: ag.call(one), later)
    """
    assert_converts(f, after, ([1, 2],))


def test_closures_that_assign_are_cells_of_what_calls_them():
    def f(xs):
        count = 0

        def bump(x):
            nonlocal count
            count += x

        for x in xs:
            bump(x)
        return count

    after = """
    def f(xs):
        count = 0
        def bump(x):
            nonlocal count
            count += x
        def body(x):
            nonlocal count
            ag.call(bump, x)
        ag.for_(xs, body, cells='count')
        return count
    """
    assert_converts(f, after, ([1, 2],))
