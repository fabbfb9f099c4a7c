"""The folder of returned annexes: sub-folders are looked into, a damaged file stops no other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coverage_engine.model.plan import Plan
from coverage_engine.returned_annexes import returned_files, roll_up

DAMAGED = Path(__file__).parents[2].parent / "shared" / "cases" / "hostile" / "returns_ValueError.xlsx"


def test_returns_in_sub_folders_are_found_and_locks_of_excel_are_not(tmp_path: Path) -> None:
    for name in (
        "甲.xlsx",
        "金水区/附件3.XLSX",
        "金水区/再交/附件4.xlsx",
        "~$甲.xlsx",
        ".甲.xlsx",
        "说明.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "夹.xlsx").mkdir()
    (tmp_path / "断.xlsx").symlink_to(tmp_path / "none.xlsx")
    found = {each.relative_to(tmp_path).as_posix() for each in returned_files(tmp_path)}
    assert found == {"甲.xlsx", "金水区/附件3.XLSX", "金水区/再交/附件4.xlsx"}


def test_a_damaged_annex_is_told_and_the_others_are_read(plan: Plan, sent: Path, tmp_path: Path) -> None:
    shutil.copyfile(sent / "annex_3.xlsx", tmp_path / "好.xlsx")
    whole = (sent / "annex_4.xlsx").read_bytes()
    (tmp_path / "半.xlsx").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "空.xlsx").write_bytes(b"")
    damaged = {"半.xlsx", "空.xlsx"}
    if DAMAGED.exists():
        shutil.copyfile(DAMAGED, tmp_path / "坏.xlsx")
        damaged.add("坏.xlsx")
    rolled = roll_up(returned_files(tmp_path), plan)
    assert [annex.sheet.file for annex in rolled.returned] == ["好.xlsx"]
    assert damaged <= set(rolled.findings.table["file"])
    if not DAMAGED.exists():
        pytest.skip(f"没有检查受损的附件：找不到 {DAMAGED}")
