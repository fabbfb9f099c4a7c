"""Old workbooks (.xls): how much they come to when laid out, reckoned from their records before it is done.

A record of a dozen bytes can put a cell into the last corner of a sheet, several sheets can share one part of
the file, and any number of cells can name one long text.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.compound_files import DamagedCompoundFile, stream_of
from coverage_engine.ledgers.old_texts import old_text_lengths

_MOST_CELLS = 4_000_000
_MOST_TEXTS = 192 * 1024**2
_MOST_BYTES = 96 * 1024**2
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256
_MOST_FORMULAS = 512 * 1024**2
_END, _SHEET, _NAME, _TEXTS, _CONTINUED, _EXTENT = 0x0A, 0x85, 0x18, 0xFC, 0x3C, 0x200
_NUMBERS, _NAMED, _FORMULA = 0xBD, 0xFD, 0x06
_FIRST_DAY = 0x22
_CELLS = frozenset({0x203, 0x204, 0x205, 0x27E, _NUMBERS, _NAMED, _FORMULA})
_NUMBER_AT = 6
_WIDE_EXTENT = 14
_LONGEST_NAME = 255
_LEAST_REFERENCE, _BYTES_OF_A_LETTER = 5, 3
_HEAD = struct.Struct("<HH")
_PLACE = struct.Struct("<HH")
_REMEDY = "请用 Excel 或 WPS 打开，只留有数据的行列，另存为新的 .xlsx 后再试。"


def examine_old_workbook(data: bytes, file: str) -> None:
    """Looks through the records of an old workbook that is about to be laid out.

    Raises:
        LedgerError: its sheets reach too far, its texts come to too much, or it is damaged.
    """
    try:
        stream = stream_of(data, "Workbook", "Book")
        if stream is None:
            return
        if len(stream) > _MOST_BYTES:
            raise _too_large("工作簿过大", file)
        _reckon(stream, file)
    except (DamagedCompoundFile, struct.error, IndexError) as error:
        raise LedgerError(f"工作簿已损坏：{file}", "请向报送单位重新索取，或从备份恢复后再试。") from error


def counts_from_1904(data: bytes) -> bool:
    """Whether an old workbook counts its days from 1904; one that was examined before."""
    stream = stream_of(data, "Workbook", "Book")
    return stream is not None and any(
        kind == _FIRST_DAY and stream[at : at + length] == b"\x01\x00"
        for kind, at, length in _records(stream, 0)
    )


# ---------------------------------------------------------------------------------------------- private


@dataclass(frozen=True)
class _Book:
    """What the records of the whole workbook tell."""

    starts: list[int]
    texts: list[bytes]
    longest_name: int


@dataclass
class _Sheet:
    """Of one part of the file: cells of its rectangles from A1, bytes of formulas, where texts are named."""

    cells: int = 0
    formulas: int = 0
    named: list[int] = field(default_factory=list)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of each record up to the end of the part."""
    if at >= len(stream):
        raise IndexError("a part beyond the end")
    unpack, last = _HEAD.unpack_from, len(stream) - _HEAD.size
    while at <= last:
        kind, length = unpack(stream, at)
        at += _HEAD.size
        yield kind, at, length
        if kind == _END:
            return
        at += length


def _reckon(stream: bytes, file: str) -> None:
    book = _book(stream)
    seen: dict[int, _Sheet] = {}
    cells = formulas = 0
    for start in book.starts:
        sheet = seen[start] = seen.get(start) or _sheet(stream, start, file)
        cells += sheet.cells
        formulas += sheet.formulas
        if cells > _MOST_CELLS:
            raise _too_large("工作表的行列合计过多", file)
    if formulas * (book.longest_name // _LEAST_REFERENCE + 1) > _MOST_FORMULAS:
        raise _too_large("工作簿里的公式过长", file)
    if book.texts and _laid_out(stream, book, seen) > _MOST_TEXTS:
        raise _too_large("工作簿里的文字过多，台账用不到这么多", file)


def _book(stream: bytes) -> _Book:
    starts: list[int] = []
    texts: list[bytes] = []
    longest, before = 0, 0
    for kind, at, length in _records(stream, 0):
        if kind == _SHEET:
            starts.append(int.from_bytes(stream[at : at + 4], "little"))
            longest = max(longest, length)
        elif kind == _NAME:
            longest = max(longest, min(length, _LONGEST_NAME))
        elif kind == _TEXTS:
            texts = [stream[at : at + length]]
        elif kind == _CONTINUED and before == _TEXTS:
            texts.append(stream[at : at + length])
            kind = _TEXTS
        before = kind
    return _Book(starts, texts, longest * _BYTES_OF_A_LETTER)


def _sheet(stream: bytes, start: int, file: str) -> _Sheet:
    place = _PLACE.unpack_from
    rows = columns = calculated_rows = calculated_columns = 0
    sheet = _Sheet()
    for kind, at, length in _records(stream, start):
        if kind in _CELLS:
            row, column = place(stream, at)
            if kind == _NUMBERS:
                column += max(0, (length - _PLACE.size) // 6 - 1)
            elif kind == _NAMED:
                sheet.named.append(at + _NUMBER_AT)
            elif kind == _FORMULA:
                sheet.formulas += length
                calculated_rows = max(calculated_rows, row + 1)
                calculated_columns = max(calculated_columns, column + 1)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            if rows * columns > _MOST_CELLS:
                break
        elif kind == _EXTENT and not _sound_extent(stream[at : at + length]):
            raise _too_large("工作表的行列过多", file)
    sheet.cells = rows * columns + calculated_rows * calculated_columns
    return sheet


def _sound_extent(body: bytes) -> bool:
    """Whether the declared rectangle is one; room is made for all of it."""
    first, last, left, right = struct.unpack_from("<IIHH" if len(body) == _WIDE_EXTENT else "<HHHH", body)
    return bool(first <= last <= _MOST_ROWS and left <= right <= _MOST_COLUMNS)


def _laid_out(stream: bytes, book: _Book, sheets: dict[int, _Sheet]) -> int:
    """Bytes of shared texts that all cells come to."""
    lengths = old_text_lengths(book.texts)
    marks = np.frombuffer(stream, dtype=np.uint8).astype(np.int64)
    total = 0
    for start in book.starts:
        at = np.array(sheets[start].named, dtype=np.int64)
        numbers = marks[at] + (marks[at + 1] << 8) + (marks[at + 2] << 16) + (marks[at + 3] << 24)
        total += int(lengths[numbers[numbers < len(lengths)]].sum())
    return total


def _too_large(problem: str, file: str) -> LedgerError:
    return LedgerError(f"{problem}，未读取：{file}", _REMEDY)
