"""`try`, `except`, `else` and `finally` around staged code that raises at run time."""

import numpy as np

from tests.conformance.values import f, v3, v4


class TooLarge(ValueError):
    """An exception of the user's own."""

    def __init__(self, value, limit):
        super().__init__(value, limit)
        self.limit = limit


def keeps_what_was_assigned(x):
    y = 0.0
    try:
        y = x * 2
        if x > 3:
            raise ValueError("big")
        y = y + 1
    except ValueError:
        y = y + 100
    return y


def one_of_several_handlers(x):
    try:
        if x > 3:
            raise ValueError(f"big {x}")
        if x < 0:
            raise KeyError("negative")
        return x
    except ValueError as error:
        raise TypeError(f"caught {error}") from error
    except KeyError:
        return -x


def caught_in_a_loop(x):
    total = 0.0
    for i in range(4):
        try:
            if x > i:
                raise ValueError
            total = total + x * i
        except ValueError:
            total = total - 1
    return total


def loop_in_try(x):
    total, i = 0.0, 0
    try:
        while i < 6:
            if total > x:
                raise OverflowError(i)
            total = total + x * i
            i = i + 1
    except OverflowError:
        total = total * 10
    return total, i


def while_condition_raises(v, n):
    count = 0
    try:
        while v[n - count] > 0:
            count = count + 1
    except IndexError:
        count = count + 100
    return count


def else_and_finally(x):
    steps = 0.0
    try:
        if x > 2:
            raise ValueError("large")
        steps = steps + 1
    except ValueError:
        steps = steps + 10
    else:
        steps = steps + 100 * x
    finally:
        steps = steps + 1000
    return steps


def finally_without_except(x):
    log = [x]
    try:
        if x > 0:
            log.append(x * 2)
        assert x < 5, "too large"
        log.append(x * 3)
    finally:
        log.append(x * 4)
    return log


def finally_uses_what_it_changes(x):
    a, b = x, x * 2
    try:
        if x > 1:
            raise ValueError("large")
    finally:
        a = a + 1
        b = b * a
        x = b
    return x


def jumps_out_of_try(x):
    for i in range(4):
        try:
            if x > i + 2:
                raise ValueError
            if x > i:
                continue
            x = x * 2
        except ValueError:
            x = x - 3
            if x > 4:
                break
        else:
            x = x + 0.5
        finally:
            x = x + 0.25
    else:
        x = x * 10
    return x


def returns_from_everywhere(x):
    for i in range(3):
        try:
            if x > 10:
                raise KeyError(i)
            if x > 5:
                return x, i
        except KeyError:
            return -x, i
        finally:
            x = x + 2
    return x, 100


def nested_tries(x):
    try:
        try:
            if x > 3:
                raise KeyError("k")
            if x > 2:
                raise ValueError("v")
            if x > 1:
                raise RuntimeError("r")
        except KeyError:
            x = x + 10
            raise ValueError("w") from None
        except ValueError:
            x = x + 20
    except ValueError:
        x = x + 300
    return x


def raises_again(x):
    try:
        if x < 0:
            raise ValueError(f"negative: {x:.2f}")
    except ValueError:
        x = x * 2
        if x < -5:
            raise
    return x


def looks_at_the_exception(x):
    try:
        if x > 2:
            raise TooLarge(x, 2)
        if x > 1:
            raise TooLarge(x * 10, 10)
    except TooLarge as error:
        return error.args[0] - error.limit
    return x


def an_index_out_of_range(v, i):
    try:
        return v[i] * 2
    except IndexError:
        return -v[0]


def a_list_out_of_range(v, i):
    items = [row * 2 for row in v]
    try:
        last = items[i]
        items.pop()
        return last + items[i]
    except LookupError:
        return items[0] * 100


def integers_by_zero(a, b):
    try:
        q, r = a // b, a % b
    except ZeroDivisionError as error:
        return -1, 0, len(error.args)
    return q, r, 0


def raised_in_a_called_function(x):
    def root(value):
        if value < 0:
            raise ValueError("no root")
        return value**0.5

    try:
        return root(x) + root(x - 1)
    except ValueError:
        return -x


class Account:
    """Something whose attributes change before and after an exception."""

    def __init__(self, balance):
        self.balance = balance
        self.tries = 0

    def take(self, amount):
        self.tries += 1
        if amount > self.balance:
            raise ValueError("too little")
        self.balance = self.balance - amount


def objects_keep_what_was_written(x):
    account = Account(x)
    missed = 0
    for amount in (1.0, 5.0, 2.0):
        try:
            account.take(amount)
        except ValueError:
            missed = missed + 1
    return account.balance, account.tries, missed


