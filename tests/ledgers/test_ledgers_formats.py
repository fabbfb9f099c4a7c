"""Tables in any format and under any name are read by what they are; codes stay the text that was written."""

from __future__ import annotations

import base64
import io
import quopri
import struct
import zipfile
from pathlib import Path

import pytest

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers import read_ledgers
from coverage_engine.ledgers.files.formats import NoTableError, sheets_by_content
from coverage_engine.ledgers.files.old_sheets import old_sheets
from coverage_engine.ledgers.files.old_workbooks import examined_old_workbook
from coverage_engine.ledgers.files.open_documents import flat_document_sheets
from coverage_engine.ledgers.files.raw_sheets import open_sources
from coverage_engine.ledgers.files.web_tables import web_sheet
from coverage_engine.ledgers.files.xml_sheets import xml_sheets

CASES = Path(__file__).parents[3] / "shared" / "cases" / "files"
_SS = "urn:schemas-microsoft-com:office:spreadsheet"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
FIVE = [
    "91410105MA47QX0A40",
    "91410104MA47QX1A0T",
    "91410122MA47QX2A78",
    "91410184MA47QX3A3B",
    "91410182MA47QX4AXL",
]


def rows(data: bytes | str, name: str = "企业台账.xls") -> list[tuple[str | None, ...]]:
    [sheet] = sheets_by_content(data.encode() if isinstance(data, str) else data, name, "企业台账") or []
    return sheet.grid.rows()


def xml_book(rows_: str, before: str = "", options: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{before}<Workbook xmlns="{_SS}" xmlns:ss="{_SS}" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><Worksheet ss:Name="表">'
        f"<Table>{rows_}</Table>{options}</Worksheet></Workbook>"
    ).encode()


def document(body: str) -> str:
    return (
        f'<?xml version="1.0"?><office:document xmlns:office="{_OASIS}office:1.0" '
        f'xmlns:table="{_OASIS}table:1.0" xmlns:text="{_OASIS}text:1.0" xmlns:style="{_OASIS}style:1.0" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
        '<office:automatic-styles><style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document>"
    )


@pytest.mark.skipif(not CASES.is_dir(), reason=f"{CASES} is not there")
@pytest.mark.parametrize(
    "case", ["b01", "b02", "b03", "b04", "b05", "b06", "b07", "b08", "b42", "b43", "c02", "c03", "c26"]
)
def test_every_foreign_format_handed_over_is_read_with_its_codes(case: str) -> None:
    [file] = CASES.glob(f"{case}_*")
    snapshot, _ = read_ledgers([file])
    firms = snapshot["enterprises"].sort("row")
    assert firms.height == 5
    if firms["credit_code"].null_count() == 0:
        assert firms["credit_code"].to_list() == FIVE
    assert all("公司" in name for name in firms["name"])
    assert firms["employees"].null_count() == 0


@pytest.mark.skipif(not CASES.is_dir(), reason=f"{CASES} is not there")
def test_a_code_of_digits_alone_in_a_web_table_keeps_all_its_digits() -> None:
    [file] = CASES.glob("c28_*")
    assert open_sources([file])[0][0].grid.rows()[1][1] == "914101051000000084"


def test_a_web_page_is_one_sheet_as_spreadsheets_show_it() -> None:
    page = (
        "<html><head><title>导出</title><style>td{}</style><script>alert(1)</script></head><body>"
        "<h1>金水区非公企业</h1><!-- 旁注 --><table><tr><th rowspan=2>企业<br>名称</th>"
        "<th colspan='2'>人数</th>"
        "<tr><th>从业<th>团员<tr><td>甲&amp;乙&nbsp;公司</td><td> 60 </td><td>3</td></table>"
        "<p>截至2019年5月31日</p></body></html>"
    )
    assert rows(page) == [
        ("金水区非公企业", None, None),
        ("企业\n名称", "人数", None),
        (None, "从业", "团员"),
        ("甲&乙 公司", "60", "3"),
        ("截至2019年5月31日", None, None),
    ]
    sheet = web_sheet(page.encode(), "a.xls", "a")
    assert sheet.merged == ((1, 0, 2, 0), (1, 1, 1, 2))


