"""Makes the helpers beside this file importable: `reference` (verbs in plain Python), `assert_converts`."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
pytest.register_assert_rewrite("assert_converts")
