"""The paper sheet: one A4 page of gap rates, workload, hot spots and a ranked table, as PDF, PNG or SVG.

Same tables, breaks and colours as the page. Drawn with matplotlib, which is an optional part (`[print]`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from coverage_engine.content import checked_content
from coverage_engine.errors import CoverageEngineError, complete_installation
from coverage_engine.mapping.map_shapes import SheetFile
from coverage_engine.mapping.outlines import Shapes, outlines_of
from coverage_engine.model.plan import Plan

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("pdf", "png", "svg")
_MM = 1 / 25.4


def write_sheets(
    plan: Plan,
    shapes: Shapes,
    folder: Path,
    *,
    formats: Sequence[str] = FORMATS,
    lang: str = "zh",
    review_number: str | None = None,
) -> list[Path]:
    """Writes the sheet of a plan as `coverage.<format>` for each of `formats`; gives the files.

    `shapes` and `review_number` as for `write_map`. The same plan and outlines give the same bytes.

    Raises:
        CoverageEngineError: matplotlib is not installed.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise CoverageEngineError(
            "没有安装画纸面图所用的 matplotlib", complete_installation("print")
        ) from None
    from coverage_engine.mapping.sheet_panels import Sheet

    sheet = checked_content(SheetFile, "maps", "sheet.toml")
    settings = {
        "font.family": "sans-serif",
        "font.sans-serif": _installed(sheet["fonts"]),
        "axes.unicode_minus": False,
        "pdf.fonttype": 42,
        "svg.hashsalt": "coverage",
        "svg.fonttype": "path",
        "hatch.linewidth": 0.5,
        "font.size": 8,
    }
    folder.mkdir(parents=True, exist_ok=True)
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(sheet["width_mm"] * _MM, sheet["height_mm"] * _MM))
        Sheet(plan, outlines_of(plan.division, shapes), sheet, lang, review_number).draw(figure)
        return [_saved(figure, folder, form, sheet["dots_per_inch"]) for form in formats]


# ---------------------------------------------------------------------------------------------- private


def _installed(fonts: Sequence[str]) -> list[str]:
    """The wanted fonts that this machine has (each missing one would be a warning), then the built-in one."""
    from matplotlib import font_manager

    there = {font.name for font in font_manager.fontManager.ttflist}
    return [font for font in fonts if font in there] + ["DejaVu Sans"]


def _saved(figure: Figure, folder: Path, form: str, dots_per_inch: int) -> Path:
    file = folder / f"coverage.{form}"
    dates = {"pdf": {"CreationDate": None}, "svg": {"Date": None}, "png": {"Software": None}}
    figure.savefig(file, format=form, dpi=dots_per_inch, metadata=dates[form])
    return file
