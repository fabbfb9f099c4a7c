"""A Word document as print-ready pages: its paragraphs, tables and pictures, read from the package itself."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Mapping
from html import escape
from pathlib import Path
from xml.etree import ElementTree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ALIGN = {"both": "both", "distribute": "center", "center": "center", "right": "right", "end": "right"}
_PICTURES = {".png": "image/png", ".jpeg": "image/jpeg", ".jpg": "image/jpeg"}


def document_pages(file: Path) -> str:
    """The body of a Word document as one HTML section."""
    with zipfile.ZipFile(file) as package:
        body = ElementTree.fromstring(package.read("word/document.xml")).find(f"{_W}body")
        looks, pictures = _looks(package), _pictures(package)
    if body is None:
        return "<section></section>"
    page = body.find(f"{_W}sectPr/{_W}pgSz")
    across = ' class="across"' if page is not None and page.get(f"{_W}orient") == "landscape" else ""
    return f"<section{across}>{_blocks(body, looks, pictures)}</section>"


# ---------------------------------------------------------------------------------------------- private

_Look = tuple[str, str]


def _looks(package: zipfile.ZipFile) -> Mapping[str, _Look]:
    """HTML classes and font size of each paragraph style."""
    root = ElementTree.fromstring(package.read("word/styles.xml"))
    return {each.get(f"{_W}styleId", ""): _look(each) for each in root.iter(f"{_W}style")}


def _look(element: ElementTree.Element) -> _Look:
    names = []
    align = element.find(f"{_W}pPr/{_W}jc")
    indent = element.find(f"{_W}pPr/{_W}ind")
    colour = element.find(f"{_W}rPr/{_W}color")
    size = element.find(f"{_W}rPr/{_W}sz")
    if align is not None:
        names.append(_ALIGN.get(align.get(f"{_W}val", ""), "left"))
    if indent is not None and indent.get(f"{_W}firstLineChars", "0") != "0":
        names.append("indent")
    if colour is not None and colour.get(f"{_W}val", "").upper() == "E00000":
        names.append("red")
    points = int(size.get(f"{_W}val", "0")) / 2 if size is not None else 0
    return " ".join(names), f"font-size:{points:g}pt" if points else ""


def _pictures(package: zipfile.ZipFile) -> Mapping[str, str]:
    """Pictures as data addresses, by relation."""
    name = "word/_rels/document.xml.rels"
    relations = ElementTree.fromstring(package.read(name)) if name in package.namelist() else ()
    pictures = {}
    for each in relations:
        target = Path(each.get("Target", ""))
        if target.suffix in _PICTURES and each.get("TargetMode") != "External":
            data = base64.b64encode(package.read(f"word/{target.as_posix()}")).decode()
            pictures[each.get("Id", "")] = f"data:{_PICTURES[target.suffix]};base64,{data}"
    return pictures


def _blocks(parent: ElementTree.Element, looks: Mapping[str, _Look], pictures: Mapping[str, str]) -> str:
    drawn = []
    for block in parent:
        if block.tag == f"{_W}p":
            drawn.append(_paragraph(block, looks, pictures))
        elif block.tag == f"{_W}tbl":
            drawn.append(_table(block, looks, pictures))
    return "".join(drawn)


def _paragraph(block: ElementTree.Element, looks: Mapping[str, _Look], pictures: Mapping[str, str]) -> str:
    style = block.find(f"{_W}pPr/{_W}pStyle")
    names, shape = looks.get(style.get(f"{_W}val", "") if style is not None else "", ("", ""))
    own = block.find(f"{_W}pPr/{_W}jc")
    if own is not None:
        unaligned = [name for name in names.split() if name not in _ALIGN.values()]
        names = " ".join([*unaligned, _ALIGN.get(own.get(f"{_W}val", ""), "left")])
    size = block.find(f"{_W}r/{_W}rPr/{_W}sz")
    if size is not None:
        shape = f"font-size:{int(size.get(f'{_W}val', '0')) / 2:g}pt"
    if block.find(f"{_W}pPr/{_W}pageBreakBefore") is not None:
        names = f"{names} break".strip()
    if block.find(f"{_W}pPr/{_W}pBdr") is not None:
        names = f"{names} ruled".strip()
    if any(each.get(f"{_W}type") == "page" for each in block.iter(f"{_W}br")):
        return '<p class="end"></p>'
    return f'<p class="{names}" style="{shape}">{"".join(_runs(block, pictures))}</p>'


def _runs(block: ElementTree.Element, pictures: Mapping[str, str]) -> list[str]:
    drawn = []
    for part in block.iter():
        if part.tag == f"{_W}t":
            drawn.append(escape(part.text or ""))
        elif part.tag == f"{_W}tab" and part.get(f"{_W}val") is None:
            drawn.append("　　")
        elif part.tag == f"{_W}br":
            drawn.append("<br>")
        elif part.tag == f"{_A}blip":
            drawn.append(f'<img alt="" src="{pictures.get(part.get(f"{_R}embed", ""), "")}">')
    return drawn


def _table(block: ElementTree.Element, looks: Mapping[str, _Look], pictures: Mapping[str, str]) -> str:
    grid = [int(each.get(f"{_W}w", "1")) for each in block.iter(f"{_W}gridCol")]
    total = sum(grid) or 1
    cols = "".join(f'<col style="width:{100 * width / total:.2f}%">' for width in grid)
    ruled = block.find(f"{_W}tblPr/{_W}tblStyle")
    plain = "" if ruled is not None and ruled.get(f"{_W}val") == "TableGrid" else ' class="plain"'
    head, body = list[str](), list[str]()
    for row in block.findall(f"{_W}tr"):
        is_head = row.find(f"{_W}trPr/{_W}tblHeader") is not None
        tag = "th" if is_head else "td"
        cells = "".join(f"<{tag}>{_blocks(cell, looks, pictures)}</{tag}>" for cell in row.findall(f"{_W}tc"))
        (head if is_head else body).append(f"<tr>{cells}</tr>")
    rows = f"<thead>{''.join(head)}</thead><tbody>{''.join(body)}</tbody>"
    return f"<table{plain}><colgroup>{cols}</colgroup>{rows}</table>"
