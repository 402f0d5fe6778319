"""Constructs that are refused, each with the rewrite that works; as in `refused`."""

import collections
import heapq
import logging
import re

import numpy as np

import autograph as ag
from tests.conformance.refused import Refusal
from tests.conformance.values import f, v3

PLACES: list = []
RATES = {1: 10.0, 2: 20.0}


class Counted:
    total = 0


async def async_function(x):  # refused
    return x + 1


def plain_function(x):
    return x + 1


def generator(v):
    for x in v:
        yield x * 2  # refused


def list_instead_of_generator(v):
    doubled = []
    for x in v:
        doubled.append(x * 2)
    return doubled


def generator_expression(v):
    doubled = (x * 2 for x in v)
    total = sum(doubled)
    return total, sum(doubled)  # refused


def list_comprehension(v):
    doubled = [x * 2 for x in v]
    return sum(doubled), sum(doubled)


def uses_eval(x):
    return eval("x + 1")  # refused


def expression_itself(x):
    return x + 1


def uses_exec(x):
    exec("y = 1")  # refused
    return x


def statement_itself(x):
    y = 1
    return x + y


def uses_locals(x):
    y = x + 1
    return locals()["y"]  # refused


def names_in_a_dict(x):
    names = {"y": x + 1}
    return names["y"]


def groups_of_exceptions(x):
    try:  # refused
        x = x + 1
    except* ValueError:
        x = x - 1
    return x


def one_exception(x):
    try:
        x = x + 1
    except ValueError:
        x = x - 1
    return x


def return_in_finally(x):
    try:
        x = x + 1
    finally:
        return x  # refused  # noqa: B012


def return_after_try(x):
    try:
        x = x + 1
    finally:
        x = x * 2
    return x


def walrus_in_generator(v):
    return any((y := x * 2) > 2 for x in v), y  # refused


def loop_with_a_name(v):
    found = False
    for x in v:
        y = x * 2
        if y > 2:
            found = True
            break
    return found, y


def structure_of_each_trip(x):
    t = ()
    while x > 0:  # refused
        t = t + (x,)  # noqa: RUF005
        x = x - 1
    return t


def list_of_trips(x):
    t = []
    while x > 0:
        t.append(x)
        x = x - 1
    return t


def match_of_varying_structure(x):
    r = (x, 1) if x > 0 else [x, 1, 2]
    match r:
        case (a, b):  # refused
            return a + b
    return x


def asks_for_the_length(x):
    r = (x, 1) if x > 0 else [x, 1, 2]
    if len(r) == 2:
        return r[0] + r[1]
    return x


def unpacks_a_varying_structure(x):
    r = (x, 1) if x > 0 else (x, 1, 2)
    if len(r) == 2:
        a, b = r  # refused
        return a + b
    return x


def takes_parts_by_index(x):
    r = (x, 1) if x > 0 else (x, 1, 2)
    if len(r) == 2:
        return r[0] + r[1]
    return x


def set_changed_in_a_branch(x):
    seen = {1, 2}
    if x > 0:
        seen.add(3)  # refused
    return len(seen)


def number_changed_in_a_branch(x):
    seen = 2
    if x > 0:
        seen += 1
    return seen


def deque_in_a_loop(x):
    waiting = collections.deque([1, 2])
    while x > 0:
        waiting.append(x)  # refused
        x = x - 1
    return x


def list_in_a_loop(x):
    waiting = [1, 2]
    while x > 0:
        waiting.append(x)
        x = x - 1
    return x


def array_filled_in_a_branch(x):
    a = np.zeros(2)
    if x > 0:
        a[0] = 1.0  # refused
    return a + x


def tensor_filled_in_a_branch(x):
    a = ag.ops.zeros(2, dtype=ag.float64)
    if x > 0:
        a[0] = 1.0
    return a + x


def iterator_in_a_branch(x):
    numbers = iter([1, 2, 3])
    if x > 0:  # refused
        next(numbers)
    return next(numbers)


def items_in_a_branch(x):
    numbers, place = [1, 2, 3], 0
    if x > 0:
        place = 1
    return numbers[place]


def heap_in_a_branch(x):
    heap = [1, 3]
    if x > 0:  # refused
        heapq.heappush(heap, 2)
    return heap


def sorted_in_a_branch(x):
    heap = [1, 3]
    if x > 0:
        heap = [1, 2, 3]
    return heap


def attribute_of_a_class(x):
    Counted.total = x  # refused
    return x


def attribute_of_an_object(x):
    counted = Counted()
    counted.total = x
    return counted.total


