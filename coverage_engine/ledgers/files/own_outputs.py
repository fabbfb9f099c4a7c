"""The product's own results, which are never read as ledgers: each file is known by a mark of its own.

A workbook bears the mark in its properties, a page in its head, a table the column names of its
description, a folder plan.json or the list of what was written. A findings workbook is read for the rows
that were returned to be mended.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from coverage_engine.delivery import MANIFEST
from coverage_engine.ledgers.mapping_form import COLUMNS, LISTS
from coverage_engine.model.output_mark import (
    FINDINGS_MARK,
    MAPPING_MARK,
    OUTPUT_FOLDERS,
    OUTPUT_MARK,
    PAGE_MARK,
    PLAN_FILE,
)
from coverage_engine.model.tables import Table, described_as

RETURNED_ROWS = "退回-"
"""With this begin the names of the sheets of a findings workbook that are handed in again."""
_PROPERTIES = "docProps/core.xml"
_MOST_BYTES = 1 << 20
_FIRST_BYTES = 1 << 13
_SOFTWARE = "coverage-engine"


def is_output_folder(folder: Path) -> bool:
    """Whether a plan was written into a folder."""
    if (folder / MANIFEST).is_file():
        return True
    file = folder / PLAN_FILE
    try:
        if not file.is_file() or file.stat().st_size > _MOST_BYTES:
            return False
        plan = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    software = plan.get("software") if isinstance(plan, dict) else None
    return isinstance(software, dict) and software.get("name") == _SOFTWARE


def holds_results_only(folder: Path) -> bool:
    """Whether a folder is a part of an output folder in which nobody's ledgers lie."""
    return folder.name in OUTPUT_FOLDERS and is_output_folder(folder.parent)


def is_output(data: bytes, file: str) -> bool:
    """Whether a file is a result of the product."""
    page = data.startswith(b"<") and PAGE_MARK.encode() in data[:_FIRST_BYTES]
    return page or OUTPUT_MARK.encode() in _properties(data) or _is_own_table(data, Path(file).stem)


def is_findings_workbook(data: bytes) -> bool:
    """Whether a file is a findings workbook, in which only returned rows are to be read."""
    return FINDINGS_MARK.encode() in _properties(data)


def is_mapping_workbook(data: bytes, sheets: Sequence[str]) -> bool:
    """Whether a file is a mapping workbook, which says how lists are to be read and is none itself.

    One whose properties were lost by copying is known by its sheets.
    """
    return MAPPING_MARK.encode() in _properties(data) or {LISTS.name, COLUMNS.name} <= set(sheets)


def is_mapping_file(file: Path) -> bool:
    """Whether a file is a mapping workbook, by its mark or its sheets; false for what is no workbook."""
    data = file.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("xl/workbook.xml") as stream:
            names = re.findall(r'name="([^"]*)"', stream.read(_MOST_BYTES).decode("utf-8", errors="replace"))
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError, RuntimeError):
        return False
    return is_mapping_workbook(data, names)


# ---------------------------------------------------------------------------------------------- private


def _properties(data: bytes) -> bytes:
    """The properties of a workbook; none where it has none that can be read."""
    if not data.startswith(b"PK"):
        return b""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(_PROPERTIES) as stream:
            return stream.read(_MOST_BYTES)
    # Whatever is wrong with the archive is told by the reader of workbooks.
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError, RuntimeError):
        return b""


def _is_own_table(data: bytes, name: str) -> bool:
    """Whether a text has the name and the columns of a table that is written."""
    known = described_as(name)
    if not known or data.startswith(b"PK"):
        return False
    first = data[:_FIRST_BYTES].decode("utf-8-sig", errors="replace").splitlines()[:1]
    written = {cell.strip('"') for cell in first[0].split(",")} if first else set()
    return len(written) > 1 and any(_has_all(table, written) for table in known)


def _has_all(table: Table, written: set[str]) -> bool:
    return all(any(fnmatchcase(cell, name) for name in table.names) for cell in written)
