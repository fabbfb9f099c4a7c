"""Folders as they are handed in: links, pipes, strange names, damaged files, the product's own results."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers import read_ledgers, read_tables
from coverage_engine.ledgers.files import raw_sheets as opening
from coverage_engine.ledgers.handing_out.findings_workbook import write_findings
from coverage_engine.ledgers.handing_out.template import write_template
from coverage_engine.planning import plan, write_plan
from coverage_engine.workspace.input_files import handed_in

LEDGER = "企业名称,所在地区\n甲有限公司,410105\n"
CASES = Path(__file__).parents[3] / "shared" / "cases" / "hostile"
AS_OF = date(2019, 6, 15)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one sound ledger."""
    place = tmp_path / "台账"
    place.mkdir()
    (place / "企业台账.csv").write_text(LEDGER, "utf-8")
    return place


def _passed_over(findings: object) -> dict[str, str]:
    table: pl.DataFrame = findings.table  # type: ignore[attr-defined]
    told = table.filter(pl.col("code") == "file.passed_over")
    return dict(told.select("file", "found").rows())


def test_links_that_lead_in_circles_are_told_and_each_file_is_read_once(
    folder: Path, read: Callable[..., tuple]
) -> None:
    (folder / "圈一").symlink_to(folder)
    (folder / "圈二").symlink_to(folder.parent)
    (folder / "自己").symlink_to(folder / "自己")
    (folder / "断了.csv").symlink_to(folder / "没有.csv")
    (folder / "又一份.csv").symlink_to(folder / "企业台账.csv")
    (folder / "硬链.csv").hardlink_to(folder / "企业台账.csv")
    snapshot, findings = read(folder)
    assert snapshot["sources"].height == 1
    told = _passed_over(findings)
    assert set(told) >= {"圈一", "自己", "断了.csv", "硬链.csv"}
    assert "指向的文件不存在" in told["断了.csv"]
    assert read(folder, folder / "企业台账.csv")[0]["sources"].height == 1


def test_pipes_and_devices_are_never_opened(folder: Path, read: Callable[..., tuple]) -> None:
    os.mkfifo(folder / "工会台账.csv")
    (folder / "零.csv").symlink_to("/dev/zero")
    snapshot, findings = read(folder)
    assert snapshot["enterprises"].height == 1
    assert set(_passed_over(findings)) == {"工会台账.csv", "零.csv"}
    for special in ("工会台账.csv", "零.csv"):
        with pytest.raises(LedgerError, match="不是普通文件"):
            read(folder / special)


def test_a_file_name_in_gbk_bytes_is_read_and_shown_as_it_was_meant(
    tmp_path: Path, read: Callable[..., tuple]
) -> None:
    place = os.fsencode(tmp_path) + b"/" + "企业台账.csv".encode("gbk")
    try:
        Path(os.fsdecode(place)).write_bytes(LEDGER.encode())
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    (tmp_path / os.fsdecode("备注.jpg".encode("gbk"))).write_bytes(b"x")
    snapshot, findings = read(tmp_path)
    assert snapshot["sources"]["file"].to_list() == ["企业台账.csv"]
    assert "备注.jpg" in findings.table["file"].to_list()
    assert list(handed_in([tmp_path])) == ["企业台账.csv"]
    assert read(tmp_path / os.fsdecode("企业台账.csv".encode("gbk")))[0]["enterprises"].height == 1


def test_a_folder_with_one_damaged_file_is_read_but_for_that(
    read: Callable[..., tuple], of_code: Callable
) -> None:
    if not CASES.exists():
        pytest.skip(f"!!! SHARED MATERIAL IS MISSING: {CASES}")
    snapshot, findings = read(CASES / "folder_with_one_bad")
    assert snapshot["enterprises"].height
    assert of_code(findings, "file.unreadable")["file"].to_list() == ["园区台账.xlsx"]


class PanicException(BaseException):
    """As a reader written in Rust raises it."""


