"""What tapes see: aliases, variables, seeds, pauses and gradients of any order, eager, compiled and in graphs."""

import numpy as np
import pytest

import autograph as ag
from tests.sampling import LONG

ops = ag.ops
f64 = ag.float64


def eager(f):
    return f


MODES = [eager, ag.function]


def derivative(f, order, compile_):
    """The derivative of that order of a function of a scalar, each level as the mode says."""
    if order == 0:
        return compile_(f)
    inner = derivative(f, order - 1, compile_)

    def slope(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
            y = inner(x)
        return tape.gradient(y, x, unconnected_gradients="zero")

    return compile_(slope)


def square_loop(x):
    y = x
    for _ in range(2):
        y = y * y
    return y


def data_loop(x):
    y = x
    while y < 50:
        y = y * x
    return y


def branching(x):
    if x > 1:
        y = ops.sin(x) * x * x
    else:
        y = x
    return y * x


def through_list(x):
    ys = []
    p = x
    while p < 20:
        ys.append(p * p)
        p = p * x
    total = 0.0
    for y in ys:
        total += y * x
    return total


# The function, and its derivatives of orders 0 to 4 at 1.7, by hand.
X = 1.7


def powers(n, order, factor=1.0):
    for k in range(order):
        factor *= n - k
    return factor * X ** (n - order)


def list_powers(order):
    return sum(powers(2 * k + 1, order) for k in range(1, 100) if X**k < 20)


def sine_cube(order):
    s, c = np.sin(X), np.cos(X)
    derivatives = [s, c, -s, -c, s]
    binomials = [[1], [1, 1], [1, 2, 1], [1, 3, 3, 1], [1, 4, 6, 4, 1]][order]
    return sum(b * derivatives[order - k] * powers(3, k) for k, b in enumerate(binomials))


ORDERS = [
    (square_loop, lambda order: powers(4, order)),
    (data_loop, lambda order: powers(8, order)),
    (branching, sine_cube),
    (through_list, list_powers),
]


@pytest.mark.parametrize("order", [1, 2, 3, 4] if LONG else [2, 3])
@pytest.mark.parametrize("mode", ["eager", "compiled inside", "compiled levels", "one graph"])
@pytest.mark.parametrize(("f", "wanted"), ORDERS)
def test_higher_orders(f, wanted, mode, order):
    if mode == "eager":
        run = derivative(f, order, eager)
    elif mode == "compiled inside":
        run = derivative(ag.function(f), order, eager)
    elif mode == "compiled levels":
        run = derivative(f, order, ag.function)
    else:
        run = ag.function(derivative(f, order, eager))
    np.testing.assert_allclose(run(ag.constant(X, f64)).numpy(), wanted(order), rtol=1e-10)


@pytest.mark.parametrize("compile_", MODES)
def test_a_persistent_tape_differentiates_its_own_gradients(compile_):
    cube = compile_(lambda x: x * x * x)
    x = ag.constant(2.0, f64)
    with ag.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = cube(x)
        first = tape.gradient(y, x)
        second = tape.gradient(first, x)
        third = tape.gradient(second, x)
    assert (first.item(), second.item(), third.item()) == (12.0, 12.0, 6.0)


@pytest.mark.parametrize("compile_", MODES)
def test_a_variable_assigned_a_watched_tensor(compile_):
    v = ag.Variable(1.0, dtype=f64)

    def through(x):
        v.assign(x)
        return v * x

    run = compile_(through)
    x = ag.constant(4.0, f64)
    with ag.GradientTape() as tape:
        tape.watch(x)
        y = run(x)
    assert tape.gradient(y, x).item() == 8.0
    assert v.numpy() == 4.0


def test_a_variable_that_shares_its_value_with_a_watched_tensor():
    x = ag.constant([1.0, 4.0], f64)
    v = ag.Variable([0.0, 0.0], dtype=f64, trainable=False)
    v.assign(x)
    with ag.GradientTape() as tape:
        tape.watch(x)
        y = ops.sum(x * x + v * x)
    np.testing.assert_array_equal(tape.gradient(y, x).numpy(), 2 * x.numpy() + x.numpy())


def test_tensors_made_of_one_array_are_told_apart():
    array = np.array([2.0, 3.0])
    a, b = ops.asarray(array), ops.asarray(array)
    with ag.GradientTape(persistent=True) as tape:
        tape.watch(a)
        y = ops.sum(a * a * b)
    np.testing.assert_array_equal(tape.gradient(y, a).numpy(), 2 * array * array)
    assert tape.gradient(y, b) is None


@pytest.mark.parametrize("compile_", MODES)
def test_ops_that_give_their_operand_back(compile_):
    same = compile_(lambda x: ops.reshape(x, (2,)))
    x = ag.constant([2.0, 3.0], f64)
    with ag.GradientTape() as tape:
        tape.watch(x)
        y = same(x)
        z = ops.sum(y * x)
    np.testing.assert_array_equal(tape.gradient(z, y).numpy(), x.numpy())


def test_a_function_that_returns_its_argument_and_a_result_twice():
    x = ag.constant(3.0, f64)
    both = ag.function(lambda x: (x, x * x, x * x))
    with ag.GradientTape() as tape:
        tape.watch(x)
        a, b, c = both(x)
        y = a * b + c
    assert tape.gradient(y, x).item() == 27 + 6


def test_lists_that_a_function_gives():
    @ag.function
    def squares(xs):
        ys = []
        for x in xs:
            ys.append(x * x)
        return ys

    xs = ag.constant([1.0, 2.0, 3.0], f64)
    with ag.GradientTape() as tape:
        tape.watch(xs)
        ys = squares(xs)
        y = ys[0] * ys[2]
    np.testing.assert_array_equal(tape.gradient(y, xs).numpy(), [18.0, 0.0, 6.0])


@pytest.mark.parametrize("compile_", MODES)
def test_lists_of_tensors_become_tensors(compile_):
    run = compile_(lambda x: ops.sum(ops.asarray([x, x * x, 1.0]) * ag.constant([x, 2.0, 3.0])))
    x = ag.constant(3.0, f64)
    with ag.GradientTape() as tape:
        tape.watch(x)
        y = run(x)
    assert tape.gradient(y, x).item() == 2 * 3 + 4 * 3


@pytest.mark.parametrize("compile_", MODES)
def test_variables_updated_in_a_loop(compile_):
    v = ag.Variable(1.5, dtype=f64)

    def grow(x, n):
        i = 0
        while i < n:
            v.assign(v * x)
            i += 1
        return v * v

    run = compile_(grow)
    x = ag.constant(2.0, f64)
    for order_two in (False, True):
        v.assign(1.5)
        with ag.GradientTape() as outer:
            outer.watch(x)
            with ag.GradientTape(persistent=True) as tape:
                tape.watch([x, v])
                y = run(x, ag.constant(3))
            slope = tape.gradient(y, x)
            by_v = tape.gradient(y, v)
        assert v.numpy() == 1.5 * 8
        assert slope.item() == pytest.approx(6 * 2.0**5 * 1.5**2)
        assert by_v.item() == pytest.approx(2 * 1.5 * 2.0**6)
        if order_two:
            assert outer.gradient(slope, x).item() == pytest.approx(30 * 2.0**4 * 1.5**2)
            assert v.numpy() == 1.5 * 8  # the second order repeats the run, not its assignments


def test_variables_updated_in_a_loop_inside_a_graph():
    v = ag.Variable(1.5, dtype=f64)

    @ag.function
    def slopes(x, n):
        with ag.GradientTape(persistent=True) as tape:
            tape.watch(x)
            i = 0
            while i < n:
                if i > 0:
                    v.assign(v * x)
                else:
                    v.assign_add(x)
                i += 1
            y = v * v
        return tape.gradient(y, x), tape.gradient(y, v)

    by_x, by_v = slopes(ag.constant(2.0, f64), ag.constant(3))
    # y = ((v + x) x x)^2
    assert v.numpy() == 3.5 * 4
    assert by_x.item() == pytest.approx(2 * 14 * (4 + 2 * 3.5 * 2))
    assert by_v.item() == pytest.approx(2 * 14 * 4)


def test_an_assignment_before_an_error_stays():
    v = ag.Variable(1.0)

    @ag.function
    def fails(x):
        v.assign(x)
        assert x < 0, "no"
        return v * x

    with ag.GradientTape(), pytest.raises(AssertionError, match="no"):
        fails(ag.constant(5.0))
    assert v.numpy() == 5.0


def test_prints_appear_once(capsys):
    @ag.function
    def noisy(x):
        print("value", x)
        return x * x * x

    x = ag.constant(2.0, f64)
    with ag.GradientTape() as outer:
        outer.watch(x)
        with ag.GradientTape() as tape:
            tape.watch(x)
            y = noisy(x)
        slope = tape.gradient(y, x)
    assert outer.gradient(slope, x).item() == 12.0
    assert capsys.readouterr().out == "value 2.0\n"


def test_random_numbers_are_the_same_in_the_second_order():
    ag.ops.random.set_seed(1)

    @ag.function
    def noisy(x):
        return x * x * x * ag.ops.random.uniform((), dtype=f64)

    x = ag.constant(2.0, f64)
    with ag.GradientTape() as outer:
        outer.watch(x)
        with ag.GradientTape() as tape:
            tape.watch(x)
            y = noisy(x)
        slope = tape.gradient(y, x)
    second = outer.gradient(slope, x)
    np.testing.assert_allclose([slope.item(), second.item()], [y.item() * 3 / 2, y.item() * 6 / 4])


@pytest.mark.parametrize("compile_", MODES)
def test_a_tape_around_a_branch_is_asked_inside(compile_):
    def inside(x, flag):
        with ag.GradientTape(persistent=True) as tape:
            tape.watch(x)
            y = x * x
            if flag > 0:
                z = y * x
                g = tape.gradient(z, x)
            else:
                g = x
        return g

    assert compile_(inside)(ag.constant(3.0, f64), ag.constant(1)).item() == 27.0


def test_a_tape_around_a_loop_is_not_asked_about_earlier_trips():
    @ag.function
    def inside(x, n):
        with ag.GradientTape(persistent=True) as tape:
            tape.watch(x)
            y = x * x
            g = x
            for _ in range(n):
                y = y * x
                g = tape.gradient(y, x)
        return g

    with pytest.raises(ag.errors.GradientError, match="earlier trips"):
        inside(ag.constant(3.0, f64), ag.constant(2))


@pytest.mark.parametrize("compile_", MODES)
def test_a_tape_in_a_loop(compile_):
    def descend(x, n):
        for _ in range(n):
            with ag.GradientTape() as tape:
                tape.watch(x)
                y = (x - 1.0) * (x - 1.0)
            x = x - 0.25 * tape.gradient(y, x)
        return x

    np.testing.assert_allclose(compile_(descend)(ag.constant(3.0, f64), ag.constant(3)).numpy(), 1.25)


@pytest.mark.parametrize("compile_", MODES)
def test_a_watched_tensor_whose_item_is_set(compile_):
    def run(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
            x[0] = x[1] * 3.0
            y = ops.sum(x * x)
        return tape.gradient(y, x)

    # y = (3 b)^2 + b^2 with respect to what was watched
    np.testing.assert_array_equal(compile_(run)(ag.constant([5.0, 2.0], f64)).numpy(), [0.0, 40.0])


@pytest.mark.parametrize("compile_", MODES)
def test_seeds_and_several_targets(compile_):
    def run(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
            y, z = x * x, ops.sin(x)
        return tape.gradient([y, z], x, output_gradients=[ag.constant([1.0, 2.0], f64), ag.constant([0.0, 1.0], f64)])

    x = np.array([0.5, 2.0])
    got = compile_(run)(ag.constant(x))
    np.testing.assert_allclose(got.numpy(), np.array([1.0, 2.0]) * 2 * x + np.array([0.0, 1.0]) * np.cos(x))


@pytest.mark.parametrize("compile_", MODES)
def test_a_target_that_is_a_source(compile_):
    def run(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
        return tape.gradient(x, x)

    assert compile_(run)(ag.constant(3.0, f64)).item() == 1.0


def test_a_variable_as_target():
    v = ag.Variable(3.0, dtype=f64)
    x = ag.constant(2.0, f64)
    with ag.GradientTape() as tape:
        tape.watch(x)
        v.assign(x * x)
    assert tape.gradient(v, x).item() == 4.0


@pytest.mark.parametrize("compile_", MODES)
def test_nothing_is_recorded_while_paused_or_after(compile_):
    def run(x):
        with ag.GradientTape(persistent=True) as tape:
            tape.watch(x)
            with tape.stop_recording():
                hidden = x * 5.0
            y = hidden * x
        late = x * 7.0
        return tape.gradient(y, x), tape.gradient(late, x, unconnected_gradients="zero")

    first, second = compile_(run)(ag.constant(2.0, f64))
    assert (first.item(), second.item()) == (10.0, 0.0)


def test_integer_arguments_and_results_pass_by():
    @ag.function
    def power(x, n):
        y = x
        for _ in range(n):
            y = y * x
        return y, n + 1

    x = ag.constant(2.0, f64)
    with ag.GradientTape() as outer:
        outer.watch(x)
        with ag.GradientTape() as tape:
            tape.watch(x)
            y, n = power(x, ag.constant(3))
        slope = tape.gradient(y, x)
    assert n.item() == 4
    assert (slope.item(), outer.gradient(slope, x).item()) == (32.0, 48.0)


def test_a_tape_of_another_place_is_refused():
    tape = ag.GradientTape()

    @ag.function
    def inner(x):
        return tape.gradient(x * x, x)

    x = ag.constant(2.0)
    with tape, pytest.raises(ag.errors.GradientError, match="where it was opened"):
        tape.watch(x)
        inner(x)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"unconnected_gradients": "none please"}, "none please"),
        ({"output_gradients": ag.constant([1.0, 2.0])}, r"\(2,\) for a target of shape \(\)"),
        ({"output_gradients": [1.0, 2.0]}, "2 tensors for 1 targets"),
    ],
)
def test_wrong_options(options, text):
    x = ag.constant(2.0)
    with ag.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    with pytest.raises(ag.errors.GradientError, match=text):
        tape.gradient(y, x, **options)
    assert tape.gradient(y, x).item() == 4.0


def test_wrong_argnums():
    with pytest.raises(ag.errors.GradientError, match="argument 3 of 1"):
        ag.grad(lambda x: x, argnums=3)(1.0)
