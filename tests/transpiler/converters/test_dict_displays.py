"""Dict displays that become dicts whose keys staging follows."""

from assert_converts import assert_converts


def test_changed_names():
    def f(x):
        d = {"a": x}
        d["b"] = 1
        e = {"a": 2}
        e["a"] = 3
        return d, e

    after = """
    def f(x):
        d = ag.dict_({'a': x})
        ag.set_item(d, 'b', 1)
        e = {'a': 2}
        ag.set_item(e, 'a', 3)
        return d, e
    """
    assert_converts(f, after, (1,))


def test_empty_displays():
    def f(x):
        d: dict = {}
        return d, {}

    after = """
    def f(x):
        d = ag.dict_({})
        return d, {}
    """
    assert_converts(f, after, (1,))
