"""Traces on disk: a second process neither converts nor traces; what is damaged, foreign or changed is left alone."""

import json
import os
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import autograph as ag
from autograph.function.disk_cache import DiskCache
from tests.sampling import some

ROOT = Path(ag.__file__).parent.parent

PROGRAM = """
import sys
import numpy as np
import autograph as ag
from autograph.function import function as module

SCALE = 2.0
TABLE = [1.0, 2.0]
w = ag.Variable([1.0, 2.0, 3.0], name="w")
LARGE = np.arange(2000.0)

def helper(x):
    return x * SCALE

class Model:
    def __init__(self):
        self.k, self.v = 3.0, ag.Variable(1.0)

    @property
    def twice(self):
        return 2 * self.k

    @ag.function
    def run(self, x):
        self.v.assign_add(1.0)
        return x * self.twice + self.v

@ag.function
def step(x, rate, flag=True):
    total = 0.0
    for value in x:
        if value > 1:
            total += helper(value)
    with ag.GradientTape() as tape:
        loss = ag.ops.sum((w * x) ** 2)
    w.assign_sub(rate * tape.gradient(loss, w))
    return {"total": total, "parts": (loss, [x, None, 1.5])}

@ag.function
def check(x):
    if x[0] > 5:
        raise ValueError(f"large: {x[0]:.1f}")
    return x + sum(TABLE) + LARGE[0] + ag.ops.sum(LARGE)

def report(name, value):
    print(name, np.asarray(value).tolist())

ag.config.set_cache_directory(sys.argv[1])
x = ag.constant([1.0, 2.0, 3.0])
for rate in (0.1, 0.2, 0.3):
    result = step(x, rate)
    report("total", result["total"])
    report("loss", result["parts"][0])
report("w", w)
assert result["parts"][1][1] is None and result["parts"][1][2] == 1.5
m = Model()
report("m", m.run(x))
report("m", m.run(x))
report("check", check(x))
try:
    check(x * 10)
except ValueError as error:
    import traceback
    last = traceback.extract_tb(error.__traceback__)[-1]
    print(error, last.lineno, last.line)
with ag.GradientTape() as tape:
    tape.watch(x)
    y = ag.ops.sum(check(x))
report("gradient", tape.gradient(y, x))
print("CODE", "def" in step.get_concrete_function(x, 0.1).code)
for f in (step, m.run, check):
    for trace in f.explain().traces:
        print("FROM", f.__name__, trace.from_disk)
"""


def run(file, directory):
    command = [sys.executable, str(file), str(directory)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    return [line for line in lines if not line.startswith("FROM")], [line for line in lines if line.startswith("FROM")]


@pytest.fixture
def program(tmp_path):
    file = tmp_path / "program.py"
    file.write_text(textwrap.dedent(PROGRAM))
    return file


def test_a_second_process_reads_traces(program, tmp_path):
    first, made = run(program, tmp_path / "cache")
    assert len(made) >= 4
    assert all(line.endswith("False") for line in made)
    again, read = run(program, tmp_path / "cache")
    assert again == first
    assert len(read) == len(made)
    assert all(line.endswith("True") for line in read)
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    some(
        [
            ("SCALE = 2.0", "SCALE = 4.0", ["run", "check"]),
            ("return x * SCALE", "return x + SCALE", ["run", "check"]),
            ("TABLE = [1.0, 2.0]", "TABLE = [1.0, 3.0]", ["step", "run"]),
            ("return 2 * self.k", "return 4 * self.k", ["step", "check"]),
            ("self.k, self.v = 3.0", "self.k, self.v = 5.0", ["step", "check"]),
            ("LARGE = np.arange(2000.0)", "LARGE = np.ones(2000)", ["step", "run"]),
            ("w = ag.Variable([1.0, 2.0, 3.0]", "w = ag.Variable([5.0, 2.0, 3.0]", ["step", "run", "check"]),
        ],
        3,
    ),
)
def test_what_has_changed_is_traced(program, tmp_path, old, new, kept):
    run(program, tmp_path / "cache")
    text = program.read_text()
    assert old in text
    program.write_text(text.replace(old, new))
    cached, read = run(program, tmp_path / "cache")
    fresh, _ = run(program, tmp_path / "other")
    assert cached == fresh
    assert {line.split()[1] for line in read if line.endswith("True")} == set(kept)


def test_damaged_entries_count_as_absent(program, tmp_path):
    directory = tmp_path / "cache"
    wanted, made = run(program, directory)
    files = sorted(directory.rglob("*.json"))
    assert len(files) == len(made)
    for index, file in enumerate(files):
        data = file.read_bytes()
        content = json.loads(data)
        damaged = [
            b"",
            b"\x80\x04N.",
            data[: len(data) // 2],
            data.replace(b"graph", b"grahp", 1),
            json.dumps({**content, "format": 99}).encode(),
        ]
        file.write_bytes(damaged[index % len(damaged)])
    got, read = run(program, directory)
    assert got == wanted
    assert all(line.endswith("False") for line in read)
    got, read = run(program, directory)
    assert got == wanted
    assert all(line.endswith("True") for line in read)


def test_writers_at_once_lose_nothing(tmp_path):
    disk = DiskCache(tmp_path / "cache")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: disk.write(f"{i % 4:02}", {"entry": i // 4}), range(48)))
    for key in range(4):
        assert sorted(entry["entry"] for entry in disk.read(f"{key:02}")) == list(range(12))
    assert not list((tmp_path / "cache").rglob("*.part"))


def test_processes_at_once(program, tmp_path):
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: run(program, tmp_path / "cache")[0], range(2)))
    assert results[0] == results[1]
    assert all(line.endswith("True") for line in run(program, tmp_path / "cache")[1])


@pytest.mark.skipif(os.name != "posix", reason="owners and modes are of POSIX")
def test_directories_that_others_can_get_at(tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    shared.chmod(0o755)
    with pytest.raises(ag.errors.CacheDirectoryError, match="chmod 700"):
        ag.config.set_cache_directory(shared)
    link = tmp_path / "link"
    (tmp_path / "own").mkdir(mode=0o700)
    link.symlink_to(tmp_path / "own")
    with pytest.raises(PermissionError, match="not a link"):
        ag.config.set_cache_directory(link)
    (tmp_path / "file").write_text("")
    with pytest.raises(ag.errors.CacheDirectoryError, match="cannot be a cache directory"):
        ag.config.set_cache_directory(tmp_path / "file")


def test_off_by_default_and_what_has_no_name_is_not_stored(tmp_path):
    @ag.function
    def f(x, g):
        return g(x)

    f(np.ones(2), lambda x: x + 1)
    ag.config.set_cache_directory(tmp_path / "cache")
    try:
        f(np.ones(3), lambda x: x + 2)
        assert not list((tmp_path / "cache").rglob("*.json"))
    finally:
        ag.config.set_cache_directory(None)
