"""Converts all of a standard library module in place and runs Python's own tests of it: `MODULES TESTS`.

Prints how many functions were converted; exits with 1 when a test fails.
"""

import importlib
import io
import sys
import types
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2])]

import reference  # noqa: E402

from autograph.errors import ConversionError, SourceNotFoundError  # noqa: E402
from autograph.transpiler import convert  # noqa: E402


class Library:
    """One module whose functions and methods are replaced by converted ones."""

    def __init__(self, module):
        self.module = module
        self.made = {}

    def replace(self):
        for name, value in list(vars(self.module).items()):
            if isinstance(value, type) and value.__module__ == self.module.__name__:
                self.replace_methods(value)
            else:
                self.set(self.module, name, value)

    def replace_methods(self, cls):
        for name, value in list(vars(cls).items()):
            if isinstance(value, staticmethod | classmethod):
                self.set(cls, name, value.__func__, type(value))
            elif isinstance(value, property):
                parts = [part and self.converted(part) for part in (value.fget, value.fset, value.fdel)]
                setattr(cls, name, property(*parts, value.__doc__))
            else:
                self.set(cls, name, value)

    def set(self, owner, name, value, wrap=lambda function: function):
        if self.converted(value) is not value:
            setattr(owner, name, wrap(self.converted(value)))

    def converted(self, value):
        if not isinstance(value, types.FunctionType) or value.__module__ != self.module.__name__:
            return value
        if value not in self.made:
            try:
                self.made[value] = convert(value, namespace=reference, is_plain=lambda _: False)
            except (ConversionError, SourceNotFoundError):
                return value
        return self.made[value]


def main(modules, tests):
    count = 0
    for name in modules.split(","):
        library = Library(importlib.import_module(name))
        library.replace()
        count += len(library.made)
    sys.setrecursionlimit(20_000)  # verbs and region functions stand between the user's frames
    suite = unittest.defaultTestLoader.loadTestsFromNames(tests.split(","))
    report = io.StringIO()
    result = unittest.TextTestRunner(report, verbosity=0).run(suite)
    print(f"{count} functions converted, {result.testsRun} tests")
    if not result.wasSuccessful():
        print(report.getvalue())
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
