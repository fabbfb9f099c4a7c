"""Old workbooks (.xls, .et): what they come to when laid out, reckoned from their records before it is done.

A record of a dozen bytes can put a cell into the last corner of a sheet, several sheets can share one part of
the file, and any number of cells can name one long text.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.files.compound_files import DamagedCompoundFile, stream_of
from coverage_engine.ledgers.files.foreign_sheets import Range
from coverage_engine.ledgers.files.old_texts import old_text_lengths

OLD_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BARE = re.compile(rb"\x09[\x00\x02\x04\x08][\x04-\x10]\x00")
"""Programs of the nineties write the records without a compound file around them."""
_MOST_CELLS = 4_000_000
_MOST_FILLED = 2_000_000
_MOST_TEXTS = 192 * 1024**2
_MOST_BYTES = 96 * 1024**2
_MOST_SHEETS = 1_024
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256
_MOST_HIDDEN = _MOST_MERGED = 10_000
_END, _SHEET, _NAME, _TEXTS, _CONTINUED, _EXTENT = 0x0A, 0x85, 0x18, 0xFC, 0x3C, 0x200
_PASSWORD, _CODE_PAGE, _IGNORED = 0x2F, 0x42, 0x33
_ROW, _COLUMNS, _MERGED = 0x208, 0x7D, 0xE5
_NUMBERS, _NAMED = 0xBD, 0xFD
_CELLS = frozenset(
    {0x02, 0x03, 0x04, 0x05, 0x06, 0x203, 0x204, 0x205, 0x206, 0x406, 0x27E, 0xD6, _NUMBERS, _NAMED}
)
_NUMBER_AT = 6
_WIDE_EXTENT = 14
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x20, 0x01
_HEAD = struct.Struct("<HH")
_PLACE = struct.Struct("<HH")
_REMEDY = "请用 Excel 或 WPS 打开，只留有数据的行列，另存为新的 .xlsx 后再试。"


@dataclass
class OldPart:
    """Of one part of the file: cells of its rectangle, filled ones, places that name texts, its looks."""

    cells: int = 0
    filled: int = 0
    named: list[int] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class OldBook:
    """The records of a workbook, looked through; names of ranges are made unreadable, as nobody needs them.

    `parts` are its sheets in order. `code_page` is what it says of its letters; null where it says nothing.
    """

    stream: bytes
    parts: tuple[OldPart, ...]
    code_page: int | None


def is_old_workbook(data: bytes) -> bool:
    """Whether bytes are an old workbook, in a compound file or without one."""
    return data.startswith(OLD_MAGIC) or _BARE.match(data) is not None


def examined_old_workbook(data: bytes, file: str) -> OldBook:
    """The records of an old workbook that may be laid out.

    Raises:
        LedgerError: its sheets reach too far, its texts come to too much, or it is damaged or no workbook.
    """
    try:
        stream = stream_of(data, "Workbook", "Book") if data.startswith(OLD_MAGIC) else data
        if stream is None:
            raise LedgerError(
                f"{file} 是别的 Office 文件，不是工作簿", "请核对文件；台账请另存为 .xlsx 后再试。"
            )
        if len(stream) > _MOST_BYTES:
            raise _too_large("工作簿过大", file)
        return _reckon(stream, file)
    except (DamagedCompoundFile, struct.error, IndexError) as error:
        raise LedgerError(f"工作簿已损坏：{file}", "请向报送单位重新索取，或从备份恢复后再试。") from error


# ---------------------------------------------------------------------------------------------- private


@dataclass
class _Book:
    """What the records of the whole workbook tell."""

    starts: list[int] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)
    names: list[int] = field(default_factory=list)
    code_page: int | None = None
    locked: bool = False


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of each record up to that which ends the part."""
    unpack = _HEAD.unpack_from
    while True:
        kind, length = unpack(stream, at)
        at += _HEAD.size
        if at + length > len(stream):
            raise IndexError("a record is cut off")
        yield kind, at, length
        if kind == _END:
            return
        at += length


