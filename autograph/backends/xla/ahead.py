"""A device program compiled ahead of its calls.

What `jax.jit` makes depends on settings of the thread, so a program with 64-bit types has to be called with these on,
which costs as much as the rest of a small call. What has been compiled for given operands may be called without.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax

_PRODUCTS = ("dot_general", "conv_general_dilated")


class Ahead:
    """A program for operands of one kind; others go through `jax.jit`.

    Attributes:
        program: what `jax.jit` has made.
        run: calls the program on JAX's arrays; raises TypeError or ValueError where they are of another kind, or on
            another device, and `again` takes them.

    Args:
        program: see above.
    """

    def __init__(self, program: Any) -> None:
        self.program = program
        self.run: Callable[..., Sequence[Any]] = self._first

    def __call__(self, *raws: Any) -> Sequence[Any]:
        """Calls the program on any operands, with 64-bit types on."""
        with jax.enable_x64(True):
            try:
                return self.run(*raws)
            except (TypeError, ValueError):
                return self.again(*raws)

    def again(self, *raws: Any) -> Sequence[Any]:
        """Calls the program through `jax.jit`, as all calls from now on."""
        self.run = self._jitted
        return self._jitted(*raws)

    def _first(self, *raws: Any) -> Sequence[Any]:
        """Compiles the program for the kinds, places and layouts of these operands."""
        with jax.enable_x64(True):
            traced = self.program.trace(*raws)
            found = _primitives(traced.jaxpr)
            if "pure_callback" in found:  # the host may be called in this thread, where 64-bit types have to be on
                return self.again(*raws)
            compiled = traced.lower().compile()
        self.run = compiled if found.isdisjoint(_PRODUCTS) else self._checked(compiled)
        return self.run(*raws)

    def _checked(self, compiled: Callable[..., Sequence[Any]]) -> Callable[..., Sequence[Any]]:
        """A compiled program that products are in, for as long as they are to be of this precision."""
        config: Any = jax.config
        precision = config.jax_default_matmul_precision

        def run(*raws: Any) -> Sequence[Any]:
            if config.jax_default_matmul_precision != precision:
                return self._jitted(*raws)
            return compiled(*raws)

        return run

    def _jitted(self, *raws: Any) -> Sequence[Any]:
        with jax.enable_x64(True):
            found: Sequence[Any] = self.program(*raws)
            return found


def _primitives(program: Any) -> set[str]:
    """What a program that JAX has traced (a jaxpr) computes with, and what its parts do."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [program]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple | list):
            waiting.extend(one)
        elif hasattr(one, "eqns") and id(one) not in seen:
            seen.add(id(one))
            found.update(equation.primitive.name for equation in one.eqns)
            waiting.extend(value for equation in one.eqns for value in equation.params.values())
    return found
