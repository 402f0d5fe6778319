"""Plain Python functions become compiled, differentiable dataflow graphs."""

__version__ = "0.1.0"
