"""The calls that a staged function refuses: they would happen when it is traced, not at each call.

One table of what is refused, with what to write instead.
"""

from __future__ import annotations

import builtins
import datetime
import io
import logging
import os
import pathlib
import random
import secrets
import subprocess
import sys
import time
import uuid
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from autograph.errors import ImpureCallError
from autograph.runtime.context import current_trace
from autograph.runtime.refusal import refuse

CLOCK = "pass the time in as an argument, or read it when the graph runs: ag.py_function(f, Tout=ag.TensorSpec(...))"
RANDOM = "use ag.random (uniform, normal, randint, permutation, set_seed), or ag.py_function(f, Tout=...)"
INPUT = "read it outside and pass it in, or read it when the graph runs: ag.py_function(f, Tout=...)"
FILE = "open files outside and pass their content in, or use them when the graph runs: ag.py_function(f, Tout=...)"
ENVIRONMENT = "read it outside and pass it in as an argument, or keep it in an ag.Variable"
LOG = "print() shows it when the graph runs; or log it then: ag.py_function(f, Tout=...)"
PROCESS = "do it outside, or when the graph runs: ag.py_function(f, Tout=...)"


def _functions(module: ModuleType, *names: str) -> list[Any]:
    return [getattr(module, name) for name in names if hasattr(module, name)]


def _public(module: ModuleType) -> list[Any]:
    found = [getattr(module, name) for name in getattr(module, "__all__", ())]
    return [one for one in found if isinstance(one, BuiltinFunctionType | FunctionType | MethodType)]


_CLOCKS = ("time", "perf_counter", "monotonic", "process_time", "thread_time")

_LEVELS = ("debug", "info", "warning", "error", "exception", "critical", "log")

FUNCTIONS: dict[str, list[Any]] = {
    CLOCK: [
        *_functions(time, *_CLOCKS, *[f"{name}_ns" for name in _CLOCKS]),
        *_functions(time, "sleep", "localtime", "gmtime", "ctime"),
        datetime.datetime.now,
        datetime.datetime.utcnow,
        datetime.datetime.today,
        datetime.date.today,
    ],
    RANDOM: [
        *_public(random),
        *_public(secrets),
        *_public(np.random),
        np.random.default_rng,
        *_functions(uuid, "uuid1", "uuid4"),
        os.urandom,
    ],
    INPUT: [builtins.input],
    FILE: [
        builtins.open,
        io.open,
        *_functions(os, "open", "listdir", "remove", "rename", "mkdir", "makedirs", "stat", "scandir", "getcwd"),
        *_functions(np, "load", "save", "savez", "savez_compressed", "loadtxt", "savetxt", "genfromtxt", "fromfile"),
    ],
    LOG: _functions(logging, *_LEVELS),
    ENVIRONMENT: _functions(os, "getenv", "putenv", "unsetenv"),
    PROCESS: [
        *_functions(os, "system", "popen", "getpid"),
        *_functions(subprocess, "run", "call", "check_call", "check_output", "Popen"),
    ],
}

# Methods: the type that they are called on, which of them (all where empty), and what to write instead.
METHODS: list[tuple[tuple[type, ...], frozenset[str], str]] = [
    ((random.Random, np.random.Generator, np.random.RandomState), frozenset(), RANDOM),
    ((io.IOBase,), frozenset(), FILE),
    ((logging.Logger, logging.LoggerAdapter), frozenset(_LEVELS), LOG),
    ((type(os.environ),), frozenset(), ENVIRONMENT),
    (
        (pathlib.Path,),
        frozenset(
            {
                "exists", "glob", "is_dir", "is_file", "iterdir", "mkdir", "open", "read_bytes", "read_text",
                "rename", "rglob", "stat", "touch", "unlink", "write_bytes", "write_text",
            }
        ),
        FILE,
    ),
]  # fmt: skip

_BY_FUNCTION = {function: hint for hint, functions in FUNCTIONS.items() for function in functions}


def alternative(function: Any) -> str | None:
    """What to write instead of an impure call; None for a call that is not known to be impure."""
    if not isinstance(function, BuiltinFunctionType | FunctionType | MethodType | type):
        return None
    if function.__hash__ is not None and function in _BY_FUNCTION:
        return _BY_FUNCTION[function]
    owner = getattr(function, "__self__", None)
    if owner is None or isinstance(owner, ModuleType | type):
        return None
    for types, names, hint in METHODS:
        if isinstance(owner, types) and (not names or function.__name__ in names):
            return INPUT if owner is sys.stdin else hint
    return None


def refuse_impure(function: Any) -> None:
    """Refuses a call inside a trace that is known to be impure.

    Raises:
        ImpureCallError: it is.
    """
    hint = alternative(function)
    if hint is None or current_trace() is None:
        return
    owner = getattr(function, "__self__", None)
    module = None if function is open else getattr(function, "__module__", None)  # "io" or "_io", by Python's version
    if isinstance(owner, random.Random) and getattr(random, function.__name__, None) == function:
        owner = random
    prefix = module if owner is None or isinstance(owner, ModuleType) else _owner_name(owner)
    prefix = owner.__name__ if owner is random else prefix
    name = f"{prefix}.{function.__name__}" if prefix not in (None, "builtins", "_io") else function.__name__
    refuse_read(f"{name}()", hint)


def _owner_name(owner: Any) -> str:
    return owner.__name__ if isinstance(owner, type) else type(owner).__name__.strip("_")


def refuse_read(name: str, hint: str) -> None:
    """Refuses, inside a trace, what has another value at each call."""
    what = f"{name} in a staged function would happen once, when it is traced, and not at each call"
    refuse(ImpureCallError, what, hint)
