"""Comprehensions and generator expressions."""

import itertools

from assert_converts import assert_converts, assert_refused, assert_same


def test_list_comprehensions():
    def f(xs, y):
        return [x * y for x in xs if x > 1]

    after = """
    def f(xs, y):
        return ag.list_of(lambda x: x * y, xs, where=lambda x: x > 1)
    """
    assert_converts(f, after, ([1, 2, 3], 2), ([], 1))


def test_several_fors_are_flat_and_conditions_conjoin():
    def f(rows):
        return [x for row in rows if row for x in row if x if x > 1]

    after = """
    def f(rows):
        return ag.list_of(
            lambda row: ag.list_of(lambda x: x, row, where=lambda x: ag.and_(x, lambda: x > 1)),
            rows,
            where=lambda row: row,
            flat=True,
        )
    """  # noqa: E501
    assert_converts(f, after, ([[0, 1, 2], [], [3]],))


def test_set_and_dict_comprehensions():
    def f(xs):
        return (
            {x % 2 for x in xs},
            {x: -x for x in xs if x},
            {x + y for x in xs for y in xs},
            {x: y for x in xs for y in xs},
        )

    assert_same(f, ([0, 1, 2],), ([],))

    def g(xs):
        return {x: -x for x in xs}

    after = """
    def g(xs):
        return ag.dict_of(lambda x: (x, -x), xs)
    """
    assert_converts(g, after, ([0, 1],))


def test_tuple_targets():
    def f(pairs):
        return [a + b * c for a, (b, c) in pairs if b]

    after = """
    def f(pairs):
        return ag.list_of(
            lambda item: (lambda a, item_2: (lambda b, c: a + b * c)(*item_2))(*item),
            pairs,
            where=lambda item: (lambda a, item_2: (lambda b, c: b)(*item_2))(*item),
        )
    """  # noqa: E501
    assert_converts(f, after, ([(1, (2, 3)), (4, (0, 6))],))


def test_generator_expressions_as_the_only_argument():
    def f(xs):
        return sum(x * x for x in xs), any(1 / x > 0 for x in xs)

    after = """
    def f(xs):
        return ag.call(sum, ag.list_of(lambda x: x * x, xs)), ag.call(any, ag.iter_of(lambda x: 1 / x > 0, xs))
    """  # noqa: E501
    assert_converts(f, after, ([1, 0],), ([0],), ([-1],))


def test_lazy_generators_stay_lazy():
    def f(n):
        return next(x for x in itertools.count() if x > n)

    assert_same(f, (3,))


def test_comprehensions_over_literals_stay():
    def f(x):
        return [x * i for i in range(3)], {i for i in (1, 2)}

    after = """
    def f(x):
        return ag.list_([x * i for i in range(3)]), {i for i in (1, 2)}
    """
    assert_converts(f, after, (2,))


def test_lambdas_that_share_the_loops_name_stay_late_bound():
    def f(xs):
        return [g() for g in [lambda: x for x in xs]]

    assert_same(f, ([1, 2, 3],))


def test_a_generator_expression_that_runs_later():
    def f(xs):
        later = (x for x in xs if x > 1)
        return [x * x for x in later]

    assert_converts(
        f,
        """
        def f(xs):
            later = ag.iter_of(lambda x: x, xs, where=lambda x: x > 1)
            return ag.list_of(lambda x: x * x, later)
        """,
        ([1, 2, 3],),
    )


def test_targets_other_than_names_are_refused():
    def f(self, xs):
        return [self.x for self.x in xs]

    assert_refused(f, "assigns to an attribute", "self.x")

    def g(xs):
        return [a for a, *rest in xs]

    assert_refused(g, "unpacks with a star", "*rest")
