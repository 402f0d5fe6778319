"""Names that may be unbound."""

from assert_converts import assert_converts, assert_same


def test_a_name_of_one_branch():
    def f(c, x):
        if c:
            y = x
        if x:
            return y
        return x

    after = """
    def f(c, x):
        y = ag.unbound('y')
        y = ag.if_(c, lambda y: x, lambda y: y, (y,), 'y')
        return ag.if_(x, lambda: ag.bound(y), lambda: x)
    """
    assert_converts(f, after, (0, 0), (0, 1), (1, 0), (1, 1))


def test_a_loop_that_makes_no_trip():
    def f(xs):
        for x in xs:
            last = x
        return last

    after = """
    def f(xs):
        last = ag.unbound('last')
        def body(x, last):
            return x
        last = ag.for_(xs, body, (last,), 'last')
        return ag.bound(last)
    """
    assert_converts(f, after, ([],), ([1, 2],))


def test_augmented_assignment_reads_first():
    def f(c):
        if c:
            x = 1
        if c < 5:
            x += c
        return x

    after = """
    def f(c):
        x = ag.unbound('x')
        x = ag.if_(c, lambda x: 1, lambda x: x, (x,), 'x')
        def then(x):
            x = ag.bound(x)
            x += c
            return x
        x = ag.if_(c < 5, then, lambda x: x, (x,), 'x')
        return ag.bound(x)
    """
    assert_converts(f, after, (0,), (1,), (7,))


def test_a_deleted_name():
    def f(x, c):
        if c:
            del x
        if c > 1:
            x = 5
        return x

    after = """
    def f(x, c):
        x = ag.if_(c, lambda x: ag.unbound('x'), lambda x: x, (x,), 'x')
        x = ag.if_(c > 1, lambda x: 5, lambda x: x, (x,), 'x')
        return ag.bound(x)
    """
    assert_converts(f, after, (3, 0), (3, 1), (3, 2))


def test_names_that_are_surely_bound_are_not_checked():
    def f(c, x):
        if c:
            y = x
        else:
            raise ValueError(c)
        while y > 1:
            z = y
            y = z - 1
        return y

    after = """
    def f(c, x):
        def orelse():
            raise ValueError(c)
        y = ag.if_(c, lambda: x, orelse, names='y')
        def body(y):
            z = y
            return z - 1
        y = ag.while_(lambda y: y > 1, body, (y,), 'y')
        return y
    """
    assert_converts(f, after, (0, 3), (1, 3))


def test_where_the_stand_in_is_needed_in_one_branch_only_it_stands_there():
    def f(c, xs):
        if c:
            for x in xs:
                last = x
            return last
        return None

    after = """
    def f(c, xs):
        def then():
            last = ag.unbound('last')
            def body(x, last):
                return x
            last = ag.for_(xs, body, (last,), 'last')
            return ag.bound(last)
        return ag.if_(c, then, lambda: None)
    """
    assert_converts(f, after, (0, [1]), (1, [1]), (1, []))


def test_a_caught_exception_is_gone_after_its_handler():
    def f(xs):
        e = "none"
        for x in xs:
            try:
                y = 6 // x
            except ZeroDivisionError as e:
                y = 0
            if y > 3:
                e = y
        return e

    assert_same(f, ([],), ([0],), ([0, 1],), ([1, 0],), ([5],))


def test_a_name_that_only_dead_code_binds_is_still_local():
    def f(print):
        return len
        len = print

    assert_same(f, (1,))