def _reckon(stream: bytes, file: str) -> OldBook:
    book = _book(stream)
    if book.locked:  # what follows cannot be read without the password, and the reader says so
        return OldBook(stream, (), None)
    if len(book.starts) > _MOST_SHEETS:
        raise _too_large("工作表过多", file)
    seen: dict[int, OldPart] = {}
    cells = filled = 0
    for start in book.starts:
        part = seen[start] = seen.get(start) or _part(stream, start, file)
        cells += part.cells
        filled += part.filled
        if cells > _MOST_CELLS or filled > _MOST_FILLED:
            raise _too_large("工作表的行列合计过多", file)
    if book.texts and _laid_out(stream, book, seen) > _MOST_TEXTS:
        raise _too_large("工作簿里的文字过多，台账用不到这么多", file)
    without_names = bytearray(stream)
    for at in book.names:
        _HEAD.pack_into(without_names, at, _IGNORED, _HEAD.unpack_from(stream, at)[1])
    return OldBook(bytes(without_names), tuple(seen[start] for start in book.starts), book.code_page)


def _book(stream: bytes) -> _Book:
    book = _Book()
    before = 0
    for kind, at, length in _records(stream, 0):
        if kind == _SHEET:
            book.starts.append(int.from_bytes(stream[at : at + 4], "little"))
        elif kind == _NAME:
            book.names.append(at - _HEAD.size)
        elif kind == _CODE_PAGE:
            book.code_page = int.from_bytes(stream[at : at + 2], "little")
        elif kind == _PASSWORD:
            book.locked = True
        elif kind == _TEXTS:
            book.texts = [stream[at : at + length]]
        elif kind == _CONTINUED and before == _TEXTS:
            book.texts.append(stream[at : at + length])
            kind = _TEXTS
        before = kind
    book.starts = book.starts or [0]
    return book


def _part(stream: bytes, start: int, file: str) -> OldPart:
    place = _PLACE.unpack_from
    rows = columns = 0
    part = OldPart()
    for kind, at, length in _records(stream, start):
        if kind in _CELLS:
            row, column = place(stream, at)
            part.filled += 1
            if kind == _NUMBERS:
                more = max(0, (length - _PLACE.size) // 6 - 1)
                column += more
                part.filled += more
            elif kind == _NAMED:
                part.named.append(at + _NUMBER_AT)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            if columns > _MOST_COLUMNS:
                raise _too_large("工作表的列数超过旧版工作簿的 256 列", file)
            if rows * columns > _MOST_CELLS or part.filled > _MOST_FILLED:
                break
        elif kind == _EXTENT and not _sound_extent(stream[at : at + length]):
            raise _too_large("工作表的行列过多", file)
        else:
            _note_looks(part, kind, stream[at : at + length])
    part.cells = rows * columns
    return part


def _note_looks(part: OldPart, kind: int, body: bytes) -> None:
    """Hidden rows and columns, counted from 1, and merged cells."""
    if kind == _ROW and len(body) >= 14:
        if body[12] & _ROW_HIDDEN and len(part.hidden_rows) < _MOST_HIDDEN:
            part.hidden_rows.add(int.from_bytes(body[:2], "little") + 1)
    elif kind == _COLUMNS and len(body) >= 10:
        first, last = _PLACE.unpack_from(body)
        if body[8] & _COLUMN_HIDDEN:
            part.hidden_columns |= set(range(first + 1, min(last, _MOST_COLUMNS - 1) + 2))
    elif kind == _MERGED:
        for at in range(2, len(body) - 7, 8):
            top, bottom, left, right = struct.unpack_from("<HHHH", body, at)
            if top <= bottom and left <= right < _MOST_COLUMNS and len(part.merged) < _MOST_MERGED:
                part.merged.append((top, left, bottom, right))


def _sound_extent(body: bytes) -> bool:
    """Whether the declared rectangle is one; room is made for all of it."""
    first, last, left, right = struct.unpack_from("<IIHH" if len(body) == _WIDE_EXTENT else "<HHHH", body)
    return bool(first <= last <= _MOST_ROWS and left <= right <= _MOST_COLUMNS)


def _laid_out(stream: bytes, book: _Book, sheets: dict[int, OldPart]) -> int:
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
