"""Names read, bound, deleted and captured."""

import gast
import pytest

from autograph.transpiler import build
from autograph.transpiler.analysis.activity import activity, bound_here, local_names


def found(text):
    return activity(gast.parse(text).body)


@pytest.mark.parametrize(
    ("text", "reads", "writes"),
    [
        ("a = b + c.d[e]", "bce", "a"),
        ("a += 1", "a", "a"),
        ("a.x = b", "ab", ""),
        ("a[i] = b", "abi", ""),
        ("a, (b, *c) = d", "d", "abc"),
        ("a: b = c", "c", "a"),
        ("a: b", "", ""),
        ("for a in b: c", "bc", "a"),
        ("with a as b, c as (d, e): pass", "ac", "bde"),
        ("import a.b, c as d", "", "ad"),
        ("print(a := b)", ["print", "b"], "a"),
        ("[a for a in b if c]", "bc", ""),
        ("{a: d for a, b in c}", "cd", ""),
        ("[(e := a) for a in b]", "b", "e"),
        ("[a for b in c for d in b]", "ac", ""),
        ("try: a\nexcept b as c: d", "abd", "c"),
        ("class a(b): c = d", "bd", "a"),
        ("match a:\n    case [b, *c]: pass\n    case {'k': d, **e}: pass", "a", "bcde"),
        ("del a", "a", ""),
        ("global a\na = 1", "", "a"),
    ],
)
def test_reads_and_writes(text, reads, writes):
    assert found(text).reads == set(reads)
    assert found(text).writes == set(writes)


def test_closures_capture_what_they_do_not_bind():
    code = """
def f(a, b=c):
    d = a + e
    def g():
        nonlocal d
        d = h
    return lambda i: i + j
"""
    activity_of_f = found(code)
    assert activity_of_f.reads == {"c"}
    assert activity_of_f.captured == {"e", "h", "j"}
    assert activity_of_f.rebound == set()
    inner = activity(gast.parse(code).body[0].body)
    assert inner.rebound == {"d"}
    assert inner.captured == {"d", "h", "j"}


def test_methods_of_local_classes_capture():
    activity_of_class = found("class A:\n    x = y\n    def f(self): return z")
    assert activity_of_class.captured == {"z"}
    assert activity_of_class.reads == {"y"}


def test_generated_functions_run_where_they_stand():
    thunk = build.thunk(gast.parse("a + x", mode="eval").body, ["x"])
    assert activity(thunk).reads == {"a"}
    assert activity(thunk).captured == set()


def test_local_names_of_a_function():
    function = gast.parse("def f(a):\n    global g\n    nonlocal n\n    g = n = b = 1\n    c: int\n    del d").body[0]
    assert local_names(function) == {"a", "b", "c", "d"}


def test_what_code_binds_in_its_own_scope():
    assert bound_here(gast.parse("a = 1\ndef f():\n    b = 2").body) == {"a", "f"}
