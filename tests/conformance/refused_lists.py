"""Refused changes of lists and of what is in them, each with the rewrite that works; as in `refused`."""

import contextlib

import numpy as np

import autograph as ag
from tests.conformance.refused import Refusal
from tests.conformance.values import f, v3


def item_changed_where_it_may_be_appended(v):
    rows = []
    for x in v:
        row = [x]
        if x > 0:
            rows.append(row)  # refused
        row.append(5.0)
    return rows


def item_appended_as_a_copy(v):
    rows = []
    for x in v:
        row = [x]
        if x > 0:
            rows.append(list(row))
        row.append(5.0)
    return rows


def item_appended_twice_and_changed(v):
    rows = []
    for x in v:
        row = [x]
        rows.append(row)
        rows.append(row)
    rows[0].append(1.0)  # refused
    return rows


def item_appended_twice_and_assigned(v):
    rows = []
    for x in v:
        row = [x]
        rows.append(row)
        rows.append(row)
    rows[0] = rows[1] = [*rows[0], 1.0]
    return rows


def item_changed_in_two_lists(v):
    rows = []
    for x in v:
        rows.append([x])
    others = list(rows)
    rows[0].append(1.0)  # refused
    return rows, others


def item_assigned_in_two_lists(v):
    rows = []
    for x in v:
        rows.append([x])
    others = list(rows)
    rows[0] = others[0] = [*rows[0], 1.0]
    return rows, others


def item_taken_and_changed(v):
    rows = []
    for x in v:
        rows.append({"x": x})
    rows[0]["x"] = 1.0
    return len(rows)  # refused


def item_assigned(v):
    rows = []
    for x in v:
        rows.append({"x": x})
    rows[0] = {"x": 1.0}
    return len(rows)


def tensor_item_changed(v):
    rows = []
    for x in v:
        rows.append(v + x)
    for row in rows:  # refused
        row[0] = 1.0
    return rows


def tensor_items_made_anew(v):
    rows = []
    for x in v:
        row = v + x
        row[0] = 1.0
        rows.append(row)
    return rows


def list_changed_under_enumerate(x):
    ys = [x, 1.0]
    for _, y in enumerate(ys):  # refused
        if y < 5:
            ys.append(y + 1)
    return ys


def list_changed_under_its_loop(x):
    ys = [x, 1.0]
    for y in ys:
        if y < 5:
            ys.append(y + 1)
    return ys


def list_changed_under_zip(v):
    ys = [1.0]
    for y, x in zip(ys, v):  # refused
        ys.append(y + x)
    return ys


def zip_of_a_copy(v):
    ys = [1.0]
    for y, x in zip(list(ys), v):
        ys.append(y + x)
    return ys


def texts_in_a_list(x):
    names = []
    while x > 0:  # refused
        names.append("up")
        x = x - 1
    return len(names)


def numbers_for_texts(x):
    names = []
    while x > 0:
        names.append(1)
        x = x - 1
    return len(names)


def tuple_of_a_grown_list(v):
    ys = []
    for x in v:
        ys.append(x)
    return tuple(ys)  # refused


def grown_list_itself(v):
    ys = []
    for x in v:
        ys.append(x)
    return ys


def break_in_finally(x):
    while x < 10:
        try:
            x = x * 2
        finally:
            if x > 5:
                break  # refused  # noqa: B012
    return x


def break_after_try(x):
    while x < 10:
        try:
            x = x * 2
        finally:
            x = x + 1
        if x > 5:
            break
    return x


def returned_and_changed_by_finally(x):
    ys = [x]
    try:
        if x > 0:
            return ys
        ys.append(1.0)
    finally:
        ys.append(9.0)  # refused
    return ys


def returned_and_changed_by_a_manager(x):
    @contextlib.contextmanager
    def appending(values):
        try:
            yield values
        finally:
            values.append(9.0)  # refused

    ys = []
    with appending(ys):
        if x > 0:
            v = 7 % x
            return v, ys
    return x, ys


def returned_after_the_manager(x):
    @contextlib.contextmanager
    def appending(values):
        try:
            yield values
        finally:
            values.append(9.0)

    ys, v = [], x
    with appending(ys):
        if x > 0:
            v = 7 % x
    return v, ys


def returned_after_finally(x):
    ys = [x]
    try:
        if x <= 0:
            ys.append(1.0)
    finally:
        ys.append(9.0)
    return ys


def classes_of_items(v):
    ys = [0]
    for x in v:
        ys.append(0.5)
        if isinstance(ys[0], int):  # refused
            ys.append(1)
    return ys, x


def classes_of_floats(v):
    ys = [0.0]
    for x in v:
        ys.append(0.5)
        if isinstance(ys[0], int):
            ys.append(1.0)
    return ys, x


_convert, _stage, _graph = ag.errors.ConversionError, ag.errors.StagingError, ag.errors.GraphTensorError
_values = "the graph keeps values, not objects"
_place = "how far a loop of Python has gone is Python's matter"

REFUSED_LISTS = [
    *[
        Refusal(program, (v3,), _stage, "before it is appended", _values, rewrite)
        for program, rewrite in [
            (item_changed_where_it_may_be_appended, item_appended_as_a_copy),
            (item_appended_twice_and_changed, item_appended_twice_and_assigned),
            (item_changed_in_two_lists, item_assigned_in_two_lists),
            (item_taken_and_changed, item_assigned),
            (tensor_item_changed, tensor_items_made_anew),
        ]
    ],
    Refusal(list_changed_under_enumerate, (f(1),), _stage, "for y in ys", _place, list_changed_under_its_loop),
    Refusal(list_changed_under_zip, (v3,), _stage, "list(ys)", _place, zip_of_a_copy),
    Refusal(texts_in_a_list, (f(2),), _stage, "append tensors or numbers", "a graph has no texts", numbers_for_texts),
    Refusal(
        tuple_of_a_grown_list, (v3,), _graph, "stack the list", "a tuple's length is Python's matter", grown_list_itself
    ),
    Refusal(
        *(classes_of_items, (v3,), _stage, "float(x)", "the items of a list of the graph have one type"),
        classes_of_floats,
    ),
    Refusal(break_in_finally, (f(1),), _convert, "after the `try`", "it would swallow an exception", break_after_try),
    Refusal(
        returned_and_changed_by_finally,
        (f(1),),
        _stage,
        "list(ys)",
        "what is returned and what the name means are one object on one path only",
        returned_after_finally,
    ),
    Refusal(
        returned_and_changed_by_a_manager,
        (np.int64(2),),
        _stage,
        "list(ys)",
        "what is returned and what the name means are one object on one path only",
        returned_after_the_manager,
    ),
]
