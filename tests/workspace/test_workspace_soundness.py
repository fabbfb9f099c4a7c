"""Damage to a workspace is told and, by its journal and originals, mended; originals can be forgotten."""

from __future__ import annotations

import random
import shutil

import pytest
from click.testing import CliRunner

from coverage_engine.cli.commands import coverage_engine
from coverage_engine.errors import WorkspaceError
from coverage_engine.ledgers.identity.decisions import Decision
from coverage_engine.workspace import (
    Request,
    decide,
    forget,
    forgettable,
    history,
    import_ledgers,
    init_workspace,
    load_current,
    load_version,
    open_workspace,
    repair_workspace,
    restore,
    undo,
    verify_workspace,
    version_ingredients,
)


@pytest.fixture
def used(workspace, ledger):
    """A workspace with two versions of one file, the second taken back."""
    for members in (3, 5):
        import_ledgers(workspace, Request([ledger("甲区", "甲乙", members=members)]))
    undo(workspace)
    return workspace


def everything(folder):
    return {file: file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def run(*arguments):
    return CliRunner().invoke(coverage_engine, [str(argument) for argument in arguments])


def test_a_workspace_as_it_was_left_is_sound_and_verifying_changes_nothing(used):
    before = everything(used.folder)
    found = verify_workspace(used)
    assert (found.versions, found.originals, found.damages) == (2, 2, ())
    assert everything(used.folder) == before


def test_no_changed_byte_of_the_pointer_ever_leads_to_another_version(used):
    sound, told = used.current.read_bytes(), history(used)
    for place in range(len(sound)):
        for bit in range(8):
            changed = bytearray(sound)
            changed[place] ^= 1 << bit
            used.current.write_bytes(changed)
            try:
                assert history(used) == told
            except WorkspaceError as error:
                assert "repair" in error.remedy
    for length in range(len(sound) - 1):
        used.current.write_bytes(sound[:length])
        with pytest.raises(WorkspaceError, match="CURRENT"):
            load_current(used)


@pytest.mark.parametrize("damage", [b"", b"\0" * 40, b"{}", b"[" * 100_000, None])
def test_a_lost_pointer_is_rebuilt_from_the_journal(used, damage):
    sound, before = used.current.read_bytes(), load_current(used)[0]["enterprises"]
    if damage is None:
        used.current.unlink()
    else:
        used.current.write_bytes(damage)
    workspace = open_workspace(used.folder)
    (found,) = verify_workspace(workspace).damages
    assert (found.subject, "repair" in found.remedy) == ("CURRENT", True)
    repaired = repair_workspace(workspace)
    assert (repaired.damages, len(repaired.mended)) == ((), 1)
    assert used.current.read_bytes() == sound
    assert load_current(workspace)[0]["enterprises"].equals(before)


def test_a_workspace_that_nothing_was_imported_into_is_repaired_too(workspace):
    workspace.journal.write_bytes(b"")
    workspace.current.write_bytes(b"x")
    assert repair_workspace(workspace).damages == ()
    assert history(workspace) == []


def test_damaged_tables_of_any_version_are_read_anew_from_their_originals(used):
    decide(used, [Decision("甲", "乙", False)])
    sound = everything(used.snapshots)
    chance = random.Random(2019)
    for file in sound:
        if file.suffix == ".parquet" and chance.random() < 0.2:
            data = bytearray(file.read_bytes())
            data[chance.randrange(len(data))] ^= 1
            file.write_bytes(data)
    next(file for file in sound if file.name == "parks.parquet").unlink()
    assert {damage.subject for damage in verify_workspace(used).damages} == {"version"}
    repaired = repair_workspace(used)
    assert repaired.damages == ()
    assert repaired.mended
    assert everything(used.snapshots) == sound


def test_what_cannot_be_mended_is_told_and_left_as_it_is(used):
    version = used.snapshots / "000001"
    (version / "manifest.json").write_bytes(b"{}")
    original = next(used.inputs.rglob("*.csv"))
    original.write_bytes(b"changed")
    repaired = repair_workspace(used)
    assert sorted(damage.subject for damage in repaired.damages) == ["original", "version"]
    assert repaired.mended == ()
    told = run("verify", "--workspace", used.folder)
    assert told.exit_code == 1
    assert "000001" in told.output and "企业台账.csv" in told.output


def test_the_originals_that_no_longer_count_are_forgotten_and_versions_stay(used):
    kept = version_ingredients(used).inputs
    (old,) = forgettable(used)
    assert forget(used) == [old]
    assert not (used.inputs / old.sha256).exists()
    assert kept[0].place(used).is_file()
    assert load_version(used, "2")[0]["enterprises"].height == 2
    assert verify_workspace(used).damages == ()
    assert forget(used) == []
    restore(used, "2")
    assert history(used)[-2].command == "forget"


def test_everything_forgotten_can_be_handed_in_again(used, ledger):
    assert len(forget(used, everything=True)) == 2
    assert list(used.inputs.iterdir()) == []
    with pytest.raises(WorkspaceError, match="重新交入"):
        decide(used, [Decision("甲", "乙", True)])
    import_ledgers(used, Request([ledger("甲区", "甲乙丙")]))
    assert load_current(used)[0]["enterprises"].height == 3
    assert verify_workspace(used).damages == ()


def test_forgetting_by_name_and_previewing(used):
    told = run("forget", "--workspace", used.folder)
    assert told.exit_code == 0 and "--apply" in told.output
    assert verify_workspace(used).damages == ()
    unknown = run("forget", "没有.csv", "--workspace", used.folder)
    assert unknown.exit_code == 1 and "现有：企业台账.csv" in unknown.stderr
    assert run("forget", "企业台账.csv", "--apply", "--workspace", used.folder).exit_code == 0
    assert list(used.inputs.iterdir()) == []


def test_undo_goes_past_forgetting_to_what_counted_before(used, ledger):
    import_ledgers(used, Request([ledger("甲区", "甲乙丙")]))
    forget(used)
    undo(used)
    assert load_current(used)[0]["enterprises"].height == 2


def test_a_copy_of_a_workspace_is_sound_wherever_it_lies(used, tmp_path):
    copy = tmp_path / "另一处"
    shutil.copytree(used.folder, copy)
    assert verify_workspace(open_workspace(copy)).damages == ()


def test_an_empty_folder_is_no_workspace(tmp_path):
    with pytest.raises(WorkspaceError, match="不是工作目录"):
        open_workspace(tmp_path)
    init_workspace(tmp_path / "新")
    assert run("repair", "--workspace", tmp_path / "新").exit_code == 0
