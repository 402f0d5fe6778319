"""Which ops the host runs for native functions: a fixed list, and a small share of what graphs have."""

import pytest

import autograph as ag
from autograph.backends.native.executable import lowered
from autograph.runtime.apply import apply
from autograph.runtime.op import all_ops
from tests.backends.native.cases import INTEGERS
from tests.backends.native.host_share import counted_example, counted_programs, pairs_on_the_host
from tests.conformance.programs import PROGRAMS
from tests.ops.samples import SAMPLES
from tests.sampling import some

ON_HOST = set(
    """
cofactor cofactor_slope ctc_decode ctc_loss ctc_posterior ctc_posterior_slope expm gammainc_slope gammainc_slope2 lu
pinv zeta_slope zeta_slope2
""".split()
)
# Dtypes that the host runs other ops for. Most have no meaning, or public functions cast them before.
WHOLE, WIDE = ["bool", *INTEGERS], ["complex64", "complex128"]
DTYPES_ON_HOST = {
    **dict.fromkeys(["argmax", "argmin", "argsort", "isin", "max", "min", "searchsorted", "sort"], WIDE),
    **dict.fromkeys(["greater", "greater_equal", "less", "less_equal", "segment_max", "segment_min"], WIDE),
    **dict.fromkeys(["expm1", "round", "tanh"], WIDE),
    **dict.fromkeys(["beta_quantile", "gamma_quantile", "poisson_quantile"], WHOLE + WIDE),
    **dict.fromkeys(["cholesky", "det", "eigh", "inv", "positive_definite", "qr", "slogdet", "solve", "svd"], WHOLE),
    **dict.fromkeys(["bitwise_count", "convolution"], ["bool"]),
    "matmul": ["bfloat16"],
    "nextafter": ["bool", "int8", "uint8", "bfloat16"],
    "rfft": [*WHOLE, "float16", "bfloat16", *WIDE],
    **dict.fromkeys(
        ["random_bits", "random_advance"],
        [dtype for dtype in [*WHOLE, "float32", "float64", "float16", "bfloat16", *WIDE] if dtype != "uint32"],
    ),
}


def fallbacks(name):
    """The ops that the host runs for an op's samples."""
    found = set()
    for operands, attrs in SAMPLES[name]:
        specs = [ag.TensorSpec(ag.constant(x).shape, ag.constant(x).dtype) for x in operands]
        function = ag.function(lambda *xs: apply(all_ops()[name], *xs, **attrs), autograph=False)  # noqa: B023
        module, _, _ = lowered(function.get_concrete_function(*specs).optimized)
        found |= set(module.fallbacks)
    return found


@pytest.mark.parametrize("name", [name for name in SAMPLES if SAMPLES[name]])
def test_ops_on_the_host(name):
    assert (name in fallbacks(name)) == (name in ON_HOST)


NAMES = [name for name in SAMPLES if SAMPLES[name] and name not in ON_HOST]


@pytest.mark.parametrize("name", some(NAMES, 8))
def test_dtypes_on_the_host(name):
    assert pairs_on_the_host([name]).get(name, []) == DTYPES_ON_HOST.get(name, [])


def test_share_over_the_conformance_table():
    forward, back = counted_programs(some(PROGRAMS, 9))
    assert sum(forward.nodes.values()) > 500
    assert sum(back.nodes.values()) > 1000
    for counting in (forward, back):
        assert counting.share <= 0.05
        # Lists of lists, and of tensors that differ in size.
        assert {name.partition("_")[0] for name in counting.host} <= {"list", "undefined", "cofactor"}


@pytest.mark.parametrize("name", some(["metropolis", "train_convnet", "newton", "array_api_consumers", "ode"], 2))
def test_examples(name):
    counting = counted_example(name)
    assert counting.nodes
    assert not counting.host
