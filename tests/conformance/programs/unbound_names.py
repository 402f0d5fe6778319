"""Names bound in one branch, in a loop that may not run, None first, `del`."""

import numpy as np

from tests.conformance.values import empty, f, m23, v3, v4


def none_first(xs):
    best = None
    for x in xs:
        if best is None or x > best:
            best = x
    return best


def defined_in_loop(xs):
    last = -1.0
    for x in xs:
        last = x
    return last


def loop_variable_after(n):
    i = -1
    for i in range(n):
        pass
    return i


def bound_in_one_branch(x):
    if x > 0:
        y = x * 2
    return y


def bound_in_one_branch_read_later(x):
    if x > 0:
        y = x * 2
    x = x + 1
    if x > 5:
        return y
    return x


def unbound_after_zero_trips(xs):
    for x in xs:
        last = x
    return last


def target_after_zero_trips(n):
    for i in range(n):
        pass
    return i


def unbound_after_while(n):
    while n > 0:
        half = n / 2
        n -= 1
    return half


def both_branches_bind(x):
    if x > 0:
        a, b = x, 1
    else:
        b, a = 2, -x
    return a, b


def best_so_far(xs):
    best = None
    for x in xs:
        if best is None:
            best = x
        elif x > best:
            best = x
    return best


def best_pair(xs):
    best = None
    place = None
    for i, x in enumerate(xs):
        if best is None or x > best:
            best, place = x, i
    if best is None:
        return -1.0, -1
    return best, place


def previous_item(xs):
    previous = None
    rises = 0
    for x in xs:
        if previous is not None and x > previous:
            rises += 1
        previous = x
    return rises


def none_reset(xs):
    run = None
    longest = 0
    for x in xs:
        if x < 0:
            run = None
        elif run is None:
            run = 1
        else:
            run += 1
        if run is not None and run > longest:
            longest = run
    return longest


def none_or_value_argument(x):
    def scale(v, by=None):
        if by is None:
            return v
        return v * by

    factor = None
    if x > 0:
        factor = 3.0
    return scale(x, factor)


def none_attribute(xs):
    class Cache:
        value = None

    cache = Cache()
    cache.value = None
    for x in xs:
        if x > 0 and cache.value is None:
            cache.value = x
    return cache.value


def none_in_dict(xs):
    d = {"first": None, "n": 0}
    for x in xs:
        if d["first"] is None and x > 2:
            d["first"] = x
        d["n"] += 1
    return d


def deleted_name(x):
    y = x * 2
    if x > 0:
        del y
        y = 1.0
    return y


def deleted_then_read(x):
    y = x * 2
    if x > 0:
        del y
    return y


def deleted_in_loop(xs):
    total = 0.0
    for x in xs:
        t = x * 2
        total += t
        del t
    return total


def bound_by_inner_loop(m):
    total = 0.0
    for row in m:
        for x in row:
            if x > 1:
                first = x
                break
        else:
            first = -1.0
        total += first
    return total


def flag_guards_name(xs):
    found = False
    for x in xs:
        if x > 2:
            value = x
            found = True
    if found:
        return value
    return 0.0


def bound_on_first_trip(n):
    i = 0
    while i < n:
        if i == 0:
            acc = 1
        acc = acc * 2
        i += 1
    return acc


def optional_through_call(xs):
    def pick(v):
        if v > 2:
            return v
        return None

    total = 0.0
    for x in xs:
        p = pick(x)
        if p is not None:
            total += p
    return total


def captured_then_deleted(x):
    v = 1
    look = lambda: v
    if x > 0:
        del v
    return look()


def captured_and_deleted_here(x):
    v = 1
    look = lambda: v + 1
    if x > 0:
        del v
    return v, look()


def captured_before_it_is_bound(x):
    def look():
        return v + 1

    if x > 0:
        v = 1
    return look()


def captured_and_read_for_nothing(x):
    def put():
        nonlocal v
        v = x

    def look():
        t = v  # noqa: F841
        return 1

    if x > 0:
        put()
    if x > 5:
        v = 1
    return look()


def bound_in_a_try_that_raises(x):
    try:
        if x > 0:
            raise ValueError
        v = 1
    except ValueError:
        pass
    look = lambda: v
    return look() + 1


def deleted_by_an_inner_function(x):
    def make():
        v = 1

        def remove():
            nonlocal v
            del v

        return remove, lambda: v

    remove, look = make()
    if x > 0:
        remove()
    return look()