def same_object_after_a_loop(x):
    first = last = Counted()
    while x > 0:
        last = Counted()
        x = x - 1
    return 1.0 if last is first else 2.0  # refused


def told_apart_by_a_bool(x):
    same = True
    while x > 0:
        same = False
        x = x - 1
    return 1.0 if same else 2.0


def dict_of_chosen_items(v):
    return {k: x for k, x in enumerate(v) if x > 0}  # refused


def pairs_of_chosen_items(v):
    return [(k, x) for k, x in enumerate(v) if x > 0]


def dict_of_tensor_keys(v):
    return {x: 1 for x in v}  # refused


def pairs_of_tensors(v):
    return [(x, 1) for x in v]


def logs(x):
    logging.info("x is %s", x)  # refused
    return x


def prints(x):
    print("x is", x)
    return x


def reads_text_of_a_tensor(x):
    return 1 if re.match("1", f"{x}") else 2  # refused


def loop_changes_rank(x):
    y = x
    while ag.ops.sum(y) < 10.0:  # refused
        y = ag.ops.stack([y, y])
    return y


def loop_keeps_rank(x):
    y = ag.ops.stack([x])
    while ag.ops.sum(y) < 10.0:
        y = ag.ops.concat([y, y])
    return y


def vector_as_condition(v):
    if v > 1:  # refused
        return v
    return -v


def scalar_as_condition(v):
    if ag.ops.any(v > 1):
        return v
    return -v


def changes_a_global(x):
    PLACES.append(x)  # refused
    return x


def changes_its_argument(state):
    state["x"] = state["x"] * 2.0  # refused
    return state["x"]


def returns_the_change(state):
    return {**state, "x": state["x"] * 2.0}


def more_of(count):
    def more(by):
        nonlocal count
        count += by
        return count

    return more


MORE = more_of(0)


def counts_in_an_outer_function(x):
    if x > 0:
        MORE(2)  # refused
    return x


def counts_in_its_own(x):
    more = more_of(0)
    if x > 0:
        more(2)
    return x + more(1)


PLACE = 0.0


def place_is(x):
    global PLACE
    PLACE = x


def assigns_a_global(x):
    place_is(x)  # refused
    return x


def returns_it(x):
    places = [x]
    return x, places


def looks_up_by_tensor(x):
    return RATES[x]  # refused


def branches_instead_of_lookup(x):
    return 10.0 if x == 1 else 20.0


def asks_for_the_value(x):
    return x.item() + 1  # refused


def keeps_the_tensor(x):
    return x + 1


def numpy_of_a_tensor(v):
    return np.lexsort((v,))  # refused


def op_of_a_tensor(v):
    return ag.ops.argsort(v)


def size_for_numpy(v, n):
    return np.zeros(n) + sum(v)  # refused


def size_of_a_tensor(v, n):
    return ag.ops.arange(n) * 0.0 + sum(v)


def text_of_every_trip(v):
    signs = ""
    for x in v:
        signs += "+" if x > 0 else "-"  # refused
    return len(signs)


def numbers_of_every_trip(v):
    signs = []
    for x in v:
        signs.append(1 if x > 0 else -1)
    return len(signs)


def looks_into_text(x):
    return 1 if str(x) == "1.0" else 2  # refused


def compares_the_number(x):
    return 1 if x == 1.0 else 2


def makes_a_variable(x):
    w = ag.Variable(x)  # refused
    return w + x


STATE = ag.Variable(0.0)


def variable_from_outside(x):
    STATE.assign(ag.ops.astype(x, ag.float32))
    return STATE + x


def hands_a_tensor_to_a_copy(x):
    return len("ab" * x)  # refused


def computes_the_size(x):
    return len("ab") * x


def integer_gradient(x):
    with ag.GradientTape() as tape:
        tape.watch(ag.constant(3))  # refused
        y = x * x
    return tape.gradient(y, x)


def float_gradient(x):
    with ag.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    return tape.gradient(y, x)


one = np.array(1)
_convert, _stage, _graph = ag.errors.ConversionError, ag.errors.StagingError, ag.errors.GraphTensorError
_later = "a graph is traced once, from the first line to the last"
_place = "how far a generator has gone is Python's matter"
_names = "conversion renames and moves names"
_types = "a value of the graph has one type"
_effect = "it would happen when tracing, and only once"
_match = "Python takes structures apart while the function is traced"
_value = "while a function is traced, its tensors have no values yet"

