"""What staged blocks print, raise and refuse, and where they say it."""

import traceback

import numpy as np
import pytest

import autograph as ag


def test_prints_in_order_at_run_time(capsys):
    @ag.function
    def f(n):
        print("start", n)
        i = 0
        while i < n:
            print(f"trip {i} of {n:03d}", end=";")
            i += 1
        print("end")

    f(ag.constant(2))
    f(ag.constant(1))
    assert capsys.readouterr().out == "start 2\ntrip 0 of 002;trip 1 of 002;end\nstart 1\ntrip 0 of 001;end\n"


class OwnError(Exception):
    pass


def test_users_exception_with_values_and_line():
    @ag.function
    def f(x):
        if x > 3:
            raise OwnError(f"got {x:.1f}")
        return x

    assert f(ag.constant(1.0)).item() == 1.0
    with pytest.raises(OwnError, match=r"got 5\.0") as caught:
        f(ag.constant(5.0))
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert last.filename == __file__
    assert last.line.startswith("raise OwnError")


def refused(f, *args):
    with pytest.raises(ag.errors.AutoGraphError) as caught:
        ag.function(f)(*args)
    text = str(caught.value)
    assert "test_staging.py" in text
    assert "^" in text
    return text


def test_branches_that_disagree():
    def dtype(x):
        y = ag.ops.astype(x, ag.int32) if x > 0 else x
        return y

    def rank(x):
        if x > 0:
            y = ag.ops.zeros((2,))
        else:
            y = ag.ops.zeros((2, 2))
        return y

    def structure(x):
        y = (x,)
        while x < 10:
            y = y + (x,)  # noqa: RUF005
            x = x + 1
        return y

    x = ag.constant(1.0)
    assert "i32[]" in refused(dtype, x)
    text = refused(rank, x)
    assert "'y'" in text
    assert "f32[2]" in text
    assert "f32[2, 2]" in text
    assert "'y' has one structure after another" in refused(structure, x)


def test_predicate_of_several_elements():
    def f(x):
        if x > 0:
            x = -x
        return x

    assert "one element" in refused(f, ag.constant([1.0, 2.0]))


def test_python_value_of_a_graph_tensor():
    def f(x):
        return np.zeros(3)[x]

    assert "NumPy array" in refused(f, ag.constant(1))


def test_unbound_names():
    @ag.function
    def f(x):
        if x > 0:
            y = x
        return y

    assert f(ag.constant(1.0)).item() == 1.0
    with pytest.raises(UnboundLocalError, match="'y'"):
        f(ag.constant(-1.0))


def test_sizes_that_change_in_a_loop():
    @ag.function
    def f(n):
        x = ag.ops.ones((1,))
        i = 0
        while i < n:
            x = ag.ops.concat([x, x])
            i += 1
        return x

    assert f(ag.constant(3)).shape == (8,)
    assert f(ag.constant(0)).shape == (1,)


def test_aliases_hold():
    @ag.function
    def f(xs):
        a = []
        b = a
        for x in xs:
            a.append(x)
        return len(b)

    assert f(ag.constant([1.0, 2.0])).item() == 2


def test_no_effect_at_trace_time():
    class Box:
        pass

    @ag.function
    def f(x):
        box = Box()
        box.value = x
        if x > 0:
            box.value = box.value * 2
        return box.value

    assert f(ag.constant(-1.0)).item() == -1.0
    assert f(ag.constant(3.0)).item() == 6.0


def test_functional_control_flow():
    @ag.function
    def f(x):
        a = ag.cond(x > 0, lambda: x, lambda: -x)
        (b,) = ag.while_loop(lambda i: i < 100, lambda i: i * 2, [a])
        c = ag.switch_case(ag.ops.astype(x, ag.int64), [lambda: b, lambda: b + 1, lambda: b + 2])
        return b, c

    b, c = f(ag.constant(1.0))
    assert (b.item(), c.item()) == (128.0, 129.0)
    xs = ag.constant([1.0, 2.0, 3.0])

    @ag.function
    def g(xs):
        return ag.scan(lambda s, x: s + x, xs, 0.0), ag.map_fn(lambda x: x * x, xs)

    sums, squares = g(xs)
    np.testing.assert_array_equal(sums.numpy(), [1, 3, 6])
    np.testing.assert_array_equal(squares.numpy(), [1, 4, 9])


def test_generated_code_runs_by_itself():
    def f(x):
        while x > 1:
            x = x / 2
        return x

    text = ag.to_code(f)
    assert "# " in text
    names = {"ag": ag}
    exec(text, names)
    assert names["f"](8.0) == 1.0
    assert ag.function(autograph=False)(names["f"])(ag.constant(8.0)).item() == 1.0


def test_recursion_reads_variables_and_captures_tensors():
    rate = ag.Variable(1.5)
    base = ag.constant(2.0)

    @ag.function
    def grow(n):
        return base if n <= 0 else grow(n - 1) * rate

    assert grow(ag.constant(3)).item() == 2 * 1.5**3
    rate.assign(2.0)
    with ag.GradientTape() as tape:
        found = grow(ag.constant(3))
    assert found.item() == 16.0
    assert tape.gradient(found, rate).item() == 2 * 3 * 2.0**2


def test_recursion_bounded_by_python_is_unrolled():
    @ag.function
    def down(x, layers):
        return x if not layers else down(x * layers[0], layers[1:])

    graph = down.get_concrete_function(ag.TensorSpec([]), (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)).graph
    assert "call" not in str(graph)
