"""What is presumed because the ledgers do not say it, and how the planner ends the presumption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from coverage_engine.ledgers.assembling.entity_kinds import sounds_public
from coverage_engine.ledgers.assembling.list_presumptions import of_lists
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.kinds import reading_words
from coverage_engine.ledgers.tables.dating import Dated
from coverage_engine.ledgers.tables.row_places import Presumed
from coverage_engine.ledgers.tables.sheets import Layout
from coverage_engine.model.tables import SNAPSHOT_TABLES, conform, empty
from coverage_engine.policy import registration_tables

_DECIDING = ("registration_text", "control")


def with_public_names(layouts: Sequence[Layout], enterprises: pl.DataFrame) -> pl.DataFrame:
    """Enterprises with `public_name`, known where a ledger asks neither for the type nor for control."""
    untold = enterprises.select(
        pl.col("source").is_in(_untold(layouts)) & pl.all_horizontal(pl.col(*_DECIDING).is_null())
    ).to_series()
    nothing = pl.Series("public_name", [None], dtype=pl.Boolean).new_from_index(0, enterprises.height)
    if not untold.any():
        return enterprises.with_columns(nothing)
    public = sounds_public(enterprises["name"].filter(untold))
    return enterprises.with_columns(nothing.scatter(untold.arg_true(), public))


def presume(
    layouts: Sequence[Layout],
    assembled: Mapping[str, pl.DataFrame],
    dated: Dated,
    kinds: frozenset[str],
    log: FindingLog,
    places: Mapping[int, Sequence[Presumed]] | None = None,
) -> pl.DataFrame:
    """The snapshot table `presumptions`; a presumption about a ledger is also a warning.

    `assembled` are the tables of the snapshot, `enterprises` with `public_name` among them; `kinds` are the
    ledger kinds of which rows were accepted; `places` are the places presumed, by source.
    """
    enterprises = assembled["enterprises"]
    entries: list[dict[str, object]] = []
    if dated.subject:
        entries.append({"subject": dated.subject, "source": None, "message": dated.message})
    untold = _untold(layouts)
    for layout in layouts:
        if layout.source in untold:
            here = enterprises.filter(pl.col("source") == layout.source)["public_name"]
            presumed, public = int((~here).sum()), int(here.sum())
            counts = f"{presumed} 家按非公企业处理，{public} 家名称像国有、集体的按不知道处理"
            log.add("presumption.non_public", layout.source, found=f"{here.count()} 家", detail=counts)
            entries.append(_non_public(layout, counts))
    entries += of_lists(layouts, places or {})
    entries += _of_firms(enterprises, layouts)
    entries += _of_offices(assembled["unlisted_offices"])
    entries += _silence(kinds)
    table = SNAPSHOT_TABLES["presumptions"]
    return conform(pl.DataFrame(entries, infer_schema_length=None), table) if entries else empty(table)


# ---------------------------------------------------------------------------------------------- private


def _of_firms(enterprises: pl.DataFrame, layouts: Sequence[Layout]) -> list[dict[str, object]]:
    """What is presumed of firms of which a cell is blank, with how many they are, and how ranges take it."""
    words = reading_words()["presumed"]
    mixed = pl.lit(False)
    for table in registration_tables():
        of_year = pl.col("registration_year") == table.year
        mixed = mixed | (of_year & pl.col("registration_type").is_in(table.mixed)).fill_null(False)
    unstated = _never_operating(enterprises, layouts)
    blank, of_ledger = pl.col("operating").is_null(), pl.col("source").is_in(list(unstated))
    counts = enterprises.select(
        operating=blank.sum(),
        ranged=(blank & ~of_ledger).sum(),
        mixed_capital=(mixed & pl.col("control").is_null()).sum(),
    ).row(0, named=True)
    ranges = words["operating_ranges"].format(count=counts["ranged"]) if counts["ranged"] else ""
    entries: list[dict[str, object]] = [
        {
            "subject": subject,
            "source": None,
            "message": words[subject].format(count=counts[subject], ranges=ranges),
        }
        for subject in ("operating", "mixed_capital")
        if counts[subject]
    ]
    for layout in layouts:
        if count := unstated.get(layout.source):
            message = words["operating_by_ledger"].format(ledger=_named(layout), count=count)
            entries.append({"subject": "operating:by_ledger", "source": layout.source, "message": message})
    return entries


def _of_offices(offices: pl.DataFrame) -> list[dict[str, object]]:
    """That offices which only a list of their headquarters names are no enterprises here."""
    if offices.is_empty():
        return []
    words = reading_words()["presumed"]["unlisted_offices"]
    message = words.format(count=offices.height, headquarters=offices["headquarters_id"].n_unique())
    return [{"subject": "unlisted_offices", "source": None, "message": message}]


def _never_operating(enterprises: pl.DataFrame, layouts: Sequence[Layout]) -> dict[int, int]:
    """The ledgers that write 在营 of no firm, with how many firms of theirs have a blank 营业状态.

    Such a ledger has no column for it, or names the closed ones alone: a blank is its word for 在营.
    """
    asking = [
        layout.source
        for layout in layouts
        if any(place.column.key == "operating" for place in layout.columns)
    ]
    # A firm's own row may lack what another ledger says of it.
    stated = (pl.col("operating") == "operating") & pl.col("source").is_in(asking)
    counted = enterprises.group_by("source").agg(
        stated.fill_null(False).any().alias("stated"), pl.col("operating").is_null().sum().alias("blank")
    )
    return dict(counted.filter(~pl.col("stated"), pl.col("blank") > 0).select("source", "blank").iter_rows())


def _silence(kinds: frozenset[str]) -> list[dict[str, object]]:
    """Lists of which the silence counts as no, and those that are missing so that nothing is known."""
    entries: list[dict[str, object]] = []
    for kind, words in reading_words()["silence"].items():
        handed_in = kind in kinds
        message = words["complete" if handed_in else "missing"]
        subject = f"{'complete' if handed_in else 'missing'}:{kind}"
        entries.append({"subject": subject, "source": None, "message": message})
    return entries


def _untold(layouts: Sequence[Layout]) -> list[int]:
    """The 企业台账 that have neither column by which public and private can be told."""
    return [
        layout.source
        for layout in layouts
        if layout.kind
        and layout.kind.kind == "enterprises"
        and not (layout.missing or layout.left_out)
        and not {place.column.key for place in layout.columns} & set(_DECIDING)
    ]


def _non_public(layout: Layout, counts: str) -> dict[str, object]:
    message = f"{_named(layout)}没有“登记注册类型”和“控股情况”两列，{counts}；补上其中一列即可分辨。"
    return {"subject": "non_public_by_ledger", "source": layout.source, "message": message}


def _named(layout: Layout) -> str:
    return f"{layout.raw.file} 的“{layout.raw.sheet}”"
