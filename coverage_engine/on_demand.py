"""Names of a package that are loaded when asked for, so that light commands wait for no heavy library."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
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


@contextmanager
def postponed(library: str) -> Iterator[None]:
    """A library that others import meanwhile is loaded when they first use something of it, if ever."""
    if library in sys.modules:
        yield
        return
    stand_in = sys.modules[library] = _StandIn(library)
    try:
        yield
    finally:
        if sys.modules.get(library) is stand_in:
            del sys.modules[library]


class _StandIn(ModuleType):
    """Stands for a library until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)
