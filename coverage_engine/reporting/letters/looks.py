"""Looks of the blocks of a document, in the numbers of GB/T 9704-2012: fonts, sizes, indents, spacing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """A paragraph style: its Chinese name in Word, font use, size (0: that of body or table), and shape.

    `first` and `last` indent first line and right side by characters; `before` and `after` are points.
    """

    named: str = "正文"
    font: str = "body"
    size: float = 0
    align: str = "left"
    first: int = 0
    last: int = 0
    before: float = 0
    after: float = 0
    red: bool = False
    keep: bool = False


LOOKS: dict[str, Look] = {
    "head": Look("发文机关标志", "title", 30, "spread", red=True),
    "number": Look("发文字号", align="center", before=24),
    "rule": Look("红色分隔线", size=4, align="center", after=18),
    "title": Look("公文标题", "title", 22, "center", before=24, after=24, keep=True),
    "to": Look("主送机关"),
    "text": Look("公文正文", align="both", first=2),
    "level1": Look("一级标题", "head", first=2, keep=True),
    "level2": Look("二级标题", "second", first=2, keep=True),
    "attach": Look("附件说明", first=2, before=24),
    "sign": Look("署名", align="right", last=2, before=12, keep=True),
    "date": Look("成文日期", align="right", last=4),
    "corner": Look("附件标识", "head"),
    "caption": Look("表题", "title", 18, "center", before=6, after=6, keep=True),
    "note": Look("小字", "second", 12, "left", first=2),
    "image": Look("图", size=9, align="center"),
    "imprint": Look("版记", size=14),
    "footer": Look("页码", "page", 14),
    "heading_cell": Look("表头", "head", align="center"),
    "cell": Look("表文", "body", align="center"),
}
"""Every block style and the styles of footers and cells, by the name that `reports/letters.toml` uses."""