@pytest.mark.parametrize(
    "fault",
    [
        ValueError,
        UnicodeError,
        OverflowError,
        RecursionError,
        MemoryError,
        OSError,
        TypeError,
        PanicException,
    ],
)
def test_whatever_a_reader_stumbles_over_is_told_and_the_others_are_read(
    fault: type[BaseException],
    folder: Path,
    read: Callable[..., tuple],
    of_code: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad = folder / "园区台账.xlsx"
    bad.write_bytes(b"PK\x03\x04")

    def stumble(data: bytes, file: str, name: str) -> None:
        if file == bad.name:
            raise fault("secret")

    monkeypatch.setattr(opening, "sheets_by_content", stumble)
    snapshot, findings = read(folder)
    assert snapshot["enterprises"].height == 1
    told = of_code(findings, "file.unreadable")
    assert told["file"].to_list() == [bad.name]
    assert told["remedy"][0] and "secret" not in told["found"][0]
    with pytest.raises(LedgerError, match="下一步"):
        read(bad)


def test_an_interruption_is_no_fault_of_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(data: bytes, file: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(opening, "read_text", stop)
    with pytest.raises(KeyboardInterrupt):
        read_ledgers(folder)


def test_a_file_of_more_bytes_than_any_ledger_is_refused_before_it_is_read(
    folder: Path, read: Callable[..., tuple], of_code: Callable
) -> None:
    with (folder / "大.csv").open("wb") as stream:
        stream.truncate(1024**3 + 1)
    _, findings = read(folder)
    assert "文件过大" in of_code(findings, "file.unreadable")["found"][0]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which a plan was written, with the ledgers in a folder of it."""
    place = tmp_path_factory.mktemp("计划")
    ledgers = place / "ledgers"
    ledgers.mkdir()
    (ledgers / "企业台账.csv").write_text("企业名称,所在地区,团员数\n甲有限公司,410105,4\n", "utf-8")
    snapshot, findings = read_ledgers(ledgers, as_of=AS_OF)
    write_plan(plan(snapshot, findings=findings), place)
    return place


def test_an_output_folder_is_left_out_but_for_the_ledgers_in_it(
    planned: Path, read: Callable[..., tuple], of_code: Callable
) -> None:
    snapshot, findings = read(planned)
    assert snapshot["sources"]["file"].to_list() == ["企业台账.csv"]
    assert of_code(findings, "file.own_output")["file"].to_list() == [planned.name, "index.html"]


def test_results_are_known_again_under_any_name(
    planned: Path, folder: Path, read: Callable[..., tuple], of_code: Callable
) -> None:
    results = [*planned.glob("actions/*.xlsx"), *planned.glob("annexes/*.xlsx")]
    assert len(results) >= 2
    for number, file in enumerate(results):
        shutil.copy(file, folder / f"企业台账（{number}）.xlsx")
    shutil.copy(planned / "tables" / "enterprises.csv", folder)
    snapshot, findings = read(folder)
    assert snapshot["sources"]["file"].to_list() == ["企业台账.csv"]
    assert of_code(findings, "file.own_output").height == len(results) + 1
    with pytest.raises(LedgerError, match="本软件写出的结果"):
        read(results[0])


def test_a_folder_by_the_list_of_what_was_written_is_an_output_folder(
    folder: Path, read: Callable[..., tuple]
) -> None:
    (folder / "annexes").mkdir()
    (folder / "annexes" / "企业台账二.csv").write_text(LEDGER.replace("甲", "乙"), "utf-8")
    (folder / "plan.json").write_text(json.dumps({"software": {"name": "another"}}), "utf-8")
    assert read(folder)[0]["enterprises"].height == 2
    (folder / ".coverage-engine-manifest.json").write_text("{}", "utf-8")
    assert read(folder)[0]["enterprises"].height == 1


def test_returned_rows_of_a_findings_workbook_are_read_and_nothing_else_of_it(
    folder: Path, tmp_path: Path, read: Callable[..., tuple]
) -> None:
    (folder / "企业台账.csv").write_text(LEDGER + "乙有限公司,\n", "utf-8")
    snapshot, findings = read(folder)
    write_findings(findings, snapshot, tmp_path / "问题.xlsx")
    again, told = read(folder, tmp_path / "问题.xlsx")
    assert again["sources"]["sheet"].to_list() == ["企业台账", "退回-企业台账"]
    assert "sheet.unknown_kind" not in told.table["code"].to_list()


def test_a_filled_template_is_a_ledger(tmp_path: Path, read: Callable[..., tuple]) -> None:
    import openpyxl

    file = tmp_path / "空白台账.xlsx"
    write_template(file)
    book = openpyxl.load_workbook(file)
    book["企业台账"].append([])
    head = next(row for row in book["企业台账"].iter_rows() if any(cell.value for cell in row))
    headers = {str(cell.value).rstrip("*＊"): cell.column for cell in head if cell.value}
    for header, value in (("企业名称", "甲有限公司"), ("所在地区", "410105")):
        column = next(number for name, number in headers.items() if name.startswith(header))
        book["企业台账"].cell(head[0].row + 1, column, value)
    book.save(file)
    assert read(file)[0]["enterprises"].height == 1


INVISIBLE = ["\u200b", "\u200e", "\u2060", "\ufeff", "\u00ad", "\u202c"]


@pytest.mark.parametrize("sign", INVISIBLE)
def test_signs_that_nobody_sees_are_taken_out_of_every_ledger_and_told_once(
    sign: str, tmp_path: Path, workbook: Callable[..., Path], read: Callable[..., tuple], of_code: Callable
) -> None:
    rows = [[f"企业{sign}名称", "所在地区"], [f"甲有限公司{sign}", f"{sign}410105"], [sign, " "]]
    text = tmp_path / "企业台账.csv"
    text.write_text("\n".join(",".join(row) for row in rows), "utf-8")
    for file in (text, workbook({"企业台账": rows})):
        snapshot, findings = read(file)
        assert snapshot["enterprises"]["name"].to_list() == ["甲有限公司"]
        assert of_code(findings, "text.invisible_signs")["found"].to_list() == ["4 格"]
    firms = [{f"企业{sign}名称": "甲有限公司", "所在地区": f"410105{sign}"}]
    assert read_tables({"企业台账": firms})[0]["enterprises"].height == 1


@pytest.mark.parametrize("space", ["\u00a0", "\u3000", "\u2003", "\t"])
def test_outer_spaces_of_every_kind_are_dropped(space: str) -> None:
    firms = [{"企业名称": f"{space}甲有限公司{space}", "所在地区": f"{space}410105"}]
    assert read_tables({"企业台账": firms})[0]["enterprises"]["name"].to_list() == ["甲有限公司"]


@pytest.mark.parametrize(
    ("name", "firms"),
    [("b28_codes_numbers_zero_width_企业台账.xlsx", None), ("b29_zero_width_headers_企业台账.xlsx", 5)],
)
def test_zero_width_signs_in_codes_and_headers_hide_nothing(
    name: str, firms: int | None, read: Callable[..., tuple], of_code: Callable
) -> None:
    file = CASES.parent / "files" / name
    if not file.exists():
        pytest.skip(f"!!! SHARED MATERIAL IS MISSING: {file}")
    snapshot, findings = read(file)
    assert firms is None or snapshot["enterprises"].height == firms
    assert of_code(findings, "text.invisible_signs").height == 1
    assert not any("\u200b" in text for text in findings.table["found"])
