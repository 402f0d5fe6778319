"""Runs random programs on both backends, in a process of its own: `python -m … first count`.

Prints what it begins and how that ended, so that a crash leaves its seed on the last line.
"""

import linecache
import sys
import traceback
import warnings

import numpy as np

import autograph as ag
from autograph.backends.native import arena
from tests.backends.native import both
from tests.backends.native.fuzz.pairs import Tally
from tests.backends.native.fuzz.program import write_program


def function_of(program, seed):
    file = f"<random graph {seed}>"
    linecache.cache[file] = (len(program.text), None, program.text.splitlines(True), file)
    exec(compile(program.text, file, "exec"), program.space)
    return program.space["program"]


def run(seed, backend="both", program=None):
    """("same" | "refused" | "different" | "broken", text) of a seed's program."""
    program = program or write_program(seed)
    staged = ag.function(function_of(program, seed), input_signature=program.specs, backend=backend)
    for row in program.rows:
        try:
            with np.errstate(all="ignore"):
                staged(*[ag.constant(x) for x in row])
        except both.Difference as error:
            return "different", text_of(error)
        except ag.errors.AutoGraphError as error:
            return "refused", str(error)
        except (AssertionError, ArithmeticError, IndexError, ValueError) as error:
            if isinstance(error, ValueError) and "LLVM" in str(error):
                return "broken", text_of(error)
            continue  # the program's own exception, which both backends raise
        except Exception as error:
            return "broken", text_of(error)
    return "same", ""


def text_of(error):
    return "".join(traceback.format_exception(error)[-6:])


def main(first, number):
    warnings.simplefilter("ignore")
    both.install()
    arena.LEAST = 0  # so that small values share memory, too
    tally = Tally()
    tally.watch()
    for seed in range(first, first + number):
        print("seed", seed, flush=True)
        kind, text = run(seed)
        print(kind, repr(text), flush=True)
        if (seed - first) % 50 == 49 or seed == first + number - 1:
            tell(tally)


def tell(tally):
    """Says what ran since it was said last."""
    for word, counter in (("ran", tally.native), ("host", tally.host)):
        for (name, dtype), times in sorted(counter.items()):
            print(word, name, dtype, times)
        counter.clear()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
