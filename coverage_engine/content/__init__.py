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
    read,
    read_content_toml,
    read_shipped,
)
from coverage_engine.content.shapes import (
    Count,
    Number,
    Share,
    Table,
    Text,
    Texts,
    Weight,
    Whole,
    Words,
    alike,
    says,
    written_as,
)
from coverage_engine.content.shipped import content_file, content_files, content_root

__all__ = [
    "Address",
    "Count",
    "Fault",
    "Number",
    "Place",
    "Share",
    "Table",
    "Text",
    "Texts",
    "Weight",
    "Whole",
    "Words",
    "Written",
    "alike",
    "attempt",
    "checked_content",
    "content_file",
    "content_files",
    "content_root",
    "faults_beside",
    "meant",
    "read",
    "read_content_toml",
    "read_shipped",
    "refuse",
    "says",
    "written_as",
]
