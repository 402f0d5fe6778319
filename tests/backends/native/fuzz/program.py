"""Random programs over the ops of the registry: all dtypes, sizes 0, 1 and open, control flow and lists nested.

Each aims at some pairs of an op and a dtype, in turn, so that many programs meet them all often.
"""

import random
from dataclasses import dataclass

import numpy as np

import autograph as ag
from autograph.runtime.dims import SymbolicDim, symbol, symbols_of
from autograph.runtime.dtypes import as_dtype
from autograph.runtime.op import all_ops
from autograph.runtime.types import TensorType
from tests.backends.native.fuzz.pairs import wanted
from tests.backends.native.fuzz.statements import Statements
from tests.backends.native.fuzz.values import NUMBERS, OPEN, RARE, SIZES, Var, array

AIMS = 8  # pairs that a program aims at


@dataclass
class Program:
    """A random program: its text, what it refers to, and the rows of inputs that it runs on."""

    text: str
    space: dict
    specs: list
    rows: list


def write_program(seed):
    """The program of a seed."""
    rng = random.Random(seed)
    writer = Statements(rng, wanted(seed, AIMS))
    open_sizes = rng.random() < 0.4
    dims = [symbol("a"), symbol("b")] if open_sizes else [rng.choice(SIZES) for _ in range(2)]
    for _ in range(rng.randint(2, 4)):
        dtype = as_dtype(rng.choice(NUMBERS + (RARE if rng.random() < 0.1 else [])))
        writer.fresh(dtype, tuple(rng.choice([*dims, 1, 3]) for _ in range(rng.choice([0, 1, 1, 2, 2, 3]))))
    first = writer.inputs[0]
    writer.scope.append(Var("n", TensorType(as_dtype("int64")), True))
    for _ in range(rng.randint(2, 6)):
        writer.statement(2)
    while writer.wants:
        writer.want(1)
    results = [*writer.kept, *[v for v in writer.scope if v.name[0] == "v"][-4:], first]
    writer.line(f"return {', '.join(v.name for v in results)}, ")
    head = f"def program({', '.join(v.name for v in writer.inputs)}, n):"
    text = "\n".join([AGAIN, head, *writer.lines, ""])
    specs = [ag.TensorSpec(tuple(map(spec_dim, v.type.shape)), v.type.dtype) for v in writer.inputs]
    rows = []
    for turn in range(3):
        sizes = {"a": rng.choice(OPEN), "b": rng.choice(OPEN)}
        row = [array(rng, v, sizes) for v in writer.inputs]
        rows.append([*row, np.int64(turn + 1 if turn else rng.choice([0, 1, 2]))])
    return Program(text, space_of(writer), [*specs, ag.TensorSpec((), ag.int64)], rows)


AGAIN = """def again(x, n):
    if n <= 0:
        return x
    return again(op("sin", x), n - 1)

"""


def spec_dim(dim):
    return symbols_of(dim)[0] if isinstance(dim, SymbolicDim) else dim


def space_of(writer):
    return {
        "ag": ag,
        "op": op,
        "A": writer.attrs,
        "I": [ag.constant(x) for x in writer.constants],
        **{name: ag.Variable(value) for name, value in writer.variables.items()},
    }


@ag.do_not_convert
def op(name, *operands, **attrs):
    """Runs an op of the registry as the functions of `ag.ops` do: with operands in one dtype where it wants that."""
    from_registry = all_ops()[name]
    return ag.runtime.apply.apply(from_registry, *operands, **attrs)