def lists_keep_what_was_appended(v):
    kept = []
    try:
        for x in v:
            if x < 0:
                raise ValueError
            kept.append(x)
    except ValueError:
        kept.append(0.0)
    return kept


def passes_what_it_does_not_catch(x):
    try:
        if x > 1:
            raise KeyError("other")
        x = x + 1
    except ValueError:
        x = x + 100
    return x


def catches_python_values(x):
    names = {"a": 1}
    try:
        scale = names["b"]
    except KeyError:
        scale = 3
    return x * scale


def catches_all(x):
    try:
        if x > 0:
            raise ValueError
        if x < -1:
            raise KeyError
    except:  # noqa: E722
        return 1.0
    return 0.0


def tuple_of_classes(x):
    kinds = (ValueError, KeyError)
    try:
        if x > 0:
            raise ValueError
        if x < -1:
            raise KeyError
        if x < -0.5:
            raise RuntimeError("not caught")
    except kinds:
        return 1.0
    return x


def exception_name_used_outside(x):
    error = None
    found = 0
    try:
        if x > 0:
            raise ValueError("positive")
    except ValueError as problem:
        found = len(problem.args)
    return found, error is None


def assertion_caught(x):
    try:
        assert x > 0, "not positive"
        return x * 3
    except AssertionError:
        return x * x


def list_rebound_where_it_may_raise(v, k):
    seen, before = [v[0]], [0.0]
    try:
        v[k]
        seen = [v[0], v[1]]
    except IndexError:
        before = [*before, 1.0]
    for x in v:
        try:
            if x < 0:
                raise ValueError
            before = [*before, x]
        except ValueError:
            seen = [*seen, x]
    return seen, before


def raised_from_another(x):
    y = 1
    try:
        try:
            if x > 0:
                raise KeyError("a")
        except KeyError as e:
            raise ValueError("b") from e
        else:
            y = 2
    except ValueError as e:
        y = 3 if repr(e.__cause__) == "KeyError('a')" else 4
    return y


PROGRAMS = [
    (list_rebound_where_it_may_raise, [(v3, np.int64(1)), (v3, np.int64(7))]),
    (keeps_what_was_assigned, [(f(2),), (f(5),)]),
    (one_of_several_handlers, [(f(1),), (f(4),), (f(-1),)]),
    (caught_in_a_loop, [(f(-1),), (f(1.5),), (f(9),)]),
    (loop_in_try, [(f(0.5),), (f(2),)]),
    (while_condition_raises, [(v3, np.int64(2)), (v3, np.int64(0)), (np.ones(3), np.int64(-1)), (v3, np.int64(7))]),
    (else_and_finally, [(f(1),), (f(3),)]),
    (finally_without_except, [(f(1),), (f(-1),), (f(6),)]),
    (finally_uses_what_it_changes, [(f(0),), (f(3),)]),
    (jumps_out_of_try, [(f(0),), (f(1),), (f(3),), (f(9),), (f(2.5),)]),
    (returns_from_everywhere, [(f(1),), (f(6),), (f(11),), (f(4),), (f(7.5),)]),
    (nested_tries, [(f(0.5),), (f(1.5),), (f(2.5),), (f(3.5),)]),
    (raises_again, [(f(1),), (f(-1),), (f(-4),)]),
    (looks_at_the_exception, [(f(1),), (f(1.5),), (f(4),)]),
    (an_index_out_of_range, [(v3, np.int64(2)), (v3, np.int64(3)), (v3, np.int64(-4))]),
    (a_list_out_of_range, [(v3, np.int64(1)), (v3, np.int64(2)), (v3, np.int64(3))]),
    (integers_by_zero, [(np.int64(7), np.int64(2)), (np.int64(-7), np.int64(3))]),
    (raised_in_a_called_function, [(f(4),), (f(0.5),), (f(-2),)]),
    (objects_keep_what_was_written, [(f(10),), (f(4),), (f(0),)]),
    (lists_keep_what_was_appended, [(v3,), (v4,), (np.ones(2),)]),
    (passes_what_it_does_not_catch, [(f(0),), (f(2),)]),
    (catches_python_values, [(f(2),)]),
    (catches_all, [(f(1),), (f(-2),), (f(-0.5),)]),
    (tuple_of_classes, [(f(1),), (f(-2),), (f(-0.75),), (f(-0.25),)]),
    (exception_name_used_outside, [(f(1),), (f(-1),)]),
    (assertion_caught, [(f(2),), (f(-2),)]),
    (raised_from_another, [(f(2),), (f(-2),)]),
]
