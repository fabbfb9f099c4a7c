"""Facts of the machine and the software that figures were measured with."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version

# The table library, loaded by a bench for its inputs, leaves settings of its allocator that no shell has and
# that come before the command's own; without compiled modules on disk every run would compile them anew.
_SHELL_HAS_NOT = {"_RJEM_MALLOC_CONF", "PYTHONDONTWRITEBYTECODE"}
PACKAGES = ("coverage-engine", "polars", "narwhals", "pandas", "duckdb", "numpy", "pyarrow", "networkx")


def facts():
    """Cores, memory, load and versions; no names of machines or people."""
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "memory_gb": round(pages / 2**30),
        "load": round(os.getloadavg()[0], 1),
        "versions": versions,
    }


def shell():
    """The environment that a contestant has when it is started by hand."""
    return {name: value for name, value in os.environ.items() if name not in _SHELL_HAS_NOT}
