"""Converted standard library modules pass Python's own tests of them."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

# Modules, their tests, the least number of functions that conversion must accept.
SHORT = [
    ("calendar", "test.test_calendar", 50),
    ("configparser", "test.test_configparser", 75),
    ("copy", "test.test_copy", 9),
    ("csv", "test.test_csv", 14),
    ("fractions", "test.test_fractions", 40),
    ("heapq", "test.test_heapq", 6),
    ("html.parser,_markupbase", "test.test_htmlparser", 32),
    ("pprint", "test.test_pprint", 35),
    ("shlex", "test.test_shlex", 14),
    ("string", "test.test_string", 15),
    ("textwrap", "test.test_textwrap", 12),
    ("urllib.parse", "test.test_urlparse", 55),
]
LONG = [
    ("argparse", "test.test_argparse", 110),
    ("statistics", "test.test_statistics", 40),
    ("xml.dom.minidom", "test.test_minidom", 180),
]


@pytest.mark.parametrize(("modules", "tests", "least"), SHORT + (LONG if os.environ.get("AG_FUZZ") == "long" else []))
def test_pythons_own_tests_pass(modules, tests, least):
    if importlib.util.find_spec("test") is None or importlib.util.find_spec(tests) is None:
        pytest.skip("this Python comes without its tests")
    script = Path(__file__).with_name("convert_library.py")
    done = subprocess.run([sys.executable, str(script), modules, tests], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[0]) >= least
