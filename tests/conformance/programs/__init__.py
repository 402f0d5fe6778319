"""Programs that run staged and as plain Python, one module a topic.

Each module has `PROGRAMS`, pairs of a function and its rows of arguments (NumPy values become tensors, others stay),
and may name in `NOT_DIFFERENTIABLE` those that have no gradient in some row, with the reason.
"""

import importlib
import pkgutil

MODULES = [importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
PROGRAMS = [program for module in MODULES for program in module.PROGRAMS]
NOT_DIFFERENTIABLE = {
    function: reason for module in MODULES for function, reason in getattr(module, "NOT_DIFFERENTIABLE", {}).items()
}
