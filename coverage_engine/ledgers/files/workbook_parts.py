"""The parts of a workbook's archive: which holds which sheet, and their bytes, exactly as they were packed.

The reading library neither compares checksums nor cares which of two directories it believes, so a damaged or
twofold archive is refused here, before any of it is taken for a ledger.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_MOST_BYTES = 1 << 22
_CHUNK = 1 << 19
_HEADER = struct.Struct("<4s2xH18xHH")
_HEADER_MAGIC, _END_MAGIC = b"PK\x03\x04", b"PK\x05\x06"
_ENCRYPTED, _UTF8 = 1, 0x800
_MOST_PARTS = 20_000
_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


@contextmanager
def opened_archive(data: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive of a workbook, of which every part lies where the directory says and under its own name.

    Raises:
        BadZipFile: no archive, or its directory and its parts contradict each other; so too whatever the
            archive reader throws at a damaged directory while the archive is open.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_twofold(archive, data)
            yield archive
    # Damaged numbers and names in the directory come out as these, unknown ways of packing as the fourth.
    except (
        struct.error,
        zlib.error,
        EOFError,
        NotImplementedError,
        ValueError,
        OverflowError,
        OSError,
    ) as error:
        raise zipfile.BadZipFile(f"the archive is damaged: {error}") from error


def sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name by file name in the archive; empty where the workbook does not tell."""
    targets = {
        attributes["Id"]: posixpath.normpath(posixpath.join("xl", attributes["Target"])).lstrip("/")
        for attributes in _tags(archive, _RELATIONS, _RELATION)
        if "Id" in attributes and "Target" in attributes
    }
    names = {}
    for attributes in _tags(archive, BOOK, _SHEET):
        reference = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        if reference in targets and "name" in attributes:
            names[targets[reference]] = attributes["name"]
    return names


def sheet_states(archive: zipfile.ZipFile) -> dict[str, str]:
    """`hidden` or `very_hidden` by the names of the sheets that are not shown."""
    states = {"hidden": "hidden", "veryHidden": "very_hidden"}
    sheets = _tags(archive, BOOK, _SHEET)
    return {
        each["name"]: states[each["state"]]
        for each in sheets
        if "name" in each and each.get("state") in states
    }


def is_frame(entry: zipfile.ZipInfo) -> bool:
    """Whether a part tells of the workbook as a whole (sheets, relations, styles): it is always opened."""
    folder, _, name = entry.filename.lower().rpartition("/")
    return folder in ("", "_rels", "xl", "xl/_rels") and name != "sharedstrings.xml"


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a part, piece by piece.

    Whoever unpacks a part need not stop where its declared size ends: a part that is longer is refused here.
    The checksum is compared at the end: nothing may be believed before the last piece has been taken.

    Raises:
        BadZipFile: encrypted, packed in an unusual way, or not of the declared size or checksum.
    """
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(f"cannot unpack {entry.filename}")
    packed = _packed(archive, entry)
    left, checksum = entry.file_size, 0
    for piece in packed if entry.compress_type == zipfile.ZIP_STORED else _inflated(packed):
        left -= len(piece)
        if left < 0:
            break
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if left:
        raise zipfile.BadZipFile(f"{entry.filename} is not of its declared size")
    if checksum != entry.CRC:
        raise zipfile.BadZipFile(f"{entry.filename} is not what its checksum says")


def pass_through(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpacks a part to see whether it is sound; nothing of it is kept.

    Raises:
        BadZipFile: it is not of its declared size or checksum.
    """
    for _ in unpacked(archive, entry):
        pass


# ---------------------------------------------------------------------------------------------- private


def _refuse_twofold(archive: zipfile.ZipFile, data: bytes) -> None:
    entries = archive.infolist()
    if len(entries) > _MOST_PARTS:
        raise zipfile.BadZipFile("too many parts")
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise zipfile.BadZipFile("two parts of one name")
    if data.count(_END_MAGIC, archive.start_dir) != 1:
        raise zipfile.BadZipFile("two directories")
    ends = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        at = entry.header_offset
        if not ends <= at <= archive.start_dir - _HEADER.size or (at and not ends):
            raise zipfile.BadZipFile(f"{entry.filename} lies elsewhere")
        magic, flags, name, extra = _HEADER.unpack_from(data, at)
        written = data[at + _HEADER.size : at + _HEADER.size + name]
        encoding = "utf-8" if flags & _UTF8 else "cp437"
        if (
            magic != _HEADER_MAGIC
            or written.decode(encoding).split("\0")[0] != entry.orig_filename.split("\0")[0]
        ):
            raise zipfile.BadZipFile(f"{entry.filename} lies elsewhere")
        ends = at + _HEADER.size + name + extra + entry.compress_size
        if ends > archive.start_dir:
            raise zipfile.BadZipFile(f"{entry.filename} is cut off")


def _packed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes as they lie in the archive; others may read from it in between."""
    stream = archive.fp
    if stream is None:
        raise zipfile.BadZipFile("the archive is closed")
    stream.seek(entry.header_offset)
    _, _, name, extra = _HEADER.unpack(stream.read(_HEADER.size))
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
    text = b"".join(unpacked(archive, archive.getinfo(part))).decode("utf-8", errors="replace")
    return [
        {key: html.unescape(double or single) for key, double, single in _ATTRIBUTE.findall(attributes)}
        for attributes in tag.findall(text)
    ]
