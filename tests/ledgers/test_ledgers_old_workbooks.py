"""Old workbooks (.xls) that lie about their size are refused with words; sound ones are read."""

from __future__ import annotations

import io
import resource
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.files.old_texts import old_text_lengths
from coverage_engine.ledgers.files.workbooks import workbook_grids

_SECTOR = 512
_FREE, _LAST, _TABLE, _MORE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC


def compound(stream: bytes) -> bytes:
    """A compound file with the stream Workbook."""
    stream = stream.ljust(4096, b"\0")
    body = stream.ljust(-(-len(stream) // _SECTOR) * _SECTOR, b"\0")
    used, tables, further = len(body) // _SECTOR, 0, 0
    while tables * 128 < used + 1 + tables + further:
        tables = -(-(used + 1 + tables + further) // 128)
        further = max(0, -(-(tables - 109) // 127))
    root = entry("Root Entry", 5, _LAST, 0, child=1)
    directory = (root + entry("Workbook", 2, 0, len(stream))).ljust(_SECTOR, b"\0")
    first = used + 1
    links = [*range(1, used), _LAST, _LAST, *[_TABLE] * tables, *[_MORE] * further]
    table = struct.pack(f"<{tables * 128}I", *links, *[_FREE] * (tables * 128 - len(links)))
    places = [*range(first, first + tables)]
    listed = [*places[:109], *[_FREE] * (109 - len(places[:109]))]
    more = first + tables if further else _LAST
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += bytes(10) + struct.pack("<IIIIIIII", tables, used, 0, 4096, _LAST, 0, more, further)
    rest, extra = places[109:], b""
    for number in range(further):
        part = rest[number * 127 : (number + 1) * 127]
        after = first + tables + number + 1 if number + 1 < further else _LAST
        extra += struct.pack("<128I", *part, *[_FREE] * (127 - len(part)), after)
    return head + struct.pack("<109I", *listed) + body + directory + table + extra


def entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    letters = name.encode("utf-16-le")
    head = letters.ljust(64, b"\0") + struct.pack("<HBBIII", len(letters) + 2, kind, 1, _FREE, _FREE, child)
    return head.ljust(116, b"\0") + struct.pack("<III", start, size, 0)


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def text_cell(row: int, column: int, number: int) -> bytes:
    return record(0xFD, struct.pack("<HHHI", row, column, 0, number))


def number_cell(row: int, column: int, value: float = 1.0) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, 0, value))


def shared(texts: Sequence[str]) -> bytes:
    packed = b"".join(struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in texts)
    return struct.pack("<II", len(texts), len(texts)) + packed


def book(sheets: Sequence[bytes], texts: bytes = b"", *, one_part: bool = False) -> bytes:
    """A workbook of sheets given as their records; with `one_part` all name the first one's place."""
    begin, end = record(0x809, struct.pack("<HHII", 0x600, 5, 0, 0)), record(0x0A)
    sheet = record(0x809, struct.pack("<HHII", 0x600, 0x10, 0, 0))
    names = [f"表{number}".encode("utf-16-le") for number in range(len(sheets))]
    strings = record(0xFC, texts) if texts else b""
    heads = sum(4 + 8 + len(name) for name in names)
    at = len(begin) + heads + len(strings) + len(end)
    listed, bodies = b"", b""
    for number, (name, cells) in enumerate(zip(names, sheets, strict=True)):
        place = at if one_part else at + len(bodies)
        listed += record(0x85, struct.pack("<IBBBB", place, 0, 0, len(name) // 2, 1) + name)
        if number == 0 or not one_part:
            bodies += sheet + cells + end
    return compound(begin + listed + strings + end + bodies)


def refused(data: bytes) -> str:
    with pytest.raises(LedgerError) as told:
        workbook_grids(data, "a.xls")
    assert told.value.remedy
    return told.value.problem


FAR = number_cell(0, 0) + number_cell(65_535, 255)
HEADERS = b"".join(text_cell(0, column, column) for column in range(3))


def test_a_sound_old_workbook_is_read() -> None:
    texts = shared(["企业名称", "所在地区", "团员数", "甲有限公司", "410105"])
    cells = HEADERS + text_cell(1, 0, 3) + text_cell(1, 1, 4) + number_cell(1, 2, 7)
    sheets = workbook_grids(book([cells, number_cell(4, 2)], texts), "a.xls")
    assert [sheet.name for sheet in sheets] == ["表0", "表1"]
    assert sheets[0].grid.rows() == [("企业名称", "所在地区", "团员数"), ("甲有限公司", "410105", "7")]
    assert sheets[1].grid.shape == (5, 3)


def test_cells_in_the_last_corner_of_one_sheet_or_far_in_many_are_refused() -> None:
    assert "行列合计过多" in refused(book([FAR]))
    wide = number_cell(0, 0) + number_cell(65_535, 19)
    assert "行列合计过多" in refused(book([wide] * 4))
    assert "行列合计过多" in refused(book([wide] * 4, one_part=True))
    assert len(workbook_grids(book([wide] * 3), "a.xls")) == 3


def test_columns_beyond_those_of_an_old_sheet_are_refused() -> None:
    assert "256 列" in refused(book([number_cell(0, 0) + number_cell(65_535, 65_535)]))
    assert "256 列" in refused(book([number_cell(0, 0) + number_cell(44, 256)]))
    many = record(0xBD, struct.pack("<HH", 65_535, 0) + bytes(6 * 256) + struct.pack("<H", 255))
    assert "行列合计过多" in refused(book([number_cell(0, 0) + many]))


def test_a_declared_extent_beyond_a_sheet_is_refused() -> None:
    for extent in [(0, 2**31, 0, 256), (0, 65_536, 0, 65_535), (9, 3, 0, 2)]:
        body = struct.pack("<IIHHH", *extent, 0)
        assert "行列过多" in refused(book([record(0x200, body) + number_cell(0, 0)]))


def test_a_long_text_named_by_many_cells_is_refused() -> None:
    texts = shared(["甲" * 3_000])
    cells = b"".join(text_cell(row, 0, 0) for row in range(30_000))
    assert "文字过多" in refused(book([cells], texts))
    assert len(workbook_grids(book([cells[: len(cells) // 3]], texts), "a.xls")) == 1


def test_damage_is_told() -> None:
    sound = bytearray(book([FAR]))
    circle = bytearray(sound)
    table = circle.index(struct.pack("<II", 1, 2))
    circle[table + 4 : table + 8] = struct.pack("<I", 0)
    assert "已损坏" in refused(bytes(circle))
    beyond = bytearray(sound)
    at = beyond.index(struct.pack("<HH", 0x85, 12)) + 4
    beyond[at : at + 4] = struct.pack("<I", 2**31)
    assert "已损坏" in refused(bytes(beyond))
    assert "已损坏" in refused(book([number_cell(0, 0)], struct.pack("<II", 2**30, 2**30)))


@given(
    texts=st.lists(st.text(st.characters(max_codepoint=0xD7FF), max_size=40), min_size=1, max_size=12),
    width=st.integers(16, 60),
    rich=st.integers(0, 3),
    data=st.data(),
)
def test_texts_are_as_long_as_they_were_written_however_they_are_continued(
    texts: list[str], width: int, rich: int, data: st.DataObject
) -> None:
    segments, open_segment = [], struct.pack("<II", len(texts), len(texts))
    for text in texts:
        wide = data.draw(st.booleans()) or any(ord(letter) > 255 for letter in text)
        flags = int(wide) | (8 if rich else 0)
        head = struct.pack("<HB", len(text), flags) + (struct.pack("<H", rich) if rich else b"")
        if len(open_segment) + len(head) > width:
            segments.append(open_segment)
            open_segment = b""
        open_segment += head
        for letter in text:
            if len(open_segment) + 1 + wide > width:
                segments.append(open_segment)
                wide = data.draw(st.booleans()) or any(ord(each) > 255 for each in text)
                open_segment = bytes([int(wide)])
            open_segment += letter.encode("utf-16-le") if wide else letter.encode("latin-1")
        for byte in bytes(4 * rich):
            if len(open_segment) >= width:
                segments.append(open_segment)
                open_segment = b""
            open_segment += bytes([byte])
    segments.append(open_segment)
    assert old_text_lengths(segments).tolist() == [3 * len(text) for text in texts]


_READ = """
import sys
from coverage_engine.errors import LedgerError
from coverage_engine.ledgers import read_ledgers
try:
    print(read_ledgers([sys.argv[1]])[0]["enterprises"].height)
except LedgerError as error:
    print(error.problem)
lines = open("/proc/self/status", encoding="ascii").read().splitlines()
print(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024)
"""


def dense(columns: int, *, named: bool = False) -> bytes:
    """Every row of a sheet filled."""
    if named:
        return b"".join(text_cell(row, column, 0) for row in range(65_536) for column in range(columns))
    row = struct.pack("<H", 0) + bytes(6 * columns) + struct.pack("<H", columns - 1)
    return b"".join(record(0xBD, struct.pack("<H", number) + row) for number in range(65_536))


def full_ledger() -> bytes:
    """Three sheets of all rows that an old workbook can hold."""
    texts = shared(["企业名称", "所在地区", "团员数", "甲有限公司", "410105"])
    firm = HEADERS + b"".join(text_cell(row, 0, 3) + text_cell(row, 1, 4) for row in range(1, 65_536))
    return book([firm] * 3, texts)


KINDS = {
    "a thousand sheets": (lambda: book([FAR] * 1000), "过多"),
    "dense": (lambda: book([dense(61)]), "企业台账"),
    "a full ledger": (full_ledger, "1"),
    "one long text": (lambda: book([dense(20, named=True)], shared(["甲" * 32_000])), "文字过多"),
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is told by Linux alone")
@pytest.mark.parametrize("kind", KINDS)
def test_old_workbooks_stay_within_a_gigabyte_and_ten_seconds(tmp_path: Path, kind: str) -> None:
    made, said = KINDS[kind]
    file = tmp_path / "企业台账.xls"
    file.write_bytes(made())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(file)], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert said in done[0]
    assert int(done[1]) <= 1024
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime <= 10


def test_the_reading_library_agrees_about_the_hand_made_files() -> None:
    texts = shared(["甲", "乙" * 500])
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(book([text_cell(0, 0, 1)] * 2, texts)))
    assert [workbook.get_sheet_by_index(at).to_python() for at in (0, 1)] == [[["乙" * 500]]] * 2
