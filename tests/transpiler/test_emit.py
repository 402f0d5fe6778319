"""Functions made from generated code."""

import gc
import inspect
import sys
import traceback
import types
import warnings
import weakref

import pytest
import reference
from assert_converts import is_plain, outcome

from autograph.errors import AutoGraphError, ConversionError, SourceNotFoundError
from autograph.transpiler import convert, is_generated

LIMIT = 3


def converted(fn, **options):
    return convert(fn, namespace=reference, is_plain=is_plain, **options)


def test_identity_is_kept():
    def f(x: int, *args, key: str = "k", **options) -> int:
        """Says what it does."""
        return x

    f.mark = "marked"
    g = converted(f)
    assert (g.__name__, g.__qualname__, g.__module__, g.__doc__) == (
        f.__name__,
        f.__qualname__,
        f.__module__,
        f.__doc__,
    )
    assert inspect.signature(g) == inspect.signature(f)
    assert g.mark == "marked"
    assert g.__autograph_source__ is f
    assert g.__code__.co_filename == __file__
    assert g.__code__.co_qualname == f.__code__.co_qualname


def test_defaults_are_shared_not_evaluated_again():
    calls = []

    def make():
        calls.append(1)
        return []

    def f(x, seen=make(), *, also=make()):  # noqa: B008
        seen.append(x)
        also.append(x)
        return seen, also

    g = converted(f)
    f(1)
    assert g(2) == ([1, 2], [1, 2])
    assert len(calls) == 2


def factorial(n):
    return n * factorial(n - 1) if n > 1 else 1


def test_recursive_functions():
    assert converted(factorial)(5) == 120

    def countdown(n):
        return [n, *countdown(n - 1)] if n else []

    assert converted(countdown)(3) == [3, 2, 1]
    assert converted(lambda_of_itself)(3) == 3


lambda_of_itself = lambda n: 1 + lambda_of_itself(n - 1) if n else 0  # noqa: E731


def test_closures_are_late_bound():
    count = 1

    def f(x):
        return x + count

    def bump():
        nonlocal count
        count += 1

    g = converted(f)
    assert g(1) == 2
    bump()
    assert g(1) == f(1) == 3


def test_writes_to_closures_reach_the_original():
    total = 0

    def f(x):
        nonlocal total
        total += x
        if x > 1:
            total += 10
        return total

    g = converted(f)
    assert g(1) == 1
    assert f(1) == 2
    assert g(2) == 14
    assert total == 14


def test_empty_cells_fill_later():
    def outer():
        def f(x):
            return later(x) if x else 0

        g = converted(f)
        later = lambda x: x + 1  # noqa: E731
        return g

    assert outer()(4) == 5


def test_globals_are_late_bound(monkeypatch):
    def f(x):
        return x < LIMIT

    g = converted(f)
    assert g(5) is False
    monkeypatch.setitem(globals(), "LIMIT", 9)
    assert g(5) is True


def test_the_alias_gives_way():
    def f(ag):
        ag_ = ag
        return ag_ if ag else None

    g = converted(f)
    assert g(3) == 3
    assert "ag__" in g.__code__.co_freevars


def test_methods_and_lambdas():
    class Thing:
        def size(self, x):
            return x if x else self

    thing = Thing()
    assert types.MethodType(converted(thing.size), thing)(0) is thing
    double = converted(lambda x: x and x * 2)
    assert double(4) == 8
    assert double.__name__ == double.__code__.co_name == "<lambda>"


def test_generated_code_is_known():
    def f(x):
        def inner(y):
            return y

        if x:
            x = inner(x)
        return x, inner

    g = converted(f)
    assert is_generated(g.__code__)
    assert not is_generated(f.__code__)
    assert is_generated(g(1)[1].__code__)
    assert converted(g) is g


