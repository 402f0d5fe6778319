"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path


def machine(device: str = "cpu") -> dict[str, str]:
    """Processor, cores, vector units, load, system and Python; and the name of a GPU."""
    info = _cpuinfo()
    flags = info.get("flags", "").split()
    units = [name for name in ("avx2", "avx512f", "avx512_bf16", "amx_tile") if name in flags]
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    found = {} if device == "cpu" else {"device": gpu_name(device)}
    return found | {
        "processor": info.get("model name") or platform.processor() or platform.machine(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "vectors": " ".join(units) or platform.machine(),
        "load": load,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def gpu_name(device: str) -> str:
    """What the maker calls a device such as "gpu:0"; the device's own name where nothing tells."""
    number = device.partition(":")[2] or "0"
    command = ["nvidia-smi", f"--id={number}", "--query-gpu=name", "--format=csv,noheader"]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return device
    return asked.stdout.strip() or device


def _cpuinfo() -> dict[str, str]:
    path = Path("/proc/cpuinfo")
    if not path.exists():
        return {}
    lines = path.read_text().split("\n\n")[0].splitlines()
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
