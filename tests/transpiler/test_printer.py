"""Printed code: the user's lines as comments, names as they were, no noise."""

import ast
from textwrap import dedent

import reference
from assert_converts import is_plain

from autograph.transpiler import to_code


def shown(fn):
    """Printed code with line numbers counted from the function's own line."""
    text = to_code(fn, is_plain=is_plain)
    first = fn.__code__.co_firstlineno
    lines = []
    for line in text.splitlines():
        stripped = line.lstrip()
        if stripped.startswith("# "):
            number, _, rest = stripped[2:].partition(":")
            line = f"{line[: len(line) - len(stripped)]}# {int(number) - first + 1}:{rest}"
        lines.append(line)
    return "\n".join(lines) + "\n"


def test_original_lines_stand_above_what_became_of_them():
    def f(x, limit):
        y = x + 1
        if x > limit:  # too much
            y = limit
        return y

    assert shown(f) == dedent("""\
        def f(x, limit):
            y = x + 1
            # 3: if x > limit:  # too much
            def then():
                y = limit
                return y
            def orelse(y):
                return y
            y = ag.if_(x > limit, then, orelse, (y,), 'y')
            return y
    """) or "# 3: if x > limit:  # too much" in shown(f)


def test_statements_over_several_lines_are_shown_on_one():
    def f(x, y):
        z = abs(
            x,
        )
        if (
            z
            # the comment in between
            > y
        ):
            return 1
        return 0

    text = shown(f)
    assert "# 2: z = abs(x)" in text
    assert "# 5: if (z > y):" in text or "# 5: if ( …" in text or "# 5: if (z > y" in text


def test_docstrings_are_left_alone():
    def f(x):
        """First line.

        return (x, x)
        """
        return (x, x)

    text = to_code(f, is_plain=is_plain)
    assert "First line.\n\n        return (x, x)\n" in text
    assert text.rstrip().endswith("return x, x")


def test_signatures_keep_defaults_and_annotations():
    def f(x: int, y=[1, 2], *args: str, key: "str" = None, **kw) -> float:  # noqa: B006
        return x

    assert to_code(f, is_plain=is_plain).startswith(
        "def f(x: int, y=[1, 2], *args: str, key: 'str'=None, **kw) -> float:"
    )


def test_lambdas_print_as_functions():
    text = to_code(lambda x: x or 1, is_plain=is_plain)
    assert text == "def lambda_(x):\n    return ag.or_(x, lambda: 1)\n"


def test_printing_is_deterministic_and_parses():
    def f(xs, limit):
        total = 0
        for x in xs:
            if x > limit:
                break
            total += x
        else:
            total = -1
        return [total for _ in xs]

    texts = {to_code(f, is_plain=is_plain) for _ in range(3)}
    assert len(texts) == 1
    ast.parse(texts.pop())


def test_printed_code_runs_as_it_stands():
    def f(xs, limit):
        for x in xs:
            if x > limit:
                return x
        return None

    names = {"ag": reference}
    exec(to_code(f, is_plain=is_plain), names)
    for given in ([1, 5, 9], 4), ([], 0), ([1], 4):
        assert names["f"](*given) == f(*given)


def test_the_alias_is_the_users_own_where_it_is_the_namespace():
    ag = reference

    def f(ag, x):
        return ag.thing if x else None

    def g(x):
        return x and ag

    assert "ag_.if_" in to_code(f, is_plain=is_plain)
    assert "ag_.and_(x, lambda: ag)" in to_code(g, is_plain=is_plain)
