"""A backend for tests: the NumPy backend on graphs in which failures are data and variables are values."""

from autograph.backends.numpy.codegen import Program
from autograph.runtime.backend import register_backend
from autograph.runtime.ir import clone_graph, walk
from autograph.runtime.op import Effect
from autograph.runtime.structure_ops import check_dims_op, check_op, fail_op
from autograph.runtime.types import RefType
from autograph.runtime.verify import verify
from autograph.transforms.optimize import optimize
from autograph.transforms.passes.explicit_checks import make_checks_explicit
from autograph.transforms.passes.thread_failures import thread_failures
from autograph.transforms.passes.thread_variables import thread_variables


def threaded(graph):
    """A copy of a graph without exceptions and references, the table of its failures, and its variables' positions."""
    graph = clone_graph(graph)
    references = [i for i, param in enumerate(graph.params) if isinstance(param.type, RefType)]
    make_checks_explicit(graph)
    verify(graph)
    table = thread_failures(graph)
    verify(graph)
    thread_variables(graph)
    verify(graph)
    graph = optimize(graph)
    verify(graph)
    assert not any(node.op in (check_op, check_dims_op, fail_op) for node in walk(graph.body))
    assert not any(node.op.effects & (Effect.READ | Effect.WRITE) for node in walk(graph.body))
    return graph, table, references


class ThreadedBackend:
    """Runs a threaded graph, writes the variables' values back, then raises what its code says."""

    name = "threaded"

    def compile(self, graph):
        made, table, references = threaded(graph)
        program = Program(made)

        def run(raws):
            given = [raw._value if i in references else raw for i, raw in enumerate(raws)]
            outs = program.run(given)
            if references:
                for position, value in zip(references, outs[-len(references) :], strict=True):
                    raws[position]._value = value
            failure = table.failure(outs)
            if failure is not None:
                raise failure
            return outs[: table.results]

        return run


register_backend(ThreadedBackend())
