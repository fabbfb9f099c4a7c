"""Facts of the machine and the software that figures were measured with."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version

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
