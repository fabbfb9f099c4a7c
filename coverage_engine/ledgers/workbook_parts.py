"""Which file in a workbook's archive holds which sheet."""

from __future__ import annotations

import html
import posixpath
import re
import zipfile

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_MOST_BYTES = 1 << 22
_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name by file name in the archive; empty where the workbook does not tell."""
    targets = {
        told["Id"]: posixpath.normpath(posixpath.join("xl", told["Target"])).lstrip("/")
        for told in _tags(archive, _RELATIONS, _RELATION)
        if "Id" in told and "Target" in told
    }
    names = {}
    for told in _tags(archive, _BOOK, _SHEET):
        reference = next((value for key, value in told.items() if key.endswith(":id")), "")
        if reference in targets and "name" in told:
            names[targets[reference]] = told["name"]
    return names


# ---------------------------------------------------------------------------------------------- private


def _tags(archive: zipfile.ZipFile, part: str, tag: re.Pattern[str]) -> list[dict[str, str]]:
    if part not in archive.namelist():
        return []
    with archive.open(part) as stream:
        text = stream.read(_MOST_BYTES).decode("utf-8", errors="replace")
    return [
        {key: html.unescape(double or single) for key, double, single in _ATTRIBUTE.findall(attributes)}
        for attributes in tag.findall(text)
    ]
