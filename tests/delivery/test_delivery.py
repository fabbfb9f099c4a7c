"""What a command hands over appears whole or not at all, and touches nobody else's files."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_engine.delivery import MANIFEST, deliver, deliver_file
from coverage_engine.errors import OutputError

KILLER = Path(__file__).with_name("kill_at_each_step.py")
OLD = {"index.html": "old", "actions/甲.xlsx": "old", "tables/t.csv": "old"}
NEW = {"index.html": "new", "actions/乙.xlsx": "new", "maps/m.html": "new"}


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def lying(folder):
    """Every file of a folder but the manifest."""
    return {
        each.relative_to(folder).as_posix(): each.read_text("utf-8")
        for each in folder.rglob("*")
        if each.is_file() and each.name != MANIFEST
    }


def delivered(folder, files, **how):
    with deliver(folder, "plan", **how) as made:
        write(made.folder, files)
    return made


def test_a_second_delivery_takes_the_place_of_the_first_as_a_whole(tmp_path):
    delivered(tmp_path / "OUT", OLD)
    delivered(tmp_path / "OUT", NEW)
    assert lying(tmp_path / "OUT") == NEW
    assert not (tmp_path / "OUT" / "tables").exists()


def test_the_same_delivery_gives_the_same_bytes_and_moves_nothing(tmp_path):
    delivered(tmp_path / "a", OLD)
    delivered(tmp_path / "b", NEW)
    delivered(tmp_path / "b", OLD)
    assert (tmp_path / "a" / MANIFEST).read_bytes() == (tmp_path / "b" / MANIFEST).read_bytes()
    before = {each: each.stat().st_ino for each in (tmp_path / "b").rglob("*")}
    delivered(tmp_path / "b", OLD)
    assert {each: each.stat().st_ino for each in (tmp_path / "b").rglob("*")} == before


def test_what_a_person_edited_is_set_aside_and_told(tmp_path):
    delivered(tmp_path, OLD)
    write(tmp_path, {"actions/甲.xlsx": "notes by hand"})
    made = delivered(tmp_path, NEW)
    assert made.edited == ("actions/甲.xlsx",)
    assert (made.aside / "actions" / "甲.xlsx").read_text("utf-8") == "notes by hand"
    assert made.aside.name.startswith("已改动_")
    write(tmp_path, {"index.html": "notes again"})
    again = delivered(tmp_path, OLD)
    assert again.aside != made.aside
    assert (again.aside / "index.html").read_text("utf-8") == "notes again"


def test_a_file_of_somebody_in_the_way_stops_the_delivery_and_nothing_is_written(tmp_path):
    write(tmp_path, {"index.html": "mine", "maps/mine.txt": "mine"})
    with pytest.raises(OutputError, match=r"index\.html.*没有覆盖"):
        delivered(tmp_path, NEW)
    assert lying(tmp_path) == {"index.html": "mine", "maps/mine.txt": "mine"}
    assert {each.name for each in tmp_path.iterdir()} == {"index.html", "maps"}


def test_files_of_another_command_are_left_alone_like_anybodys(tmp_path):
    delivered(tmp_path, OLD)
    with deliver(tmp_path, "letters") as made:
        write(made.folder, {"函.docx": "letter"})
    assert lying(tmp_path) == {**OLD, "函.docx": "letter"}
    with pytest.raises(OutputError, match="是 plan 写的"), deliver(tmp_path, "returns") as made:
        write(made.folder, {"tables/t.csv": "other"})
    assert lying(tmp_path) == {**OLD, "函.docx": "letter"}


def test_a_delivery_that_adds_leaves_the_former_files(tmp_path):
    delivered(tmp_path, OLD, adds=True)
    delivered(tmp_path, NEW, adds=True)
    assert lying(tmp_path) == {**OLD, **NEW}
    assert set(json.loads((tmp_path / MANIFEST).read_text("utf-8"))["deliveries"]["plan"]) == {*OLD, *NEW}


def test_work_that_stops_leaves_the_former_files_and_says_so(tmp_path):
    delivered(tmp_path, OLD)
    with pytest.raises(KeyError) as stopped, deliver(tmp_path, "plan") as made:
        write(made.folder, NEW)
        raise KeyError("stopped")
    assert stopped.value.__notes__ == ["原有的文件没有改动。"]
    assert lying(tmp_path) == OLD
    with pytest.raises(KeyError), deliver(tmp_path / "never" / "made", "plan"):
        raise KeyError("stopped")
    assert not (tmp_path / "never").exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1", b'{"format": 9}', b"[" * 100_000])
def test_a_damaged_manifest_stops_the_delivery(tmp_path, content):
    delivered(tmp_path, OLD)
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(OutputError, match="交付清单"):
        delivered(tmp_path, NEW)
    assert lying(tmp_path) == OLD


@pytest.mark.parametrize("name", ["../mine.txt", "/etc/hostname", "a/../../mine.txt", ".", "a//b"])
def test_a_manifest_from_elsewhere_cannot_point_out_of_its_folder(tmp_path, name):
    delivered(tmp_path / "OUT", OLD)
    told = {"format": 1, "deliveries": {"plan": {name: "0" * 64}}}
    (tmp_path / "OUT" / MANIFEST).write_text(json.dumps(told), "utf-8")
    with pytest.raises(OutputError, match="交付清单"):
        delivered(tmp_path / "OUT", NEW)


def test_a_link_is_somebodys_and_leads_nowhere(tmp_path):
    write(tmp_path / "elsewhere", {"m.html": "mine"})
    (tmp_path / "OUT").mkdir()
    (tmp_path / "OUT" / "maps").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(OutputError, match="没有覆盖"):
        delivered(tmp_path / "OUT", NEW)
    assert lying(tmp_path / "elsewhere") == {"m.html": "mine"}


OURS = ("new/x", "former/index.html", "lock", "manifest.json", "switch.json", "files.json")
NAMES = st.sampled_from(
    [
        *OLD,
        *NEW,
        *("note.txt", "actions/mine.docx", "maps", "tables", "已改动_2019-06-15/a", "空/空.txt"),
        *(f".coverage-engine-{name}" for name in OURS),
    ]
)


@given(st.dictionaries(NAMES, st.text("ab", min_size=1, max_size=3), max_size=6), st.booleans())
def test_whatever_somebody_keeps_in_the_folder_is_byte_equal_afterwards(foreign, later):
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "OUT"
        if later:
            delivered(folder, OLD)
        kept = {}
        for name, text in foreign.items():
            try:
                if not (folder / name).exists():
                    write(folder, {name: text})
                    kept[name] = text
            except (FileExistsError, NotADirectoryError):
                continue
        try:
            delivered(folder, NEW)
            whole = NEW
        except OutputError:
            whole = OLD if later else {}
        found = {
            each.relative_to(folder).as_posix(): each.read_text("utf-8")
            for each in (folder.rglob("*") if folder.exists() else ())
            if each.is_file() and not (each.name == MANIFEST and MANIFEST not in kept)
        }
        assert found == {**whole, **kept}


HELD = ["index.html", "actions/甲.xlsx", "tables/t.csv"]


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("operation", ["open", "rename"])
def test_a_workbook_open_elsewhere_is_told_and_the_former_files_are_whole(
    tmp_path, monkeypatch, held, operation
):
    delivered(tmp_path, OLD)
    write(tmp_path, {"note.txt": "mine"})
    before = getattr(Path, operation)

    def refusing(file, *arguments, **named):
        if file == tmp_path / held and arguments[:1] != ("rb",):
            raise PermissionError(13, "held", str(file))
        return before(file, *arguments, **named)

    with monkeypatch.context() as patched, pytest.raises(OutputError, match="Excel") as told:
        patched.setattr(Path, operation, refusing)
        delivered(tmp_path, NEW)
    assert Path(held).name in str(told.value)
    assert lying(tmp_path) == {**OLD, "note.txt": "mine"}
    delivered(tmp_path, NEW)
    assert lying(tmp_path) == {**NEW, "note.txt": "mine"}


@pytest.mark.parametrize("operation", ["rename", "unlink", "mkdir", "rmdir"])
def test_a_refusal_at_any_move_leaves_the_former_files_or_the_later_ones(tmp_path, monkeypatch, operation):
    before, step, ended = getattr(Path, operation), 0, False
    while not ended:
        step += 1
        folder = tmp_path / str(step)
        delivered(folder, OLD)
        calls = 0

        def refusing(file, *arguments, folder=folder, step=step, **named):
            nonlocal calls
            calls += folder in (file, *file.parents)
            if calls == step:
                raise PermissionError(13, "held", str(file))
            return before(file, *arguments, **named)

        with monkeypatch.context() as patched:
            patched.setattr(Path, operation, refusing)
            with suppress(OutputError, PermissionError):
                delivered(folder, NEW)
        ended = calls < step
        with pytest.raises(KeyError), deliver(folder, "plan"):
            raise KeyError("stopped")
        assert lying(folder) in (OLD, NEW), step


def test_folders_that_cannot_be_moved_whole_are_moved_file_by_file(tmp_path, monkeypatch):
    delivered(tmp_path, OLD)
    before = Path.rename

    def refusing(file, target):
        if file.is_dir():
            raise PermissionError(13, "shown in a window", str(file))
        return before(file, target)

    monkeypatch.setattr(Path, "rename", refusing)
    delivered(tmp_path, NEW)
    assert lying(tmp_path) == NEW


def test_two_processes_do_not_write_into_one_folder(tmp_path):
    with deliver(tmp_path, "plan") as made:
        write(made.folder, NEW)
        with pytest.raises(OutputError, match="另一个程序"):
            delivered(tmp_path, OLD)
    assert lying(tmp_path) == NEW


def test_a_single_file_of_ours_is_replaced_and_one_of_somebody_is_not(tmp_path):
    file = tmp_path / "问题.xlsx"
    for text in ("first", "second"):
        with deliver_file(file) as aside:
            aside.write_text(text, "utf-8")
        assert file.read_text("utf-8") == text
    file.write_text("ticked off", "utf-8")
    with pytest.raises(OutputError, match="改动过"), deliver_file(file):
        pass
    assert file.read_text("utf-8") == "ticked off"
    (tmp_path / "我的.xlsx").write_text("mine", "utf-8")
    with pytest.raises(OutputError, match="不是本程序写的"), deliver_file(tmp_path / "我的.xlsx"):
        pass
    assert (tmp_path / "我的.xlsx").read_text("utf-8") == "mine"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="没有检查中断：本系统没有 fork")
@pytest.mark.parametrize("kind", ["clean", "mixed"])
def test_killed_at_any_file_operation_the_former_files_or_the_later_ones_are_whole(tmp_path, kind):
    place = Path("/dev/shm") if Path("/dev/shm").is_dir() else tmp_path
    with tempfile.TemporaryDirectory(dir=place) as scratch:
        command = [sys.executable, str(KILLER), scratch, kind]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["faults"] == []
    assert told["steps"] > 100


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=60", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("没有检查磁盘写满：这里不允许 mount tmpfs（需要 root）")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("later", [{"a.bin": "x" * 900_000}, {f"f/{at}": "x" for at in range(80)}])
def test_on_a_full_disk_the_former_files_are_whole(small_disk, later):
    former = {**OLD, "big.bin": "y" * 400_000}
    delivered(small_disk / "OUT", former)
    with pytest.raises(OSError, match="No space") as full:
        delivered(small_disk / "OUT", later)
    assert full.value.__notes__ == ["原有的文件没有改动。"]
    assert lying(small_disk / "OUT") == former
    delivered(small_disk / "OUT", NEW)
    assert lying(small_disk / "OUT") == NEW
