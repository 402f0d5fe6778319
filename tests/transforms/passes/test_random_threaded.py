"""Random programs do the same when their failures, prints and variables are data."""

import contextlib
import io
import linecache
import random

import numpy as np
import pytest

import autograph as ag
import tests.transforms.passes.threaded_backend  # noqa: F401
from tests.conformance.oracle import outcome
from tests.conformance.random_programs import SPACE, write_program
from tests.sampling import LONG

COUNT = 1000 if LONG else 8


def text_of(value):
    """A result as text that is equal for equal results."""
    if isinstance(value, ag.Tensor):
        return f"{value.dtype} {value.shape} {value.numpy().tolist()}"
    if isinstance(value, tuple | list):
        return f"{type(value).__name__} {[text_of(part) for part in value]}"
    if isinstance(value, dict):
        return str({key: text_of(part) for key, part in value.items()})
    if hasattr(value, "__dict__"):
        return f"{type(value).__name__} {text_of(vars(value))}"
    return repr(value)


def run(function, x):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        kind, result = outcome(function, (ag.constant(x), ag.constant(2), ag.constant(np.array([1, -2, 3]))))
    shown = f"{type(result).__name__} {result}" if kind == "error" else text_of(result)
    return result, (kind, shown, printed.getvalue())


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("seed", range(COUNT))
def test_random_program(seed):
    text = write_program(random.Random(seed).choice)
    file = f"<random threaded program {seed}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    space = dict(SPACE)
    exec(compile(text, file, "exec"), space)
    backends = [ag.function(space["program"], backend=name) for name in ("numpy", "threaded", "speculative")]
    for x in (-2, 0, 3):
        (result, wanted), *others = [run(function, x) for function in backends]
        if isinstance(result, ag.errors.AutoGraphError):
            return  # refused while tracing
        assert [shown for _, shown in others] == [wanted, wanted], text
