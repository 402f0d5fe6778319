"""`ag.config.check_numerics`: the first op that makes NaN, with the user's line; what is not its fault passes."""

import numpy as np
import pytest

import autograph as ag


@pytest.fixture(autouse=True)
def checking():
    ag.config.check_numerics(True)
    yield
    ag.config.check_numerics(False)


def line_of(error):
    return str(error.value).splitlines()[2].strip()


def loss(x, y):
    share = x / y
    root = ag.ops.sqrt(share - 2.0)  # the first NaN
    return ag.ops.sum(root * 3.0)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("backend", ["eager", "numpy", "native"])
def test_the_first_op_and_its_line(backend):
    run = loss if backend == "eager" else ag.function(loss, backend=backend)
    x, good, bad = [ag.constant(np.array(v)) for v in ([4.0, 9.0], [1.0, 1.0], [1.0, 9.0])]
    assert run(x, good).item() == pytest.approx(3 * (np.sqrt(2) + np.sqrt(7)))
    with pytest.raises(ag.errors.NumericsError, match="^sqrt makes NaN") as caught:
        run(x, bad)
    assert line_of(caught).startswith("root = ag.ops.sqrt(share - 2.0)")


def test_in_loops_and_calls():
    @ag.function
    def f(x, n):
        i = 0
        while i < n:
            x = x * x
            if i > 2:
                x = x - x  # infinity less infinity
            i += 1
        return x

    assert f(ag.constant(10.0), ag.constant(3)).item() == pytest.approx(1e8)
    with np.errstate(all="ignore"), pytest.raises(ag.errors.NumericsError, match="subtract makes NaN") as caught:
        f(ag.constant(1e30), ag.constant(5))
    assert line_of(caught).startswith("x = x - x")


def test_constants_are_folded_only_if_they_are_numbers():
    @ag.function
    def f(x):
        return x + ag.ops.log(ag.constant(-1.0))

    with np.errstate(all="ignore"), pytest.raises(ag.errors.NumericsError, match="log makes NaN"):
        f(ag.constant(1.0))


def test_gradients_are_checked():
    def f(x):
        return ag.ops.sum(ag.ops.where(x > 0, ag.ops.sqrt(x), 0.0))

    with np.errstate(all="ignore"):
        assert ag.grad(f)(ag.constant([4.0, 1.0])).numpy().tolist() == [0.25, 0.5]
        with pytest.raises(ag.errors.NumericsError, match="makes NaN"):
            ag.grad(ag.function(f))(ag.constant([0.0, 1.0]))


def test_what_is_nan_already_and_infinity_pass():
    @ag.function
    def f(x):
        return (x + 1.0) * 2.0, ag.ops.exp(x * 1000.0)

    with np.errstate(all="ignore"):
        for call in (f, f.python_function):
            doubled, large = call(ag.constant([np.nan, 1.0]))
            np.testing.assert_array_equal(doubled.numpy(), [np.nan, 4.0])
            np.testing.assert_array_equal(large.numpy(), [np.nan, np.inf])
    assert np.isnan(ag.constant([1.0, np.nan]).numpy()).any()


def test_off_again():
    @ag.function
    def f(x):
        return ag.ops.log(x)

    with np.errstate(all="ignore"):
        with pytest.raises(ag.errors.NumericsError):
            f(ag.constant(-1.0))
        with pytest.raises(FloatingPointError):
            ag.ops.log(ag.constant(-1.0))
        with pytest.raises(ag.errors.NumericsError, match="matmul"):
            ag.constant([[np.inf, 1.0]]) @ ag.constant([[0.0], [1.0]])
        ag.config.check_numerics(False)
        assert np.isnan(f(ag.constant(-1.0)).item())
        assert np.isnan(ag.ops.log(ag.constant(-1.0)).item())
        assert np.isnan(f(ag.constant(-1.0)).item())
