"""All kinds of jumps out of `with` and `try`."""

import contextlib

from assert_converts import assert_same


def test_jumps_inside_with():
    def f(xs, seen):
        for x in xs:
            with contextlib.ExitStack() as stack:
                stack.callback(seen.append, x)
                if x == 1:
                    continue
                if x == 2:
                    break
                if x == 3:
                    return seen
            seen.append("after")
        else:
            seen.append("else")
        with contextlib.ExitStack():
            if xs:
                return "with", seen
        return seen

    assert_same(f, ([], []), ([0, 1, 0], []), ([0, 2, 0], []), ([0, 3, 0], []))


def test_jumps_inside_try():
    def f(xs, seen):
        for x in xs:
            try:
                seen.append(6 // x)
                if x == 1:
                    continue
                if x == 2:
                    break
            except ZeroDivisionError:
                if len(seen) > 2:
                    return seen
            except TypeError:
                break
            else:
                seen.append("else")
            finally:
                seen.append("finally")
            seen.append("after")
        return seen, "end"

    lists = ([], [1], [2], [3], [0], [3, 3, 0], [3, "a", 1], [1, 0, 2, 5])
    assert_same(f, *((xs, []) for xs in lists))


def test_an_exception_overtakes_a_jump():
    def f(x):
        for _ in range(2):
            try:
                with contextlib.ExitStack() as stack:
                    stack.callback(int, "no number")
                    if x:
                        return "never"
            except ValueError:
                x = x + 1
        return x

    assert_same(f, (0,), (1,))


def test_a_swallowed_exception_goes_on_after_with():
    def f(x):
        with contextlib.suppress(ZeroDivisionError):
            return 1 / x
        return "suppressed"

    assert_same(f, (0,), (2,))
