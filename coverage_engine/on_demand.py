"""Names of a package that are loaded when asked for, so that light commands wait for no heavy library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def loader(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package: `homes` are its names with the modules that hold them.

    Raises:
        AttributeError: by the function returned, where the package has no such name.
    """

    def loaded(name: str) -> Any:
        if name in homes:
            return getattr(import_module(homes[name]), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return loaded
