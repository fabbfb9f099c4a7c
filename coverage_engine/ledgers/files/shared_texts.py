"""Texts that the cells of a workbook share: one stands once in the file, and any number of cells name it.

A text of a few kilobytes named by a million cells is gigabytes once it is laid out, so what all cells come to
is reckoned before.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from coverage_engine.ledgers.files.workbook_parts import unpacked

SHARED_STRINGS = "xl/sharedstrings.xml"
_LEAST_MARKS = b"<si><t></t></si>"
_TEXT = re.compile(rb"<(?:\w+:)?si\b")
_TEXT_END = re.compile(rb"</(?:\w+:)?si\s*>|<(?:\w+:)?si\b[^>]*/>")
_REFERENCE = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\bt\s*=\s*[\"']s[\"'][^>]*>(?:(?!</(?:\w+:)?c\s*>).)*?"
    rb"<(?:\w+:)?v\b[^>]*>\s*(\d+)",
    re.DOTALL,
)


def is_shared_strings(entry: zipfile.ZipInfo) -> bool:
    """Whether a part of the archive holds the shared texts."""
    return entry.filename.lower() == SHARED_STRINGS


def text_lengths(archive: zipfile.ZipFile) -> npt.NDArray[np.int64]:
    """Bytes of every shared text as written, with marks beyond the usual ones: it is no longer than that."""
    ends: list[int] = []
    for entry in filter(is_shared_strings, archive.infolist()):
        at = 0
        for text in _whole_tags(unpacked(archive, entry)):
            if not ends and (first := _TEXT.search(text)):
                ends.append(at + first.start())
            ends += [at + closing.end() for closing in _TEXT_END.finditer(text)]
            at += len(text)
    whole = np.array(ends, dtype=np.int64)
    lengths: npt.NDArray[np.int64] = np.maximum(whole[1:] - whole[:-1] - len(_LEAST_MARKS), 0)
    return lengths


def laid_out(archive: zipfile.ZipFile, part: str, lengths: npt.NDArray[np.int64]) -> int:
    """Bytes of shared texts that the cells of a sheet come to; the sheet is looked at as a whole."""
    sheet = b"".join(unpacked(archive, archive.getinfo(part)))
    named = np.array(_REFERENCE.findall(sheet), dtype=np.bytes_).astype(np.int64)
    return int(lengths[named[named < len(lengths)]].sum())


# ---------------------------------------------------------------------------------------------- private


def _whole_tags(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces cut anew, so that none ends within a tag."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        end = text.rfind(b">") + 1
        rest = text[end:]
        yield text[:end]
    yield rest
