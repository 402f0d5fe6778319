"""What the host runs for native functions: `python -m tests.backends.native.host_share` prints it.

Graphs are lowered, counted, and run by NumPy, so that nothing is compiled.
"""

import collections
import copy
import warnings

import autograph as ag
from autograph.backends.native.executable import lowered
from autograph.runtime.backend import get_backend, register_backend
from autograph.runtime.ir import walk
from autograph.runtime.op import all_ops
from tests.backends.native.cases import DTYPES
from tests.backends.native.fuzz.pairs import is_native, samples
from tests.conformance.oracle import outcome, tensors
from tests.conformance.programs import PROGRAMS
from tests.conformance.test_gradients import gradients, places_of
from tests.examples.test_examples import load

EXAMPLES = {
    "array_api_consumers": {},
    "metropolis": {},
    "newton": {},
    "ode": {},
    "train_convnet": {"epochs": 1},
    "train_digits": {"seed": 0},
}


class Counting:
    """A backend that counts the nodes of what it is given, and those that native code would leave to the host."""

    name = "counting"

    def __init__(self):
        self.nodes, self.host = collections.Counter(), collections.Counter()

    def compile(self, graph):
        module, prepared, _ = lowered(graph)
        self.nodes.update(node.op.name for node in walk(prepared.body))
        self.host.update(module.fallbacks)
        return get_backend("numpy").compile(graph)

    @property
    def share(self):
        return sum(self.host.values()) / sum(self.nodes.values())


def counted_programs(programs):
    """The counts over programs, and over the gradients of those with floats."""
    forward, back = Counting(), Counting()
    for function, rows in programs:
        args = rows[0]
        register_backend(forward)
        ran = outcome(ag.function(function, backend="counting"), tensors(copy.deepcopy(args)))
        register_backend(back)
        if places_of(args) and ran[0] == "value" and outcome(function, copy.deepcopy(args))[0] == "value":
            gradients(function, ag.function(function, backend="counting"), args)
    return forward, back


def counted_example(name):
    """The counts over an example."""
    counting, before = Counting(), ag.config.default_backend()
    register_backend(counting)
    ag.config.set_backend("counting")
    try:
        load(name).main(**EXAMPLES[name])
    finally:
        ag.config.set_backend(before)
    return counting


def pairs_on_the_host(names):
    """For each op that the host runs for some dtypes, these."""
    found = collections.defaultdict(list)
    for name in names:
        for dtype in DTYPES:
            if samples(name, dtype) and not is_native((name, dtype)):
                found[name].append(dtype)
    return dict(found)


def main():
    warnings.simplefilter("ignore")
    print(f"{len(all_ops())} ops; run by the host for samples of:")
    for name, dtypes in pairs_on_the_host(sorted(all_ops())).items():
        print(f"  {name}: {' '.join(dtypes)}")
    for what, counting in zip(("programs", "gradients"), counted_programs(PROGRAMS), strict=True):
        total = sum(counting.nodes.values())
        print(f"{what}: {sum(counting.host.values())} of {total} nodes on the host: {dict(counting.host)}")
    for name in EXAMPLES:
        counting = counted_example(name)
        print(f"example {name}: {sum(counting.nodes.values())} nodes, on the host: {dict(counting.host)}")


if __name__ == "__main__":
    main()