REFUSED_CONSTRUCTS = [
    Refusal(async_function, (f(1),), _convert, "plain function", "a graph has no event loop", plain_function),
    Refusal(generator, (v3,), _convert, "append to a list", _later, list_instead_of_generator),
    Refusal(generator_expression, (v3,), _stage, "list comprehension", _place, list_comprehension),
    Refusal(uses_eval, (f(1),), _convert, "the expression itself", _names, expression_itself),
    Refusal(uses_exec, (f(1),), _convert, "the statements themselves", _names, statement_itself),
    Refusal(uses_locals, (f(1),), _convert, "keep them in a dict", _names, names_in_a_dict),
    Refusal(groups_of_exceptions, (f(1),), _convert, "`except`", "a graph has one failure at a time", one_exception),
    Refusal(return_in_finally, (f(1),), _convert, "after the `try`", "it would swallow an exception", return_after_try),
    Refusal(
        walrus_in_generator, (v3,), _convert, "as a loop", "how far it goes binds a name outside", loop_with_a_name
    ),
    Refusal(structure_of_each_trip, (f(2),), _stage, "append to a list", _types, list_of_trips),
    Refusal(match_of_varying_structure, (f(1),), _stage, "ask with len()", _match, asks_for_the_length),
    Refusal(unpacks_a_varying_structure, (f(1),), _graph, "by index", _match, takes_parts_by_index),
    *[
        Refusal(program, (f(1),), _stage, fragment, _effect, rewrite)
        for program, fragment, rewrite in [
            (set_changed_in_a_branch, "a list or a tensor", number_changed_in_a_branch),
            (deque_in_a_loop, "use a list", list_in_a_loop),
            (array_filled_in_a_branch, "ag.constant(a)", tensor_filled_in_a_branch),
            (iterator_in_a_branch, "before the block", items_in_a_branch),
            (heap_in_a_branch, "its own methods", sorted_in_a_branch),
            (attribute_of_a_class, "an attribute of the object", attribute_of_an_object),
            (same_object_after_a_loop, "keep a bool", told_apart_by_a_bool),
        ]
    ],
    Refusal(
        dict_of_chosen_items,
        (v3,),
        _stage,
        "use a list comprehension",
        "which keys a dict has is Python's matter",
        pairs_of_chosen_items,
    ),
    Refusal(dict_of_tensor_keys, (v3,), ag.errors.TensorUseError, "Python value as the key", _value, pairs_of_tensors),
    Refusal(
        logs, (f(1),), ag.errors.ImpureCallError, "print()", "it would happen when tracing, not at each call", prints
    ),
    Refusal(reads_text_of_a_tensor, (f(1),), _graph, "the tensor itself", _value, compares_the_number),
    Refusal(loop_changes_rank, (f(1),), _stage, "one rank", _types, loop_keeps_rank),
    Refusal(
        vector_as_condition, (v3,), ag.errors.ShapeError, "ag.ops.any", "a branch is taken or not", scalar_as_condition
    ),
    Refusal(
        changes_a_global, (f(1),), _stage, "return it", "it would happen when tracing, not at each call", returns_it
    ),
    Refusal(
        *(changes_its_argument, ({"x": f(1)},), _stage, "return it"),
        *("it would happen when tracing, not at each call", returns_the_change),
    ),
    Refusal(
        assigns_a_global, (f(1),), _stage, "return it", "it would happen when tracing, not at each call", returns_it
    ),
    Refusal(
        *(counts_in_an_outer_function, (f(1),), _stage, "return it"),
        *("it would happen when tracing, not at each call", counts_in_its_own),
    ),
    Refusal(looks_up_by_tensor, (one,), ag.errors.TensorUseError, "table[i]", _value, branches_instead_of_lookup),
    Refusal(asks_for_the_value, (f(1),), _graph, "keep it a tensor", _value, keeps_the_tensor),
    Refusal(numpy_of_a_tensor, (v3,), _graph, "ag.ops", _value, op_of_a_tensor),
    Refusal(size_for_numpy, (v3, one), _graph, "ag.ops.arange(n)", _value, size_of_a_tensor),
    Refusal(
        text_of_every_trip, (v3,), _stage, "append numbers to a list", "a graph has no texts", numbers_of_every_trip
    ),
    Refusal(looks_into_text, (f(1),), _graph, "the tensor itself", _value, compares_the_number),
    Refusal(
        makes_a_variable, (f(1),), _stage, "outside the function", "each call would make another", variable_from_outside
    ),
    Refusal(hands_a_tensor_to_a_copy, (one,), _graph, "Python number", _value, computes_the_size),
    Refusal(
        integer_gradient,
        (f(1),),
        ag.errors.GradientError,
        "float tensors",
        "integers have no derivative",
        float_gradient,
    ),
]
