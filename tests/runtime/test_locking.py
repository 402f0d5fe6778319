"""Which calls wait for each other: those that assign a variable together."""

import subprocess
import sys
import threading

import autograph as ag
from autograph.runtime.locking import locked


def variables(count):
    return [ag.Variable(0.0) for _ in range(count)]


def is_free(*held):
    """Whether another thread gets the locks of some variables at once."""
    got = []

    def take():
        with locked(held):
            got.append(True)

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    thread.join(0.2)
    return bool(got)


def test_other_threads_wait_and_this_one_does_not():
    a, b, c = variables(3)
    with locked([c]):
        pass
    with locked([a, b]), locked([b]):
        assert not is_free(a)
        assert is_free(c)
        assert not is_free(c, b)  # that thread goes on holding c's lock until it gets b's
    assert is_free(a, b)


def test_variables_that_are_used_together_first_share_a_lock():
    a, b, c = variables(3)
    with locked([a, b]):
        pass
    assert a._turn == b._turn
    with locked([c]):
        pass
    assert c._turn != a._turn


def test_variables_that_come_later_join():
    a, b = variables(2)
    with locked([a]), locked([b, a]):
        assert a._turn == b._turn


def test_sets_that_meet_in_opposite_orders():
    first, second = variables(2), variables(2)
    for group in (first, second):
        with locked(group):
            pass
    counts = [0]

    def count(held):
        for _ in range(2000):
            with locked(held):
                counts[0] += 1

    threads = [threading.Thread(target=count, args=(held,)) for held in (first + second, second + first)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert counts == [4000]


FORK = """
import os, threading
import autograph as ag
from autograph.runtime.locking import locked

variable = ag.Variable(0.0)
held, done = threading.Event(), threading.Event()

def hold():
    with locked([variable]):
        held.set()
        done.wait()

thread = threading.Thread(target=hold)
thread.start()
held.wait()
child = os.fork()
if child == 0:
    with locked([variable]):
        os._exit(0)
ended = []
waiting = threading.Thread(target=lambda: ended.append(os.waitpid(child, 0)[1]), daemon=True)
waiting.start()
waiting.join(10)
done.set()
assert ended == [0], "the child waits for a thread that it does not have"
"""


def test_locks_are_free_in_a_forked_process():
    done = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