def test_a_table_that_lays_out_the_page_gives_way_to_the_tables_in_it() -> None:
    page = (
        "<table><tr><td>菜单</td><td><table><tr><td>企业名称</td><td>团员数</td></tr>"
        "<tr><td><table><tr><td>甲公司</td></tr></table></td><td>3</td></tr></table></td></tr></table>"
    )
    assert rows(page) == [("企业名称", "团员数"), ("甲公司", "3"), ("菜单", None)]


def test_a_number_that_a_web_page_shows_rounded_is_taken_as_it_is_kept() -> None:
    code = '<td x:num="914101051000000084">9.14101E+17</td>'
    page = f'<table><tr>{code}<td x:num="43616">2019/5/31</td></tr></table>'
    assert rows(page) == [("914101051000000084", "2019/5/31")]


def test_hidden_rows_and_the_told_name_of_a_web_sheet_are_kept() -> None:
    page = (
        "<html><!--[if gte mso 9]><xml><x:ExcelWorksheet><x:Name>园区台账</x:Name></x:ExcelWorksheet></xml>"
        "<![endif]--><table><tr style='display: none'><td>甲</td></tr><tr><td>乙</td></tr></table></html>"
    )
    [sheet] = sheets_by_content(page.encode(), "a.xls", "a") or []
    assert (sheet.name, sheet.hidden_rows) == ("园区台账", (1,))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("told", ['<meta charset="gb2312">', '<meta charset="utf-8">', ""])
def test_a_web_page_is_read_in_its_encoding_even_where_it_tells_another(encoding: str, told: str) -> None:
    page = f"<html>{told}<table><tr><td>企业名称</td><td>郑州某某有限公司</td></tr></table></html>"
    assert rows(page.encode(encoding)) == [("企业名称", "郑州某某有限公司")]


def test_a_page_cut_off_within_a_table_is_refused() -> None:
    with pytest.raises(LedgerError, match="没有结尾"):
        rows("<html><table><tr><td>甲</td></tr><tr><td>乙")


def test_a_page_without_a_table_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(NoTableError):
        rows("<html><p>说明</p></html>")
    with pytest.raises(NoTableError):
        rows('<?xml version="1.0"?><settings/>')
    (tmp_path / "说明.html").write_text("<html><p>说明</p></html>", "utf-8")
    (tmp_path / "企业台账.csv").write_text("企业名称,所在地区\n甲有限公司,410105\n", "utf-8")
    assert [trouble.code for trouble in open_sources([tmp_path])[1]] == ["file.unknown_type"]


@pytest.mark.parametrize("packing", ["8bit", "base64", "quoted-printable"])
def test_each_page_of_a_web_archive_with_a_table_is_a_sheet(packing: str) -> None:
    pages = {
        "book.htm": "<x:Name>企业台账</x:Name>\n<x:WorksheetSource HRef='book/sheet001.htm'/>"
        "<x:Name>园区台账</x:Name>\n<x:WorksheetSource HRef='book/sheet002.htm'/>",
        "sheet001.htm": "<table><tr><td>企业名称</td></tr></table>",
        "sheet002.htm": "<table><tr><td>园区名称</td></tr></table>",
    }
    pack = {"8bit": bytes, "base64": base64.encodebytes, "quoted-printable": quopri.encodestring}[packing]
    whole = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="B"\n\n'
    for place, page in pages.items():
        head = f"--B\nContent-Location: file:///C:/{place}\nContent-Type: text/html; charset=gb2312\n"
        whole += (
            f"{head}Content-Transfer-Encoding: {packing}\n\n".encode() + pack(page.encode("gb18030")) + b"\n"
        )
    sheets = sheets_by_content(whole + b"--B--\n", "a.mht", "a") or []
    assert [(sheet.name, sheet.grid.rows()) for sheet in sheets] == [
        ("企业台账", [("企业名称",)]),
        ("园区台账", [("园区名称",)]),
    ]


