"""What `reports/letters.toml` may say, read strictly: documents made of blocks, and whom to write with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any, TypeVar

from coverage_engine.content import read_content_toml
from coverage_engine.errors import PolicyError

STYLES = frozenset(
    {
        *("head", "number", "rule", "title", "to", "text", "level1", "level2", "attach", "sign", "date"),
        *("page", "corner", "caption", "table", "image", "note", "imprint", "lists"),
    }
)
"""The block styles that a document may name."""

_FILE = "reports/letters.toml"
_Part = TypeVar("_Part")


@dataclass(frozen=True)
class TableColumn:
    """One column of a table in a document: heading, text of its cells, width in millimetres."""

    header: str
    text: str
    width: float
    align: str = "center"


@dataclass(frozen=True)
class Block:
    """One paragraph, table or picture; `rows` repeats it for each entry of a list, `when` asks for a fact."""

    style: str
    text: str = ""
    rows: str = ""
    when: str = ""
    columns: tuple[TableColumn, ...] = ()


@dataclass(frozen=True)
class Document:
    """One kind of document: its file name, whom it is made for (`rows`), its blocks and page.

    `body_size`, `line` and `table_size` are points; `margins` are millimetres from the top clockwise: those
    of GB/T 9704 leave a text area of 156 × 225 mm. A `landscape` page lies on its side.
    """

    key: str
    file: str
    rows: str
    blocks: tuple[Block, ...]
    body_size: float = 16
    line: float = 28.95
    margins: tuple[float, ...] = (37, 26, 35, 28)
    table_size: float = 10.5
    landscape: bool = False


@cache
def letter_words() -> dict[str, Any]:
    """The whole of `reports/letters.toml`."""
    return read_content_toml("reports", "letters.toml")


@cache
def documents() -> tuple[Document, ...]:
    """Every kind of document.

    Raises:
        PolicyError: the file names something unknown or lacks something; each place is told.
    """
    return parse_documents(letter_words())


def parse_documents(content: Mapping[str, Any]) -> tuple[Document, ...]:
    """Documents from parsed TOML; see `documents`."""
    faults: list[str] = []
    parsed = []
    for entry in content.get("documents", ()):
        where = f"documents.{entry.get('key', '?')}"
        blocks = [
            _block(block, f"{where}.blocks[{at}]", faults) for at, block in enumerate(entry["blocks"], 1)
        ]
        parsed.append(
            _part(Document, {**entry, "blocks": [block for block in blocks if block]}, where, faults)
        )
    _raise(faults)
    return tuple(document for document in parsed if document is not None)


# ---------------------------------------------------------------------------------------------- private


def _block(entry: Mapping[str, Any], where: str, faults: list[str]) -> Block | None:
    columns = [
        _part(TableColumn, column, f"{where}.columns[{at}]", faults)
        for at, column in enumerate(entry.get("columns", ()), 1)
    ]
    block = _part(Block, {**entry, "columns": [column for column in columns if column]}, where, faults)
    if block is not None and block.style not in STYLES:
        faults.append(f"{where}.style：没有 {block.style!r} 这种，可写 {'、'.join(sorted(STYLES))}")
    return block


def _part(kind: type[_Part], entry: Mapping[str, Any], where: str, faults: list[str]) -> _Part | None:
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    unknown = [key for key in entry if key not in known]
    missing = [name for name, field in known.items() if field.default is MISSING and name not in entry]
    faults += [f"{where}.{key}：没有这一项，可写 {'、'.join(known)}" for key in unknown]
    faults += [f"{where}.{name}：缺少这一项" for name in missing]
    if unknown or missing:
        return None
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()})


def _raise(faults: list[str]) -> None:
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise PolicyError(f"公文样式有误：{_FILE}\n{listed}", f"请按上面各项修改 {_FILE}，或恢复原文件。")
