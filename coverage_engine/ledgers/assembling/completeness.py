"""名录完整: lists that are declared to be whole, of which absence means no, with the list as evidence.

What may be declared, and what absence then means, stands in `data/ledgers/words/complete_lists.toml`. A list
speaks for the place that its sheet, title or file tells; one that tells none, for all firms. A list with rows
turned back, and a firm that a doubtful name of the list may mean, prove nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from coverage_engine.content import alike, read_shipped
from coverage_engine.divisions.resolver import Resolver
from coverage_engine.errors import ArgumentError
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.list_shapes import CompleteListsFile
from coverage_engine.ledgers.tables.place_grounds import place_around
from coverage_engine.ledgers.tables.sheets import Layout

ALL = ""
"""The area of a list that tells no place: everywhere."""


@dataclass(frozen=True)
class CompletenessRule:
    """一种可以写明完整的名单: of which ledger (and form), for which field, and what absence means."""

    name: str
    kind: str
    form: str
    field: str
    absent: str | bool

    def speaks_of(self, layout: Layout) -> bool:
        """Whether a sheet is such a list."""
        form = layout.form.form if layout.form else ""
        return layout.kind is not None and layout.kind.kind == self.kind and self.form in ("", form)


@dataclass(frozen=True)
class CompleteList:
    """一份写明完整的名单: its rule, source and header row, and the code of its area."""

    rule: CompletenessRule
    source: int
    row: int
    area: str

    def covers(self) -> pl.Expr:
        """Whether a firm lies in the area."""
        if self.area == ALL:
            return pl.lit(True)
        place = "city_code" if self.area.endswith("00") else "county_code"
        return (pl.col(place) == self.area).fill_null(False)


@cache
def completeness_rules() -> tuple[CompletenessRule, ...]:
    """All lists that may be declared complete."""
    parts = read_shipped(CompleteListsFile, "data", "ledgers", "words", "complete_lists.toml").list
    return tuple(
        alike(CompletenessRule, part, form=part.form or "", absent=part.absent != "否" and part.absent)
        for part in parts
    )


def see_declared(names: Sequence[str]) -> None:
    """Sees that lists may be declared complete.

    Raises:
        ArgumentError: one is none of `complete_lists.toml`.
    """
    known = [rule.name for rule in completeness_rules()]
    if unknown := [name for name in names if name not in known]:
        raise ArgumentError(f"不能写明完整的名单：{'、'.join(unknown)}", f"可以写：{'、'.join(known)}。")


def complete_lists(
    layouts: Sequence[Layout],
    names: Sequence[str],
    quarantined: Mapping[int, int],
    resolver: Resolver,
    log: FindingLog,
) -> tuple[CompleteList, ...]:
    """The lists that are declared complete, by name or mapping; one with rows turned back is told."""
    lists: list[CompleteList] = []
    for layout in layouts:
        for rule in completeness_rules():
            if not rule.speaks_of(layout) or not (layout.complete or rule.name in names):
                continue
            area = place_around(layout, resolver)
            if quarantined.get(layout.source, 0):
                log.add("list.not_whole", layout.source, found=f"退回 {quarantined[layout.source]} 行")
            elif area is None:
                log.add("list.nowhere", layout.source, found=layout.raw.sheet)
            else:
                lists.append(CompleteList(rule, layout.source, layout.header_row or 1, area))
    return tuple(lists)


def with_absent(
    enterprises: pl.DataFrame, lists: Sequence[CompleteList], doubtful: pl.DataFrame, log: FindingLog
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Enterprises with what their absence from complete lists means, and the `fact_sources` of that."""
    sources = []
    for each in lists:
        rule = each.rule
        asked = doubtful.filter(pl.col("ledger").is_in([rule.kind, "enterprises"]))["enterprise_id"]
        absent = (
            pl.col(rule.field).is_null() & each.covers() & ~pl.col("enterprise_id").is_in(asked.implode())
        )
        rows = enterprises.filter(absent)
        log.add("list.absent", each.source, field=rule.field, found=f"{rows.height} 家", detail=rule.name)
        sources.append(
            rows.select(
                "enterprise_id",
                field=pl.lit(rule.field),
                ledger_field=pl.lit("name" if rule.kind == "enterprises" else "enterprise_name"),
                source=pl.lit(each.source, dtype=pl.Int32),
                row=pl.lit(each.row, dtype=pl.Int64),
            )
        )
        enterprises = enterprises.with_columns(
            pl.when(absent).then(pl.lit(rule.absent)).otherwise(rule.field).alias(rule.field)
        )
    return enterprises, pl.concat(sources) if sources else pl.DataFrame()