def test_cells_of_xml_2003_stand_where_they_say_and_numbers_as_written() -> None:
    book = xml_book(
        '<Column ss:Index="2" ss:Hidden="1"/>'
        '<Row ss:Index="2"><Cell ss:Index="2" ss:MergeAcross="1">'
        '<Data ss:Type="Number">914101051000000084</Data>'
        "<Comment><Data>批注</Data></Comment></Cell>"
        '<Cell><Data ss:Type="DateTime">2019-05-31T00:00:00.000</Data></Cell></Row>'
        '<Row ss:Hidden="1"><Cell ss:Formula="=1"/><Cell>'
        '<ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">'
        "<B>甲</B>公司</ss:Data></Cell></Row>",
        options="<x:WorksheetOptions><x:Visible>SheetVeryHidden</x:Visible></x:WorksheetOptions>",
    )
    [sheet] = xml_sheets(book, "a.xls")
    assert sheet.grid.rows() == [
        (None, None, None, None),
        (None, "914101051000000084", None, "2019-05-31"),
        (None, "甲公司", None, None),
    ]
    assert (sheet.visibility, sheet.hidden_rows, sheet.hidden_columns) == ("very_hidden", (3,), (2,))
    assert (sheet.merged, sheet.unstored) == (((1, 1, 1, 2),), ((2, 0),))


def test_xml_in_chinese_encodings_is_read() -> None:
    row = '<Row><Cell><Data ss:Type="String">郑州某某有限公司</Data></Cell></Row>'
    for encoding in ("gb2312", "GBK", "gb18030", "utf-16"):
        text = xml_book(row).decode().replace('version="1.0"', f'version="1.0" encoding="{encoding}"')
        assert rows(text.encode("gb18030" if encoding.lower() == "gb2312" else encoding)) == [
            ("郑州某某有限公司",)
        ]


def test_entities_and_far_away_cells_in_xml_are_refused() -> None:
    laughs = '<!DOCTYPE a [<!ENTITY a "哈"><!ENTITY b "&a;&a;&a;">]>'
    outside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    for before in (laughs, outside, "<!DOCTYPE a SYSTEM 'http://127.0.0.1/a.dtd'>"):
        with pytest.raises(LedgerError, match="恶意"):
            xml_sheets(xml_book("<Row/>", before), "a.xls")
    for place in (
        '<Row ss:Index="99999999999999999999">',
        '<Row><Cell ss:Index="16385"/></Row><Row ss:Index="1048577">',
    ):
        with pytest.raises(LedgerError, match="过多"):
            xml_sheets(xml_book(f'{place}<Cell><Data ss:Type="String">甲</Data></Cell></Row>'), "a.xls")
    with pytest.raises(LedgerError, match="已损坏"):
        xml_sheets(xml_book("<Row>"), "a.xls")


