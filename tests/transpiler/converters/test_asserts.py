"""Assertions. PYTEST_DONT_REWRITE: the functions here are converted as they are written."""

from assert_converts import assert_converts


def test_the_message_is_evaluated_on_failure_only():
    def f(x, text):
        assert x > 0, text[x]
        assert x < 9
        return x

    after = """
    def f(x, text):
        ag.assert_(x > 0, lambda: ag.item(text, x))
        ag.assert_(x < 9)
        return x
    """
    assert_converts(f, after, (1, "ab"), (0, "ab"), (-5, "ab"), (10, "ab"))


def test_plain_assertions_stay():
    def f(x, y):
        assert x is not True, "two objects"
        return x

    after = """
    def f(x, y):
        assert x is not True, 'two objects'
        return x
    """
    assert_converts(f, after, (1, 2), (1, 1))
