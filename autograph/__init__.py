"""Plain Python functions become compiled, differentiable dataflow graphs.

import autograph as ag

@ag.function
def step(x): ...
"""

import importlib as _importlib
import sys as _sys

from autograph import backends, errors, ops
from autograph.backends import native as _native_backend
from autograph.backends import numpy as _numpy_backend
from autograph.backends import xla as _xla_backend
from autograph.function import config
from autograph.function.concrete import ConcreteFunction
from autograph.function.function import Function, function, to_code, to_graph
from autograph.function.recompute import recompute_grad
from autograph.function.static import Static
from autograph.function.vectorized import vectorized_map, vmap
from autograph.ops import operators as _operators
from autograph.ops import random
from autograph.ops.creation import constant
from autograph.ops.host import numpy_function, py_function
from autograph.runtime import ir_text as _ir_text
from autograph.runtime.dtypes import (
    DType,
    as_dtype,
    bfloat16,
    bool_,
    complex64,
    complex128,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)  # fmt: skip
from autograph.runtime.module import Module
from autograph.runtime.placement import device
from autograph.runtime.spec import TensorSpec
from autograph.runtime.tensor import Tensor
from autograph.runtime.variable import Variable
from autograph.staging.asserts import assert_
from autograph.staging.attempts import finally_, try_
from autograph.staging.builtin_forms import joined, list_
from autograph.staging.calls import Namespace as _Namespace
from autograph.staging.calls import call, do_not_convert
from autograph.staging.comparing import compare, in_
from autograph.staging.comprehensions import dict_, dict_of, iter_of, list_of, set_of
from autograph.staging.conditional import if_
from autograph.staging.contexts import with_
from autograph.staging.functional import cond, map_fn, scan, switch_case, while_loop
from autograph.staging.logic import and_, is_, is_none, not_, or_
from autograph.staging.loops import for_, while_
from autograph.staging.stores import del_attr, del_item, item, set_attr, set_item
from autograph.staging.subjects import subject
from autograph.staging.texts import percent, text
from autograph.staging.unbound import bound, local, no_value, unbound
from autograph.transforms.custom_gradient import custom_gradient
from autograph.transforms.derivatives import batch_jacobian, hvp, jacobian
from autograph.transforms.forward.jvp import jvp
from autograph.transforms.gradients import grad, stop_gradient, value_and_grad
from autograph.transforms.tape import GradientTape

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Parts that stand on this package are imported when they are first asked for."""
    if name == "distribute":
        return _importlib.import_module("autograph.distribute")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


_ir_text.install()
_operators.install()
_numpy_backend.install()
_native_backend.install()
_xla_backend.install()
_Namespace.module = _sys.modules[__name__]

__all__ = [
    "ConcreteFunction", "DType", "Function", "GradientTape", "Module", "Static", "Tensor", "TensorSpec", "Variable",
    "and_", "as_dtype", "assert_", "backends", "batch_jacobian", "bfloat16", "bool_", "bound", "call", "compare",
    "complex128", "complex64", "cond", "config", "constant", "custom_gradient", "device",
    "del_attr", "del_item", "dict_",
    "dict_of", "do_not_convert", "errors", "finally_", "float16", "float32", "float64", "for_", "function", "grad",
    "hvp", "if_", "in_", "int16", "int32", "int64", "int8", "is_", "is_none", "item", "iter_of", "jacobian", "joined",
    "jvp", "list_", "list_of", "local", "map_fn", "no_value", "not_", "numpy_function", "ops", "or_", "percent",
    "py_function", "random", "recompute_grad", "scan", "set_attr", "set_item", "set_of", "stop_gradient", "subject",
    "switch_case", "text", "to_code", "to_graph", "try_", "uint16", "uint32", "uint64", "uint8", "unbound",
    "value_and_grad", "vectorized_map", "vmap", "while_", "while_loop", "with_",
]  # fmt: skip
