"""`continue`."""

from assert_converts import assert_converts


def test_continue_needs_no_flag():
    def f(xs):
        total = 0
        for x in xs:
            if x < 0:
                print(x)
                continue
            if x == 3:
                continue
            total += x
        return total

    after = """
    def f(xs):
        total = 0
        def body(x, total):
            def then(total):
                ag.call(print, x)
                return total
            def orelse(total):
                def then(total):
                    total += x
                    return total
                return ag.if_(ag.not_(x == 3), then, lambda total: total, (total,), 'total')
            return ag.if_(x < 0, then, orelse, (total,), 'total')
        total = ag.for_(xs, body, (total,), 'total')
        return total
    """
    assert_converts(f, after, ([1, -2, 3, 4],))


def test_continue_deep_inside_needs_one():
    def f(xs):
        total = 0
        for x in xs:
            if x > 0:
                if x > 10:
                    continue
                total += 1
            total += x
        return total

    after = """
    def f(xs):
        total = 0
        def body(x, total):
            skipped = False
            def then(total, skipped):
                def then(total, skipped):
                    return total, True
                def orelse(total, skipped):
                    total += 1
                    return total, skipped
                return ag.if_(x > 10, then, orelse, (total, skipped), 'total, skipped')
            def orelse(total, skipped):
                return total, skipped
            total, skipped = ag.if_(x > 0, then, orelse, (total, skipped), 'total, skipped')
            def then_2(total):
                total += x
                return total
            return ag.if_(ag.not_(skipped), then_2, lambda total: total, (total,), 'total')
        total = ag.for_(xs, body, (total,), 'total')
        return total
    """
    assert_converts(f, after, ([1, -2, 30, 4],))
