"""Refused programs are refused at the marked line of the user's, with the rewrite."""

import copy
import inspect

import numpy as np
import pytest

import autograph as ag
from tests.conformance.oracle import plain_outcome, same, tensors
from tests.conformance.refused import REFUSED
from tests.conformance.refused_constructs import REFUSED_CONSTRUCTS
from tests.conformance.refused_lists import REFUSED_LISTS

ALL = [*REFUSED, *REFUSED_CONSTRUCTS, *REFUSED_LISTS]


@pytest.mark.parametrize("refusal", ALL, ids=lambda refusal: refusal.program.__name__)
def test_refused(refusal):
    lines, first = inspect.getsourcelines(refusal.program)
    (place,) = [
        index for index, line in enumerate(lines) if line.rstrip().partition("  # noqa")[0].endswith("# refused")
    ]
    with pytest.raises(refusal.exception) as caught:
        ag.function(refusal.program)(*tensors(copy.deepcopy(refusal.args)))
    text = str(caught.value)
    assert refusal.fragment in text
    assert f'{inspect.getfile(refusal.program)}", line {first + place},' in text
    assert lines[place].split("#")[0].strip() in text
    assert refusal.reason


def test_each_program_is_refused_for_one_reason():
    names = [refusal.program.__name__ for refusal in ALL]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("refusal", [r for r in ALL if r.rewrite], ids=lambda refusal: refusal.program.__name__)
def test_rewrite_works(refusal):
    kind, wanted = plain_outcome(refusal.rewrite, refusal.args)
    found = ag.function(refusal.rewrite)(*tensors(copy.deepcopy(refusal.args)))
    if isinstance(wanted, ag.Tensor):  # the rewrite uses ops, which take NumPy values too
        assert np.allclose(found, wanted.numpy())
    elif kind == "value":
        assert same(found, wanted)