def test_cells_of_an_open_document_stand_where_their_repetitions_put_them() -> None:
    sheets = flat_document_sheets(
        document(
            "<table:tracked-changes><table:table-cell><text:p>旧</text:p></table:table-cell></table:tracked-changes>"
            '<table:table table:name="企业台账"><table:table-column table:number-columns-repeated="2"/>'
            '<table:table-column table:visibility="collapse"/>'
            '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
            '<table:table-row><table:table-cell table:number-columns-repeated="2"/>'
            '<table:table-cell office:value-type="string">'
            "<office:annotation><text:p>批注</text:p></office:annotation>"
            '<text:p>甲<text:s text:c="2"/>公司</text:p><text:p>二</text:p></table:table-cell>'
            '<table:table-cell table:number-rows-spanned="2" office:value-type="float" '
            'office:value="914101051000000084">'
            "<text:p>9.1E+17</text:p></table:table-cell>"
            '<table:table-cell table:formula="of:=A1"/></table:table-row>'
            '<table:table-row table:visibility="filter"><table:table-cell office:value-type="date" '
            'office:date-value="2019-05-31T00:00:00"/><table:table-cell office:value-type="boolean" '
            'office:boolean-value="true"/></table:table-row>'
            '<table:table-row table:number-rows-repeated="1048000">'
            '<table:table-cell table:number-columns-repeated="16384"/>'
            "</table:table-row></table:table>"
            '<table:table table:name="旧" table:style-name="ta2"/>'
        ).encode(),
        "a.ods",
    )
    sheet, old = sheets
    assert sheet.grid.rows() == [
        (None,) * 4,
        (None,) * 4,
        (None, None, "甲  公司\n二", "914101051000000084"),
        ("2019-05-31", "TRUE", None, None),
    ]
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((4,), (3,))
    assert (sheet.merged, sheet.unstored) == (((2, 3, 3, 3),), ((2, 4),))
    assert (sheet.visibility, old.visibility) == ("visible", "hidden")


@pytest.mark.parametrize(
    "row",
    [
        '<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>',
        '<table:table-row table:number-rows-repeated="99999999999999999999"/>'
        "<table:table-row>{cell}</table:table-row>",
    ],
)
def test_an_open_document_that_swells_is_refused(row: str) -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>甲</text:p></table:table-cell>'
    body = f'<table:table table:name="a">{row.format(cell=cell)}</table:table>'
    with pytest.raises(LedgerError, match="过多"):
        flat_document_sheets(document(body).encode(), "a.ods")


def test_a_locked_open_document_tells_of_its_password() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("content.xml", b"\x01\x02")
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    with pytest.raises(LedgerError, match="打开密码"):
        sheets_by_content(whole.getvalue(), "a.ods", "a")


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


@pytest.mark.parametrize("page", [None, 936, 1252])
def test_an_old_workbook_without_a_compound_file_is_read_whatever_code_page_it_names(
    page: int | None,
) -> None:
    """Excel 4 as programs of the nineties write it: one sheet, letters in GBK."""
    label = "郑州某某有限公司".encode("gbk")
    stream = _record(0x409, struct.pack("<HHH", 0x400, 0x10, 0))
    if page:
        stream += _record(0x42, struct.pack("<H", page))
    stream += _record(0x204, struct.pack("<HHHH", 0, 0, 0, len(label)) + label)
    stream += _record(0x203, struct.pack("<HHHd", 1, 0, 0, 60.0)) + _record(0x0A)
    assert rows(stream) == [("郑州某某有限公司",), ("60",)]


def test_looks_of_an_old_sheet_are_told() -> None:
    body = _record(0x409, struct.pack("<HHH", 0x400, 0x10, 0))
    body += _record(0x7D, struct.pack("<HHHHHH", 1, 1, 0, 0, 1, 0))
    body += _record(0x208, struct.pack("<HHHHHHHH", 0, 0, 2, 0, 0, 0, 0x20, 0))
    body += _record(0x203, struct.pack("<HHHd", 0, 0, 0, 60.0))
    body += _record(0xE5, struct.pack("<HHHHH", 1, 0, 1, 0, 0)) + _record(0x0A)
    [sheet] = old_sheets(examined_old_workbook(body, "a.xls"), "a.xls")
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.merged) == ((1,), (2,), ((0, 0, 1, 0),))


@pytest.mark.slow
@pytest.mark.parametrize("empty", ["<td>", "<tr>", "<p>"])
def test_millions_of_tags_that_hold_nothing_are_refused(empty: str) -> None:
    with pytest.raises(LedgerError, match="过多"):
        web_sheet(("<html><table><tr>" + empty * 1_600_000 + "</table></html>").encode(), "a.xls", "a")
