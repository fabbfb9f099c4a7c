"""A workbook as print-ready pages: every cell as it is shown, read from the package itself.

Only what the forms of this program use: texts, numbers and dates with their formats, merged cells, widths,
the rows that repeat on each page. A formula is shown with the value that the workbook carries.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from pathlib import Path
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CELL = re.compile(r"([A-Z]+)(\d+)")
_REPEATED = re.compile(r"\$(\d+):\$(\d+)$")
_SPELT = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DAY_NOUGHT = date(1899, 12, 30)
_BODY_SIZE, _HEADING_SCALE = 12, 0.75
_BUILT_IN = {0: "General", 1: "0", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd"}


@dataclass(frozen=True)
class _Cell:
    text: str
    align: str
    boxed: bool
    size: float = 0


@dataclass(frozen=True)
class _Styles:
    """Number format, alignment, font size and whether there is a border, by number of the cell style."""

    formats: tuple[str, ...]
    aligned: tuple[str, ...]
    boxed: tuple[bool, ...]
    sizes: tuple[float, ...]


def workbook_pages(file: Path) -> str:
    """The sheets of a workbook as HTML sections, the rows above the header outside of it."""
    with zipfile.ZipFile(file) as package:
        book = ElementTree.fromstring(package.read("xl/workbook.xml"))
        texts, styles = _texts(package), _styles(package)
        parts = _parts(package)
        repeated = {
            int(each.get("localSheetId", "0")): _REPEATED.search(each.text or "")
            for each in book.iter(f"{_MAIN}definedName")
            if each.get("name") == "_xlnm.Print_Titles"
        }
        sections = []
        for number, sheet in enumerate(book.iter(f"{_MAIN}sheet")):
            root = ElementTree.fromstring(package.read(parts[sheet.get(f"{_OFFICE}id", "")]))
            title_rows = repeated.get(number)
            heads = (int(title_rows[1]), int(title_rows[2])) if title_rows else (0, 0)
            sections.append(_section(root, texts, styles, heads))
    return "".join(sections)


# ---------------------------------------------------------------------------------------------- private

_Spans = Mapping[tuple[int, int], tuple[int, int]]


def _parts(package: zipfile.ZipFile) -> Mapping[str, str]:
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    return {each.get("Id", ""): "xl/" + each.get("Target", "").removeprefix("/xl/") for each in relations}


def _texts(package: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in package.namelist():
        return []
    root = ElementTree.fromstring(package.read("xl/sharedStrings.xml"))
    return [_plain("".join(part.text or "" for part in entry.iter(f"{_MAIN}t"))) for entry in root]


def _plain(text: str) -> str:
    """Text whose spelt-out characters are characters again."""
    return _SPELT.sub(lambda spelt: chr(int(spelt[1], 16)), text)


def _styles(package: zipfile.ZipFile) -> _Styles:
    root = ElementTree.fromstring(package.read("xl/styles.xml"))
    own = {int(each.get("numFmtId", "0")): each.get("formatCode", "") for each in root.iter(f"{_MAIN}numFmt")}
    cells = root.find(f"{_MAIN}cellXfs")
    entries = list(cells) if cells is not None else []
    fonts = [float(size.get("val", "11")) for size in root.iterfind(f"{_MAIN}fonts/{_MAIN}font/{_MAIN}sz")]
    aligned = [entry.find(f"{_MAIN}alignment") for entry in entries]
    return _Styles(
        tuple((_BUILT_IN | own).get(int(entry.get("numFmtId", "0")), "General") for entry in entries),
        tuple("" if each is None else each.get("horizontal", "") for each in aligned),
        tuple(entry.get("borderId", "0") != "0" for entry in entries),
        tuple(fonts[int(entry.get("fontId", "0"))] for entry in entries),
    )


def _section(root: ElementTree.Element, texts: list[str], styles: _Styles, heads: tuple[int, int]) -> str:
    widths = [
        (float(each.get("width", "9")), int(each.get("max", "1")) - int(each.get("min", "1")) + 1)
        for each in root.iter(f"{_MAIN}col")
    ]
    columns = [width for width, count in widths for _ in range(min(count, 64))]
    total = sum(columns) or 1
    cols = "".join(f'<col style="width:{100 * width / total:.2f}%">' for width in columns)
    setup = root.find(f"{_MAIN}pageSetup")
    across = " across" if setup is not None and setup.get("orientation") == "landscape" else ""
    spans = _spans(root)
    parts: dict[str, list[str]] = {"above": [], "head": [], "body": []}
    for number, row in _rows(root, texts, styles):
        place = "above" if number < heads[0] else "head" if number <= heads[1] else "body"
        parts[place].append(_drawn(number, row, spans, len(columns) or 1, "th" if place == "head" else "td"))
    above = f'<table class="plain"><colgroup>{cols}</colgroup>{"".join(parts["above"])}</table>'
    table = f"<thead>{''.join(parts['head'])}</thead><tbody>{''.join(parts['body'])}</tbody>"
    return (
        f'<section class="sheet{across}">{above}<table><colgroup>{cols}</colgroup>{table}</table></section>'
    )


def _spans(root: ElementTree.Element) -> dict[tuple[int, int], tuple[int, int]]:
    """Rows and columns of each merged area by its first cell; (0, 0) for the cells that it covers."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for area in root.iter(f"{_MAIN}mergeCell"):
        first, _, last = area.get("ref", "").partition(":")
        (top, left), (bottom, right) = _place(first), _place(last or first)
        covered = {
            (row, number): (0, 0) for row in range(top, bottom + 1) for number in range(left, right + 1)
        }
        spans |= covered | {(top, left): (bottom - top + 1, right - left + 1)}
    return spans


