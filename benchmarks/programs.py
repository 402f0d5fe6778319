"""The programs that JAX compiles for a contestant, caught on their way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.row import Row


@dataclass
class Caught:
    """A function that was given to `jax.jit`, and what it was called with.

    Attributes:
        function: the function itself.
        options: of `jax.jit`.
        args: shapes and dtypes instead of arrays.
        wide: whether 64-bit types were on.
    """

    function: Any
    options: dict[str, Any]
    args: tuple[Any, ...]
    wide: bool

    def compiled(self, place: Any = None) -> Any:
        """What JAX compiles of it.

        Args:
            place: the sharding that says for which device; None for the one that JAX prefers.
        """
        import jax

        options = {name: self.options[name] for name in ("donate_argnums", "keep_unused") if name in self.options}
        kwargs = {} if place is None else {"sharding": place}
        specs = jax.tree.map(lambda shape: jax.ShapeDtypeStruct(shape.shape, shape.dtype, **kwargs), self.args)
        with jax.enable_x64(self.wide):
            return jax.jit(self.function, **options).lower(*specs).compile()


@contextmanager
def caught() -> Iterator[list[Caught]]:
    """The programs that are made and first called within a `with` block."""
    import jax

    found: list[Caught] = []
    jit = jax.jit

    def catching(function: Any = None, **options: Any) -> Any:
        if function is None:
            return lambda given: catching(given, **options)
        made, known = jit(function, **options), False

        def note(args: tuple[Any, ...]) -> None:
            nonlocal known
            if not known and not any(isinstance(leaf, jax.core.Tracer) for leaf in jax.tree.leaves(args)):
                known = True
                specs = jax.tree.map(
                    lambda leaf: jax.ShapeDtypeStruct(np.shape(leaf), jax.dtypes.result_type(leaf)), args
                )
                found.append(Caught(function, options, specs, bool(jax.config.jax_enable_x64)))

        class Noting:
            """What `jax.jit` makes, which may be called or compiled ahead of its calls."""

            def __call__(self, *args: Any) -> Any:
                note(args)
                return made(*args)

            def trace(self, *args: Any) -> Any:
                note(args)
                return made.trace(*args)

        return Noting()

    jax.jit = catching
    try:
        yield found
    finally:
        jax.jit = jit


def programs_of(row: Row, contestant: str, tiny: bool = False) -> list[Caught]:
    """The programs of one call of a contestant."""
    with caught() as found:
        run = row.contestants[contestant](row.data(tiny))
        run.prepare()
        run.call()
    return found
