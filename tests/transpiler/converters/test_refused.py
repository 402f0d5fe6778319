"""What cannot be converted is refused at the user's line."""

from assert_converts import assert_refused, assert_same


def test_generators():
    def f(xs):
        for x in xs:
            yield x

    assert_refused(f, "generator", "yield x")

    def g(xs):
        yield from xs

    assert_refused(g, "yield from", "yield from xs")


def test_async():
    async def f(x):
        return x

    assert_refused(f, "async function", "async def f(x):")

    def g(x):
        async def inner():
            await x

        return inner

    assert_refused(g, "async function", "async def inner():")


def test_code_that_sees_its_own_names():
    def with_eval(x):
        return eval("x")

    def with_exec(x):
        exec("x = 1")
        return x

    def with_locals(x):
        return locals()

    def with_globals(x):
        return globals()

    def with_vars(x):
        return vars()

    def with_dir(x):
        return dir()

    for f, construct in [
        (with_eval, 'eval("x")'),
        (with_exec, 'exec("x = 1")'),
        (with_locals, "locals()"),
        (with_globals, "globals()"),
        (with_vars, "vars()"),
        (with_dir, "dir()"),
    ]:
        assert_refused(f, construct.partition("(")[0], construct)


def test_vars_of_an_object_and_other_functions_of_these_names_are_converted():
    def f(x):
        def eval(y):
            return y + 1

        return eval(x), dir(x)[0]

    assert_same(f, (1,))


def test_except_star():
    def f(x):
        try:
            return x
        except* ValueError:
            pass

    assert_refused(f, "except*", "try:")


def test_classes_within_stay_as_they_are():
    def f(x):
        class Point:
            async def never(self):
                yield eval("1")

            def twice(self):
                return self.x * 2

        p = Point()
        p.x = x
        return p.twice()

    assert_same(f, (4,))
