"""F-strings and `%` formats."""

from assert_converts import assert_converts


def test_text_that_is_kept_is_marked():
    def f(x, width):
        names = [f"{x:>{width}}", "%s" % (x,)]
        return names, f"{x!r}" == "1", 7 % x

    after = """
    def f(x, width):
        names = ag.list_([ag.text(f'{x:>{width}}'), ag.percent('%s', (x,))])
        return names, ag.text(f'{ag.call(repr, x)}') == '1', 7 % x
    """
    assert_converts(f, after, (1, 4), (2, 1))


def test_text_that_is_printed_or_raised_stays():
    def f(x):
        print(f"{x}", "%d" % x)
        if x > 1:
            raise ValueError(f"bad {x}")

    after = """
    def f(x):
        ag.call(print, f'{x}', ag.percent('%d', x))
        def then():
            raise ValueError(f'bad {x}')
        ag.if_(x > 1, then, None)
    """
    assert_converts(f, after, (1,), (2,))
