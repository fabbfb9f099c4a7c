"""Every kind of document, with hostile names in the facts: valid, sound inside, and text stays text."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner
from openpyxl.utils.cell import coordinate_to_tuple

import coverage_engine as ce
from coverage_engine.cli.commands import coverage_engine
from coverage_engine.model.plan import Plan
from coverage_engine.model.snapshot import Snapshot, build_snapshot
from coverage_engine.reporting import write_actions, write_annexes, write_tables
from coverage_engine.reporting.annexes import annex_rows
from coverage_engine.reporting.blanks import fill_blank
from coverage_engine.reporting.letters import write_letter_templates, write_letters
from coverage_engine.reporting.print_pages import write_print_pages
from coverage_engine.reporting.printing import write_pdf
from coverage_engine.reporting.traces import write_traces
from coverage_engine.returned_annexes import roll_up, write_preview, write_roll_up
from coverage_engine.reviewing import review, write_review

docx = pytest.importorskip("docx")
audit = pytest.importorskip("openxml_audit")

OFFICE = shutil.which("soffice") and shutil.which("pdftotext")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Of a blank filled by openpyxl: texts that stand in their cells, which Excel reads and only files elsewhere
# when it saves; and a font's properties in another order than Office's, which ECMA-376 leaves free (CT_Font).
ALLOWED = (
    "Excel will move every inline string",
    "/styleSheet[1]/fonts[1]/font[1]: Unexpected element 'color'",
)
NUMBER = re.compile(r"-?\d+(\.\d+)?(E-?\d+)?", re.IGNORECASE)
HOSTILE = [
    '=HYPERLINK("http://evil.example","点我")',
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "-2+3+cmd",
    "乌\t有制表",
    "\t=1+1",
    "乌\r有回车",
    "乌有</w:t></w:r>企业",
    "{{7*7}}{% raw %}",
    "<r><t>富文本</t></r>",
    "\u202e司公限有\u202c",
    "长" * 10_000,
    "<img src=x onerror=alert(1)>",
    "_x0041_有限公司",
]
SORTS = {
    "annexes/annex_1.xlsx", "annexes/annex_2.xlsx", "annexes/annex_3.xlsx", "annexes/annex_4.xlsx",
    "annexes/annex_5.xlsx", "annexes/annex_statistics.xlsx", "actions/*.xlsx", "填好/*.xlsx",
    "汇总/*.xlsx", "预览/*.xlsx", "review/ask_lists.xlsx", "review/bridge.xlsx",
    "review/control_sheets.xlsx", "review/notice_draft.xlsx", "letters/联合通知/*.docx",
    "letters/商请函/*.docx", "letters/致企业的函/*.docx", "letters/建团申请/*.docx", "letters/批复/*.docx",
    "letters/*.docx", "letters/任务清单/*.docx", "letters/任务清单/按责任单位/*.docx",
    "letters/任务清单/按责任单位/*.xlsx", "模板/*.docx",
}  # fmt: skip


def _sort(file: Path, folder: Path) -> str:
    """The kind of a document: its folders without places, its name where that is one of the program's."""
    parts = file.relative_to(folder).parts
    folders = [part for part in parts[:-1] if not part.endswith(("市", "区", "县", "）"))]
    own = (
        file.name if re.match(r"[a-z_0-9]+\.xlsx", file.name) and folders[0] != "填好" else f"*{file.suffix}"
    )
    return "/".join([*folders, own])


def _hostile(plan: Plan) -> Snapshot:
    """The same facts under hostile names: the first targets of Annex 3, and four parks."""
    listed = (
        plan["enterprises"]
        .filter("is_target")
        .join(annex_rows(plan, "annex_3").ids, on="enterprise_id", how="semi", maintain_order="left")
    )
    names = dict(zip(listed["enterprise_id"].to_list(), HOSTILE, strict=False))
    parks = dict(zip(range(4), HOSTILE, strict=False))
    assert len(names) == len(HOSTILE)
    snapshot = plan.snapshot
    tables = {
        name: table.with_columns(pl.col(key).replace_strict(called, default=pl.col("name")).alias("name"))
        for name, key, called, table in (
            ("enterprises", "enterprise_id", names, snapshot["enterprises"]),
            ("parks", "park_id", parks, snapshot["parks"]),
        )
    }
    return build_snapshot(snapshot.as_of, {**snapshot.tables, **tables}, snapshot.kinds)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("ledgers")
    ce.write_sample(folder, enterprises=360, seed=8)
    snapshot, findings = ce.read_ledgers([folder])
    plan = ce.plan(snapshot, findings=findings)
    return ce.plan(_hostile(plan), findings=findings)


