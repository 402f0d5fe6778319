"""Every op × sample × dtype becomes a program of GPUs and TPUs, which needs neither of them to be there."""

import jax
import pytest

import autograph as ag
from autograph.backends.xla.listing import traced
from autograph.backends.xla.plan import Segment
from autograph.backends.xla.program import Program, steps
from autograph.runtime.apply import apply
from autograph.runtime.op import all_ops
from tests.backends.native.cases import rows
from tests.ops.samples import SAMPLES

PLATFORMS = ("cuda", "tpu")
# Ops that call the host, which needs the device to be there.
HOSTED = {"beta_quantile"}


def lower(name, cases):
    """Lowers one program of all cases."""

    def run(*tensors):
        tensors = list(tensors)
        return [apply(all_ops()[name], *[tensors.pop(0) for _ in operands], **attrs) for _, operands, attrs in cases]

    specs = [ag.TensorSpec(x.shape, x.dtype) for _, operands, _ in cases for x in operands]
    program = Program(ag.function(run, autograph=False, input_signature=specs).get_concrete_function().optimized)
    with jax.enable_x64(True):
        for step in steps(program.block):
            assert isinstance(step, Segment)
            traced(program.compiled(step)).lower(lowering_platforms=PLATFORMS)


@pytest.mark.parametrize("name", [name for name in SAMPLES if SAMPLES[name]])
def test_op(name):
    cases = [case for case in rows(name) if "special" not in case[0]]
    if name not in HOSTED:
        lower(name, cases)
        return
    for case in cases:
        with pytest.raises(ValueError, match="different from the lowering platform"):
            lower(name, [case])
