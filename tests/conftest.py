"""Which backend tests run on: the one that users get, or the reference where thousands of small graphs are compiled.

Native code for the ops and for the conformance programs has tests of its own (`tests/backends`, `tests/conformance`).
"""

import pytest

import autograph as ag

ON_REFERENCE = {"messages", "ops", "runtime", "staging", "transforms", "transpiler"}


@pytest.fixture(autouse=True)
def _backend(request):
    parts = request.path.parts
    folder = parts[parts.index("tests") + 1] if "tests" in parts[:-1] else ""
    if folder not in ON_REFERENCE:
        yield
        return
    ag.config.set_backend("numpy")
    yield
    ag.config.set_backend("native")
