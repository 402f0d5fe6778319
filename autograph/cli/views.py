"""The views of a function that `autograph dump` prints."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import astunparse
import gast

from autograph.backends.native.executable import Program
from autograph.backends.xla import require_jax
from autograph.cli.legend import legend
from autograph.cli.sample_arguments import sample_arguments
from autograph.cli.target import TargetError
from autograph.errors import AutoGraphError, MissingExtraError, SignatureError
from autograph.function.function import Function, function, plain_function, to_code
from autograph.runtime.ir import Graph
from autograph.transpiler import find_source

View = Callable[[Any, Sequence[Any] | None], str]


def _source(target: Any, specs: Sequence[Any] | None) -> str:
    return textwrap.dedent("\n".join(find_source(plain_function(target)).lines)).rstrip()


def _ast(target: Any, specs: Sequence[Any] | None) -> str:
    node: ast.AST = gast.gast_to_ast(find_source(plain_function(target)).node)
    return str(astunparse.dump(node))


def _code(target: Any, specs: Sequence[Any] | None) -> str:
    code = to_code(target)
    return legend(code) + code


def graph_of(target: Any, specs: Sequence[Any] | None, show: str) -> Graph:
    """The graph of a function for a signature.

    Raises:
        TargetError: a signature is needed and not given, or does not fit the function's parameters.
    """
    staged = target if isinstance(target, Function) else function(target)
    try:
        concrete = staged.get_concrete_function(*(specs or ()))
    except SignatureError as error:
        if specs is None:
            parameters = inspect.signature(plain_function(target))
            raise TargetError(
                f'{staged.name}{parameters} needs --signature, such as --signature "f32[?,784], i64[]"'
            ) from None
        raise TargetError(str(error).splitlines()[0]) from None
    return concrete.optimized if show == "optimized" else concrete.graph


def _graph(target: Any, specs: Sequence[Any] | None) -> str:
    return str(graph_of(target, specs, "graph")).rstrip()


def _optimized(target: Any, specs: Sequence[Any] | None) -> str:
    return str(graph_of(target, specs, "optimized")).rstrip()


def _program(target: Any, specs: Sequence[Any] | None) -> Program:
    return Program(graph_of(target, specs, "optimized"))


def _llvm(target: Any, specs: Sequence[Any] | None) -> str:
    return _program(target, specs).compiled.optimized.rstrip()


def _asm(target: Any, specs: Sequence[Any] | None) -> str:
    return _program(target, specs).compiled.assembly.rstrip()


def _stablehlo(target: Any, specs: Sequence[Any] | None) -> str:
    graph = graph_of(target, specs, "optimized")
    try:
        require_jax("--show stablehlo")
    except MissingExtraError as error:
        raise TargetError(str(error)) from None
    text: str = importlib.import_module("autograph.backends.xla.listing").stablehlo(graph)
    return text


def _loops(target: Any, specs: Sequence[Any] | None) -> str:
    return _program(target, specs).loops


def _profile(target: Any, specs: Sequence[Any] | None) -> str:
    graph_of(target, specs, "graph")  # which says what is wrong with the signature
    staged = target if isinstance(target, Function) else function(target)
    if not specs and staged.input_signature is not None:
        specs = staged.input_signature.specs
    arguments = sample_arguments(specs or ())
    try:
        return str(staged.profile(*arguments))
    except AutoGraphError:
        raise
    except Exception as error:  # the user's, of these arguments
        raise TargetError(f"running {staged.name} raises {type(error).__name__}: {error}") from None


VIEWS: dict[str, View] = {
    "source": _source,
    "ast": _ast,
    "code": _code,
    "graph": _graph,
    "optimized": _optimized,
    "loops": _loops,
    "profile": _profile,
    "llvm": _llvm,
    "asm": _asm,
    "stablehlo": _stablehlo,
}
