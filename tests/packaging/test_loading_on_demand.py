"""A package that loads a heavy library without need is used without it, and left whole to everybody else."""

import sys
import threading

import pytest

from coverage_engine.on_demand import spared

PACKAGE, LIBRARY = "a_light_package", "a_heavy_library"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with an optional library, which writes down when it is loaded, and where it does."""
    (tmp_path / f"{LIBRARY}.py").write_text(
        "from pathlib import Path\nPath(__file__).with_name('loaded').touch()\nVALUE = 3\n", "utf-8"
    )
    (tmp_path / PACKAGE).mkdir()
    (tmp_path / PACKAGE / "__init__.py").write_text(f"from {PACKAGE}.part import library\n", "utf-8")
    (tmp_path / PACKAGE / "part.py").write_text(
        f"try:\n    import {LIBRARY} as library\nexcept ImportError:\n    library = None\n", "utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path / "loaded"
    for name in (LIBRARY, PACKAGE, f"{PACKAGE}.part"):
        sys.modules.pop(name, None)


def test_in_the_block_the_package_is_as_without_the_library(package):
    before = list(sys.meta_path)
    with spared(LIBRARY, PACKAGE):
        import a_light_package

        assert a_light_package.library is None
    assert not package.exists()
    assert sys.meta_path == before
    assert not {LIBRARY, PACKAGE, f"{PACKAGE}.part"} & set(sys.modules)


def test_afterwards_the_package_is_whole(package):
    with spared(LIBRARY, PACKAGE):
        import a_light_package
    import a_light_package as again

    assert (a_light_package.library, again.library.VALUE) == (None, 3)


def test_another_thread_is_spared_nothing(package):
    with spared(LIBRARY, PACKAGE):
        other = threading.Thread(target=__import__, args=(LIBRARY,))
        other.start()
        other.join()
    assert package.exists() and sys.modules[LIBRARY].VALUE == 3


@pytest.mark.parametrize("loaded", [LIBRARY, PACKAGE])
def test_where_either_is_loaded_already_nothing_is_done(package, loaded):
    here = __import__(loaded)
    with spared(LIBRARY, PACKAGE):
        import a_light_package
    assert a_light_package.library.VALUE == 3
    assert sys.modules[PACKAGE] is a_light_package
    assert sys.modules[loaded] is here
