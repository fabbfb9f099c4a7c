"""Web archives (.mht, .mhtml, 单个文件网页): a web page with its parts in the form of a letter."""

from __future__ import annotations

import email
import email.policy
import re

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.files.cell_placing import Room
from coverage_engine.ledgers.files.foreign_sheets import ForeignSheet
from coverage_engine.ledgers.files.web_tables import web_sheet

_MOST_BYTES = 128 * 1024**2
_MOST_PARTS = 2_000
_SOURCE = re.compile(
    r"<x:Name>([^<]{1,60})</x:Name>\s*<x:WorksheetSource\s+HRef\s*=\s*[\"']([^\"']{1,300})[\"']",
    re.IGNORECASE,
)


def web_archive_sheets(data: bytes, file: str, name: str) -> list[ForeignSheet]:
    """A sheet for each page of the archive that holds a table.

    Raises:
        LedgerError: damaged, or reaching further than a sheet can.
    """
    if len(data) > _MOST_BYTES or data.count(b"\n--") > _MOST_PARTS:
        Room(file).take(letters=_MOST_BYTES)
    try:
        pages = _pages(data)
    # Whatever a damaged head leads to, the file is what is wrong.
    except Exception as error:
        raise _damaged(file) from error
    if not pages:
        raise _damaged(file)
    sheet_names = _names_by_source(pages)
    room, sheets = Room(file), []
    for place, charset, body in pages:
        if b"<table" in body.lower() or len(pages) == 1:
            shown = next((sheet for source, sheet in sheet_names.items() if place.endswith(source)), name)
            sheets.append(web_sheet(body, file, shown, room, charset))
    return sheets


# ---------------------------------------------------------------------------------------------- private


def _pages(data: bytes) -> list[tuple[str, str, bytes]]:
    """Place, charset and bytes of each web page in the archive."""
    letter = email.message_from_bytes(data, policy=email.policy.compat32)
    pages = []
    for part in letter.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                pages.append(
                    (str(part.get("Content-Location", "")), part.get_content_charset("") or "", body)
                )
    return pages


def _names_by_source(pages: list[tuple[str, str, bytes]]) -> dict[str, str]:
    """Sheet name by the end of the place of its page, as the first page of a workbook tells."""
    names: dict[str, str] = {}
    for _, charset, body in pages:
        for encoding in (charset, "utf-8", "gb18030"):
            try:
                references = _SOURCE.findall(body.decode(encoding))
            except (LookupError, UnicodeDecodeError):
                continue
            names |= {source.rsplit("/", 1)[-1]: sheet.strip() for sheet, source in references}
            break
    return names


def _damaged(file: str) -> LedgerError:
    return LedgerError(f"网页存档已损坏或里面没有表：{file}", "请重新导出，或请对方另存为 .xlsx 后再报。")
