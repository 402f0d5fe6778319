"""What compiled programs start is counted, by their text, as XLA compiles them for this processor too."""

import pytest

from benchmarks import kernels
from benchmarks.kernels import Part, parts

pytest.importorskip("jax")

TEXT = """
%body (p: (s32[], f32[4])) -> (s32[], f32[4]) {
  %p = (s32[], f32[4]{0}) parameter(0)
  %a = f32[4]{0} fusion(%p), kind=kLoop, calls=%f
  %b = (f32[4]{0}, f32[4]{0}) fusion(%a), kind=kLoop, calls=%f
  ROOT %t = (s32[], f32[4]{0}) tuple(%p, %a)
}

%test (p: (s32[], f32[4])) -> pred[] {
  ROOT %c = pred[] fusion(%p), kind=kLoop, calls=%f
}

ENTRY %main (x: f32[4]) -> f32[4] {
  %x = f32[4]{0} parameter(0)
  %k = (f32[4]{0}, u8[0]{0}) custom-call(%x), custom_call_target="__cudnn$conv"
  %w = (s32[], f32[4]{0}) while(%t), condition=%test, body=%body, backend_config={"known_trip_count":{"n":"30"}}
  %v = (s32[], f32[4]{0}) while(%t), condition=%test, body=%body
  ROOT %r = f32[4]{0} copy(%v)
}
"""


def test_parts_of_a_program():
    assert parts(TEXT) == [Part(2), Part(2, (30,)), Part(2, (None,)), Part(1, (None,))]
    assert [str(part) for part in parts(TEXT)] == ["2", "30 × 2", "? × 2", "? × 1"]


@pytest.mark.parametrize("contestant", ["autograph-xla", "jax"])
def test_loops_of_rows(contestant):
    found, temporary = kernels.census("epoch", contestant, kernels.placed_on("cpu"), tiny=True)
    assert " 4 × " in found and "?" not in found  # four batches
    assert temporary > 0