def captured_target_of_a_loop(v):
    look = lambda: last
    for x in v:
        last = x
    return look()


def captured_by_a_method(x):
    class Reader:
        def read(self):
            return size

    def items():
        yield 1.0
        yield size

    if x > 0:
        size = x
    try:
        Reader().read()
    except NameError as error:
        return str(error.args[0]) == "size", x
    return True, sum(1 for _ in items())


def captured_by_a_method_for_nothing(x):
    class Reader:
        def read(self):
            return size

    if x > 0:
        size = x
    Reader().read()
    return x


def read_before_a_try_binds_it(x):
    count = 0
    for _ in range(2):
        if x > 5:
            count = late  # noqa: F821 (not bound yet)
        try:
            late = x  # noqa: F841
            if x == 2:
                raise ValueError
        except ValueError:
            count = count + 1
    return count


class Box:
    pass


class Fallback:
    def __getattr__(self, name):
        return 42.0


def attribute_read_for_nothing(x):
    box = Box()
    if x > 0:
        box.size = x
    box.size
    return x + 1


def attribute_missing_is_caught(x):
    box = Box()
    if x > 0:
        box.size = [x, 2.0]
    try:
        box.size
        return len(box.size)
    except AttributeError as error:
        print(error)
    return 7


def attribute_deleted_where_missing(x):
    box = Box()
    if x > 0:
        box.size = x
    try:
        del box.size
        x = x + 1
    except AttributeError:
        x = x - 1
    return x, hasattr(box, "size")


def attribute_of_a_class_that_answers(x):
    box = Fallback()
    if x > 0:
        box.size = x
    return box.size, box.other


def attribute_set_once(v):
    box, total = Box(), 0.0
    for x in v:
        if not hasattr(box, "first"):
            box.first = x
            print("first")
        total = total + x * box.first
    return total, getattr(box, "first", None) is None


def missing_attribute_is_returned(x):
    box = Box()
    box.kind = 1
    if x > 0:
        box.size = x
    return dict(kind=box.kind), getattr(box, "size", "none") == "none"


PROGRAMS = [
    (none_first, [(v3,), (empty,)]),
    (defined_in_loop, [(v3,), (empty,)]),
    (loop_variable_after, [(np.int64(4),), (np.int64(0),)]),
    (bound_in_one_branch, [(f(2),), (f(-2),)]),
    (bound_in_one_branch_read_later, [(f(6),), (f(2),), (f(-2),)]),
    (unbound_after_zero_trips, [(v3,), (empty,)]),
    (target_after_zero_trips, [(np.int64(3),), (np.int64(0),)]),
    (unbound_after_while, [(np.int64(3),), (np.int64(0),)]),
    (both_branches_bind, [(f(2),), (f(-2),)]),
    (best_so_far, [(v4,), (empty,)]),
    (best_pair, [(v4,), (empty,)]),
    (previous_item, [(v4,), (empty,)]),
    (none_reset, [(v4,), (-v3,), (empty,)]),
    (none_or_value_argument, [(f(2),), (f(-2),)]),
    (none_attribute, [(-v3,), (-abs(v3),)]),
    (none_in_dict, [(v3,), (empty,)]),
    (deleted_name, [(f(2),), (f(-2),)]),
    (deleted_then_read, [(f(2),), (f(-2),)]),
    (deleted_in_loop, [(v3,), (empty,)]),
    (bound_by_inner_loop, [(m23,), (-m23,)]),
    (flag_guards_name, [(v3,), (-v3,), (empty,)]),
    (bound_on_first_trip, [(np.int64(4),), (np.int64(0),)]),
    (optional_through_call, [(v4,), (empty,)]),
    *[
        (program, [(f(2),), (f(-2),)])
        for program in (
            *(captured_then_deleted, captured_and_deleted_here, captured_before_it_is_bound),
            *(captured_and_read_for_nothing, bound_in_a_try_that_raises, deleted_by_an_inner_function),
            *(captured_by_a_method, captured_by_a_method_for_nothing),
            *(attribute_read_for_nothing, attribute_missing_is_caught, attribute_deleted_where_missing),
            *(attribute_of_a_class_that_answers, missing_attribute_is_returned),
        )
    ],
    (captured_target_of_a_loop, [(v3,), (empty,)]),
    (read_before_a_try_binds_it, [(f(6),), (f(2),)]),
    (attribute_set_once, [(v3,), (empty,)]),
]
