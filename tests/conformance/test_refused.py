"""Refused programs are refused at the marked line of the user's, with the rewrite."""

import copy
import inspect

import pytest

import autograph as ag
from tests.conformance.oracle import tensors
from tests.conformance.refused import REFUSED


@pytest.mark.parametrize("refusal", REFUSED, ids=lambda refusal: refusal.program.__name__)
def test_refused(refusal):
    lines, first = inspect.getsourcelines(refusal.program)
    (place,) = [index for index, line in enumerate(lines) if line.rstrip().endswith("# refused")]
    with pytest.raises(refusal.exception) as caught:
        ag.function(refusal.program)(*tensors(copy.deepcopy(refusal.args)))
    text = str(caught.value)
    assert refusal.fragment in text
    assert f'refused.py", line {first + place},' in text
    assert lines[place].split("#")[0].strip() in text
    assert refusal.reason


def test_each_program_is_refused_for_one_reason():
    names = [refusal.program.__name__ for refusal in REFUSED]
    assert len(names) == len(set(names))
