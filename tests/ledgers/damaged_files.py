"""Ledgers of every format, damaged at random: the same number gives the same damage on every machine.

`python damaged_files.py FIRST LAST [FOLDER]` reads so many damaged ledgers and writes a line for each:
number, name, way of damage, CPU seconds, megabytes, what came of it. It is run as a process of its own, as
a reader that aborts takes its process with it. Files that came out badly are written to the folder.
"""

from __future__ import annotations

import io
import random
import resource
import struct
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import xlsxwriter

SEED = 17
HEADER = (
    "企业名称",
    "统一社会信用代码",
    "所在地区",
    "登记注册类型",
    "从业人员数",
    "青年数",
    "团员数",
    "团组织",
)
ROWS = [
    (
        f"郑州{sign}{other}食品有限公司",
        f"9141010500000{number:03}84",
        "郑州市金水区",
        "173",
        60 + number,
        20,
        3,
        "无",
    )
    for number, (sign, other) in enumerate(
        zip("澈岚屿衡岫溪禾朗棠珂梵穹彧朔", "岚屿衡岫溪禾朗棠珂梵穹彧朔澈", strict=True)
    )
]
CORPUS = Path(__file__).parent / "corpus"
MOST_MEGABYTES, MOST_SECONDS = 1024, 10.0
_EXTREMES = ["0", "-1", "1e308", "-1e308", "NaN", "99999999999999999999", "1048577", "2147483648", "XFE1", ""]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook() -> bytes:
    whole = io.BytesIO()
    with xlsxwriter.Workbook(whole, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("企业台账")
        sheet.write_row(0, 0, [*HEADER, "成立日期"])
        for number, row in enumerate(ROWS, start=1):
            sheet.write_row(number, 0, row)
            sheet.write_number(number, len(row), 43_000 + number, day)
    return whole.getvalue()


def text(separator: str, encoding: str) -> bytes:
    lines = [HEADER, *(tuple(map(str, row)) for row in ROWS)]
    return "\r\n".join(separator.join(line) for line in lines).encode(encoding)


def web_page(encoding: str) -> bytes:
    rows = "".join(
        "<tr>" + "".join(f"<td style=\"mso-number-format:'\\@'\">{cell}</td>" for cell in row) + "</tr>\n"
        for row in [HEADER, *ROWS]
    )
    return (
        f'<html><head><meta charset="{encoding}"></head><body><table>{rows}</table></body></html>'
    ).encode("gb18030" if encoding == "gb2312" else encoding)


def web_archive() -> bytes:
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="=_B"\r\n\r\n--=_B\r\n'
    part = 'Content-Location: file:///C:/a.htm\r\nContent-Type: text/html; charset="gb2312"\r\n\r\n'
    return (head + part).encode() + web_page("gb2312") + b"\r\n--=_B--\r\n"


def xml_2003() -> bytes:
    rows = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) + "</Row>"
        for row in [HEADER, *ROWS]
    )
    return (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="企业台账">'
        f"<Table>{rows}</Table></Worksheet></Workbook>"
    ).encode()


def open_document() -> bytes:
    oasis = "urn:oasis:names:tc:opendocument:xmlns:"
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
            if isinstance(cell, int)
            else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + '<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
        for row in [HEADER, *ROWS]
    )
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{oasis}office:1.0" '
        f'xmlns:table="{oasis}table:1.0" xmlns:text="{oasis}text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="企业台账">{rows}<table:table-row table:number-rows-repeated="1000000">'
        "<table:table-cell/></table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return whole.getvalue()


@cache
def sound_files() -> dict[str, bytes]:
    """A sound ledger of each format by file name."""
    old = (CORPUS / "37_old_workbook.xls").read_bytes()
    return {
        "企业台账.xlsx": workbook(),
        "企业台账.xlsm": (CORPUS / "36_macro.xlsm").read_bytes(),
        "企业台账.xls": old,
        "企业台账.et": old,
        "企业台账.csv": text(",", "gb18030"),
        "企业台账.txt": text("\t", "utf-16"),
        "企业台账.tsv": text("\t", "utf-8"),
        "企业台账.ods": open_document(),
        "企业台账.html": web_page("utf-8"),
        "网页_企业台账.xls": web_page("gb2312"),
        "企业台账.xml": xml_2003(),
        "企业台账.mht": web_archive(),
    }


def damaged(number: int) -> tuple[str, str, bytes]:
    """Name, way of damage and bytes of a ledger: every format in turn, the way and the place by lot."""
    rng = random.Random(f"{SEED}/{number}")
    files = sound_files()
    name = list(files)[number % len(files)]
    data = files[name]
    ways: list[Callable[[random.Random, bytes], bytes]] = [flipped, cut_off, spliced]
    if data.startswith(b"PK"):
        ways += [archive_field_changed, archive_field_changed, repacked, repacked, repacked]
    elif data.startswith(_OLE):
        ways += [
            compound_field_changed,
            compound_field_changed,
            record_changed,
            record_changed,
            record_changed,
        ]
    else:
        ways += [marks_changed, marks_changed, marks_changed]
    way = rng.choice(ways)
    return name, way.__name__, way(rng, data)


def flipped(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 8, 64])):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut_off(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(1, len(data))]


def spliced(rng: random.Random, data: bytes) -> bytes:
    """A piece of the file stands in another place of it, or is missing."""
    begin = rng.randrange(len(data))
    piece = data[begin : begin + rng.choice([1, 4, 64, 1024, 8192])]
    at = rng.randrange(len(data))
    return data[:at] + piece + data[at + rng.choice([0, len(piece), len(piece)]) :]


