"""The namespace is the array API standard's, by `array_api_strict`'s own lists: names, parameters, information."""

import inspect

import array_api_strict as strict
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.array_api import make_strategies_namespace

import autograph as ag

STRICT_ONLY = {
    "ArrayAPIStrictFlags", "Device", "__version__", "get_array_api_strict_flags", "reset_array_api_strict_flags",
    "set_array_api_strict_flags",
}  # fmt: skip
PAIRS = [(strict, ag.ops), (strict.linalg, ag.ops.linalg), (strict.fft, ag.ops.fft)]
NAMES = [
    pytest.param(standard, ours, name, id=f"{ours.__name__}.{name}")
    for standard, ours in PAIRS
    for name in standard.__all__
    if name not in STRICT_ONLY
]


@pytest.mark.parametrize(("standard", "ours", "name"), NAMES)
def test_every_name_is_there_with_its_parameters(standard, ours, name):
    wanted, got = getattr(standard, name), getattr(ours, name)
    assert name in ours.__all__
    if not inspect.isfunction(wanted):
        return
    positional, keywords, defaults = parameters(wanted)
    our_positional, our_keywords, our_defaults = parameters(got)
    assert len(our_positional) >= len(positional)
    assert our_keywords >= keywords
    for key, value in defaults.items():
        if type(value).__name__ != "Undef":  # strict's own mark for an argument left out
            assert our_defaults[key] == value
    required = [p for p in inspect.signature(got).parameters.values() if p.default is p.empty]
    assert len(required) <= len([p for p in inspect.signature(wanted).parameters.values() if p.default is p.empty])


def parameters(function):
    found = list(inspect.signature(function).parameters.values())
    positional = [p.name for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.VAR_POSITIONAL)]
    keywords = {p.name for p in found if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)}
    return positional, keywords, {p.name: p.default for p in found if p.name in keywords and p.default is not p.empty}


def test_information():
    info = ag.ops.__array_namespace_info__()
    assert ag.ops.__array_api_version__ == strict.__array_api_version__
    assert set(info.dtypes()) == set(strict.__array_namespace_info__().dtypes())
    kinds = ["bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating", "numeric"]
    for kind in [*kinds, ("bool", "integral")]:
        assert set(info.dtypes(kind=kind)) == set(strict.__array_namespace_info__().dtypes(kind=kind))
    assert all(getattr(ag.ops, name) is dtype for name, dtype in info.dtypes().items())
    assert set(info.capabilities()) == set(strict.__array_namespace_info__().capabilities())
    assert info.default_dtypes() == {
        "real floating": ag.float32, "complex floating": ag.complex64, "integral": ag.int64, "indexing": ag.int64,
    }  # fmt: skip
    assert isinstance(info.devices(), list) and info.default_device() in info.devices()
    with pytest.raises(ValueError, match="no device 'moon'"):
        info.dtypes(device="moon")


@given(st.data())
def test_hypothesis_s_own_strategies(data):
    strategies = make_strategies_namespace(ag.ops, api_version="2024.12")
    dtype = data.draw(strategies.scalar_dtypes())
    x = data.draw(strategies.arrays(dtype, strategies.array_shapes(min_dims=1, min_side=1)))
    key = data.draw(strategies.indices(x.shape, allow_newaxis=True))
    assert x.dtype is dtype
    np.testing.assert_array_equal(np.asarray(x[key]), np.asarray(x)[key])
    changed = np.array(x)
    changed[key] = 0
    x[key] = 0
    np.testing.assert_array_equal(x.numpy(), changed)


def test_constants():
    for name in ("e", "pi", "inf", "newaxis"):
        assert getattr(ag.ops, name) == getattr(strict, name)
    assert ag.ops.nan != ag.ops.nan


def test_tensors_know_their_namespace():
    x = ag.constant([1.0])
    assert x.__array_namespace__() is ag.ops
    assert x.__array_namespace__(api_version="2022.12") is ag.ops
    with pytest.raises(ValueError, match=r"'2019\.1' is not provided"):
        x.__array_namespace__(api_version="2019.1")


def test_devices():
    x = ag.constant([1.0])
    assert x.device == "cpu"
    assert x.to_device(x.device) is x
    for bad in (lambda: x.to_device("moon"), lambda: ag.ops.zeros(2, device="moon")):
        with pytest.raises(ag.errors.DeviceError, match="there is no device 'moon'"):
            bad()
    with pytest.raises(ag.errors.DeviceError, match="no stream"):
        x.to_device("cpu", stream=1)


@pytest.mark.parametrize("dtype", [d for d in strict.__array_namespace_info__().dtypes()])
def test_limits(dtype):
    ours, theirs = getattr(ag.ops, dtype), getattr(strict, dtype)
    if strict.isdtype(theirs, "integral"):
        a, b = ag.ops.iinfo(ours), strict.iinfo(theirs)
        assert (a.bits, a.min, a.max, a.dtype) == (b.bits, b.min, b.max, ours)
    elif strict.isdtype(theirs, ("real floating", "complex floating")):
        a, b = ag.ops.finfo(ours), strict.finfo(theirs)
        assert (a.bits, a.eps, a.max, a.min, a.smallest_normal) == (b.bits, b.eps, b.max, b.min, b.smallest_normal)
        assert a.dtype is ag.as_dtype(b.dtype._np_dtype)
    else:
        with pytest.raises(ag.errors.DTypeError):
            ag.ops.iinfo(ours)


