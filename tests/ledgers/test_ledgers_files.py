"""Files as they come: encodings, separators, Excel's habits, and files that cannot be used."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers import read_ledgers, read_tables
from coverage_engine.ledgers.files.text_files import grid_of, text_grid

HEADER = ["企业名称", "所在地区", "团员数"]
FIRM = ["河南𠮷祥（郑州）有限公司", "郑州市金水区", "3"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_is_read_in_every_usual_encoding_and_separator(
    text_file: Callable[..., Path], read: Callable[..., tuple], encoding: str, separator: str
) -> None:
    file = text_file([HEADER, FIRM], encoding=encoding, separator=separator)
    snapshot, _ = read(file)
    assert snapshot["enterprises"]["name"].to_list() == [FIRM[0]]
    assert snapshot["enterprises"]["league_members"].to_list() == [3]


@pytest.mark.parametrize("name", ["企业台账.tsv", "企业台账.txt", "企业台账.CSV"])
def test_text_endings_are_all_accepted(
    text_file: Callable[..., Path], read: Callable[..., tuple], name: str
) -> None:
    snapshot, _ = read(text_file([HEADER, FIRM], name=name))
    assert snapshot["enterprises"].height == 1


def test_bytes_of_no_encoding_are_refused_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "企业台账.csv"
    file.write_bytes("企业名称,所在地区\n河南甲有限公司,郑州市\n".encode() + b"\xff\xfe\xff,\x81\n")
    with pytest.raises(LedgerError, match="第 3 行附近的文字编码无法识别"):
        read_ledgers([file])


def test_cells_with_line_breaks_and_quotes_stay_in_their_row(
    tmp_path: Path, read: Callable[..., tuple]
) -> None:
    file = tmp_path / "企业台账.csv"
    file.write_text(
        '企业名称,所在地区,"团员数\n（人）"\n"河南""甲""有限公司","郑州市\n金水区",3\r\n\n乙有限公司,410105,1\n',
        "utf-8",
    )
    snapshot, _ = read(file)
    enterprises = snapshot["enterprises"].sort("row")
    assert enterprises["row"].to_list() == [2, 4]
    assert enterprises["county_code"].to_list() == ["410105", "410105"]


def test_a_long_number_in_excel_is_a_damaged_code_and_never_a_guess(
    workbook: Callable[..., Path], read: Callable[..., tuple], of_code: Callable
) -> None:
    file = workbook(
        {
            "企业台账": [
                ["企业名称", "统一社会信用代码", "所在地区"],
                ["甲有限公司", 914101050850828123, 410105],
            ]
        }
    )
    snapshot, findings = read(file)
    assert snapshot["enterprises"]["credit_code"].to_list() == [None]
    damaged = of_code(findings, "credit_code.damaged")
    assert damaged["cell"].to_list() == ["B2"]
    assert "E+17" in damaged["found"][0]
    assert "文本" in damaged["remedy"][0]


def test_excel_numbers_dates_and_truths_are_read_as_shown(
    workbook: Callable[..., Path], read: Callable[..., tuple]
) -> None:
    sheets = {
        "企业台账": [["企业名称", "所在地区", "团员数", "规模以上"], ["甲有限公司", 410105, 3.0, True]],
        "智慧团建导出": [["团组织全称", "导出日期"], ["共青团甲有限公司支部委员会", date(2019, 5, 20)]],
    }
    snapshot, _ = read(workbook(sheets), as_of=None)
    assert snapshot.as_of == date(2019, 5, 20)
    row = snapshot["enterprises"].row(0, named=True)
    assert (row["division_code"], row["league_members"], row["above_scale"]) == ("410105", 3, True)


@pytest.mark.office
def test_old_xls_workbooks_are_read(
    workbook: Callable[..., Path], tmp_path: Path, read: Callable[..., tuple]
) -> None:
    import shutil
    import subprocess

    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        pytest.skip("LibreOffice is not installed")
    file = workbook({"企业台账": [HEADER, FIRM]}, "旧台账.xlsx")
    command = [
        office,
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "xls",
    ]
    subprocess.run([*command, "--outdir", str(tmp_path), str(file)], check=True, capture_output=True)
    snapshot, _ = read(tmp_path / "旧台账.xls")
    assert snapshot["enterprises"]["name"].to_list() == [FIRM[0]]


def test_a_folder_is_read_whole_but_for_locks_truth_and_notes(
    tmp_path: Path, read: Callable[..., tuple], of_code: Callable
) -> None:
    text = "企业名称,所在地区\n甲有限公司,410105\n"
    (tmp_path / "企业台账.csv").write_text(text, "utf-8")
    (tmp_path / "下级").mkdir()
    (tmp_path / "下级" / "工会台账.csv").write_text("企业名称\n甲有限公司\n", "utf-8")
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth" / "企业台账.csv").write_text(text.replace("甲", "乙"), "utf-8")
    for name in ("~$企业台账.xlsx", ".隐藏.csv", "README.txt"):
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "照片.jpg").write_bytes(b"x")
    snapshot, findings = read(tmp_path)
    assert snapshot["sources"]["file"].to_list() == ["企业台账.csv", "工会台账.csv"]
    assert snapshot["enterprises"]["name"].to_list() == ["甲有限公司"]
    assert of_code(findings, "file.unknown_type")["file"].to_list() == ["照片.jpg"]


def test_one_bad_file_among_good_ones_is_an_error_finding(
    tmp_path: Path, read: Callable[..., tuple], of_code: Callable
) -> None:
    (tmp_path / "企业台账.csv").write_text("企业名称,所在地区\n甲有限公司,410105\n", "utf-8")
    (tmp_path / "园区台账.xlsx").write_bytes(b"PK\x03\x04" + bytes(100))
    snapshot, findings = read(tmp_path)
    assert snapshot["enterprises"].height == 1
    bad = of_code(findings, "file.unreadable")
    assert bad["file"].to_list() == ["园区台账.xlsx"]
    assert bad["severity"].to_list() == ["error"]


def _encrypted(file: Path, plain: Path) -> None:
    with plain.open("rb") as source, file.open("wb") as target:
        OOXMLFile(source).encrypt("密码", target)


def test_a_password_is_named_with_the_way_to_remove_it(workbook: Callable[..., Path], tmp_path: Path) -> None:
    locked = tmp_path / "加密.xlsx"
    _encrypted(locked, workbook({"企业台账": [HEADER, FIRM]}))
    with pytest.raises(LedgerError, match=r"打开密码[\s\S]*去掉密码"):
        read_ledgers([locked])


def test_text_named_as_a_workbook_is_read_as_text(tmp_path: Path) -> None:
    file = tmp_path / "企业台账.xlsx"
    file.write_text("企业名称,所在地区\n甲有限公司,410105\n", "utf-8")
    assert read_ledgers([file])[0]["enterprises"]["name"].to_list() == ["甲有限公司"]


def test_a_workbook_named_as_text_is_read_as_a_workbook(
    workbook: Callable[..., Path], tmp_path: Path
) -> None:
    file = tmp_path / "企业台账.csv"
    file.write_bytes(workbook({"企业台账": [HEADER, FIRM]}).read_bytes())
    assert read_ledgers([file])[0]["enterprises"].height == 1


def test_an_empty_workbook_and_an_empty_file_are_refused(
    workbook: Callable[..., Path], tmp_path: Path
) -> None:
    with pytest.raises(LedgerError, match="工作簿是空的"):
        read_ledgers([workbook({"Sheet1": []})])
    nothing = tmp_path / "空.csv"
    nothing.write_bytes(b"")
    with pytest.raises(LedgerError, match="文件是空的"):
        read_ledgers([nothing])


def test_a_folder_without_ledgers_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "照片.jpg").write_bytes(b"x")
    with pytest.raises(LedgerError, match="里没有台账文件"):
        read_ledgers([tmp_path])
    with pytest.raises(LedgerError, match="找不到文件"):
        read_ledgers([tmp_path / "没有.xlsx"])
    with pytest.raises(LedgerError, match="不认识的文件类型"):
        read_ledgers([tmp_path / "照片.jpg"])


def test_a_workbook_that_swells_beyond_reason_is_refused(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    file = tmp_path / "企业台账.xlsx"
    file.write_bytes(bomb.getvalue())
    with pytest.raises(LedgerError, match="解开后过大"):
        read_ledgers([file])


def test_a_damaged_workbook_is_refused(workbook: Callable[..., Path], tmp_path: Path) -> None:
    file = tmp_path / "坏.xlsx"
    file.write_bytes(workbook({"企业台账": [HEADER, FIRM]}).read_bytes()[:400])
    with pytest.raises(LedgerError, match="已损坏"):
        read_ledgers([file])
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("文本.txt", "x")
    with pytest.raises(LedgerError, match="打不开"):
        read_ledgers([file])


def test_ledgers_without_the_enterprise_ledger_are_refused() -> None:
    with pytest.raises(LedgerError, match="没有企业台账（认出的有：工会台账）"):
        read_tables({"工会台账": [{"企业名称": "甲有限公司"}]})


def test_an_enterprise_ledger_without_a_required_column_is_refused_by_name() -> None:
    with pytest.raises(LedgerError, match="缺少必填列 所在地区"):
        read_tables({"企业台账": [{"企业名称": "甲有限公司", "团员数": 3}]})


def test_an_enterprise_ledger_without_a_usable_row_is_refused() -> None:
    with pytest.raises(LedgerError, match=r"没有一行能用[\s\S]*省外"):
        read_tables({"企业台账": [{"企业名称": "甲有限公司", "所在地区": "武汉市"}]})
    with pytest.raises(LedgerError, match="没有一行数据"):
        read_tables({"企业台账": [{"企业名称": None, "所在地区": None}]})


TEXTS = ["a,b\n1,2\n", "a,b\n\n1\n,,3", "甲\n乙", "a\tb\n1\t2", "\n\n", " a ,b \n1, "]


@pytest.mark.parametrize("text", TEXTS)
def test_text_without_quotes_is_split_as_the_csv_reader_splits_it(text: str) -> None:
    separator = "\t" if "\t" in text else ","
    plain = text_grid(text.encode(), "a.csv")
    read = grid_of(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    assert plain.rows() == read.rows()


def test_a_cell_at_the_end_of_the_sheet_is_refused_before_room_is_made_for_it(tmp_path: Path) -> None:
    file = tmp_path / "企业台账.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("企业台账")
        sheet.write_row(0, 0, ["企业名称", "所在地区"])
        sheet.write_row(1, 0, ["甲有限公司", "410105"])
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(LedgerError, match="行列过多"):
        read_ledgers([file])


def test_all_columns_of_a_sheet_filled_with_headers_are_read_in_bounded_time(tmp_path: Path) -> None:
    file = tmp_path / "企业台账.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("企业台账")
        sheet.write_row(0, 0, ["企业名称", "所在地区", *(f"列{i}" for i in range(16_382))])
        sheet.write_row(1, 0, ["甲有限公司", "410105"])
    assert read_ledgers([file])[0]["enterprises"].height == 1