def archive_field_changed(rng: random.Random, data: bytes) -> bytes:
    """A number in the head of a part, in the directory or at its end is another one."""
    magic, size = rng.choice([(b"PK\3\4", 30), (b"PK\1\2", 46), (b"PK\1\2", 46), (b"PK\5\6", 22)])
    places = [at for at in range(len(data)) if data.startswith(magic, at)]
    changed = bytearray(data)
    at = rng.choice(places) + rng.randrange(4, size)
    wide = rng.choice([1, 2, 4])
    changed[at : at + wide] = rng.choice([bytes(wide), b"\xff" * wide, rng.randbytes(wide)])
    return bytes(changed)


def repacked(rng: random.Random, data: bytes) -> bytes:
    """A part is another one, and the archive is sound."""
    whole = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as parts,
        zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        names = [name for name in parts.namelist() if name.endswith((".xml", ".rels"))]
        often = [name for name in names if "sheet" in name or "content" in name]
        chosen = rng.choice(names + often * 4)
        for entry in parts.infolist():
            body = parts.read(entry)
            archive.writestr(entry.filename, marks_changed(rng, body) if entry.filename == chosen else body)
    return whole.getvalue()


def marks_changed(rng: random.Random, data: bytes) -> bytes:
    """Numbers, tags, quotes or separators are others, doubled or missing."""
    changed = data
    for _ in range(rng.choice([1, 1, 1, 3, 10])):
        begins = [at for at, sign in enumerate(changed) if sign in b'<>"=0123456789,\t\n']
        if not begins:
            break
        at = rng.choice(begins)
        end = at + 1
        while end < len(changed) and changed[end] in b"0123456789":
            end += 1
        new = rng.choice(
            [
                rng.choice(_EXTREMES).encode(),
                changed[at:end] * 2,
                changed[max(0, at - 300) : at] * rng.choice([1, 2, 50]),
                *(b"", b'"', b"<!--", b"&lt;&x;", b"]]>", b"\0", b"<table>", b"</tr>", b"9" * 40),
            ]
        )
        changed = changed[:at] + new + changed[end:]
    return changed


def compound_field_changed(rng: random.Random, data: bytes) -> bytes:
    """A number in the head, the sector table or the directory is another one."""
    size = 1 << int.from_bytes(data[30:32], "little")
    table = (int.from_bytes(data[76:80], "little") + 1) * size
    directory = (int.from_bytes(data[48:52], "little") + 1) * size
    begin, length = rng.choice([(0, 512), (table, size), (directory, size)])
    changed = bytearray(data)
    at = begin + rng.randrange(0, length, 2)
    wide = rng.choice([1, 2, 4])
    other = rng.choice(
        [bytes(wide), b"\xff" * wide, rng.randbytes(wide), struct.pack("<I", rng.randrange(64))[:wide]]
    )
    changed[at : at + wide] = other
    return bytes(changed)


def record_changed(rng: random.Random, data: bytes) -> bytes:
    """The kind, the length or a number of a record is another one."""
    begin = data.find(b"\x09\x08\x10\x00")
    places, at = [], begin
    while at + 4 <= len(data) and len(places) < 20_000:
        places.append(at)
        at += 4 + int.from_bytes(data[at + 2 : at + 4], "little")
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 3])):
        at = rng.choice(places)
        length = int.from_bytes(data[at + 2 : at + 4], "little")
        place = at + rng.choice([0, 2, 4, 4, 6, 6, 4 + rng.randrange(max(1, length))])
        wide = rng.choice([1, 2, 4])
        changed[place : place + wide] = rng.choice([bytes(wide), b"\xff" * wide, rng.randbytes(wide)])
    return bytes(changed[: len(data)])


def outcome(name: str, way: str, data: bytes, sound: list[object], folder: Path) -> str:
    """What comes of reading a damaged ledger: refused with words, read, or something that must not be."""
    from coverage_engine.errors import CoverageEngineError
    from coverage_engine.ledgers import read_ledgers
    from coverage_engine.ledgers.files.raw_sheets import open_sources

    file = folder / name
    file.write_bytes(data)
    try:
        sheets, _ = open_sources([file])
        read = [(sheet.sheet, sheet.grid.rows()) for sheet in sheets]
        if data.startswith(b"PK") and way != "repacked" and read != sound:
            return "BAD silently read damaged bytes"
        if read != sound:
            read_ledgers([file])
    except CoverageEngineError as error:
        return "refused" if error.problem and error.remedy else "BAD refused without words"
    except BaseException as error:
        return f"BAD {type(error).__name__}: {str(error)[:100]!r}"
    return "read"


def _peak_megabytes() -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


def main(first: int, last: int, kept: Path | None) -> None:
    from coverage_engine.ledgers.files.raw_sheets import open_sources

    resource.setrlimit(resource.RLIMIT_AS, (4 * 1024**3, 4 * 1024**3))
    with tempfile.TemporaryDirectory() as folder:
        sound: dict[str, list[object]] = {}
        for name, data in sound_files().items():
            (Path(folder) / name).write_bytes(data)
            sheets, _ = open_sources([Path(folder) / name])
            sound[name] = [(sheet.sheet, sheet.grid.rows()) for sheet in sheets]
        for number in range(first, last):
            name, way, data = damaged(number)
            sys.stdout.write(f"{number} {name} {way} ")
            sys.stdout.flush()
            Path("/proc/self/clear_refs").write_text("5")
            begin = time.process_time()
            came = outcome(name, way, data, sound[name], Path(folder))
            seconds, megabytes = time.process_time() - begin, _peak_megabytes()
            if seconds > MOST_SECONDS or megabytes > MOST_MEGABYTES:
                came = f"BAD took too much, {came}"
            if kept and came.startswith("BAD"):
                (kept / f"{number}_{way}_{name}").write_bytes(data)
            sys.stdout.write(f"{seconds:.2f} {megabytes} {came}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
