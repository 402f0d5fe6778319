"""The examples run and find what they should."""

import importlib.util
from pathlib import Path

import pytest

import autograph as ag
from tests.sampling import some

FOLDER = Path(__file__).resolve().parents[2] / "examples"


def load(name):
    spec = importlib.util.spec_from_file_location(f"example_{name}", FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_newton():
    root, slope, exact = load("newton").main()
    assert root**3 + root == pytest.approx(10)
    assert slope == pytest.approx(exact, rel=1e-6)


def test_ode_gradient_agrees_with_differences():
    ode = load("ode")
    final, slope, steps = ode.main()
    assert steps > 5
    end = ag.constant(2.0, ag.float64)
    near = [ode.integrate(ag.constant(1.0 + e, ag.float64), end, 1e-4)[0].item() for e in (1e-6, -1e-6)]
    assert slope == pytest.approx((near[0] - near[1]) / 2e-6, rel=1e-4)


def test_metropolis():
    mean, rate = load("metropolis").main()
    assert abs(mean - 1.1) < 0.3
    assert 0.2 < rate < 0.8


@pytest.mark.parametrize("seed", some(range(5), 4))
def test_digits(seed, capsys):
    assert load("train_digits").main(seed) >= 0.96
    out = capsys.readouterr().out
    assert "validation loss" in out
    assert "test accuracy: 0.9" in out


def test_train_convnet():
    assert load("train_convnet").main(epochs=1) > 0.4
