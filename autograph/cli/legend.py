"""A few lines that say what the verbs in generated code mean."""

from __future__ import annotations

import re

_MEANINGS = {
    "if_": "if_(test, then, orelse, state, names): `if`; the functions take the state's names and give them back",
    "for_": "for_(items, body, carry, names, until=…): `for`; body takes an item and what trips carry on",
    "while_": "while_(test, body, carry, names): `while`; test and body take what trips carry on",
    "call": "call(f, …): f(…), with the source of f converted alike",
    "item": "item(a, i): a[i]",
    "set_item": "set_item(a, i, v): a[i] = v",
    "set_attr": "set_attr(obj, name, v): obj.name = v",
    "dict_": "dict_(items): a dict, which a block of the graph may add keys to",
    "list_": "list_(items): a list, which a loop of the graph may grow",
    "joined": "joined(a, b): [*a, *b]",
    "list_of": "list_of(element, items, where): a list comprehension",
    "and_": "and_(a, b), or_(a, b): `a and b`, `a or b`; b is computed when it is needed",
    "or_": "and_(a, b), or_(a, b): `a and b`, `a or b`; b is computed when it is needed",
    "not_": "not_(a): `not a`",
    "subject": "subject(a): what `match` takes apart",
    "compare": "compare(a, '<', b, …): a comparison chain",
    "text": "text(f'…'): text that may show what only the running graph knows",
    "assert_": "assert_(test, text): `assert`",
    "unbound": "unbound(name), bound(value): a name that has no value yet, and its use",
    "local": "local(read, name): the use of a variable that may have no value yet",
    "no_value": "no_value: nothing is to be returned yet",
}


def legend(code: str) -> str:
    """Comments on the verbs that generated code uses; empty where it uses none.

    Args:
        code: generated source.

    Returns:
        Lines to print above the code.
    """
    used = dict.fromkeys(re.findall(r"\bag_*\.(\w+)\(?", code))
    lines = list(dict.fromkeys(f"#   ag.{_MEANINGS[verb]}" for verb in used if verb in _MEANINGS))
    if not lines:
        return ""
    head = "# Each of these builds a part of the graph where a tensor decides, and runs as Python where not:"
    return "\n".join([head, *lines]) + "\n\n"
