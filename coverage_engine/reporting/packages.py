"""Office packages whose bytes repeat: parts in one order, with one time, core dates set to a given day."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time that every part of a package bears."""
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def repacked(package: bytes, day: date) -> bytes:
    """The same package; only its dates, and the order and times of its parts, are made the same each time."""
    out = io.BytesIO()
    stamp = f"{day.isoformat()}T00:00:00Z".encode()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as read,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in sorted(read.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            data = read.read(name)
            written.writestr(
                entry, _DATES.sub(rb"\g<1>" + stamp, data) if name == "docProps/core.xml" else data
            )
    return out.getvalue()
