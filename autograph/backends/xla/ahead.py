"""A device program compiled ahead of its calls.

What `jax.jit` makes depends on settings of the thread, so a program with 64-bit types has to be called with these on,
which costs as much as the rest of a small call. What has been compiled for given operands may be called without.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax


class Ahead:
    """A program for operands of one kind; others go through `jax.jit`.

    Attributes:
        program: what `jax.jit` has made.
        run: calls the program on JAX's arrays; `wide` takes other operands too.

    Args:
        program: see above.
    """

    def __init__(self, program: Any) -> None:
        self.program = program
        self.run: Callable[..., Sequence[Any]] = self._first

    def wide(self, *raws: Any) -> Sequence[Any]:
        """Calls the program with 64-bit types on."""
        with jax.enable_x64(True):
            return self.run(*raws)

    def _first(self, *raws: Any) -> Sequence[Any]:
        """Compiles the program for the kinds, places and layouts of these operands."""
        with jax.enable_x64(True):
            compiled = self.program.lower(*raws).compile()
        self.run = self._checked(compiled)
        return self.run(*raws)

    def _checked(self, compiled: Callable[..., Sequence[Any]]) -> Callable[..., Sequence[Any]]:
        """The compiled program, for as long as it fits what it is called with."""
        config: Any = jax.config
        precision = config.jax_default_matmul_precision

        def run(*raws: Any) -> Sequence[Any]:
            if config.jax_default_matmul_precision != precision:
                return self._jitted(*raws)
            try:
                return compiled(*raws)
            except (TypeError, ValueError):  # operands of another kind, or on another device
                self.run = self._jitted
            return self._jitted(*raws)

        return run

    def _jitted(self, *raws: Any) -> Sequence[Any]:
        with jax.enable_x64(True):
            found: Sequence[Any] = self.program(*raws)
            return found
