"""Backends for tests: the NumPy backend on graphs in which failures and prints are data and variables are values."""

from autograph.backends.numpy.codegen import Program
from autograph.runtime.backend import register_backend
from autograph.runtime.ir import clone_graph, walk
from autograph.runtime.op import Effect, Op
from autograph.runtime.structure_ops import check_dims_op, check_op, fail_op, undefined_op
from autograph.runtime.types import RefType
from autograph.runtime.vector import Vector
from autograph.runtime.verify import verify
from autograph.transforms.optimize import optimize
from autograph.transforms.passes.explicit_checks import demands, make_checks_explicit
from autograph.transforms.passes.log_prints import log_prints
from autograph.transforms.passes.proven_checks import remove_proven_checks
from autograph.transforms.passes.thread_failures import thread_failures
from autograph.transforms.passes.thread_variables import thread_variables


def threaded(graph, speculate=False):
    """A copy of a graph without effects, the table of its failures, its prints, and its variables' positions."""
    graph = clone_graph(graph)
    references = [i for i, param in enumerate(graph.params) if isinstance(param.type, RefType)]
    log = log_prints(graph)
    verify(graph)
    make_checks_explicit(graph)
    verify(graph)
    if speculate:
        remove_proven_checks(graph)
        verify(graph)
    table = thread_failures(graph, speculate)
    verify(graph)
    thread_variables(graph)
    verify(graph)
    graph = optimize(graph)
    verify(graph)
    assert not any(node.op in (check_op, check_dims_op, fail_op) for node in walk(graph.body))
    assert not any(node.op.effects & (Effect.READ | Effect.WRITE | Effect.PRINT) for node in walk(graph.body))
    return graph, table, log, references


class ThreadedBackend:
    """Runs a threaded graph, prints, writes the variables' values back, then raises what its code says."""

    def __init__(self, name, speculate):
        self.name = name
        self.speculate = speculate

    def compile(self, graph):
        made, table, log, references = threaded(graph, self.speculate)
        if self.speculate:
            stop_trapping(made)
        program = Program(made)

        def run(raws):
            given = [raw._value if i in references else raw for i, raw in enumerate(raws)]
            outs = program.run([*given, *[Vector() for _ in range(log.count)]])
            held = outs[len(outs) - len(references) - log.count :]
            log.write(held[len(references) :])
            for position, value in zip(references, held, strict=False):
                raws[position]._value = value
            failure = table.failure(outs)
            if failure is not None:
                raise failure
            return outs[: table.results]

        return run


def stop_trapping(graph):
    """Makes ops give placeholders for bad operands, as XLA's ops give some value or other."""
    for node in walk(graph.body):
        if demands(node):
            made = object.__new__(Op)
            for slot in Op.__slots__:
                setattr(made, slot, getattr(node.op, slot))
            made.kernel = untrapped(node, node.op.kernel)
            made.python = untrapped(node, node.op.python) if node.op.python else None
            node.op = made


def untrapped(node, function):
    """A function that gives a placeholder for the node's outputs where the given one raises."""

    def run(*args, **attrs):
        try:
            return function(*args, **attrs)
        except (LookupError, ArithmeticError, ValueError):
            given = [undefined_op.kernel(None, type=output.type) for output in node.outputs]
            return tuple(given) if len(given) > 1 else given[0]

    return run


register_backend(ThreadedBackend("threaded", speculate=False))
register_backend(ThreadedBackend("speculative", speculate=True))