def _place(cell: str) -> tuple[int, int]:
    address = _CELL.match(cell)
    letters, row = (address[1], address[2]) if address else ("A", "1")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return int(row), number


def _rows(
    root: ElementTree.Element, texts: list[str], styles: _Styles
) -> Iterator[tuple[int, dict[int, _Cell]]]:
    for row in root.iter(f"{_MAIN}row"):
        cells = {_place(cell.get("r", ""))[1]: _cell(cell, texts, styles) for cell in row}
        yield int(row.get("r", "0")), cells


def _cell(cell: ElementTree.Element, texts: list[str], styles: _Styles) -> _Cell:
    style = int(cell.get("s", "0"))
    value, kind = cell.findtext(f"{_MAIN}v") or "", cell.get("t", "n")
    if kind == "s":
        shown = texts[int(value)]
    elif kind == "inlineStr":
        shown = _plain("".join(part.text or "" for part in cell.iter(f"{_MAIN}t")))
    else:
        shown = _number(value, styles.formats[style]) if kind == "n" else _plain(value)
    align = styles.aligned[style] or ("left" if kind == "s" else "center")
    return _Cell(shown, align, styles.boxed[style], styles.sizes[style])


def _number(value: str, form: str) -> str:
    """A number in the formats that the forms use: whole, percent, day, with words around it."""
    if not value:
        return ""
    if "yyyy" in form:
        return (_DAY_NOUGHT + timedelta(days=int(float(value)))).isoformat()
    if form == "General":
        return value
    digits = form.partition(".")[2].count("0")
    number = float(value) * (100 if "%" in form else 1)
    shown = f"{number:.{digits}f}"
    return re.sub(r"0(?:\.0+)?", shown, form.replace('"', ""), count=1)


def _drawn(
    number: int,
    row: Mapping[int, _Cell],
    spans: Mapping[tuple[int, int], tuple[int, int]],
    width: int,
    tag: str,
) -> str:
    if list(row) == [1] and not row[1].boxed and (number, 1) not in spans:
        return f'<tr><td class="bare left" colspan="{width}">{escape(row[1].text)}</td></tr>'
    cells = []
    for place in range(1, width + 1):
        cell = row.get(place, _Cell("", "", False))
        rows, columns = spans.get((number, place), (1, 1))
        if not rows:
            continue
        merged = (f' rowspan="{rows}"' if rows > 1 else "") + (f' colspan="{columns}"' if columns > 1 else "")
        names = f"{'' if cell.boxed else 'bare '}{cell.align}".strip()
        text = escape(cell.text).replace("\n", "<br>")
        large = f' style="font-size:{cell.size * _HEADING_SCALE:g}pt"' if cell.size > _BODY_SIZE else ""
        cells.append(f'<{tag}{merged}{large} class="{names}">{text}</{tag}>')
    return f"<tr>{''.join(cells)}</tr>"
