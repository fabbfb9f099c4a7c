"""What `reports/letters.toml` may say, read strictly: documents made of blocks, and whom to write with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from coverage_engine.content import alike, checked_content, content_file, read
from coverage_engine.reporting.layout_shapes import BlockPart, DocumentPart, LettersFile

_FILE = "reports/letters.toml"


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
    return checked_content(LettersFile, "reports", "letters.toml")


@cache
def documents() -> tuple[Document, ...]:
    """Every kind of document.

    Raises:
        PolicyError: the file names something unknown or lacks something; each place is told.
    """
    written = read(content_file("reports", "letters.toml"), LettersFile, "公文样式", _FILE)
    return tuple(_document(part) for part in written.value.documents)


# ---------------------------------------------------------------------------------------------- private


def _document(part: DocumentPart) -> Document:
    return alike(Document, part, blocks=tuple(_block(block) for block in part.blocks))


def _block(part: BlockPart) -> Block:
    return alike(Block, part, columns=tuple(alike(TableColumn, column) for column in part.columns))
