"""Machine code is compiled once, and again where its file is not whole or cannot be kept."""

import subprocess
import sys

import pytest

from autograph.backends.native import engine, object_cache
from autograph.backends.native.object_cache import cached_object

PROGRAM = """
import sys
import autograph as ag
from autograph.backends.native import engine

compiled = []
cached = engine.cached_object
engine.cached_object = lambda text, settings, make: cached(text, settings, lambda: compiled.append(text) or make())
ag.config.set_object_cache(sys.argv[1])

@ag.function
def f(x, weights, n):
    i = 0
    while i < n:
        x = ag.ops.tanh(x @ weights)
        i = i + 1
    assert n > 0, "none"
    return x

x = ag.constant([[1.0, 2.0]])
print(f(x, ag.constant([[0.5, 0.1], [0.2, 0.3]]), ag.constant(3)).numpy().tolist(), len(compiled))
"""


@pytest.fixture
def directory(tmp_path):
    before = object_cache.object_cache()
    object_cache.set_object_cache(tmp_path / "objects")
    yield tmp_path / "objects"
    object_cache.set_object_cache(before)


def run(program, directory):
    program.write_text(PROGRAM)
    done = subprocess.run([sys.executable, program, directory], capture_output=True, text=True, check=True)
    result, count = done.stdout.rsplit(" ", 1)
    return result, int(count)


def test_second_process_compiles_nothing(tmp_path):
    program, directory = tmp_path / "program.py", tmp_path / "objects"
    first, compiled = run(program, directory)
    assert compiled == len(list(directory.iterdir())) > 0
    assert run(program, directory) == (first, 0)


def made(count):
    def make():
        count.append(1)
        return b"code"

    return make


def test_found_by_text_and_settings(directory):
    count = []
    for text, settings in [("a", "m"), ("a", "m"), ("b", "m"), ("a", "n"), ("b", "m")]:
        assert cached_object(text, settings, made(count)) == b"code"
    assert len(count) == len(list(directory.iterdir())) == 3


def changed(monkeypatch, what):
    if what == "pipeline":
        monkeypatch.setitem(engine.PIPELINE, "loop_unrolling", True)
    elif what == "level":
        monkeypatch.setattr(engine, "SPEED_LEVEL", 1)
    elif what == "machine":
        monkeypatch.setitem(engine.MACHINE, "opt", 1)
    elif what == "compiler":
        monkeypatch.setattr(engine.llvmlite, "__version__", "0")
    else:
        monkeypatch.setattr(engine, "_own_digest", lambda: "another")


@pytest.mark.parametrize("what", ["pipeline", "level", "machine", "compiler", "own code"])
def test_what_decides_the_code_is_part_of_its_name(directory, monkeypatch, what):
    """Code that was made in another way is not taken."""
    text = "define i64 @one() { ret i64 1 }"
    engine.target_machine()
    for number in range(2):
        engine._loaded(text, f"{what} {number}", ["one"]).close()
    assert len(list(directory.iterdir())) == 1
    changed(monkeypatch, what)
    engine._loaded(text, f"{what} anew", ["one"]).close()
    assert len(list(directory.iterdir())) == 2


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 100])
def test_broken_file_is_replaced(directory, content):
    count = []
    cached_object("a", "m", made(count))
    (file,) = directory.iterdir()
    file.write_bytes(content)
    assert cached_object("a", "m", made(count)) == cached_object("a", "m", made(count)) == b"code"
    assert len(count) == 2


def test_where_nothing_can_be_written(tmp_path, directory):
    (tmp_path / "objects").write_text("a file, not a directory")
    count = []
    assert cached_object("a", "m", made(count)) == b"code"
    object_cache.set_object_cache(None)
    assert cached_object("a", "m", made(count)) == b"code"
    assert len(count) == 2


def test_oldest_files_go(directory, monkeypatch):
    monkeypatch.setattr(object_cache, "MOST_FILES", 4)
    for number in range(12):
        cached_object(str(number), "m", lambda: b"code")
        assert len(list(directory.iterdir())) <= 4


def test_directory_that_others_may_write_to_is_not_used(directory):
    count = []
    cached_object("a", "m", made(count))
    directory.chmod(0o777)
    assert cached_object("a", "m", made(count)) == b"code"
    assert len(count) == 2
