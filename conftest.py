"""Checks the package's annotations at run time, and sets how long random tests search."""

import os

from hypothesis import HealthCheck, settings
from typeguard import install_import_hook

from tests import quick_checks

quick_checks.install()
os.environ["JAX_ENABLE_COMPILATION_CACHE"] = "false"  # what one run leaves half written would spoil the next
# Asked for before JAX is imported: four devices of the host's processor, and machine code of less quality, sooner.
_long = os.environ.get("AG_FUZZ") == "long"
_quality = "" if _long else " --xla_backend_optimization_level=0"
os.environ.setdefault("XLA_FLAGS", f"--xla_force_host_platform_device_count=4{_quality}")
# What runs most is checked in long runs alone: with it, tests take two to three times as long.
_RARE = [f"autograph.{part}" for part in ("backends", "cli", "distribute", "errors", "function", "transforms")]
install_import_hook("autograph" if _long else _RARE)

# Loaded whole before any file is collected: pytest would run a module a second time if that module's own collection
# were what first imports the package.
import autograph  # noqa: E402, F401

collect_ignore = ["runtime", "ops"]  # links to folders that are collected where they are

_CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("short", deadline=None, suppress_health_check=_CHECKS, derandomize=True)
settings.register_profile("long", deadline=None, suppress_health_check=_CHECKS, max_examples=2000)
settings.load_profile("long" if _long else "short")
