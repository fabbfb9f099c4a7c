"""Names of a package that are loaded when asked for, so that light commands wait for no heavy library."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
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
def spared(library: str, package: str) -> Iterator[None]:
    """In this block `package` is imported as on a machine without `library`, an optional part of it.

    For a package that loads a heavy library only in case somebody hands it objects of that library. Where
    either is loaded already, nothing is spared and nothing done. What was imported without the library is
    dropped from the modules of the process at the end: whoever imports the package later has all its parts.
    """
    if library in sys.modules or package in sys.modules:
        yield
        return
    refusal = _Refusal(library, threading.get_ident())
    sys.meta_path.insert(0, refusal)
    try:
        yield
    finally:
        sys.meta_path.remove(refusal)
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            del sys.modules[name]


class _Refusal(MetaPathFinder):
    """Answers one thread that a library is not installed."""

    def __init__(self, library: str, thread: int) -> None:
        self._library, self._thread = library, thread

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Nothing, so that others look for it; for the library itself an error.

        Raises:
            ModuleNotFoundError: the library is imported by the thread that is to be spared it.
        """
        if fullname == self._library and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"{fullname} is not wanted here", name=fullname)
        return None
