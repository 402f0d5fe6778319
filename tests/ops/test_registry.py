"""What every op has to keep, generated from the registry: types, NumPy's numbers, gradients, the same in a graph."""

import numpy as np
import pytest

import autograph as ag
from autograph.runtime.apply import apply, infer_types
from autograph.runtime.op import NOT_DIFFERENTIABLE, Kind, all_ops
from autograph.runtime.tensor import Tensor
from autograph.transforms.autodiff.reverse import fitted
from tests.ops.samples import ELSEWHERE, SAMPLES

CASES = [pytest.param(name, *row, id=f"{name}-{i}") for name in SAMPLES for i, row in enumerate(SAMPLES[name])]


def test_every_op_has_a_sample():
    assert set(all_ops()) == set(SAMPLES) | set(ELSEWHERE)


def run(op, operands, attrs):
    out = apply(op, *[ag.constant(x) for x in operands], **attrs)
    return out if isinstance(out, tuple) else (out,)


@pytest.mark.parametrize(("name", "operands", "attrs"), CASES)
def test_kernel_gives_the_inferred_type(name, operands, attrs):
    op = all_ops()[name]
    types, _ = infer_types(op, [ag.constant(x).type for x in operands], attrs)
    for type_, out in zip(types, run(op, operands, attrs), strict=True):
        assert (out.dtype, out.shape) == (type_.dtype, type_.shape)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32, np.int64])
@pytest.mark.parametrize(
    ("name", "operands", "attrs"), [c for c in CASES if all_ops()[c.values[0]].promotes and c.values[0] != "solve"]
)  # singular as integers
def test_dtypes_follow_numpy(name, operands, attrs, dtype):
    op = all_ops()[name]
    if any(x.dtype == bool for x in operands) or (name.startswith(INTEGERS) and np.dtype(dtype).kind == "f"):
        pytest.skip("an op of bools or integers")
    if np.dtype(dtype).kind == "i" and name in ("floor_divide", "remainder", "pow"):
        operands = [np.maximum(np.abs(x).astype(dtype), 1) for x in operands]
    if np.dtype(dtype).kind == "i" and name in ("log", "log2", "log10", "atanh", "acosh", "divide"):
        operands = [np.full(x.shape, 2 if name == "acosh" else 0 if name == "atanh" else 1, dtype) for x in operands]
    cast = [x.astype(dtype) for x in operands]
    types, _ = infer_types(op, [ag.constant(x).type for x in cast], attrs)
    (out,) = run(op, cast, attrs)
    assert (out.dtype, out.shape) == (types[0].dtype, types[0].shape)


@pytest.mark.parametrize(("name", "operands", "attrs"), CASES)
def test_graph_gives_what_eager_gives(name, operands, attrs):
    op = all_ops()[name]

    @ag.function(autograph=False)
    def staged(*tensors):
        return apply(op, *tensors, **attrs)

    wanted = run(op, operands, attrs)
    got = staged(*[ag.constant(x) for x in operands])
    for a, b in zip(got if isinstance(got, tuple) else (got,), wanted, strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


def differentiable(case):
    name, operands, _ = case.values
    op = all_ops()[name]
    numbers = any(x.dtype.kind in "fc" for x in operands)
    return op.vjp is not NOT_DIFFERENTIABLE and numbers and name not in ("stop_gradient", "zeros_of", "sign")


@pytest.mark.parametrize(("name", "operands", "attrs"), [case for case in CASES if differentiable(case)])
def test_gradient_agrees_with_differences(name, operands, attrs):
    op = all_ops()[name]
    if name == "cast" and attrs["dtype"] is ag.float32:
        attrs = {"dtype": ag.float64}
    tensors = [ag.constant(x) for x in operands]
    outs = run(op, operands, attrs)
    if not any(out.dtype.is_inexact for out in outs):
        pytest.skip("no float result")
    weights = [random_like(out) for out in outs]
    given = tuple(None if weight is None else ag.constant(weight) for weight in weights)
    results = outs if len(outs) > 1 else outs[0]
    cts = op.vjp(given if len(outs) > 1 else given[0], results, *tensors, **attrs)
    for index, (x, ct) in enumerate(zip(operands, cts, strict=True)):
        if x.dtype.kind not in "fc":
            assert ct is None
            continue
        got = np.zeros_like(x) if ct is None else fitted(ct, tensors[index].type).numpy()
        if op.kind is not Kind.ELEMENTWISE and ct is not None:
            assert ct.shape == x.shape
        if name in SYMMETRIC:
            got = got + np.swapaxes(got, -1, -2).conj()
        wanted = np.zeros_like(x)
        for place in np.ndindex(x.shape):
            wanted[place] = slope(op, operands, attrs, weights, index, place)
            if x.dtype.kind == "c":  # cotangents pair with tangents as the real part of their product
                wanted[place] -= 1j * slope(op, operands, attrs, weights, index, place, 1j)
        np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-6)


INTEGERS = ("bitwise", "gcd", "lcm")
SYMMETRIC = ("cholesky", "eigh")  # read one triangle, and give symmetric gradients


def random_like(out):
    rng = np.random.default_rng(1)
    if not out.dtype.is_inexact:
        return None
    real = rng.normal(size=out.shape)
    return real + 1j * rng.normal(size=out.shape) if out.dtype.is_complex else real


def slope(op, operands, attrs, weights, index, place, unit=1.0):
    values = []
    for step in (1e-6, -1e-6):
        moved = [x.copy() for x in operands]
        moved[index][place] += step * unit
        if op.name in SYMMETRIC:
            mirror = (*place[:-2], place[-1], place[-2])
            moved[index][mirror] += step * np.conj(unit)
        outs = zip(run(op, moved, attrs), weights, strict=True)
        values.append(sum(float(np.sum(w * out.numpy()).real) for out, w in outs if w is not None))
    return (values[0] - values[1]) / 2e-6


@pytest.mark.parametrize(
    "name", [name for name, op in all_ops().items() if op.python is not None and SAMPLES.get(name)]
)
def test_weak_numbers_agree_with_numpy(name):
    op = all_ops()[name]
    operands = SAMPLES[name][0][0]
    numbers = [x.flat[1].item() for x in operands]
    weak = apply(op, *numbers)
    assert isinstance(weak, Tensor)
    assert weak.type.weak
    strong = op.kernel(np, *[np.asarray(number) for number in numbers])
    np.testing.assert_allclose(float(weak), float(strong), rtol=1e-15)
