"""Import previewed and undone, versions kept as they were, history bound by hashes, one writer at a time."""

import subprocess
import sys

import pytest

from coverage_engine.errors import WorkspaceError
from coverage_engine.ledgers.identity.decisions import Decision
from coverage_engine.ledgers.reading import read_ledgers
from coverage_engine.workspace import (
    Request,
    decide,
    history,
    import_ledgers,
    init_workspace,
    load_current,
    load_version,
    open_workspace,
    preview_import,
    restore,
    undo,
    version_ingredients,
    write_comparison,
)
from coverage_engine.workspace.journal import current_entry, entries


def take(workspace, *sources, **how):
    return import_ledgers(workspace, Request(sources, **how))


def names(workspace):
    return load_current(workspace)[0]["enterprises"]["name"].to_list()


def bytes_of(workspace, version):
    folder = workspace.snapshots / version
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def everything(folder):
    return {file: file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_a_preview_writes_nothing(workspace, ledger):
    before = everything(workspace.folder)
    change = preview_import(workspace, Request([ledger("甲区", "甲乙")]))
    assert change.comparison.counts == {"added": 2, "changed": 0, "dropped": 0, "contradicted": 0}
    assert everything(workspace.folder) == before


def test_what_is_kept_is_what_reading_the_files_gives(workspace, ledger):
    folder = ledger("甲区", "甲乙")
    take(workspace, folder)
    kept, kept_findings = load_current(workspace)
    read, findings = read_ledgers([folder])
    assert kept.as_of == read.as_of and kept.kinds == read.kinds
    assert kept_findings.table.equals(findings.table)
    for table, frame in read.tables.items():
        assert kept[table].equals(frame), table


def test_a_later_import_tells_what_it_adds_changes_and_drops(workspace, ledger):
    take(workspace, ledger("甲区", "甲乙"))
    comparison = take(workspace, ledger("甲区", "乙丙", members=5)).comparison
    assert comparison.counts == {"added": 1, "changed": 1, "dropped": 1, "contradicted": 0}
    changed = comparison.enterprises.filter(comparison.enterprises["change"] == "changed")
    assert changed.select("name", "field", "before", "after").rows() == [
        ("虚构乙有限公司", "league_members", "3", "5")
    ]


def test_files_of_other_names_are_added_and_dropped_by_name(workspace, ledger, tmp_path):
    take(workspace, ledger("甲区", "甲"))
    second = ledger("乙区", "乙")
    (second / "企业台账.csv").rename(second / "企业台账乙区.csv")
    take(workspace, second)
    assert names(workspace) == ["虚构乙有限公司", "虚构甲有限公司"]
    take(workspace, dropped=["企业台账.csv"])
    assert names(workspace) == ["虚构乙有限公司"]
    take(workspace, ledger("丙区", "丙"), only=True)
    assert names(workspace) == ["虚构丙有限公司"]


def test_undo_goes_back_step_by_step_to_the_same_bytes_and_restore_forth(workspace, ledger):
    take(workspace, ledger("甲区", "甲"))
    first = bytes_of(workspace, "000001")
    take(workspace, ledger("甲区", "甲乙"))
    second = bytes_of(workspace, "000002")
    assert undo(workspace).version == "000001"
    assert names(workspace) == ["虚构甲有限公司"]
    assert bytes_of(workspace, "000001") == first
    assert undo(workspace).version is None
    with pytest.raises(WorkspaceError, match="没有可撤销"):
        undo(workspace)
    assert restore(workspace, "2").version == "000002"
    assert bytes_of(workspace, "000002") == second
    assert undo(workspace).version is None


def test_the_same_files_again_make_no_new_version(workspace, ledger):
    folder = ledger("甲区", "甲")
    assert take(workspace, folder).entry.version == "000001"
    assert take(workspace, folder).entry is None
    assert len(history(workspace)) == 1


def test_the_same_files_give_the_same_bytes_in_two_workspaces(workspace, ledger, tmp_path):
    folder = ledger("甲区", "甲乙丙")
    other = init_workspace(tmp_path / "另一个")
    take(workspace, folder)
    take(other, folder)
    assert bytes_of(workspace, "000001") == bytes_of(other, "000001")


def test_history_says_who_did_what_when_with_the_hash_of_each_file(workspace, ledger):
    take(workspace, ledger("甲区", "甲"))
    undo(workspace)
    first, second = history(workspace)
    assert (first.command, second.command) == ("import", "undo")
    assert first.by and first.at and len(first.details["inputs"]["企业台账.csv"]) == 64
    assert second.previous == first.hash


def test_decisions_are_kept_replayed_and_undone(workspace, ledger):
    take(workspace, ledger("甲区", "甲"))
    answer = Decision("虚构甲|410105", "虚构乙|410105", False)
    decide(workspace, [answer])
    take(workspace, ledger("甲区", "甲乙"))
    assert version_ingredients(workspace).decisions == (answer,)
    undo(workspace)
    undo(workspace)
    assert version_ingredients(workspace).decisions == ()


def test_a_failed_import_leaves_what_counted(workspace, ledger, tmp_path):
    take(workspace, ledger("甲区", "甲"))
    (tmp_path / "坏.xlsx").write_bytes(b"not a workbook")
    before = current_entry(workspace)
    with pytest.raises(Exception, match=r"企业台账|工作簿"):
        take(workspace, tmp_path / "坏.xlsx", only=True)
    assert current_entry(workspace) == before
    assert names(workspace) == ["虚构甲有限公司"]


def test_a_changed_table_is_found_out(workspace, ledger):
    take(workspace, ledger("甲区", "甲"))
    file = workspace.snapshots / "000001" / "enterprises.parquet"
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(WorkspaceError, match="校验值"):
        load_current(workspace)


def test_a_changed_journal_is_found_out(workspace, ledger):
    take(workspace, ledger("甲区", "甲"))
    workspace.journal.write_text(workspace.journal.read_text("utf-8").replace("import", "export"), "utf-8")
    with pytest.raises(WorkspaceError, match="日志"):
        history(workspace)


def test_a_changed_input_is_found_out_at_the_next_import(workspace, ledger):
    take(workspace, ledger("甲区", "甲"))
    kept = version_ingredients(workspace).inputs[0].place(workspace)
    kept.write_bytes(b"x")
    with pytest.raises(WorkspaceError, match="原件"):
        decide(workspace, [Decision("甲", "乙", True)])


def test_a_torn_journal_line_does_no_harm(workspace, ledger):
    take(workspace, ledger("甲区", "甲"))
    with workspace.journal.open("ab") as stream:
        stream.write(b'{"number": 2, "comm')
    assert [entry.number for entry in entries(workspace)] == [1]
    take(workspace, ledger("甲区", "甲乙"))
    assert [entry.command for entry in history(workspace)] == ["import", "import"]


def test_a_second_process_is_told_and_nothing_breaks(workspace, ledger):
    folder = ledger("甲区", "甲")
    hold = (
        "import sys; from pathlib import Path\n"
        "from coverage_engine.workspace import open_workspace\n"
        "from coverage_engine.workspace.locking import locked\n"
        "with locked(open_workspace(Path(sys.argv[1])), 'import'):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(workspace.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(WorkspaceError, match="另一个程序正在改动"):
            take(workspace, folder)
        assert history(workspace) == []
    finally:
        holder.communicate(b"")
    take(workspace, folder)
    assert names(workspace) == ["虚构甲有限公司"]


def test_folders_that_are_no_workspace_are_refused(tmp_path, workspace):
    with pytest.raises(WorkspaceError, match="不是工作目录"):
        open_workspace(tmp_path / "没有")
    with pytest.raises(WorkspaceError, match="已经是"):
        init_workspace(workspace.folder)
    (tmp_path / "别的").mkdir()
    (tmp_path / "别的" / "合影.jpg").write_bytes(b"x")
    with pytest.raises(WorkspaceError, match="不是空文件夹"):
        init_workspace(tmp_path / "别的")


def test_an_unknown_version_is_told_with_those_there_are(workspace, ledger):
    take(workspace, ledger("甲区", "甲"))
    with pytest.raises(WorkspaceError) as told:
        load_version(workspace, "7")
    assert "000001" in told.value.remedy


def test_no_personal_column_reaches_a_kept_table(workspace, ledger):
    take(workspace, ledger("甲区", "甲"))
    for name, data in bytes_of(workspace, "000001").items():
        assert b"00000000000" not in data, name


def test_a_comparison_is_written_as_a_workbook(workspace, ledger, tmp_path):
    change = preview_import(workspace, Request([ledger("甲区", "甲乙")]))
    write_comparison(change.comparison, tmp_path / "变化.xlsx")
    assert (tmp_path / "变化.xlsx").stat().st_size > 1000
