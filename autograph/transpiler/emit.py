"""Makes functions from generated trees: the user's positions, cells, globals and defaults, our code.

The tree is compiled inside a factory whose parameters are the function's free variables and the namespace;
the inner code object is taken out and bound to the original function's own cells, so closures stay
late-bound.
"""

from __future__ import annotations
import __future__

import ast
import copy
import warnings
from collections.abc import Iterator
from types import CellType, CodeType, FunctionType
from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.registry import mark_generated

# No name that code can say: a recursive function's own name has to mean what it means outside.
_INNER = "<converted>"

_future_flags = sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names})


def compile_tree(tree: gast.FunctionDef, original: CodeType, alias: str) -> CodeType:
    """The code object of a generated function.

    Args:
        tree: the generated function.
        original: code of the function it was made from, for file name, names and free variables.
        alias: the name by which generated code calls the namespace.

    Returns:
        Code with the user's file, positions and qualified name, marked as generated.
    """
    parameters = build.arguments([alias, *original.co_freevars])
    factory = gast.FunctionDef("factory", parameters, [_bare(tree)], [], None, None, [])
    module = ast.fix_missing_locations(gast.gast_to_ast(gast.Module([gast.copy_location(factory, tree)], [])))
    flags = original.co_flags & _future_flags
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # Python has told of them when it compiled the user's source
        compiled = compile(module, original.co_filename, "exec", flags=flags, dont_inherit=True)
    inner = _inner(_inner(compiled, "factory"), _INNER)
    code = _renamed(inner, inner.co_qualname, original.co_qualname).replace(co_name=original.co_name)
    code = _named_for_tracebacks(code, frozenset(_nested_names(original)))
    mark_generated(code)
    return code


def bind(code: CodeType, fn: FunctionType, alias: str, namespace: Any) -> FunctionType:
    """A function that runs `code` with the cells, globals, defaults and attributes of `fn`."""
    cells = dict(zip(fn.__code__.co_freevars, fn.__closure__ or (), strict=True))
    cells[alias] = CellType(namespace)
    closure = tuple(cells[name] for name in code.co_freevars)
    made = FunctionType(code, fn.__globals__, fn.__name__, fn.__defaults__, closure)
    made.__kwdefaults__ = copy.copy(fn.__kwdefaults__)
    made.__annotations__ = dict(fn.__annotations__)
    made.__qualname__ = fn.__qualname__
    made.__module__ = fn.__module__
    made.__doc__ = fn.__doc__
    made.__dict__.update(fn.__dict__)
    made.__dict__["__autograph_source__"] = fn
    return made


def _bare(tree: gast.FunctionDef) -> gast.FunctionDef:
    """The function without what is not evaluated again: decorators, defaults, annotations, type variables."""
    args = tree.args
    none = build.constant(None)
    bare = gast.arguments(
        [_unannotated(arg) for arg in args.args],
        [_unannotated(arg) for arg in args.posonlyargs],
        _unannotated(args.vararg),
        [_unannotated(arg) for arg in args.kwonlyargs],
        [default and none for default in args.kw_defaults],
        _unannotated(args.kwarg),
        [none for _ in args.defaults],
    )
    return gast.copy_location(gast.FunctionDef(_INNER, bare, tree.body, [], None, None, []), tree)


def _unannotated(arg: gast.Name | None) -> gast.Name | None:
    return arg and gast.copy_location(gast.Name(arg.id, gast.Param(), None, None), arg)


def _nested_names(code: CodeType) -> Iterator[tuple[str, int]]:
    """The names and lines of the functions within the user's function."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one.co_name, one.co_firstlineno
            yield from _nested_names(one)


def _named_for_tracebacks(code: CodeType, users: frozenset[tuple[str, int]]) -> CodeType:
    """The code with the functions that generation added named, in tracebacks, after the user's function around them."""
    constants: list[object] = []
    for one in code.co_consts:
        if isinstance(one, CodeType):
            added = (one.co_name, one.co_firstlineno) not in users and not one.co_name.startswith("<")
            added = added or (one.co_name == "<lambda>" and (one.co_name, one.co_firstlineno) not in users)
            one = _named_for_tracebacks(one.replace(co_name=code.co_name) if added else one, users)
        constants.append(one)
    return code.replace(co_consts=tuple(constants))


def _inner(code: CodeType, name: str) -> CodeType:
    return next(one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == name)


def _renamed(code: CodeType, old: str, new: str) -> CodeType:
    """The code with qualified names that begin with `new` instead of `old`, nested ones too."""
    qualname = new + code.co_qualname.removeprefix(old)
    constants: list[object] = []
    for one in code.co_consts:
        if isinstance(one, CodeType):
            constants.append(_renamed(one, old, new))
        else:  # a class body stores its qualified name as a literal
            constants.append(qualname if one == code.co_qualname else one)
    return code.replace(co_qualname=qualname, co_consts=tuple(constants))
