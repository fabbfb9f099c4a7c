"""How far the cells of a workbook reach, found by a scan of its bytes before anything is laid out.

The reading library makes room for the whole rectangle from first to last cell, so one stray (or planted)
cell in XFD1048576 would take all memory of the machine. The scan keeps only the farthest row and column.
"""

from __future__ import annotations

import re
import zipfile

_CHUNK = 1 << 22
_OVERLAP = 256
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"'](\d+)")
_WIDE_CELL = re.compile(rb"\br=[\"']([A-Z]{2,3})(\d+)[\"']")
_LOW_CELL = re.compile(rb"\br=[\"'][A-Z](\d{7,})[\"']")
_ONE_LETTER = 26


def cells_spanned(archive: zipfile.ZipFile) -> int:
    """Cells of the largest sheet's rectangle, counted from A1."""
    sheets = [entry for entry in archive.infolist() if re.search(r"sheets?/[^/]+\.xml$", entry.filename)]
    return max((_spanned(archive, entry) for entry in sheets), default=0)


# ---------------------------------------------------------------------------------------------- private


def _spanned(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    rows, columns = 0, _ONE_LETTER
    tail = b""
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            text = tail + chunk
            rows = max(rows, max(map(int, _ROW.findall(text)), default=0))
            rows = max(rows, max(map(int, _LOW_CELL.findall(text)), default=0))
            for letters, row in set(_WIDE_CELL.findall(text)):
                columns, rows = max(columns, _column(letters)), max(rows, int(row))
            tail = text[-_OVERLAP:]
    return rows * columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
