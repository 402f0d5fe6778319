"""Device programs are compiled once, and kept for other processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
import jax
import autograph as ag
from autograph.backends.xla import kept_programs

kept_programs._WORTH_KEEPING = 0.0  # however fast this machine compiles
events = []
jax.monitoring.register_event_listener(lambda name, **_: events.append(name))
objects, own = sys.argv[1:]
if own:
    jax.config.update("jax_compilation_cache_dir", own)
ag.config.set_object_cache(objects or None)

@ag.function(backend="xla")
def f(x, n):
    i = 0
    while i < n:
        x = ag.ops.sort(ag.ops.tanh(x @ x))
        i = i + 1
    assert n > 0, "none"
    return x

f(ag.constant([[1.0, 2.0], [3.0, 4.0]]), ag.constant(3))
print(sum(name.endswith("cache_hits") for name in events), jax.config.jax_compilation_cache_dir)
"""


@pytest.fixture
def run(tmp_path):
    """Runs the program in a process; how many compiled programs it found, and where JAX looked for them."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)

    def run_it(objects, own=""):
        command = [sys.executable, program, objects, own]
        environment = {**os.environ, "JAX_ENABLE_COMPILATION_CACHE": "true"}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        hits, directory = done.stdout.split()
        return int(hits), directory

    return run_it


def test_second_process_takes_what_the_first_has_compiled(run, tmp_path):
    objects = str(tmp_path / "objects")
    assert run(objects)[0] == 0
    hits, directory = run(objects)
    assert hits > 0
    assert directory.startswith(str(tmp_path / "xla"))
    for file in Path(directory).glob("*-atime"):  # as if their writer had been killed
        file.unlink()
    left = list(Path(directory).glob("*-cache"))
    for file in left:
        os.utime(file, (0, 0))
    assert left and run(objects)[0] == 0
    assert run(objects)[0] == hits


def test_user_s_directory_stays(run, tmp_path):
    assert run(str(tmp_path / "objects"), str(tmp_path / "own")) == (0, str(tmp_path / "own"))
    assert not (tmp_path / "xla").exists()


def test_nothing_is_kept_where_nothing_shall_be(run):
    assert run("") == (0, "None")
