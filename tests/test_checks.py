"""The checks that `make test` relies on do refuse what they are there to refuse."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typeguard

from autograph import errors

ROOT = Path(__file__).resolve().parent.parent
LAYERS = "A layer imports only layers below it"
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"


@pytest.mark.parametrize(
    ("contract", "files"),
    [
        (LAYERS, {"runtime/added.py": "import autograph.ops.shape"}),
        (LAYERS, {"ops/added.py": "def f():\n    import autograph.function.function"}),
        (LAYERS, {"added.py": ""}),
        ("No import cycles", {"ops/a.py": "import autograph.ops.b", "ops/b.py": "import autograph.ops.a"}),
        ("The transpiler knows nothing of tensors", {"transpiler/added.py": "import autograph.runtime.tensor"}),
        ("Only staging and function use the transpiler", {"ops/added.py": "import autograph.transpiler.source"}),
    ],
)
def test_import_contract_is_enforced(tmp_path, contract, files):
    shutil.copytree(ROOT / "autograph", tmp_path / "autograph", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, text in files.items():
        (tmp_path / "autograph" / name).write_text(text + "\n")
    result = subprocess.run([sys.executable, "-c", LINT_IMPORTS], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{contract} BROKEN" in result.stdout


def test_annotations_are_checked_at_run_time():
    with pytest.raises(typeguard.TypeCheckError):
        errors.message(1, None, None)


def test_warnings_are_errors(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "test_warns.py").write_text("import warnings\n\n\ndef test():\n    warnings.warn('odd')\n")
    command = [sys.executable, "-m", "pytest", "test_warns.py"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 1
    assert "UserWarning: odd" in result.stdout