UFUNCS = [
    np.hypot, np.arctan2, np.logaddexp, np.bitwise_xor, np.left_shift, np.isnan, np.conjugate, np.rint, np.arcsinh,
    np.log1p, np.matmul, np.logical_xor, np.reciprocal,
]  # fmt: skip


@pytest.mark.parametrize("ufunc", UFUNCS)
def test_numpy_s_functions_give_tensors(ufunc):
    operands = (np.array([1, 2]), np.array([2, 3])) if ufunc.types[0].startswith("?") or ufunc is np.left_shift else ()
    operands = operands or (np.array([0.5, 1.5]), np.array([2.0, 3.0]))
    operands = operands[: ufunc.nin]
    got = ufunc(*[ag.constant(x) for x in operands])
    assert isinstance(got, ag.Tensor)
    np.testing.assert_allclose(got.numpy(), ufunc(*operands))


class Old:
    """A tensor as a consumer of DLPack before 1.0 asks for it."""

    def __init__(self, tensor, **asked):
        self.tensor, self.asked = tensor, asked

    def __dlpack__(self, **_):
        return self.tensor.__dlpack__(**self.asked)

    def __dlpack_device__(self):
        return self.tensor.__dlpack_device__()


def test_dlpack():
    array = np.arange(6.0).reshape(2, 3)
    shared = ag.ops.from_dlpack(array)
    assert np.shares_memory(shared.__array__(), array)
    assert not np.shares_memory(ag.ops.from_dlpack(array, copy=True).__array__(), array)
    back = np.from_dlpack(shared)
    assert np.shares_memory(back, array)
    assert not back.flags.writeable
    np.testing.assert_array_equal(back, array)
    assert shared.__dlpack_device__() == (1, 0)
    own = ag.constant(array)
    for copy in (True, False, None):
        for version in ((0, 8), (1, 0), None):
            assert "dltensor" in str(own.__dlpack__(copy=copy, max_version=version, dl_device=(1, 0)))
    assert np.shares_memory(np.from_dlpack(Old(own, copy=False)), np.asarray(own))
    assert not np.shares_memory(np.from_dlpack(Old(own)), np.asarray(own))
    assert np.from_dlpack(ag.Variable([1.0])).tolist() == [1]
    from_strict = ag.ops.from_dlpack(strict.asarray([1, 2]))
    assert from_strict.dtype is ag.int64
    np.testing.assert_array_equal(from_strict.numpy(), [1, 2])
    with pytest.raises(ag.errors.DTypeError, match="no DLPack"):
        ag.ops.from_dlpack([1.0])


def test_asarray_of_foreign_values():
    for value in (memoryview(b"ab"), strict.asarray([97, 98], dtype=strict.uint8), bytearray(b"ab")):
        made = ag.ops.asarray(value)
        assert made.dtype is ag.uint8
        assert made.numpy().tolist() == [97, 98]
    array = np.ones(3)
    assert np.shares_memory(ag.ops.asarray(array, copy=False).__array__(), array)
    assert not np.shares_memory(ag.ops.asarray(array, copy=True).__array__(), array)
    for bad in (lambda: ag.ops.asarray([1.0], copy=False), lambda: ag.ops.asarray(array, ag.int8, copy=False)):
        with pytest.raises(ag.errors.CopyError, match="copy=False forbids"):
            bad()


def test_integers_are_exact():
    large = 2**64 - 1
    assert ag.ops.asarray([large, 1], dtype=ag.uint64).numpy().tolist() == [large, 1]
    assert ag.ops.asarray(large, dtype=ag.uint64).item() == large
    assert ag.ops.arange(2**63, 2**63 + 3, dtype=ag.uint64).numpy().tolist() == [2**63, 2**63 + 1, 2**63 + 2]
    for bad in (lambda: ag.ops.asarray([300], dtype=ag.int8), lambda: ag.ops.asarray(2**70)):
        with pytest.raises(OverflowError):
            bad()
    with pytest.raises(ag.errors.DTypeError, match="complex"):
        ag.ops.asarray([1j], dtype=ag.float32)


def test_a_missing_axis_is_an_index_error_too():
    for error in (IndexError, ValueError, ag.errors.AxisError):
        with pytest.raises(error, match="axis 3 is out of range"):
            ag.ops.expand_dims(ag.ops.zeros((2,)), axis=3)


@pytest.mark.parametrize("endpoint", [True, False])
def test_large_integers_are_spaced_exactly(endpoint):
    start, stop, num = -(2**53) - 1, 2**62 + 3, 7
    gaps = num - endpoint
    wanted = [start + place * (stop - start) // gaps for place in range(num)]
    out = ag.ops.linspace(start, stop, num, dtype=ag.int64, endpoint=endpoint)
    assert out.dtype == ag.int64
    assert out.numpy().tolist() == wanted
    assert ag.ops.linspace(0, 2**64 - 1, 2, dtype=ag.uint64).numpy().tolist() == [0, 2**64 - 1]
