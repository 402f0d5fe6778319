"""The shape of the repository: links at the top level, one copy of each module, no paths of a machine."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_links_lead_into_the_package():
    for name in ("runtime", "ops"):
        link = ROOT / name
        assert link.is_symlink()
        assert link.resolve() == ROOT / "autograph" / name


def test_each_module_is_loaded_once():
    program = (
        "import sys, autograph, collections\n"
        "files = [m.__file__ for m in list(sys.modules.values()) if getattr(m, '__file__', None)]\n"
        "ours = [f for f in files if 'autograph' in f]\n"
        "import os\n"
        "twice = [f for f, n in collections.Counter(map(os.path.realpath, ours)).items() if n > 1]\n"
        "assert ours and not twice, twice\n"
        "assert 'runtime' not in sys.modules and 'ops' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_no_file_names_a_path_of_a_machine():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    pattern = re.compile("/" + r"(work|home|root)/\w")
    for name in listed.splitlines():
        path = ROOT / name
        if path.is_file() and not path.is_symlink():
            assert not pattern.search(path.read_text(errors="ignore")), name
