"""Builds the wheel, installs it into an empty environment and uses it there from another folder."""

import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = """
import autograph as ag

@ag.function
def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps

assert collatz(ag.constant(6)).item() == 8
print("wheel:", ag.__version__, "runs")
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, str(ROOT)]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        (wheel,) = Path(folder).glob("*.whl")
        top = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
        extra = {name for name in top if name != "autograph" and not name.endswith(".dist-info")}
        assert not extra, f"the wheel installs more than one package: {extra}"
        venv.create(Path(folder) / "env", with_pip=True)
        python = Path(folder) / "env" / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True, cwd=folder)
        program = Path(folder) / "program.py"
        program.write_text(PROGRAM)
        subprocess.run([python, str(program)], check=True, cwd=folder)
        help_ = subprocess.run([python.parent / "autograph", "--help"], check=True, cwd=folder, capture_output=True)
        assert b"dump" in help_.stdout


if __name__ == "__main__":
    main()
