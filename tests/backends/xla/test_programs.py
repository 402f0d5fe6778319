"""Graphs as JAX programs: what is one program, what is split, what grows, and what happens once."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest

import autograph as ag
from autograph.backends.xla.plan import FIRST_CAPACITY, HostStep, Segment
from autograph.backends.xla.prepare import prepare
from autograph.backends.xla.segments import GROWTH
from autograph.runtime.device_tensor import DeviceTensor


def staged(function, **options):
    return ag.function(function, backend="xla", **options)


def program_of(function, *args):
    """The compiled graph of a staged function."""
    return function.get_concrete_function(*args).executable


def steps_of(function, *args):
    return [type(step) for step in program_of(function, *args).block.steps]


def test_control_flow_is_one_program():
    @staged
    def run(x, n):
        total = x * 0.0
        for i in range(n):
            if i % 2 == 0:
                total = total + x
            else:
                total = total * 0.5
        return total

    x, n = ag.constant([1.0, 2.0]), ag.constant(np.int64(5))
    np.testing.assert_allclose(run(x, n).numpy(), [1.75, 3.5])
    assert steps_of(run, x, n) == [Segment]
    assert run.explain().traces[0].fallbacks == {}


def test_what_a_program_calls_the_host_for_is_told():
    @staged
    def run(frames):
        labels, _ = ag.ops.nn.ctc_decode(frames, ag.constant([3]), "beam_search", beam_width=2)
        return ag.ops.sum(labels), ag.ops.nn.ctc_decode(frames, ag.constant([3]))[0]

    run(ag.constant(np.zeros((1, 3, 2))))
    assert run.explain().traces[0].fallbacks == {"ctc_decode": 1}


def test_sizes_that_data_decides_split_the_program():
    @staged
    def run(x):
        positive = x[x > 0]
        return ag.ops.sum(positive * positive), positive

    x = ag.constant([1.0, -2.0, 3.0, 4.0])
    total, positive = run(x)
    assert float(total) == 26.0
    np.testing.assert_array_equal(positive.numpy(), [1.0, 3.0, 4.0])
    assert HostStep in steps_of(run, x)
    assert run.explain().traces[0].fallbacks == {"getitem": 1}
    total, positive = run(ag.constant([-1.0, -2.0, -3.0, 4.0]))
    assert float(total) == 16.0 and positive.shape == (1,)


def test_loops_around_sizes_that_data_decides():
    @staged
    def run(x):
        rounds = 0
        while ag.ops.any(x > 1):
            x = x[x > 1] - 1
            rounds += 1
        return rounds, x

    rounds, rest = run(ag.constant([0.5, 1.5, 3.25]))
    assert rounds == 3
    np.testing.assert_allclose(rest.numpy(), [0.25])


@pytest.mark.parametrize("count", [0, 1, FIRST_CAPACITY, FIRST_CAPACITY + 1, FIRST_CAPACITY * GROWTH + 1])
def test_lists_outgrow_their_buffers(count):
    @staged
    def run(n):
        squares, i = [], 0
        while i < n:
            squares.append(i * i)
            i += 1
        return squares

    assert [int(x) for x in run(ag.constant(np.int64(count)))] == [i * i for i in range(count)]


def test_variables_survive_that_a_list_grows():
    weights = ag.Variable(np.eye(40, dtype=np.float32))

    @staged
    def run(n):
        sums, i = [], 0
        while i < n:
            weights.assign(weights @ weights)
            sums.append(ag.ops.sum(weights))
            i += 1
        weights.assign_add(weights)
        return sums

    for _ in range(2):
        assert len(run(ag.constant(np.int64(FIRST_CAPACITY + 1)))) == FIRST_CAPACITY + 1
        np.testing.assert_array_equal(weights.numpy(), 2 * np.eye(40))
        weights.assign(np.eye(40, dtype=np.float32))


def test_explain_says_how_a_program_runs():
    @staged
    def run(x, n):
        kept = []
        for i in range(n):
            kept.append(x[x > i])
        return len(kept), x

    @staged
    def factorial(n):
        return 1 if n < 1 else n * factorial(n - 1)

    x = ag.constant([1.0, 2.0])
    run(x, ag.constant(np.int64(3)))
    assert "of the host between them" in str(run.explain())
    double = ag.function(lambda x: x * 2.0, backend="xla")
    for _ in range(3):
        double(double(x))
    assert str(double.explain()).endswith("\n   xla: transfers: 1 to the device (8 B), 0 to the host (0 B)")
    assert int(factorial(ag.constant(np.int64(5)))) == 120
    lines = str(factorial.explain()).splitlines()
    assert lines[3:5] == [
        "   xla: 1 device program, compiled 1 time",
        "   xla: 1 loop with a stack of frames for recursion",
    ]
    assert lines[5].endswith(" buffers for lists, for at most 64 items")


def test_what_a_list_outgrew_is_kept_for_later_calls():
    @staged
    def run(n):
        rows, i = [], 0
        while i < n:
            rows.append(i)
            i += 1
        return len(rows)

    many = ag.constant(np.int64(FIRST_CAPACITY + 1))
    assert run(many) == FIRST_CAPACITY + 1
    (segment,) = [step for step in program_of(run, many).block.steps if isinstance(step, Segment)]
    assert segment.capacities == [FIRST_CAPACITY * GROWTH]


def test_effects_happen_once_though_a_list_grows(capsys):
    state = ag.Variable(0)

    @staged
    def run(n):
        items, i = [], 0
        while i < n:
            items.append(i)
            state.assign_add(1)
            if i % 50 == 0:
                print("at", i)
            i += 1
        return len(items)

    assert run(ag.constant(np.int64(120))) == 120
    assert int(state.numpy()) == 120
    assert capsys.readouterr().out == "at 0\nat 50\nat 100\n"


def test_gradient_of_a_loop_that_data_ends():
    @staged
    def run(x):
        while x < 100.0:
            x = x * x + 1.0
        return x

    def slope(x):
        found = 1.0
        while x < 100.0:
            found *= 2 * x
            x = x * x + 1.0
        return found

    for start in (1.5, 0.25, 3.0):
        x = ag.constant(start, ag.float64)
        with ag.GradientTape() as tape:
            tape.watch(x)
            y = run(x)
        assert float(tape.gradient(y, x)) == pytest.approx(slope(start), rel=1e-12)


def test_gradient_inside_a_program_keeps_residuals_of_long_loops():
    @staged
    def run(x, n):
        def loss(x):
            for _ in range(n):
                x = x * 0.999 + 0.001 * ag.ops.sin(x)
            return x

        return ag.grad(loss)(x)

    reference = ag.function(run.python_function, backend="numpy")
    args = ag.constant(0.7, ag.float64), ag.constant(np.int64(FIRST_CAPACITY * 2))
    assert float(run(*args)) == pytest.approx(float(reference(*args)), rel=1e-10)


def test_writes_before_a_failure_stay_and_later_ones_do_not_happen(capsys):
    state = ag.Variable([0.0, 0.0])

    @staged
    def run(x):
        state.assign_add(x)
        print("before", x)
        if ag.ops.sum(x) < 0:
            raise ValueError(f"negative: {ag.ops.sum(x)}")
        state.assign_add(x)
        print("after")
        return state.value()

    np.testing.assert_allclose(run(ag.constant([1.0, 2.0])).numpy(), [2.0, 4.0])
    with pytest.raises(ValueError, match=r"negative: -3\.0") as caught:
        run(ag.constant([-1.0, -2.0]))
    assert 'raise ValueError(f"negative' in str(caught.traceback[-1].statement)
    np.testing.assert_allclose(state.numpy(), [1.0, 2.0])
    assert capsys.readouterr().out == "before [1. 2.]\nafter\nbefore [-1. -2.]\n"


def test_python_functions_run_in_program_order(capsys):
    seen = []

    def note(x):
        seen.append(float(x))
        print("host", float(x))
        return x

    @staged
    def run(x, n):
        for i in range(n):
            print("graph", i)
            x = ag.py_function(note, x + 1.0, Tout=ag.TensorSpec((), ag.float32))
        return x * 2.0

    assert float(run(ag.constant(1.0), ag.constant(np.int64(2)))) == 6.0
    assert seen == [2.0, 3.0]
    assert capsys.readouterr().out == "graph 0\nhost 2.0\ngraph 1\nhost 3.0\n"


def test_recursion():
    @staged
    def ackermann(m, n):
        if m == 0:
            return n + 1
        if n == 0:
            return ackermann(m - 1, 1)
        return ackermann(m - 1, ackermann(m, n - 1))

    assert ackermann(ag.constant(np.int64(2)), ag.constant(np.int64(3))) == 9


def test_results_and_variables_stay_on_the_device():
    weights = ag.Variable(np.ones(3, np.float32))

    @staged
    def step(x):
        weights.assign_sub(x * 0.5)
        return weights * 2.0

    first = step(ag.constant([1.0, 2.0, 3.0]))
    assert type(first) is DeviceTensor
    second = step(first)  # which needs no copy on the host
    np.testing.assert_allclose(first.numpy(), [1.0, 0.0, -1.0])
    np.testing.assert_allclose(second.numpy(), [0.0, 0.0, 0.0])
    np.testing.assert_allclose(weights.numpy(), [0.0, 0.0, 0.0])
    before = weights.numpy()
    step(second + 1.0)
    np.testing.assert_allclose(before, [0.0, 0.0, 0.0])
    np.testing.assert_allclose(weights.numpy(), [-0.5, -0.5, -0.5])


def test_other_backends_take_what_lives_on_the_device():
    weights = ag.Variable([1.0, 2.0])
    ag.function(lambda: weights.assign_add([1.0, 1.0]), backend="xla")()
    made = staged(lambda x: x + 1.0)(ag.constant([1.0, 2.0]))
    for backend in ("numpy", "native"):
        read = ag.function(lambda x: (x * weights, weights.assign_add(x)), backend=backend)
        before = weights.numpy()
        np.testing.assert_allclose(read(made)[0].numpy(), before * [2.0, 3.0])
        np.testing.assert_allclose(weights.numpy(), before + [2.0, 3.0])
    np.testing.assert_allclose((made * 2.0).numpy(), [4.0, 6.0])
    assert made[1].item() == 3.0


def test_handles_of_the_device_take_other_values():
    made = staged(lambda x: x + 1.0)(ag.constant([1.0, 2.0]))
    alias = made
    made[0] = 7.0
    np.testing.assert_allclose(alias.numpy(), [7.0, 3.0])

    for backend in ("native", "xla"):
        captured = staged(lambda x: x + 1.0)(ag.constant([1.0, 2.0]))

        def run(x, n):
            for i in range(n):
                x[i] = x[i] + 10.0
            return ag.ops.sum(x)

        assert float(ag.function(run, backend=backend)(captured, ag.constant(np.int64(2)))) == 25.0
        np.testing.assert_allclose(captured.numpy(), [12.0, 13.0])


def test_random_numbers_are_the_same_bits():
    def draw(key):
        return ag.random.normal((5,), key=key), ag.random.uniform((3, 2), key=key), ag.random.permutation(7, key=key)

    key = ag.random.key(3)
    for got, wanted in zip(staged(draw)(key), ag.function(draw, backend="numpy")(key), strict=True):
        np.testing.assert_allclose(got.numpy(), wanted.numpy(), rtol=2e-6)


def test_open_sizes_are_filled_in():
    run = staged(lambda x: ag.ops.sum(x, axis=0) / x.shape[0], input_signature=[ag.TensorSpec((None, 2), ag.float32)])
    for rows in (2, 5):
        np.testing.assert_allclose(run(ag.ops.ones((rows, 2))).numpy(), [1.0, 1.0])
    assert run.trace_count == 1


def test_64_bits_are_on_for_graphs_only():
    jnp = pytest.importorskip("jax.numpy")
    assert staged(lambda x: x + 1)(ag.constant(np.int64(2**40))).dtype is ag.int64
    assert jnp.asarray(3).dtype == np.int32


def test_failures_become_data():
    run = staged(lambda x, i: x[i])
    graph = run.get_concrete_function(ag.constant([1.0, 2.0]), ag.constant(np.int64(0))).graph
    prepared = prepare(graph)
    assert prepared.failures is not None and len(prepared.failures.sites) == 1
    with pytest.raises(IndexError, match="index 2 is out of bounds"):
        run(ag.constant([1.0, 2.0]), ag.constant(np.int64(2)))


def python(source):
    return subprocess.run([sys.executable, "-c", textwrap.dedent(source)], capture_output=True, text=True, check=False)


def test_importing_the_package_does_not_import_jax():
    done = python("import sys, autograph; assert 'jax' not in sys.modules")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("there", "wrong"),
    [
        ("sys.modules['jax'] = None", "which is not installed"),
        ("sys.modules['jax'].__version__ = '0.7.2'; del sys.modules['jax'].enable_x64", "0.8 or later; 0.7.2"),
    ],
)
@pytest.mark.parametrize(
    ("feature", "use"),
    [
        ('backend="xla"', "ag.function(ag.ops.exp, backend='xla', autograph=False)(ag.constant(1.0))"),
        ("a mesh of devices", "ag.distribute.Mesh()"),
    ],
)
def test_without_a_jax_that_serves_the_extra_is_named(there, wrong, feature, use):
    done = python(
        f"""
        import sys, types
        sys.modules["jax"] = types.SimpleNamespace(enable_x64=None)
        {there}
        import autograph as ag
        assert ag.config.list_devices() == ["cpu"]
        try:
            {use}
        except ag.errors.MissingExtraError as error:
            print(error)
        """
    )
    assert f"{feature} needs the package jax, " in done.stdout and wrong in done.stdout, done.stderr
    assert "pip install -U 'autograph[xla]'" in done.stdout


def test_a_failure_comes_before_what_gradients_do_with_lists():
    state = ag.Variable(0)

    @staged
    def run(x, n):
        state.assign_add(1)

        def total(p):
            rows = []
            for i in range(n):
                row = [p]
                for _ in range(i):
                    row.append(p)
                rows.append(row)
            return ag.ops.sum(rows[n - n // 2][-1] * p)

        return ag.grad(total)(x)

    x = ag.constant([1.0, 2.0])
    for count in (0, 1):
        with pytest.raises(IndexError, match="list index out of range"):
            run(x, ag.constant(np.int64(count)))
    assert int(state.numpy()) == 2
    np.testing.assert_allclose(run(x, ag.constant(np.int64(2))).numpy(), [2.0, 4.0])
