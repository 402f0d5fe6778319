"""From LLVM IR to machine code, through llvmlite."""

from __future__ import annotations

import threading
from functools import cache

import llvmlite.binding as llvm

from autograph.backends.native.arithmetic import LIBM_DECLARATIONS

_lock = threading.Lock()


@cache
def target_machine() -> llvm.TargetMachine:
    """The machine that this process runs on, with all its vector instructions."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=3, jit=True
    )


class Compiled:
    """A unit in machine code.

    Attributes:
        text: its LLVM IR, before optimisation.
        optimized: its LLVM IR, after it.
    """

    def __init__(self, text: str) -> None:
        self.text = LIBM_DECLARATIONS + "\n" + text
        with _lock:
            machine = target_machine()
            module = llvm.parse_assembly(self.text)
            options = llvm.create_pipeline_tuning_options(speed_level=3)
            builder = llvm.create_pass_builder(machine, options)
            builder.getModulePassManager().run(module, builder)
            self._module = module
            self._engine = llvm.create_mcjit_compiler(module, machine)
            self._engine.finalize_object()

    @property
    def optimized(self) -> str:
        return str(self._module)

    @property
    def assembly(self) -> str:
        """The machine code as text."""
        with _lock:
            return str(target_machine().emit_assembly(llvm.parse_assembly(str(self._module))))

    def address(self, name: str) -> int:
        """Where a function lies."""
        return int(self._engine.get_function_address(name))
