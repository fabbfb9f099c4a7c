"""Which sheets of a workbook may be large: those that bear the headers of a ledger, and no wider than these.

All other sheets together must stay small, for laying out takes memory and time for every cell. What is too
large is refused while its bytes are looked at, before anything is laid out.
"""

from __future__ import annotations

import html
import re
import zipfile
from dataclasses import dataclass, field

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.files.shared_texts import is_shared_strings, laid_out, text_lengths
from coverage_engine.ledgers.files.workbook_extent import Extent
from coverage_engine.ledgers.files.workbook_parts import is_frame, pass_through
from coverage_engine.ledgers.kinds import header_spellings, ledger_kinds

_SMALL_CELLS = 4_000_000
_SMALL_BYTES = 128 * 1024**2
"""What all sheets without ledger headers may hold together; read in a few seconds and half a gigabyte."""
_LEDGER_CELLS = 30_000_000
"""The full height of a sheet (1,048,576 rows) with 28 columns."""
_SMALL_TEXTS = 192 * 1024**2
_LEDGER_TEXTS = 1024**3
"""What the shared texts of small sheets together, and of a large one, may come to when laid out."""
_FRAME_BYTES = 32 * 1024**2
_COLUMNS_PER_HEADER = 3
_LEAST_HEADERS = 3
_EMPTY_PER_FILLED = 3
_HEAD_ROWS, _HEAD_BYTES, _STRINGS_BYTES = 40, 1 << 20, 1 << 26
_STRINGS = "xl/sharedStrings.xml"
_ROW_END = re.compile(rb"</(?:\w+:)?row>")
_TEXT = re.compile(rb"<(?:\w+:)?t\b[^>]*>([^<]*)</")
_REFERENCE = re.compile(rb"<(?:\w+:)?c\b[^>]*\bt\s*=\s*[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>\s*(\d+)")
_STRING = re.compile(rb"<(?:\w+:)?si\s*/>|<(?:\w+:)?si\b[^>]*>(.*?)</(?:\w+:)?si>", re.DOTALL)
_REMEDY = (
    "企业太多的台账请只留台账的列，或另存为“CSV UTF-8（逗号分隔）”再试；"
    "数据以外很远的地方有格子的，请删去数据以外的行列，或把数据复制到新的工作簿后再试。"
)


@dataclass
class Allowance:
    """How much the sheets of one workbook may still hold."""

    archive: zipfile.ZipFile
    file: str
    small_cells: int = _SMALL_CELLS
    ledger_cells: int = _LEDGER_CELLS
    headers: int | None = None
    small_texts: int = _SMALL_TEXTS
    small: dict[str, int] = field(default_factory=dict)
    large: set[str] = field(default_factory=set)
    looked_at: set[str] = field(default_factory=set)

    def begin(self, entry: zipfile.ZipInfo) -> None:
        """A sheet's bytes are about to be looked at.

        Raises:
            LedgerError: too many bytes for a sheet without the headers of a ledger.
        """
        self.entry, self.headers = entry, None
        self.looked_at.add(entry.filename)
        if entry.file_size > _SMALL_BYTES:
            self._refuse_no_ledger()

    def watch(self, extent: Extent) -> None:
        """So far has the sheet been looked at.

        Raises:
            LedgerError: it reaches too far already, or to where no sheet reaches.
        """
        if not extent.sound:
            raise LedgerError(
                f"工作簿里有格子的位置或数值不可能存在，疑似损坏，未读取：{self.file}",
                "请向报送单位重新索取，或用 Excel、WPS 打开核对后另存为新的 .xlsx 再试。",
            )
        cells = max(extent.reach, extent.filled)
        if cells <= self.small_cells:
            return
        if extent.unaddressed and extent.empty > _EMPTY_PER_FILLED * extent.filled:
            raise LedgerError(
                f"工作簿里的格子没有写明位置：{self.file}",
                "请用 Excel 或 WPS 打开，另存为新的 .xlsx 后再试。",
            )
        self._refuse_no_ledger()
        if cells > self.ledger_cells or extent.columns > _COLUMNS_PER_HEADER * (self.headers or 0):
            raise self._too_large("有工作表的行列过多")

    def end(self, extent: Extent) -> None:
        """The whole sheet has been looked at; what it holds is taken off.

        Raises:
            LedgerError: it is large and nearly empty.
        """
        self.watch(extent)
        cells = max(extent.reach, extent.filled)
        if cells <= self.small_cells:
            self.small_cells -= cells
            self.small[self.entry.filename] = extent.filled
            return
        if extent.empty > _EMPTY_PER_FILLED * extent.filled:
            raise self._too_large("有工作表的行列过多，却几乎是空的")
        self.ledger_cells -= cells
        self.large.add(self.entry.filename)

    def close(self) -> None:
        """All sheets have been looked at: now the other parts, and what shared texts come to.

        Raises:
            LedgerError: more texts than sheets of this size can need.
            BadZipFile: a part is not of its declared size or checksum.
        """
        most = _LEDGER_TEXTS // 2 if self.large else _SMALL_BYTES
        for entry in self.archive.infolist():
            if is_shared_strings(entry) and entry.file_size > most:
                raise self._too_many_texts()
            if is_frame(entry) and entry.file_size > _FRAME_BYTES:
                raise self._too_large(f"工作簿的 {entry.filename} 过大")
            if entry.filename not in self.looked_at and not is_shared_strings(entry):
                pass_through(self.archive, entry)
        lengths = text_lengths(self.archive)
        if int(lengths.max(initial=0)) * sum(self.small.values()) <= self.small_texts:
            return
        if sum(laid_out(self.archive, part, lengths) for part in self.small) > self.small_texts:
            raise self._too_many_texts()

    def _too_many_texts(self) -> LedgerError:
        return self._too_large("工作簿里的文字过多，台账用不到这么多")

    def _refuse_no_ledger(self) -> None:
        if self.headers is None:
            self.headers = _headers(self.archive, self.entry)
        if self.headers < _LEAST_HEADERS:
            raise self._too_large(f"有工作表的行列过多，认出的台账表头却只有 {self.headers} 列")

    def _too_large(self, problem: str) -> LedgerError:
        return LedgerError(f"{problem}，未读取：{self.file}", _REMEDY)


# ---------------------------------------------------------------------------------------------- private


def _headers(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """How many headers of one ledger kind stand in the first rows of a sheet."""
    head = b"".join(_ROW_END.split(_start(archive, entry.filename, _HEAD_BYTES))[:_HEAD_ROWS])
    texts = [_shown(text) for text in _TEXT.findall(head)]
    texts += _strings(archive, {int(number) for number in _REFERENCE.findall(head)})
    labels = {spelling for text in texts if text for spelling in header_spellings(text)}
    return max(
        len({column.key for label, column in kind.header_keys().items() if label in labels})
        for kind in ledger_kinds()
    )


def _strings(archive: zipfile.ZipFile, wanted: set[int]) -> list[str]:
    """The shared strings of these numbers, as far as they stand near the beginning."""
    if not wanted or _STRINGS not in archive.namelist():
        return []
    last, strings = max(wanted), []
    for number, item in enumerate(_STRING.finditer(_start(archive, _STRINGS, _STRINGS_BYTES))):
        if number in wanted and item[1]:
            strings.append("".join(_shown(text) for text in _TEXT.findall(item[1])))
        if number >= last:
            break
    return strings


def _start(archive: zipfile.ZipFile, part: str, most: int) -> bytes:
    with archive.open(part) as stream:
        return stream.read(most)


def _shown(text: bytes) -> str:
    return html.unescape(text.decode("utf-8", errors="replace"))
