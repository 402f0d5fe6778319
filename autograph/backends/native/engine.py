"""From LLVM IR to machine code, through llvmlite."""

from __future__ import annotations

import ctypes
import hashlib
import itertools
import os
import threading
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, partial
from typing import Any

import llvmlite
import llvmlite.binding as llvm

from autograph.backends.native.addresses import with_symbols
from autograph.backends.native.arithmetic import LIBM_DECLARATIONS
from autograph.backends.native.host_call import host_text
from autograph.backends.native.object_cache import cached_object
from autograph.backends.native.polling import poll_text
from autograph.backends.native.pool import Pool, pool_text, wanted
from autograph.backends.native.product_kernel import product_text
from autograph.backends.native.support import MEMORY

LIBRARY = "autograph"
# How texts become machine code. Unrolling and vectors out of straight-line code double the time of compiling; loops are
# vectorised in any case.
SPEED_LEVEL = 3
PIPELINE = {"loop_unrolling": False, "slp_vectorization": False}
# The passes that pay for what is written by hand, whose loops have vectors already.
BY_HAND = ("always_inliner", "sroa", "instruction_combine", "simplify_cfg")
MACHINE: dict[str, Any] = {"opt": 3, "reloc": "pic", "codemodel": "small", "jit": True}
_kept: list[llvm.ResourceTracker] = []
_lock = threading.Lock()
_numbers = itertools.count()


@cache
def _features() -> str:
    # Vectors of 512 bits, where there are such: what is computed here are loops, not single instructions among others.
    return str(llvm.get_host_cpu_features().flatten()) + ",-prefer-256-bit"


@cache
def target_machine() -> llvm.TargetMachine:
    """The machine that this process runs on, with all its vector instructions."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(cpu=llvm.get_host_cpu_name(), features=_features(), **MACHINE)


def _settings() -> str:
    """All that decides, besides a text, what its machine code is."""
    compiler = llvmlite.__version__, *llvm.llvm_version_info, _own_digest()
    machine = target_machine().triple, llvm.get_host_cpu_name(), _features()
    return repr([compiler, machine, sorted(MACHINE.items()), SPEED_LEVEL, sorted(PIPELINE.items())])


@cache
def _own_digest() -> str:
    """A digest of this file, which says in which order the compiler's parts run."""
    with open(__file__, "rb") as own:
        return hashlib.sha256(own.read()).hexdigest()


@cache
def _linker() -> llvm.LLJIT:
    target_machine()
    with suppress(RuntimeError):  # conversions of float16 that some processors lack; other systems have them elsewhere
        llvm.load_library_permanently("libgcc_s.so.1")
    # It gives each unit one piece of memory, so that its parts reach one another wherever that lies.
    return llvm.create_lljit_compiler(use_jit_link=True)


@cache
def _library() -> int:
    """Loads what all units share, as the library `LIBRARY`; gives the address of `ag_close`."""
    text = "\n".join([MEMORY, host_text(), poll_text(), pool_text()])
    tracker = _loaded(text, LIBRARY, ["ag_close", "ag_pool_size", "ag_pool_reset"], passes=BY_HAND)
    _kept.append(tracker)
    wanted.pool = Pool(int(tracker["ag_pool_size"]), int(tracker["ag_pool_reset"]))
    return int(tracker["ag_close"])


@cache
def _products(letter: str) -> str:
    """Loads the product kernel for float32 ("s") or float64 ("d"); gives its library's name."""
    name = f"products_{letter}"
    text = product_text(llvm.get_host_cpu_features(), letter)
    _kept.append(_loaded(text, name, [f"ag_product_{letter}"], [LIBRARY], BY_HAND))
    return name


class Compiled:
    """A unit in machine code, loaded.

    Args:
        text: its LLVM IR.
        host: the address of the Python function that it calls; see `host_call`. It is not kept alive.

    Attributes:
        text: its LLVM IR, before optimisation.
    """

    def __init__(self, text: str, host: int) -> None:
        self.text = "\n".join([LIBM_DECLARATIONS, "@unit = global [2 x i64] zeroinitializer", text])
        with _lock:
            close = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(_library())
            libraries = [LIBRARY, *[_products(letter) for letter in "sd" if f"@ag_product_{letter}(" in text]]
            self._tracker = _loaded(self.text, f"graph{next(_numbers)}", ["entry", "unit"], libraries)
        unit = self.address("unit")
        (ctypes.c_int64 * 2).from_address(unit)[1] = host
        # Functions and memory go when the unit does, not when the interpreter ends.
        weakref.finalize(self, _unload, close, unit, self._tracker).atexit = False

    @property
    def optimized(self) -> str:
        """The LLVM IR after optimisation."""
        with _lock:
            return str(_optimized(with_symbols(self.text)[0]))

    @property
    def assembly(self) -> str:
        """The machine code as text."""
        with _lock:
            return str(target_machine().emit_assembly(_optimized(with_symbols(self.text)[0])))

    def address(self, name: str) -> int:
        """Where a function lies."""
        return int(self._tracker[name])


def _loaded(
    text: str, name: str, exports: Sequence[str], libraries: Sequence[str] = (), passes: Sequence[str] = ()
) -> llvm.ResourceTracker:
    """Compiles a text, unless an earlier process has done so, and loads it as a library.

    Args:
        text: LLVM IR.
        name: the library's.
        exports: the functions that others may use.
        libraries: those that it uses.
        passes: the only ones that optimise it; none for all of the compiler's pipeline.
    """
    portable, addresses = with_symbols(text)
    optimize = partial(_passed, passes=passes) if passes else _optimized
    made = cached_object(
        portable, f"{_settings()} {passes}", lambda: bytes(target_machine().emit_object(optimize(portable)))
    )
    parts = llvm.JITLibraryBuilder().add_object_img(made)
    for symbol, address in addresses.items():
        parts.import_symbol(symbol, address)
    for library in libraries:
        parts.add_jit_library(library)
    parts.add_current_process()
    for export in exports:
        parts.export_symbol(export)
    return parts.link(_linker(), name)


def _optimized(text: str) -> llvm.ModuleRef:
    module = llvm.parse_assembly(text)
    options = llvm.create_pipeline_tuning_options(SPEED_LEVEL)
    for name, value in PIPELINE.items():
        setattr(options, name, value)
    builder = llvm.create_pass_builder(target_machine(), options)
    builder.getModulePassManager().run(module, builder)
    return module


def _passed(text: str, passes: Sequence[str]) -> llvm.ModuleRef:
    module = llvm.parse_assembly(text)
    manager = llvm.create_new_module_pass_manager()
    for name in passes:
        getattr(manager, f"add_{name}_pass")()
    manager.run(module, llvm.create_pass_builder(target_machine(), llvm.create_pipeline_tuning_options(SPEED_LEVEL)))
    return module


def _unload(close: Callable[[int], None], unit: int, tracker: llvm.ResourceTracker) -> None:
    close(unit)
    tracker.close()


def _renew() -> None:
    """A process that was forked while another thread compiled goes on without that thread."""
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_renew)
