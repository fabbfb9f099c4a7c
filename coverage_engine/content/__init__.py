"""Content: where the shipped folders lie, and the one reader of TOML content, the planners' own included.

A shape (`Table` with described keys) says what a kind of file may hold. `read` makes frozen values of a file
or tells every fault of it with file, line, key, what is allowed and what was probably meant. The same shapes
are written out as JSON Schemas and as the reference page `docs/content.md` (`content.schemas`).
"""

from coverage_engine.content.faults import Fault, meant, refuse
from coverage_engine.content.positions import Address
from coverage_engine.content.reader import (
    Place,
    Written,
    attempt,
    checked_content,
    faults_beside,
    held,
    read,
    read_content_toml,
    read_shipped,
)
from coverage_engine.content.shapes import (
    BilingualFile,
    Count,
    Length,
    Number,
    Share,
    Table,
    Text,
    Texts,
    Weight,
    Whole,
    Wording,
    Words,
    alike,
    says,
    written_as,
)
from coverage_engine.content.shipped import content_file, content_files, content_root

__all__ = [
    "Address",
    "BilingualFile",
    "Count",
    "Fault",
    "Length",
    "Number",
    "Place",
    "Share",
    "Table",
    "Text",
    "Texts",
    "Weight",
    "Whole",
    "Wording",
    "Words",
    "Written",
    "alike",
    "attempt",
    "checked_content",
    "content_file",
    "content_files",
    "content_root",
    "faults_beside",
    "held",
    "meant",
    "read",
    "read_content_toml",
    "read_shipped",
    "refuse",
    "says",
    "written_as",
]
