"""公文 templates built by code: the page of GB/T 9704-2012, Word styles, and blocks with their placeholders.

The only module that imports python-docx. What comes out is an ordinary .docx that a unit may change in
Word and hand in again as its own template.
"""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from coverage_engine.reporting.letters.blocks import Block, Document
from coverage_engine.reporting.letters.looks import LOOKS, Look
from coverage_engine.reporting.wording import fallback_fonts, fonts

_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
    "spread": WD_ALIGN_PARAGRAPH.DISTRIBUTE,
}
_RED = RGBColor(0xE0, 0x00, 0x00)
_MOTHER = "Normal"
LISTS = "{{ lists }}"
"""The paragraph in whose place the tables of an action list are put."""


def build_template(document: Document) -> bytes:
    """One document of `reports/letters.toml` as a .docx with placeholders."""
    made = docx.Document()
    _drop_former_styles(made)
    _set_page(made, document)
    _set_styles(made, document)
    _set_page_numbers(made)
    for block in document.blocks:
        _draw(made, block)
    _name_fallback_fonts(made)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


# Private: page and styles


def _set_page(made: Any, document: Document) -> None:
    """A4 with margins in millimetres from the top clockwise; different page numbers on odd and even pages."""
    section = made.sections[0]
    top, right, bottom, left = document.margins
    width, height = (297, 210) if document.landscape else (210, 297)
    section.orientation = WD_ORIENT.LANDSCAPE if document.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.footer_distance = Mm(max(bottom - 7, 5))
    made.settings.odd_and_even_pages_header_footer = True


def _drop_former_styles(made: Any) -> None:
    """Take out a second list of styles, for Word 2010 only, which would contradict the styles set here."""
    relations = made.part.rels
    for key in [key for key, each in relations.items() if each.reltype.endswith("/stylesWithEffects")]:
        relations.pop(key)


def _set_styles(made: Any, document: Document) -> None:
    _set_font(made.styles[_MOTHER], Look(), document.body_size)
    for name, look in LOOKS.items():
        style = made.styles.add_style(look.named, 1)
        style.base_style = made.styles[_MOTHER]
        inside = name in ("cell", "heading_cell")
        size = document.table_size if inside else look.size or document.body_size
        _set_font(style, look, size)
        shape = style.paragraph_format
        shape.alignment = _ALIGN[look.align]
        shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
        shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        shape.line_spacing = Pt(size * 1.4 if inside else max(document.line, size * 1.2))
        shape.widow_control = True
        shape.keep_with_next = look.keep
        _set_indent(style, look, size)


def _set_font(style: Any, look: Look, size: float) -> None:
    style.font.size, style.font.bold = Pt(size), False
    if look.red:
        style.font.color.rgb = _RED
    else:
        style.font.color.rgb = RGBColor(0, 0, 0)
    names = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        names.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        names.set(qn(f"w:{script}"), fonts()[look.font])


def _set_indent(style: Any, look: Look, size: float) -> None:
    """Indents in characters, which follow the font size in Word, and in points for programs without them."""
    shape = style.paragraph_format
    shape.first_line_indent, shape.right_indent = Pt(look.first * size), Pt(look.last * size)
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    for key, characters in (("w:firstLineChars", look.first), ("w:rightChars", look.last)):
        if characters:
            indent.set(qn(key), str(characters * 100))


def _set_page_numbers(made: Any) -> None:
    """`— 1 —`, outer side: right on odd pages, left on even ones."""
    section = made.sections[0]
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        paragraph.style = made.styles[LOOKS["footer"].named]
        paragraph.alignment = _ALIGN[align]
        paragraph.add_run("— ")
        _add_field(paragraph, "PAGE")
        paragraph.add_run(" —")


def _add_field(paragraph: Any, code: str) -> None:
    for kind, text in (("begin", None), (None, code), ("separate", None), (None, "1"), ("end", None)):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText" if text == code else "w:t")
            mark.text = text
        run._r.append(mark)


def _name_fallback_fonts(made: Any) -> None:
    """Each font with its first fallback as Word's own alternative name."""
    for part in made.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            alternatives = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{others[0]}"/><w:charset w:val="86"/></w:font>'
                for name, others in fallback_fonts().items()
                if others
            )
            part._blob = part.blob.replace(b"</w:fonts>", alternatives.encode() + b"</w:fonts>")


# Private: blocks


def _draw(made: Any, block: Block) -> None:
    if block.when:
        _tag(made, f"{{%p if {block.when} %}}")
    if block.style == "head":
        _draw_head(made, block)
    elif block.style == "table":
        _draw_table(made, block)
    elif block.style == "lists":
        made.add_paragraph(LISTS)
    elif block.style == "page":
        made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    elif block.style == "image":
        _styled(made, "image", "{{ map }}").paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    elif block.style == "rule":
        _under_ruled(_styled(made, "rule", ""))
    else:
        if block.rows:
            _tag(made, f"{{%p for row in {block.rows} %}}")
        _styled(made, block.style, block.text)
        if block.rows:
            _tag(made, "{%p endfor %}")
    if block.when:
        _tag(made, "{%p endif %}")


def _tag(made: Any, text: str) -> None:
    made.add_paragraph(text)


def _styled(made: Any, look: str, text: str) -> Any:
    return made.add_paragraph(text, style=LOOKS[look].named)


def _draw_head(made: Any, block: Block) -> None:
    """发文机关标志: the names one under the other, a word such as 文件 beside them."""
    table = made.add_table(1, 2 if block.text else 1)
    table.autofit = False
    cells = table.rows[0].cells
    widths = (126, 30) if block.text else (156,)
    for cell, column, width in zip(cells, table.columns, widths, strict=True):
        cell.width = column.width = Mm(width)
        _middle(cell)
    cells[0].paragraphs[0].text = f"{{%p for row in {block.rows} %}}"
    cells[0].add_paragraph("{{ row.text }}", style=LOOKS["head"].named)
    cells[0].add_paragraph("{%p endfor %}")
    if block.text:
        beside = cells[1].paragraphs[0]
        beside.style = LOOKS["head"].named
        beside.alignment = _ALIGN["right"]
        beside.add_run(block.text)


def _middle(cell: Any) -> None:
    place = OxmlElement("w:vAlign")
    place.set(qn("w:val"), "center")
    cell._tc.get_or_add_tcPr().append(place)


def _under_ruled(paragraph: Any) -> None:
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "12"), ("space", "1"), ("color", "E00000")):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def _draw_table(made: Any, block: Block) -> None:
    """Header row repeated on each page, one row for each entry, no row split over pages."""
    table = made.add_table(4, len(block.columns), style="Table Grid")
    table.autofit = False
    table.alignment = 1
    header, opening, body, closing = table.rows
    for number, column in enumerate(block.columns):
        _fill(header.cells[number], column.header, "heading_cell", "center")
        _fill(body.cells[number], column.text, "cell", column.align)
        for row in table.rows:
            row.cells[number].width = Mm(column.width)
        table.columns[number].width = Mm(column.width)
    opening.cells[0].paragraphs[0].text = f"{{%tr for row in {block.rows} %}}"
    closing.cells[0].paragraphs[0].text = "{%tr endfor %}"
    for row, marks in ((header, ("w:cantSplit", "w:tblHeader")), (body, ("w:cantSplit",))):
        for mark in marks:
            row._tr.get_or_add_trPr().append(OxmlElement(mark))


def _fill(cell: Any, text: str, look: str, align: str) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = LOOKS[look].named
    paragraph.add_run(text)
    paragraph.alignment = _ALIGN[align]
    _middle(cell)
