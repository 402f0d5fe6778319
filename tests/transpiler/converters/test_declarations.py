"""Local names that lose their own assignments."""

from assert_converts import assert_converts, assert_same


def test_a_captured_name_that_only_a_branch_assigns():
    def f(c):
        def g():
            return x

        if c:
            x = c
        return g()

    after = """
    def f(c):
        x: object
        def g():
            return ag.bound(x, 'x')
        def then():
            nonlocal x
            x = c
        ag.if_(c, then, None, cells='x')
        return g()
    """
    assert_converts(f, after, (1,), (0,))


def test_functions_within_branches_declare_their_own():
    def f(c):
        x = "outer"
        if c:

            def g(later):
                later.append(lambda: x)
                if c > 1:
                    x = "inner"
                return later[0]()

            return g([])
        return x

    assert_same(f, (0,), (2,))
