"""Every command that writes leaves a folder of somebody's files byte for byte as it was."""

import hashlib
import shutil

import openpyxl
import pytest
from click.testing import CliRunner

from coverage_engine.cli.commands import coverage_engine

DAY = ("--as-of", "2019-06-15")
FIRM = "虚构甲有限公司"
ROWS = [["企业名称", "所在地区", "团员数", "党组织", "团组织"], [FIRM, "郑州市金水区", 3, "单独", "无"]]

# What each writing command is asked; {out} is the place that somebody's files lie in.
WRITING = {
    "template": ["{out}/台账.xlsx"],
    "sample": ["{out}", "--enterprises", "60"],
    "demo": ["--out", "{out}", "--enterprises", "60"],
    "map": ["{ledger}", "--out", "{out}/对照.xlsx"],
    "check": ["{ledger}", *DAY, "--findings", "{out}/问题.xlsx"],
    "plan": ["{ledger}", *DAY, "--division", "郑州市", "--trace", "--out", "{out}"],
    "explain": ["{ledger}", *DAY, "--enterprise", FIRM, "--html", "{out}/个案.html"],
    "review": ["{ledger}", *DAY, "--out", "{out}"],
    "simulate": ["{ledger}", *DAY, "--months", "1", "--path", "9", "--out", "{out}"],
    "letters": ["{ledger}", *DAY, "--division", "郑州市", "--out", "{out}"],
    "returns": ["{ledger}", *DAY, "--annexes", "{returned}", "--out", "{out}"],
    "pdf": ["{letter}", "--out", "{out}"],
    "fill-form": ["{ledger}", *DAY, "--annex", "3", "--blank", "{blank}", "--out", "{out}/附件3.xlsx"],
    "learn": ["{ledger}", *DAY, "--models", "{out}"],
    "init": ["{out}"],
    "import": ["{ledger}", *DAY, "--workspace", "{workspace}", "--out", "{out}/变更.xlsx"],
    "diff": ["1", "1", "--workspace", "{workspace}", "--out", "{out}/不同.xlsx"],
}
# These write nothing but into a workspace, or nothing at all.
READING = {"trace", "history", "undo", "restore", "doubts", "decide", "verify", "repair", "forget"}

# Names that the commands write under; each is somebody's here.
THEIRS = [
    "台账.xlsx",
    "问题.xlsx",
    "对照.xlsx",
    "个案.html",
    "附件3.xlsx",
    "变更.xlsx",
    "不同.xlsx",
    "企业台账.csv",
    "index.html",
    "plan.json",
    "CURRENT",
    "decisions.jsonl",
    "ask_lists.xlsx",
    "campaign.xlsx",
    "回填预览.xlsx",
    "甲.html",
    "甲.pdf",
    "truth/README.md",
    "tables/enterprises.csv",
    "maps/coverage.html",
    "annexes/annex_3.xlsx",
    "actions/郑州市金水区.xlsx",
    "evidence/a.html",
    "ledgers/企业台账.csv",
    "汇总/annex_3_汇总.xlsx",
    "模板/joint_notice.docx",
    "inputs/a",
    "journal.jsonl",
    "lock",
]


def book(file, rows):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.active.title = "企业台账"
    made.save(file)
    return file


def run(*arguments):
    result = CliRunner().invoke(coverage_engine, [str(each) for each in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def content(folder):
    return {
        each: (hashlib.sha256(each.read_bytes()).hexdigest(), each.stat().st_ino)
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A ledger, a returned annex, a blank, a document and a workspace."""
    folder = tmp_path_factory.mktemp("desk")
    ledger = book(folder / "企业.xlsx", ROWS)
    assert run("plan", ledger, *DAY, "--division", "郑州市", "--out", folder / "plan").exit_code == 0
    (folder / "returned" / "金水区").mkdir(parents=True)
    annex = folder / "plan" / "annexes" / "annex_3.xlsx"
    shutil.copyfile(annex, folder / "returned" / "金水区" / "附件3.xlsx")
    shutil.copyfile(annex, folder / "甲.xlsx")
    assert run("init", folder / "ws").exit_code == 0
    assert run("import", ledger, *DAY, "--workspace", folder / "ws", "--apply").exit_code == 0
    names = {"ledger": ledger, "returned": folder / "returned", "blank": annex, "workspace": folder / "ws"}
    return {**names, "letter": folder / "甲.xlsx"}


def asked(command, desk, out):
    return [command, *(each.format(out=out, **desk) for each in WRITING[command])]


def test_every_command_is_known_to_write_or_not():
    assert {*WRITING, *READING} == set(coverage_engine.commands)


@pytest.mark.parametrize("command", sorted(WRITING))
def test_somebodys_files_are_byte_equal_afterwards(command, desk, tmp_path):
    for name in THEIRS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{name}：不是本软件写的", "utf-8")
    before = content(tmp_path)
    result = run(*asked(command, desk, tmp_path))
    after = content(tmp_path)
    assert {file: after.get(file) for file in before} == before
    if result.exit_code:
        assert "下一步" in result.output
        assert set(after) == set(before) or command == "demo"


@pytest.mark.parametrize("command", sorted({*WRITING} - {"init", "learn", "diff"}))
def test_the_same_command_can_be_given_again_and_writes_the_same(command, desk, tmp_path):
    first = run(*asked(command, desk, tmp_path))
    assert first.exit_code == 0, first.output
    written = content(tmp_path)
    assert written
    again = run(*asked(command, desk, tmp_path))
    assert again.exit_code == 0, again.output
    later = content(tmp_path)
    assert set(later) == set(written)
    if command != "pdf":  # LibreOffice writes the time of day into its files.
        assert {file: found[0] for file, found in later.items()} == {
            file: found[0] for file, found in written.items()
        }