def test_code_is_converted_once():
    def make(k):
        def f(x):
            return x if x else k

        return f

    one, two = converted(make(1)), converted(make(2))
    assert one.__code__ is two.__code__
    assert (one(0), two(0)) == (1, 2)
    assert converted(make(1), name="api").__code__ is one.__code__


def test_conversion_follows_what_outer_names_mean():
    def make(fn):
        def f(x):
            return fn(x)

        return f

    import math

    assert "call" not in converted(make(math.sqrt)).__code__.co_names
    assert "call" in converted(make(len)).__code__.co_names
    assert converted(make(math.sqrt))(4) == 2


def test_code_is_freed_with_its_function():
    names = {}
    import linecache

    text = "def f(x):\n    return x if x else 0\n"
    linecache.cache["<short-lived>"] = (len(text), None, text.splitlines(True), "<short-lived>")
    exec(compile(text, "<short-lived>", "exec"), names)
    g = converted(names["f"])
    assert g(0) == 0
    original, generated = weakref.ref(names["f"].__code__), weakref.ref(g.__code__)
    key = id(g.__code__)
    del g
    names.clear()
    gc.collect()
    assert original() is None
    assert generated() is None
    from autograph.transpiler import registry

    assert key not in registry._generated


def test_tracebacks_show_the_users_lines():
    def f(x):
        for i in range(x):
            if i == 2:
                y = [1][
                    i
                ]  # fmt: skip
        return y

    try:
        converted(f)(5)
    except IndexError as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == __file__]
    assert frames[-1].line in ("y = [1][", "y = [1][\n                    i\n                ]  # fmt: skip")
    lines = [frame.lineno - f.__code__.co_firstlineno for frame in frames[1:]]
    assert lines == sorted(lines)


def test_breakpoints_stop_at_the_users_lines():
    def f(x):
        if x > 0:
            x = x + 1
        return x

    seen = set()

    def trace(frame, event, arg):
        if frame.f_code.co_filename == __file__ and event == "line":
            seen.add(frame.f_lineno - f.__code__.co_firstlineno)
        return trace

    g = converted(f)
    sys.settrace(trace)
    try:
        g(1)
    finally:
        sys.settrace(None)
    assert {1, 2, 3} <= seen


def test_nested_classes_keep_their_names():
    def f(x):
        class Local:
            def method(self):
                return __class__

        return Local, Local().method()

    g = converted(f)
    assert g(1)[0].__qualname__ == f(1)[0].__qualname__
    assert g(1)[0].method.__qualname__ == f(1)[0].method.__qualname__


def test_future_imports_and_type_annotations_survive():
    def f(x: "no such name"):  # noqa: F722
        y: also_no_such_name = x  # noqa: F821
        return y

    assert outcome(converted(f), (1,)) == (1, (1,))


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters came with 3.12")
def test_type_parameters():
    import linecache

    text = "def f[T](x: T) -> T:\n    y: T = x\n    return y if x else T\n"
    linecache.cache["<generic>"] = (len(text), None, text.splitlines(True), "<generic>")
    names = {}
    exec(compile(text, "<generic>", "exec"), names)
    g = converted(names["f"])
    assert g(1) == 1
    assert g(0) is names["f"].__type_params__[0]


def test_what_has_no_python_source():
    for thing in (len, int, print):
        with pytest.raises(SourceNotFoundError, match="not a Python function"):
            converted(thing)


def test_conversion_errors_are_of_both_kinds():
    def f(x):
        yield x

    with pytest.raises(ConversionError) as caught:
        converted(f)
    assert isinstance(caught.value, AutoGraphError)
    assert isinstance(caught.value, NotImplementedError)


def test_warnings_about_the_source_come_once(tmp_path):
    path = tmp_path / "doubtful.py"
    path.write_text("def f(x):\n    return -3 is not None and x\n")
    namespace = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's own, when it compiles the user's source
        exec(compile(path.read_text(), str(path), "exec"), namespace)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert converted(namespace["f"])(4) == 4
