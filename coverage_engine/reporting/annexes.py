"""Annexes 3, 4 and 5 as workbooks: the form itself, its city and county summaries, and how it was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.reporting.book import Book
from coverage_engine.reporting.facts import enterprise_facts, park_facts, society_facts
from coverage_engine.reporting.figures import Cells, Criterion, FigureSource, figure_formula, figure_values
from coverage_engine.reporting.form import FIRST_DATA_ROW, Form, TotalCell, draw_form, number_of
from coverage_engine.reporting.layout import Figure, Layout, read_layout
from coverage_engine.reporting.ledger_facts import league_facts, school_facts, segment_facts
from coverage_engine.reporting.provenance import draw_provenance
from coverage_engine.reporting.ranges import percent, rate_range
from coverage_engine.reporting.summaries import summary_form
from coverage_engine.reporting.wording import wording

ANNEXES: tuple[str, ...] = ("annex_3", "annex_4", "annex_5")
"""The layouts of the plan's annexes, each a file in `reports/` and a workbook of the same name."""

LEDGER_FORMS: tuple[str, ...] = ("annex_1", "annex_2", "annex_statistics")
"""Forms drawn from ledgers alone; each is written only where it has rows."""


def write_annexes(
    plan: Plan, folder: Path, *, planner_texts: Mapping[str, pl.DataFrame] | None = None
) -> None:
    """Write `annex_3.xlsx`, `annex_4.xlsx` and `annex_5.xlsx` for the plan's division.

    Beside them, where their ledgers were handed in: `annex_1.xlsx` (number segments), `annex_2.xlsx`
    (schools) and `annex_statistics.xlsx` (League organisations by kind).

    `planner_texts` are texts that planners filled in by hand, by annex: its id column and columns by
    their keys.

    Raises:
        PolicyError: a layout in `reports/` names something unknown.
    """
    for name in ANNEXES:
        rows = annex_rows(plan, name, planner_texts=(planner_texts or {}).get(name))
        draw_annex(plan, rows, folder / f"{name}.xlsx")
    for name in LEDGER_FORMS:
        form = annex_rows(plan, name)
        if form.rows.height:
            draw_annex(plan, form, folder / f"{name}.xlsx")


@dataclass(frozen=True)
class AnnexRows:
    """An annex before it is drawn: the cells by column key, and the ids of the rows beside them.

    `undecided` counts what may belong to it, `set_aside` the rows turned back that may, `presumed` the firms
    in it by presumption; notes tell them.
    """

    layout: Layout
    rows: pl.DataFrame
    ids: pl.DataFrame
    undecided: int = 0
    set_aside: int = 0
    presumed: int = 0


def annex_rows(plan: Plan, name: str, *, planner_texts: pl.DataFrame | None = None) -> AnnexRows:
    """The rows of one annex: the facts surely in its scope."""
    facts = _FACTS[name](plan)
    layout = read_layout(name, {_ROWS[name]: frozenset(facts.columns)}).headed(plan["paths"].height)
    scoped = facts.with_columns(_in_scope=_scope(layout))
    sure = scoped.filter(pl.col("_in_scope").fill_null(False)).drop("_in_scope")
    undecided = scoped["_in_scope"].null_count()
    numbered = _numbered(layout, sure)
    ids = numbered.select(_IDS[name])
    coverage_counts = (_coverage_count(plan, layout.set_aside_in, name) for name in ("set_aside", "presumed"))
    return AnnexRows(layout, _written(layout, numbered, planner_texts), ids, undecided, *coverage_counts)


def draw_annex(plan: Plan, annex: AnnexRows, file: Path) -> None:
    """Write one annex: the form, its summaries by city and county, and how it was made."""
    layout, rows = annex.layout, annex.rows
    cells = _cells(layout, rows)
    with Book(file, layout.title, plan.as_of) as book:
        draw_form(book, _main_form(annex, cells))
        for summary in layout.summaries:
            counted = rows.filter(_firsts(layout)) if summary.distinct else rows
            source = FigureSource(layout.figures, cells, _distinct_criteria(layout, summary.distinct))
            draw_form(book, summary_form(plan, summary, counted, source))
        draw_provenance(book, plan, layout.title)


# ---------------------------------------------------------------------------------------------- private

_FACTS: dict[str, Callable[[Plan], pl.DataFrame]] = {
    "annex_3": enterprise_facts,
    "annex_4": park_facts,
    "annex_5": society_facts,
    "annex_1": segment_facts,
    "annex_2": school_facts,
    "annex_statistics": league_facts,
}
_ROWS = {
    "annex_3": "enterprises",
    "annex_4": "parks",
    "annex_5": "society_members",
    "annex_1": "number_segments",
    "annex_2": "schools",
    "annex_statistics": "league_organisations",
}
_IDS = {
    "annex_3": ("enterprise_id",),
    "annex_4": ("park_id",),
    "annex_5": ("society_id", "enterprise_id"),
    "annex_1": ("source", "row"),
    "annex_2": ("source", "row"),
    "annex_statistics": (),
}


def _scope(layout: Layout) -> pl.Expr:
    """Three-valued: every flag of `all`, and one of `any` where there are any."""
    flags = [pl.col(flag) for flag in layout.all]
    if layout.any:
        flags.append(reduce(lambda left, right: left | right, (pl.col(flag) for flag in layout.any)))
    return reduce(lambda left, right: left & right, flags, pl.lit(True))


