"""Which reader a file needs is told by its bytes: many systems name web pages and texts as workbooks."""

from __future__ import annotations

import codecs
import re

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.files import xml_sheets
from coverage_engine.ledgers.files.old_workbooks import is_old_workbook
from coverage_engine.ledgers.files.open_documents import flat_document_sheets
from coverage_engine.ledgers.files.web_archives import web_archive_sheets
from coverage_engine.ledgers.files.web_tables import web_sheet
from coverage_engine.ledgers.files.workbooks import ZIP_MAGIC, SheetGrid, grids_of, workbook_grids

WEB_SUFFIXES = frozenset({".html", ".htm", ".mht", ".mhtml", ".xml"})
"""Names under which files need not be tables at all."""
_HEAD = 4_096
_ARCHIVE = re.compile(
    r"\A\s*(?:[a-z][a-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?mime-version\s*:", re.IGNORECASE
)
_MARKUP = re.compile(r"\A\s*<[!?a-z]", re.IGNORECASE)
_OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_ENDS_ARCHIVE = b"PK\x05\x06"


class NoTableError(LedgerError):
    """A web page or another file of marks holds no table: no ledger, but no damage either."""


def sheets_by_content(data: bytes, file: str, name: str) -> list[SheetGrid] | None:
    """Every sheet of a file that is more than text; null for a text. A nameless sheet gets the name given.

    Raises:
        LedgerError: damaged, password-protected, empty, or reaching further than a sheet can.
        NoTableError: a web page or another file of marks without a table.
    """
    if data.startswith(ZIP_MAGIC) or is_old_workbook(data):
        return workbook_grids(data, file)
    head = _head(data)
    if _ARCHIVE.match(head):
        return grids_of(web_archive_sheets(data, file, name), file)
    if not _MARKUP.match(head):
        _refuse_damaged_archive(data, file)
        return None
    if xml_sheets.NAMESPACE in head:
        return grids_of(xml_sheets.xml_sheets(data, file), file)
    if _OPEN_DOCUMENT in head and "opendocument.spreadsheet" in head:
        return grids_of(flat_document_sheets(data, file), file)
    if b"<table" in data.replace(b"\0", b"").lower():
        return grids_of([web_sheet(data, file, name)], file)
    raise NoTableError(f"{file} 里没有表", "不是台账可不理会；是台账的，请重新导出，或另存为 .xlsx 后再试。")


# ---------------------------------------------------------------------------------------------- private


def _head(data: bytes) -> str:
    """The first letters, for signs of a format that are plain ASCII in any encoding."""
    start = data[:_HEAD]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return start.decode("utf-16", errors="replace")
    return start.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _refuse_damaged_archive(data: bytes, file: str) -> None:
    if _ENDS_ARCHIVE in data[-65_600:]:
        raise LedgerError(f"工作簿已损坏：{file}", "请向报送单位重新索取，或从备份恢复后再试。")
