"""Which ops the host runs for native functions: a fixed list."""

import collections

import pytest

import autograph as ag
from autograph.backends.native import executable
from autograph.runtime.apply import apply
from autograph.runtime.ir import walk
from autograph.runtime.op import all_ops
from tests.conformance.oracle import outcome, tensors
from tests.conformance.programs import PROGRAMS
from tests.examples.test_examples import load
from tests.ops.samples import SAMPLES

ON_HOST = set(
    """
cofactor convolution ctc_decode ctc_loss ctc_posterior expm gammainc_slope gammainc_slope2 lu pinv
zeta_slope zeta_slope2
""".split()
)


def host_ops(name):
    """The ops that the host runs for an op's samples."""
    found = set()
    for operands, attrs in SAMPLES[name]:
        function = staged(name, attrs)
        function(*[ag.constant(x) for x in operands])
        (trace,) = function.explain().traces
        found |= set(trace.fallbacks)
    return found


def staged(name, attrs):
    return ag.function(lambda *xs: apply(all_ops()[name], *xs, **attrs), autograph=False, backend="native")


@pytest.mark.parametrize("name", [name for name in SAMPLES if SAMPLES[name]])
def test_ops_on_the_host(name):
    assert (name in host_ops(name)) == (name in ON_HOST)


@pytest.fixture
def counts(monkeypatch):
    """Nodes of all graphs that are compiled, and those that the host runs."""
    nodes, host = collections.Counter(), collections.Counter()

    class Counting(executable.Program):
        def __init__(self, graph):
            super().__init__(graph)
            nodes.update(node.op.name for node in walk(graph.body))
            host.update(self.fallbacks)

    monkeypatch.setattr("autograph.backends.native.Program", Counting)
    return nodes, host


def test_share_over_the_conformance_table(counts):
    nodes, host = counts
    for function, rows in PROGRAMS[::7]:
        outcome(ag.function(function, backend="native"), tensors(rows[0]))
    assert sum(nodes.values()) > 500
    assert sum(host.values()) <= 0.05 * sum(nodes.values())


@pytest.mark.parametrize(("name", "wanted"), [("metropolis", set())])
def test_examples(name, wanted, counts):
    nodes, host = counts
    load(name).main()
    assert nodes
    assert set(host) == wanted
