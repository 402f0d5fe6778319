"""`:=`."""

from assert_converts import assert_converts, assert_refused, assert_same


def test_in_a_test_it_stays():
    def f(xs):
        if (n := len(xs)) > 1:
            return n
        return -n

    after = """
    def f(xs):
        return ag.if_((n := ag.call(len, xs)) > 1, lambda: n, lambda: -n)
    """
    assert_converts(f, after, ([],), ([1, 2],))


def test_in_the_test_of_a_loop():
    def f(xs):
        total = 0
        while (x := xs.pop()) > 0:
            total += x
        else:
            total = -total
        return total, x

    after = """
    def f(xs):
        total = 0
        broke = False
        x = ag.unbound('x')
        def body(total, x, broke):
            def then(total, broke):
                total = -total
                return total, True
            def orelse(total, broke):
                total += x
                return total, broke
            total, broke = ag.if_(ag.not_((x := ag.call(xs.pop)) > 0), then, orelse, (total, broke), 'total, broke')
            return total, x, broke
        total, x, broke = ag.while_(
            lambda total, x, broke: True,
            body,
            (total, x, broke),
            'total, x, broke',
            until=lambda total, x, broke: broke,
        )
        return total, ag.bound(x)
    """
    assert_converts(f, after, ([0, 1, 2],), ([-1],), ([1],))


def test_order_of_evaluation_is_kept():
    def f(log, a):
        def at(mark, value):
            log.append(mark)
            return value

        b = at("left", 1) + at("middle", a if a > 1 else (a := at("new", 7))) * at("right", a)
        c = (at("test", a) and (d := at("then", 0))) or [at("list", 1), (e := at("last", 2)) if b else 0]
        return a, b, c

    assert_same(f, ([], 1), ([], 3))


def test_a_comprehension_that_binds_is_a_loop():
    def f(xs):
        kept = [y for x in xs if (y := x * 2) > 2]
        return kept, y

    assert_same(f, ([1, 2, 3],), ([1],))


def test_in_a_generator_expression_it_is_refused():
    def f(xs):
        return any((y := x) for x in xs), y

    assert_refused(f, "`:=`", "((y := x) for x in xs)")


def test_where_evaluation_is_lazy_and_order_would_change_it_is_refused():
    def f(a, b, c):
        return {a: b and (d := c)}

    assert_refused(f, "`:=`", "{a: b and (d := c)}")
