"""Filled templates as files whose bytes repeat: fixed dates inside, fixed order and times in the package.

The only module that imports docxtpl. Values are escaped and never read as a template again; a unit's own
template runs in a sandbox.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import docx
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from coverage_engine.errors import PolicyError
from coverage_engine.reporting.letters.looks import LOOKS
from coverage_engine.reporting.packages import repacked

_MAP_WIDTH = 88


def fill(template: bytes, facts: dict[str, Any], image: Path | None) -> bytes:
    """A template with its placeholders filled; `map` is the image, or nothing.

    Raises:
        PolicyError: the template names a fact that there is not, or is not a Word document.
    """
    try:
        document = DocxTemplate(io.BytesIO(template))
        picture = InlineImage(document, str(image), width=Mm(_MAP_WIDTH)) if image else None
        environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
        document.render({**facts, "map": picture}, environment, autoescape=True)
        _size_heads(document.docx, facts.get("head_size", 0))
        buffer = io.BytesIO()
        document.save(buffer)
    except (TemplateError, zipfile.BadZipFile, KeyError, ValueError) as error:
        remedy = "请对照 reports/letters.toml 中可用的 {{ … }} 修改模板，或改用程序自带的模板。"
        raise PolicyError(f"公文模板不能用：{error}", remedy) from error
    return buffer.getvalue()


def _size_heads(filled: Any, half_points: int) -> None:
    """The size at which the longest issuer fits on a line: a template cannot hold it as a placeholder."""
    cells = (cell for table in filled.tables for row in table.rows for cell in row.cells)
    for paragraph in (paragraph for cell in cells for paragraph in cell.paragraphs):
        if half_points and paragraph.style.name == LOOKS["head"].named:
            for run in paragraph.runs:
                run.font.size = Pt(half_points / 2)


def packed(document: bytes, as_of: date | None = None, title: str = "") -> bytes:
    """The same document with its dates set to the as-of date and its parts in one order with one time."""
    opened = docx.Document(io.BytesIO(document))
    properties = opened.core_properties
    properties.author, properties.last_modified_by, properties.title, properties.comments = (
        "",
        "",
        title[:250],
        "",
    )
    properties.created = properties.modified = datetime.combine(as_of or date(2019, 1, 1), time())
    buffer = io.BytesIO()
    opened.save(buffer)
    return repacked(buffer.getvalue(), as_of or date(2019, 1, 1))
