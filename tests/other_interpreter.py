"""Runs the test suite on another Python version, if the machine has it: `python tests/other_interpreter.py 3.12`."""

import shutil
import subprocess
import sys
from pathlib import Path


def find(version: str) -> str | None:
    """An interpreter of that version, from the path or from pyenv."""
    candidates = [shutil.which(f"python{version}"), *Path.home().glob(f".pyenv/versions/{version}*/bin/python")]
    for candidate in candidates:
        if candidate is None:
            continue
        probe = [str(candidate), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        answer = subprocess.run(probe, capture_output=True, text=True)
        if answer.returncode == 0 and answer.stdout.strip() == version:
            return str(candidate)
    return None


def main(version: str) -> int:
    """Makes an environment for the version and runs pytest in it."""
    interpreter = find(version)
    if interpreter is None:
        print(f"Python {version}: not on this machine, skipped")
        return 0
    folder = f".venv-{version}"
    subprocess.run([interpreter, "-m", "venv", folder], check=True)
    python = f"{folder}/bin/python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--editable", ".[test]"], check=True)
    return subprocess.run([python, "-m", "pytest", "-n", "2"]).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
