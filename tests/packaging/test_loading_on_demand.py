"""Libraries that others import without need are loaded when something of them is used."""

import sys

import pytest

from coverage_engine.on_demand import postponed

LIBRARY = "a_heavy_library"


@pytest.fixture
def heavy(tmp_path, monkeypatch):
    """A library that writes down when it is loaded, and where it does."""
    (tmp_path / f"{LIBRARY}.py").write_text(
        "from pathlib import Path\nPath(__file__).with_name('loaded').touch()\nVALUE = 3\n", "utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path / "loaded"
    sys.modules.pop(LIBRARY, None)


def test_a_postponed_library_is_loaded_at_its_first_use_by_who_imported_it(heavy):
    with postponed(LIBRARY):
        import a_heavy_library as held
    assert not heavy.exists() and LIBRARY not in sys.modules
    assert held.VALUE == 3 and heavy.exists()
    import a_heavy_library as again

    assert again.VALUE == 3 and sys.modules[LIBRARY] is again is not held


def test_a_library_used_while_it_is_postponed_is_there(heavy):
    with postponed(LIBRARY):
        from a_heavy_library import VALUE
    assert VALUE == 3 and sys.modules[LIBRARY].VALUE == 3


def test_what_is_loaded_already_is_not_postponed(heavy):
    import a_heavy_library as held

    with postponed(LIBRARY):
        import a_heavy_library as again
    assert again is held is sys.modules[LIBRARY]