def _numbered(layout: Layout, facts: pl.DataFrame) -> pl.DataFrame:
    """Facts in the layout's order with 序号; repeated rows of one enterprise say so in their remark."""
    names = [name.removeprefix("-") for name in layout.order]
    falling = [name.startswith("-") for name in layout.order]
    ordered = facts.sort(names, descending=falling, nulls_last=True, maintain_order=True)
    numbered = ordered.with_columns(number=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    if not layout.repeat_of:
        return numbered
    first = pl.col("number").min().over(layout.repeat_of)
    before, _, after = str(wording()["repeat_text"]).partition("{number}")
    repeat_note = pl.lit(before) + first.cast(pl.String) + pl.lit(after)
    fact = next(column.fact for column in layout.columns if column.key == layout.repeat_column)
    repeated = pl.when(pl.col("number") > first).then(repeat_note)
    return numbered.with_columns(pl.concat_str(repeated, fact, separator="；", ignore_nulls=True).alias(fact))


def _written(layout: Layout, facts: pl.DataFrame, planner_texts: pl.DataFrame | None) -> pl.DataFrame:
    """The cells by column key, and beside them the facts that summaries group by."""
    keys = {f"by:{key.fact}": pl.col(key.fact) for summary in layout.summaries for key in summary.by}
    shown = {column.key: pl.col(column.fact) for column in layout.columns if column.fact}
    keys |= {number_of(column): pl.col(column.number) for column in layout.columns if column.number}
    keys |= {f"bound:{fact}": pl.col(fact) for figure in layout.figures for fact in figure.bounds}
    if planner_texts is None:
        return facts.select(**shown, **keys)
    on = [name for name in planner_texts.columns if name.endswith("_id")]
    texts = [name for name in planner_texts.columns if name not in on]
    joined = facts.join(
        planner_texts.rename({name: f"kept:{name}" for name in texts}),
        on=on,
        how="left",
        maintain_order="left",
    )
    filled = {name: pl.coalesce(f"kept:{name}", *([shown[name]] if name in shown else [])) for name in texts}
    return joined.select(**{**shown, **filled}, **keys)


def _cells(layout: Layout, rows: pl.DataFrame) -> Cells:
    columns = {column.key: number for number, column in enumerate(layout.columns)}
    return Cells(layout.sheet, FIRST_DATA_ROW, FIRST_DATA_ROW + max(rows.height, 1) - 1, columns)


def _coverage_count(plan: Plan, category: str, count: str) -> int:
    of_plan = (pl.col("level") == plan.division.level) & (pl.col("division_code") == plan.division.code)
    rows = plan["coverage"].filter(of_plan, pl.col("category") == category)
    return int(rows[count].sum())


def _main_form(annex: AnnexRows, cells: Cells) -> Form:
    words, layout, rows = wording(), annex.layout, annex.rows
    notes = [*layout.notes]
    for note, count in (
        (layout.undecided_note, annex.undecided),
        (layout.presumed_note, annex.presumed),
        (layout.set_aside_note, annex.set_aside),
    ):
        if note and count:
            notes.append(f"{len(notes) + 1}. {note.format(count=count)}")
    totals = []
    for total in layout.totals:
        label = {layout.columns[0].key: TotalCell(total.label)}
        totals.append(label | _total_cells(layout, rows, cells, total.distinct))
    return Form(
        sheet=layout.sheet,
        title=layout.title,
        columns=layout.columns,
        rows=rows,
        corner=layout.corner,
        totals=totals,
        closing=[words["signature_line"], words["notes_heading"], *notes],
        freeze_columns=layout.freeze_columns,
    )


def _total_cells(layout: Layout, rows: pl.DataFrame, cells: Cells, distinct: bool) -> dict[str, TotalCell]:
    counted = rows.filter(_firsts(layout)) if distinct else rows
    criteria = _distinct_criteria(layout, distinct)
    values = figure_values(layout.figures, counted)
    totals = {
        figure.stands_in: (TotalCell.of_sum if figure.sum else TotalCell)(
            values[figure.name], figure_formula(figure, cells, criteria), figure.show
        )
        for figure in layout.figures
        if figure.stands_in
    }
    words = {
        figure.stands_in: TotalCell(_range(figure, counted)) for figure in layout.figures if figure.bounds
    }
    return totals | {key: cell for key, cell in words.items() if cell.value}


def _range(figure: Figure, rows: pl.DataFrame) -> str:
    """The range of a quotient over all rows in words; empty where it is one number, or none can be told."""
    top, bottom, high_top, high_bottom = (int(rows[f"bound:{fact}"].sum() or 0) for fact in figure.bounds)
    if not bottom or not high_bottom:
        return ""
    low, high = top / bottom, high_top / high_bottom
    return rate_range(low, high, "") if percent(low) != percent(high) else ""


def _firsts(layout: Layout) -> pl.Expr:
    repeated = pl.col(layout.repeat_column).str.starts_with(wording()["repeat_mark"])
    return ~repeated.fill_null(False)


def _distinct_criteria(layout: Layout, distinct: bool) -> list[Criterion]:
    return [(layout.repeat_column, f'"<>{wording()["repeat_mark"]}*"')] if distinct else []
