"""Control flow, liveness and definedness, asked at the first compound statement of a function."""

import gast
import pytest

from autograph.transpiler.analysis.cfg import Place, build, endless
from autograph.transpiler.analysis.dataflow import solve
from autograph.transpiler.analysis.definedness import Definedness
from autograph.transpiler.analysis.liveness import Liveness
from autograph.transpiler.analysis.structure import statements_in


def function_of(text):
    lines = "".join(f"    {line}\n" for line in text.strip("\n").split("\n"))
    return gast.parse(f"def f(p, q):\n{lines}").body[0]


def first(function, kind):
    return next(one for one in statements_in(function.body) if isinstance(one, kind))


def live(text, kind, place, **options):
    function = function_of(text)
    return Liveness(build(function, **options)).at(first(function, kind), place)


def unbound(text, kind, place, **options):
    function = function_of(text)
    return Definedness(build(function, **options)).at(first(function, kind), place)


BRANCH = """
if p:
    a = q
else:
    b = 1
return a
"""


def test_branches_meet_again():
    assert live(BRANCH, gast.If, Place.HEAD) == {"p", "q", "a"}
    assert live(BRANCH, gast.If, Place.BODY) == {"q"}
    assert live(BRANCH, gast.If, Place.ORELSE) == {"a"}
    assert live(BRANCH, gast.If, Place.AFTER) == {"a"}
    assert unbound(BRANCH, gast.If, Place.BODY_END) == {"b"}
    assert unbound(BRANCH, gast.If, Place.AFTER) == {"a", "b"}


def test_a_branch_that_raises_leaves_nothing_unbound():
    text = "if p:\n    a = 1\nelse:\n    raise p\nreturn a"
    assert unbound(text, gast.If, Place.AFTER) == frozenset()


LOOP = """
while p:
    a = q
    q = a + b
    b = q
return q
"""


def test_loops_carry_values_to_the_next_trip():
    assert live(LOOP, gast.While, Place.HEAD) == {"p", "q", "b"}
    assert live(LOOP, gast.While, Place.AFTER) == {"q"}
    assert unbound(LOOP, gast.While, Place.AFTER) == {"a", "b"}


def test_a_for_target_is_bound_in_the_body_only():
    text = "for a in p:\n    b = a\nreturn a"
    assert "a" not in unbound(text, gast.For, Place.BODY_END)
    assert "a" in unbound(text, gast.For, Place.AFTER)
    assert live(text, gast.For, Place.HEAD) == {"a"}


def test_jumps_skip_what_follows():
    text = "while p:\n    if q:\n        break\n    elif p > q:\n        continue\n    a = 1\nreturn a"
    assert unbound(text, gast.If, Place.AFTER) == {"a"}
    assert unbound("while True:\n    a = 1\n    if p:\n        break\nreturn a", gast.While, Place.AFTER) == frozenset()


def test_flags_of_converters_are_read_at_the_head():
    function = function_of("done = False\nwhile True:\n    done = p\nreturn 1")
    loop = first(function, gast.While)
    assert endless(loop)
    loop.ag_until = ["done"]
    assert not endless(loop)
    assert "done" in Liveness(build(function)).at(loop, Place.HEAD)


TRY = """
try:
    a = p()
    b = a
except q as e:
    c = a
else:
    d = b
finally:
    r = 1
return r
"""


def test_exceptions_leave_a_statement_before_its_effect():
    assert unbound(TRY, gast.Try, Place.HANDLERS) == {"a", "b", "c", "d", "r", "e"}
    assert live(TRY, gast.Try, Place.HANDLERS) >= {"a", "q"}


def test_finally_does_not_mix_the_ways_through_it():
    text = "try:\n    a = p()\nfinally:\n    q()\nreturn a"
    assert "a" not in unbound(text, gast.Try, Place.AFTER)
    assert "a" in unbound(text, gast.Try, Place.FINALLY)


def test_a_caught_exception_is_unbound_after_its_handler():
    text = "e = 1\ntry:\n    p()\nexcept q as e:\n    pass\nreturn e"
    assert "e" in unbound(text, gast.Try, Place.AFTER)


@pytest.mark.parametrize(("suppresses", "expected"), [(False, set()), (True, {"a"})])
def test_managers_may_swallow_exceptions(suppresses, expected):
    text = "with p:\n    a = q()\nif a:\n    pass"
    assert unbound(text, gast.If, Place.HEAD, may_suppress=lambda _: suppresses) == expected


def test_a_deleted_name_is_unbound_and_was_needed():
    text = "a = 1\nif p:\n    del a\nreturn 0"
    assert unbound(text, gast.If, Place.AFTER) == {"a"}
    assert live(text, gast.If, Place.HEAD) == {"p", "a"}


def test_cases_are_alternatives():
    text = "match p:\n    case [a, b]:\n        c = 1\n    case _:\n        c = 2\nif c:\n    pass\nreturn a"
    assert unbound(text, gast.If, Place.HEAD) == {"a", "b"}
    assert live(text, gast.If, Place.HEAD) == {"a", "c"}
    open_text = text.replace("case _", "case 3")
    assert unbound(open_text, gast.If, Place.HEAD) == {"a", "b", "c"}


def test_the_fix_point_follows_cycles():
    arrives, _ = solve([[1], [0]], lambda node, names: names | {f"n{node}"}, {})
    assert arrives == [{"n0", "n1"}, {"n0", "n1"}]
