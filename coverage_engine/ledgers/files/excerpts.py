"""Excerpts: workbooks of one sheet that holds some rows of another, for the reading library to lay out.

A full sheet of a million rows is not laid out at once: each stretch of its rows becomes such a workbook.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

_BOOK, _STYLES = "xl/workbook.xml", "xl/styles.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OF_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true)[\"']")


@dataclass(frozen=True)
class Binding:
    """What an excerpt takes over from the whole workbook: how cells show, and from when days are counted."""

    styles: bytes | None
    of_1904: bool

    def excerpt(self, sheet: bytes, shared: bytes | None = None) -> bytes:
        """A workbook with one sheet of these bytes, and perhaps shared texts."""
        parts = {
            "_rels/.rels": _relations(("officeDocument", _BOOK)),
            _BOOK: self._book(),
            "xl/_rels/workbook.xml.rels": _relations(
                ("worksheet", "worksheets/sheet1.xml"),
                ("styles", "styles.xml"),
                ("sharedStrings", "sharedStrings.xml"),
            ),
            "xl/worksheets/sheet1.xml": sheet,
        }
        if self.styles is not None:
            parts[_STYLES] = self.styles
        if shared is not None:
            parts["xl/sharedStrings.xml"] = shared
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
        return whole.getvalue()

    def _book(self) -> bytes:
        days = '<workbookPr date1904="1"/>' if self.of_1904 else ""
        sheet = '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets>'
        return f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">{days}{sheet}</workbook>'.encode()


def binding_of(archive: zipfile.ZipFile) -> Binding:
    """Styles and first day of a workbook."""
    names = archive.namelist()
    styles = archive.read(_STYLES) if _STYLES in names else None
    return Binding(styles, _BOOK in names and _OF_1904.search(archive.read(_BOOK)) is not None)


# ---------------------------------------------------------------------------------------------- private


def _relations(*targets: tuple[str, str]) -> bytes:
    tags = "".join(
        f'<Relationship Id="rId{number}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{tags}</Relationships>'.encode()
