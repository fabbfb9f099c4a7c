"""Print-ready pages of office documents, for machines without LibreOffice: a browser prints them on A4.

The figures are those that stand in the documents. A page loads nothing and runs nothing.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from html import escape
from pathlib import Path
from xml.etree import ElementTree

from coverage_engine.content import content_file
from coverage_engine.errors import LedgerError
from coverage_engine.model.output_mark import PAGE_MARK
from coverage_engine.reporting.letter_pages import document_pages
from coverage_engine.reporting.printing import printed_names
from coverage_engine.reporting.sheet_pages import workbook_pages
from coverage_engine.reporting.wording import fallback_fonts, fonts, wording

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_DRAWN = {".xlsx": workbook_pages, ".docx": document_pages}


def write_print_pages(documents: Sequence[Path], folder: Path) -> tuple[Path, ...]:
    """Write each workbook and Word document as a page to be printed from a browser.

    Raises:
        LedgerError: a document is neither, or cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = printed_names(documents, folder, ".html")
    for document, file in files.items():
        file.write_text(_page(document), "utf-8")
    return tuple(files.values())


# ---------------------------------------------------------------------------------------------- private


def _page(document: Path) -> str:
    draw = _DRAWN.get(document.suffix.lower())
    if draw is None:
        raise LedgerError(f"不能打印这种文件：{document.name}", "请给出 .xlsx 或 .docx 文件。")
    try:
        body = draw(document)
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, OSError) as error:
        raise LedgerError(f"打不开：{document.name}", "请用 Excel 或 WPS 另存后再试。") from error
    named = [fonts()["body"], *fallback_fonts().get(fonts()["body"], ()), "serif"]
    family = ", ".join(name if name == "serif" else f'"{name}"' for name in named)
    css = content_file("reports", "print.css").read_text("utf-8")
    hint = f'<p class="print-hint">{escape(wording()["print_hint"])}</p>'
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">{PAGE_MARK}'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(document.stem)}</title><style>{css}body {{ font-family: {family}; }}</style></head>"
        f"<body>{hint}{body}</body></html>\n"
    )
