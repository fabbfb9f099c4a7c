"""The parts of a workbook's archive: which holds which sheet, and their bytes, no more than declared."""

from __future__ import annotations

import html
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_MOST_BYTES = 1 << 22
_CHUNK = 1 << 19
_HEADER = struct.Struct("<26xHH")
_ENCRYPTED = 1
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
    for told in _tags(archive, BOOK, _SHEET):
        reference = next((value for key, value in told.items() if key.endswith(":id")), "")
        if reference in targets and "name" in told:
            names[targets[reference]] = told["name"]
    return names


def sheet_states(archive: zipfile.ZipFile) -> dict[str, str]:
    """`hidden` or `very_hidden` by the names of the sheets that are not shown."""
    states = {"hidden": "hidden", "veryHidden": "very_hidden"}
    told = _tags(archive, BOOK, _SHEET)
    return {
        each["name"]: states[each["state"]] for each in told if "name" in each and each.get("state") in states
    }


def is_frame(entry: zipfile.ZipInfo) -> bool:
    """Whether a part tells of the workbook as a whole (sheets, relations, styles): it is always opened."""
    folder, _, name = entry.filename.lower().rpartition("/")
    return folder in ("", "_rels", "xl", "xl/_rels") and name != "sharedstrings.xml"


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a part, piece by piece.

    Whoever unpacks a part need not stop where its declared size ends: a part that is longer is refused here.

    Raises:
        BadZipFile: encrypted, packed in an unusual way, or not of the declared size.
    """
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(f"cannot unpack {entry.filename}")
    packed = _packed(archive, entry)
    left = entry.file_size
    for piece in packed if entry.compress_type == zipfile.ZIP_STORED else _inflated(packed):
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left:
        raise zipfile.BadZipFile(f"{entry.filename} is not of its declared size")


# ---------------------------------------------------------------------------------------------- private


def _packed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes as they lie in the archive; others may read from it in between."""
    stream = archive.fp
    if stream is None:
        raise zipfile.BadZipFile("the archive is closed")
    stream.seek(entry.header_offset)
    name, extra = _HEADER.unpack(stream.read(_HEADER.size))
    at = entry.header_offset + _HEADER.size + name + extra
    end = at + entry.compress_size
    while at < end:
        stream.seek(at)
        piece = stream.read(min(_CHUNK, end - at))
        if not piece:
            return
        at += len(piece)
        yield piece


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in packed:
        while piece and not inflater.eof:
            yield inflater.decompress(piece, _CHUNK)
            piece = inflater.unconsumed_tail
    while not inflater.eof and (rest := inflater.decompress(inflater.unconsumed_tail, _CHUNK)):
        yield rest


def _tags(archive: zipfile.ZipFile, part: str, tag: re.Pattern[str]) -> list[dict[str, str]]:
    if part not in archive.namelist():
        return []
    if archive.getinfo(part).file_size > _MOST_BYTES:
        raise zipfile.BadZipFile(f"{part} is too long")
    with archive.open(part) as stream:
        text = stream.read(_MOST_BYTES).decode("utf-8", errors="replace")
    return [
        {key: html.unescape(double or single) for key, double, single in _ATTRIBUTE.findall(attributes)}
        for attributes in tag.findall(text)
    ]
