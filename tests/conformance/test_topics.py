"""Each line of the contract has programs."""

import pytest

from tests.conformance.programs import PROGRAMS
from tests.conformance.refused import REFUSED
from tests.conformance.refused_constructs import REFUSED_CONSTRUCTS
from tests.conformance.refused_lists import REFUSED_LISTS
from tests.conformance.topics import TOPICS

NAMES = {function.__name__ for function, _ in PROGRAMS} | {
    refusal.program.__name__ for refusal in [*REFUSED, *REFUSED_CONSTRUCTS, *REFUSED_LISTS]
}
LEAST = 5


@pytest.mark.parametrize("line", TOPICS)
def test_each_line_has_programs(line):
    names = TOPICS[line].split()
    assert len(names) == len(set(names)) >= LEAST
    assert set(names) <= NAMES


def test_there_are_many_programs():
    assert len(PROGRAMS) >= 250
