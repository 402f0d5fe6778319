"""The shape of the repository: links at the top level, one copy of each module, no paths of a machine."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "autograph"


def test_links_lead_into_the_package():
    for name in ("runtime", "ops"):
        link = ROOT / name
        assert link.is_symlink()
        assert not os.path.isabs(os.readlink(link))
        assert link.resolve() == PACKAGE / name


def test_each_module_is_loaded_once():
    program = (
        "import collections, importlib, os, pkgutil, sys, autograph\n"
        "for module in pkgutil.walk_packages(autograph.__path__, 'autograph.'):\n"
        "    importlib.import_module(module.name)\n"
        "files = [m.__file__ for m in list(sys.modules.values()) if getattr(m, '__file__', None)]\n"
        "package = os.path.dirname(os.path.realpath(autograph.__file__)) + os.sep\n"
        "ours = [f for f in map(os.path.realpath, files) if f.startswith(package)]\n"
        "twice = [f for f, n in collections.Counter(ours).items() if n > 1]\n"
        "assert len(ours) > 100 and not twice, (len(ours), twice)\n"
        "assert 'runtime' not in sys.modules and 'ops' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], cwd=ROOT, check=True)


def test_importing_through_a_link_is_refused_by_the_linter():
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--stdin-filename", str(PACKAGE / "new.py"), "-"]
    for line in ("import ops", "from runtime.tensor import Tensor"):
        result = subprocess.run(ruff, input=f"{line}\n", cwd=ROOT, capture_output=True, text=True)
        assert result.returncode == 1
        assert "TID251" in result.stdout


def test_files_are_short_and_named_after_a_concept():
    files = list(PACKAGE.rglob("*.py"))
    assert files
    long = {str(path.relative_to(ROOT)): n for path in files if (n := len(path.read_text().splitlines())) > 500}
    assert not long
    assert not {path.stem for path in files} & {"utils", "common", "misc", "helpers"}


def test_no_file_names_a_path_of_a_machine():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    pattern = re.compile("/" + r"(work|home|root)/\w")
    assert pattern.search("see /" + "home/someone")
    for name in listed.splitlines():
        path = ROOT / name
        if path.is_file() and not path.is_symlink():
            assert not pattern.search(path.read_text(errors="ignore")), name
