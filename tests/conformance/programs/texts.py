"""Texts of tensors that are printed and raised, texts that tensors choose, and exceptions of the user's own."""

import numpy as np

from tests.conformance.values import f

i = np.int64


class Misfit(Exception):
    """An exception that makes its own text."""

    def __init__(self, text, by=1):
        super().__init__("misfit: " + text)
        self.by = by


def prints_old_formats(x, y):
    print("%d and %5.2f|%-6d|%+d|%s|%05d%%" % (x, y, x, x, x, x))
    return x


def prints_joined_texts(x, name):
    print("-".join([name, str(x)]), "{} {:>4}".format(name, x), "%s is %d" % (name, x))
    return x


def prints_collected_texts(x, n):
    texts = [f"{x}"]
    for _ in range(2):
        texts.append("b")
    print(" ".join(texts), texts[0])
    return x


def raises_old_format(x):
    if x > 2:
        raise ValueError("%d is too much" % x)
    assert x > 0, "%s is too little" % x
    return x


def raises_with_own_init(x):
    if x > 0:
        raise Misfit(f"x={x}", by=2)
    return x


def catches_with_own_init(x):
    try:
        if x > 0:
            raise Misfit(f"x={x}", by=x + 1)
    except Misfit as misfit:
        return misfit.by * 2
    return x


def literal_in_chosen_text(x):
    word = "ab" if x > 0 else "cd"
    return "a" in word, "c" not in word, ("a" in word) and x > 1


def chosen_text_in_literal(x):
    word = "ab" if x > 0 else "cd"
    return word in "abc", word not in "abc", word in ["cd"]


def chosen_key_of_dict(x):
    rates = {"ab": 1.0, "ef": 2.0}
    word = "ab" if x > 0 else "cd"
    return rates.get(word, 0.0) + x, word in rates


def chosen_text_split(x):
    word = "a,b" if x > 0 else "c,d,e"
    return len(word.split(",")), word.upper() == "A,B", word.startswith("c")


PROGRAMS = [
    (prints_old_formats, [(i(3), f(2.5)), (i(-3), f(-2.5))]),
    (prints_joined_texts, [(i(3), "bob")]),
    (prints_collected_texts, [(i(3), i(1))]),
    (raises_old_format, [(i(3),), (i(0),), (i(1),)]),
    (raises_with_own_init, [(i(3),), (i(0),)]),
    (catches_with_own_init, [(i(3),), (i(0),)]),
    (literal_in_chosen_text, [(i(3),), (i(1),), (i(0),)]),
    (chosen_text_in_literal, [(i(3),), (i(0),)]),
    (chosen_key_of_dict, [(f(3),), (f(-1),)]),
    (chosen_text_split, [(i(3),), (i(0),)]),
]