@pytest.fixture(scope="module")
def folder(made: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    write_annexes(made, folder / "annexes")
    write_traces(made, folder / "annexes")
    write_actions(made, folder / "actions")
    write_tables(made, folder / "tables")
    write_letters(made, folder / "letters")
    write_letter_templates(folder / "模板")
    rolled = roll_up([folder / "annexes" / f"annex_{number}.xlsx" for number in (3, 4, 5)], made)
    write_roll_up(rolled, made, folder / "汇总")
    write_preview(rolled, made.as_of, folder / "预览" / "预览.xlsx")
    write_review(review(made.snapshot, before=made.snapshot), folder / "review")
    book = openpyxl.Workbook()
    book.active.append(["序号", "企业名称", "团员数", "信用代码"])
    book.save(folder / "空.xlsx")
    fill_blank(made, "annex_3", folder / "空.xlsx", folder / "填好" / "填.xlsx")
    (folder / "空.xlsx").unlink()
    return folder


@pytest.fixture(scope="module")
def samples(folder: Path) -> list[Path]:
    """The largest document of each sort."""
    by_sort: dict[str, list[Path]] = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix in (".xlsx", ".docx"):
            by_sort.setdefault(_sort(file, folder), []).append(file)
    assert set(by_sort) == SORTS
    return sorted(max(files, key=lambda file: (file.stat().st_size, file)) for files in by_sort.values())


def unsound(file: Path) -> list[str]:
    """What the schema's validator and the rules that it does not know find wrong with a package."""
    told = [str(each) for each in audit.OpenXmlValidator().validate(str(file)).errors]
    found = [each for each in told if not any(known in each for known in ALLOWED)]
    with zipfile.ZipFile(file) as package:
        if package.testzip() is not None:
            found.append("broken archive")
        if file.suffix == ".xlsx":
            found += _unsound_sheets(package)
        else:
            body = ElementTree.fromstring(package.read("word/document.xml"))
            ended = [cell for cell in body.iter(f"{WORD}tc") if cell[-1].tag != f"{WORD}p"]
            found += ["a cell of a table does not end with a paragraph"] * len(ended)
    return found


def _unsound_sheets(package: zipfile.ZipFile) -> list[str]:
    styles = ElementTree.fromstring(package.read("xl/styles.xml")).find(f"{MAIN}cellXfs")
    shared = "xl/sharedStrings.xml"
    texts = ElementTree.fromstring(package.read(shared) if shared in package.namelist() else b"<none/>")
    found = [] if int(texts.get("uniqueCount", "0")) == len(texts) else ["wrong count of texts"]
    for name in package.namelist():
        if not name.startswith("xl/worksheets/sheet"):
            continue
        root, former = ElementTree.fromstring(package.read(name)), (0, 0)
        for row in root.iter(f"{MAIN}row"):
            for cell in row:
                place = coordinate_to_tuple(cell.get("r", "A1"))
                value = cell.findtext(f"{MAIN}v")
                if place <= former or place[0] != int(row.get("r", "0")):
                    found.append(f"{name} {cell.get('r')}: out of order")
                if styles is None or int(cell.get("s", "0")) >= len(styles):
                    found.append(f"{name} {cell.get('r')}: no such style")
                if value is not None and not NUMBER.fullmatch(value) and cell.get("t", "n") in "ns":
                    found.append(f"{name} {cell.get('r')}: {value!r} is no number")
                elif cell.get("t") == "s" and int(value or -1) >= len(texts):
                    found.append(f"{name} {cell.get('r')}: no such text")
                former = place
        last = root.find(f"{MAIN}dimension")
        end = coordinate_to_tuple((last.get("ref", "A1") if last is not None else "A1").split(":")[-1])
        if end[0] < former[0]:
            found.append(f"{name}: rows outside of its extent")
    return found


def test_every_kind_of_document_passes_the_schema_check(samples: list[Path]) -> None:
    assert {file.name: unsound(file) for file in samples if unsound(file)} == {}


Spoil = Callable[[bytes], bytes]


def _with(old: bytes, new: bytes) -> Spoil:
    return lambda part: re.sub(old, new, part, count=1, flags=re.DOTALL)


SPOILT: dict[str, tuple[str, str, Spoil]] = {
    "elements out of order": (".xlsx", "sheet1.xml", _with(b"<sheetData>", b"<mergeCells/><sheetData>")),
    "a row out of order": (".xlsx", "sheet1.xml", _with(b'<row r="6"', b'<row r="3"')),
    "a cell out of order": (".xlsx", "sheet1.xml", _with(b'<c r="C6"', b'<c r="A6"')),
    "a style that there is not": (".xlsx", "sheet1.xml", _with(rb's="\d+"', b's="999"')),
    "a text that there is not": (".xlsx", "sheet1.xml", _with(rb'"s"><v>\d+</v>', b'"s"><v>99999</v>')),
    "a text for a number": (".xlsx", "sheet1.xml", _with(rb"<v>\d+</v>", b"<v>abc</v>")),
    "a property out of place": (".docx", "document.xml", _with(b"<w:pPr>", b"<w:pPr><w:b/>")),
    "a cell without a paragraph": (
        ".docx", "document.xml", _with(rb"<w:p>(?:(?!</w:p>).)*</w:p></w:tc>", b"</w:tc>")
    ),
    "a part of no known type": (".docx", "[Content_Types].xml", _with(rb"styles\.xml", b"stylez.xml")),
}  # fmt: skip


@pytest.mark.parametrize("fault", SPOILT)
def test_the_check_finds_what_is_wrong(folder: Path, tmp_path: Path, fault: str) -> None:
    suffix, ending, spoil = SPOILT[fault]
    sound = folder / ("annexes/annex_4.xlsx" if suffix == ".xlsx" else "letters/工作简报.docx")
    spoilt = tmp_path / f"坏{suffix}"
    with zipfile.ZipFile(sound) as read, zipfile.ZipFile(spoilt, "w") as written:
        for name in read.namelist():
            part = read.read(name)
            written.writestr(name, spoil(part) if name.endswith(ending) else part)
    assert unsound(spoilt)


def test_every_document_opens_in_the_libraries_that_read_it(samples: list[Path]) -> None:
    for file in samples:
        if file.suffix == ".xlsx":
            assert openpyxl.load_workbook(file).sheetnames
        else:
            document = docx.Document(str(file))
            cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
            assert any(text.strip() for text in (*(each.text for each in document.paragraphs), *cells)), file


def test_hostile_names_are_neither_formulas_nor_links_nor_markup(folder: Path, samples: list[Path]) -> None:
    named: set[str] = set()
    for file in (file for file in samples if file.suffix == ".xlsx"):
        book = openpyxl.load_workbook(file)
        for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
            assert cell.hyperlink is None
            if cell.data_type == "f":
                assert re.fullmatch(r"=[-A-Z0-9(),:+/*=\"'!$&<>.一-鿿（）]+", str(cell.value)), cell.value
                assert not any(name in str(cell.value) for name in HOSTILE)
            elif isinstance(cell.value, str):
                named.add(cell.value.replace("_x000D_", "\r"))
    assert set(HOSTILE) <= named
    for file in sorted((folder / "letters").rglob("*.docx")):
        with zipfile.ZipFile(file) as package:
            body = ElementTree.fromstring(package.read("word/document.xml"))
        assert body.find(f".//{WORD}instrText") is None and body.find(f".//{WORD}hyperlink") is None
        text = "".join(each.text or "" for each in body.iter(f"{WORD}t"))
        assert "49{% raw %}" not in text


def test_csv_holds_no_text_that_a_spreadsheet_takes_for_a_formula(folder: Path) -> None:
    csv.field_size_limit(100_000)
    armed = 0
    for file in sorted(folder.rglob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as stream:
            for cell in (cell for row in csv.reader(stream) for cell in row):
                assert not re.match(r"[=+@\t\r]|-(?![\d.])", cell), (file.name, cell[:40])
                armed += cell.startswith("'")
    assert armed > 20


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


SHOWN = [_squeezed(name)[:9] for name in HOSTILE if "\u202e" not in name]


def _printed(documents: list[Path], folder: Path) -> dict[Path, str]:
    """The text of each document's PDF without blanks; pages are A4, nothing is a link, no cell shows ###."""
    printed = write_pdf(documents, folder)
    assert len(set(printed.files)) == len(documents)
    texts = {}
    for document, file in zip(documents, printed.files, strict=True):
        told = subprocess.run(["pdfinfo", str(file)], check=True, capture_output=True, text=True).stdout
        assert re.search(r"Page size: +(595\.\d+ x 841|841\.\d+ x 595)", told), document.name
        linked = subprocess.run(["pdfinfo", "-url", str(file)], check=True, capture_output=True, text=True)
        assert "evil" not in linked.stdout, document.name
        shown = subprocess.run(["pdftotext", str(file), "-"], check=True, capture_output=True, text=True)
        texts[document] = _squeezed(shown.stdout)
        assert "###" not in shown.stdout, document.name
    return texts


needs_office = pytest.mark.skipif(
    not OFFICE, reason="LIBREOFFICE OR POPPLER IS MISSING: no PDF was made; install them and run again"
)


@pytest.mark.office
@needs_office
def test_names_stay_text_in_the_pdf(folder: Path, tmp_path: Path) -> None:
    lists = max(
        (folder / "letters" / "任务清单").glob("*.docx"), key=lambda file: (file.stat().st_size, file)
    )
    texts = _printed([folder / "annexes" / "annex_3.xlsx", lists], tmp_path)
    for name in SHOWN:
        assert name in texts[folder / "annexes" / "annex_3.xlsx"], name
    assert any(name in texts[lists] for name in SHOWN)


@pytest.mark.slow
@pytest.mark.office
@needs_office
def test_every_document_opens_in_libreoffice(samples: list[Path], tmp_path: Path) -> None:
    assert all(_printed(samples, tmp_path).values())


def test_pages_for_a_browser_show_the_same_texts_and_run_nothing(folder: Path, tmp_path: Path) -> None:
    documents = [folder / "annexes" / "annex_3.xlsx", folder / "letters" / "工作简报.docx"]
    sheet, letter = (file.read_text("utf-8") for file in write_print_pages(documents, tmp_path))
    for name in HOSTILE:
        assert escape(name[:30]) in sheet.replace("\n", "\r"), name[:30]
    for page in (sheet, letter):
        assert "<script" not in page and "<img src=x" not in page
        assert "default-src 'none'" in page
    shown = set(re.findall(r">([^<>]+)</td>", sheet))
    assert _figures(documents[0]) <= shown
    assert "工作简报" in letter and "在营非公企业" in letter


def _figures(file: Path) -> set[str]:
    """Every whole number of the first sheet that has no words around it."""
    sheet: Any = openpyxl.load_workbook(file, data_only=True).worksheets[0]
    cells = (cell for row in sheet.iter_rows(min_row=6) for cell in row)
    return {str(cell.value) for cell in cells if type(cell.value) is int and cell.number_format == "0"}


def test_pages_stand_in_for_pdf_where_libreoffice_is_missing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = CliRunner().invoke(
        coverage_engine, ["pdf", str(folder / "annexes" / "annex_4.xlsx"), "--out", str(tmp_path / "印")]
    )
    assert done.exit_code == 0
    assert "没有找到 LibreOffice" in done.output and "浏览器" in done.output
    assert [file.name for file in (tmp_path / "印").glob("*.*") if not file.name.startswith(".")] == [
        "annex_4.html"
    ]
