"""How one snapshot differs from another, in terms that outlive dense ids: codes, names, places.

Enterprises are paired by code and name, else by code, else by name and county, else by name, one to one at
each step; what is left was added or dropped. Rows of other tables are compared whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from coverage_engine.ledgers.identity.firm_names import plain_name
from coverage_engine.model.findings import Findings
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import SNAPSHOT_TABLES, empty

Read = tuple[Snapshot, Findings]

_NAMED: dict[str, tuple[str, tuple[str, ...]]] = {
    "enterprise_id": ("enterprises", ("credit_code", "name", "county_code")),
    "park_id": ("parks", ("name", "division_code")),
    "place_id": ("places", ("name", "county_code")),
    "headquarters_id": ("headquarters", ("name", "credit_code")),
    "leader_id": ("leaders", ("name", "credit_code")),
    "association_id": ("associations", ("name", "credit_code")),
    "society_id": ("societies", ("name", "level")),
    "department_id": ("departments", ("name", "division_code")),
    "league_organisation_id": ("league_organisations", ("full_name", "system_id")),
    "youth_home_id": ("youth_homes", ("name", "division_code")),
}
"""What an id stands for: a table and the columns that name its rows."""

_APART = frozenset({"enterprises", "fact_sources", "sources", "source_columns", "divisions", "presumptions"})
_PLACES = ("source", "row")
_CHANGE = {
    "change": pl.String,
    "name": pl.String,
    "credit_code": pl.String,
    "county_code": pl.String,
    "field": pl.String,
    "before": pl.String,
    "after": pl.String,
}
_CONTRADICTION = "contradict|two_names|two_codes"
_PAIRINGS = (
    ("credit_code", "plain"),
    ("credit_code",),
    ("plain", "county_code"),
    ("plain",),
)


@dataclass(frozen=True)
class Comparison:
    """How a snapshot differs from an earlier one.

    `enterprises`: change (added | changed | dropped), name, credit_code, county_code, field, before, after; a
    row for each changed field. `tables`: table, before, after, added, dropped (rows). `contradictions`: the
    findings in which ledgers contradict each other, with `new` where the earlier snapshot had none such.
    """

    enterprises: pl.DataFrame
    tables: pl.DataFrame
    contradictions: pl.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """Enterprises added, changed and dropped, and new contradictions."""
        kinds = {
            word: self.enterprises.filter(pl.col("change") == word).select(_IDENTITY).n_unique()
            for word in ("added", "changed", "dropped")
        }
        return {**kinds, "contradicted": int(self.contradictions["new"].sum())}


_IDENTITY = ["name", "credit_code", "county_code"]


def compare_snapshots(before: Read | None, after: Read) -> Comparison:
    """What the snapshot `after` adds, changes, contradicts and drops; `before` None is an empty one."""
    now, findings = after
    earlier = before[0] if before else None
    old = earlier["enterprises"] if earlier else empty(SNAPSHOT_TABLES["enterprises"])
    return Comparison(
        _enterprises(_keyed(old, earlier), _keyed(now["enterprises"], now)),
        _tables(earlier, now),
        _contradictions(before[1] if before else None, findings),
    )


# ---------------------------------------------------------------------------------------------- private


def _keyed(enterprises: pl.DataFrame, snapshot: Snapshot | None) -> pl.DataFrame:
    """Enterprises with names in place of the ids of parks, places and departments, and `plain`."""
    others = [name for name in enterprises.columns if name in _NAMED and name != "enterprise_id"]
    named = _with_names(enterprises, snapshot, others) if snapshot else enterprises.drop(others)
    return named.drop(_PLACES).with_columns(plain_name(pl.col("name")).alias("plain"))


def _enterprises(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    pairs, gone, come = _paired(old, new)
    identity = ["name", "credit_code", "county_code"]
    added = come.select(pl.lit("added").alias("change"), *identity)
    dropped = gone.select(pl.lit("dropped").alias("change"), *identity)
    frames = [added, dropped, *_changed(pairs, old, new)]
    return pl.concat([_in_form(frame) for frame in frames]).sort(
        "change", "credit_code", "name", "county_code", "field", nulls_last=True
    )


def _paired(old: pl.DataFrame, new: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Pairs (`enterprise_id`, `new_id`), the old ones without partner, the new ones without partner."""
    pairs: list[pl.DataFrame] = []
    gone, come = old, new
    for keys in _PAIRINGS:
        left = gone.drop_nulls(keys).filter(pl.len().over(keys) == 1)
        right = come.drop_nulls(keys).filter(pl.len().over(keys) == 1)
        matches = left.select("enterprise_id", *keys).join(
            right.select(pl.col("enterprise_id").alias("new_id"), *keys), on=list(keys), how="inner"
        )
        pairs.append(matches.select("enterprise_id", "new_id"))
        gone = gone.join(matches, on="enterprise_id", how="anti")
        come = come.join(matches, left_on="enterprise_id", right_on="new_id", how="anti")
    return pl.concat(pairs), gone, come


def _changed(pairs: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame) -> list[pl.DataFrame]:
    """A frame for each field in which paired enterprises differ."""
    after = new.select(pl.all().name.suffix("_after"))
    beside = pairs.join(old, on="enterprise_id").join(after, left_on="new_id", right_on="enterprise_id_after")
    frames: list[pl.DataFrame] = []
    for name in new.columns:
        if name in ("enterprise_id", "plain"):
            continue
        before = pl.col(name) if name in old.columns else pl.lit(None)
        differs = before.ne_missing(pl.col(f"{name}_after"))
        frames.append(
            beside.filter(differs).select(
                pl.lit("changed").alias("change"),
                pl.col("name_after").alias("name"),
                pl.col("credit_code_after").alias("credit_code"),
                pl.col("county_code_after").alias("county_code"),
                pl.lit(name).alias("field"),
                before.cast(pl.String).alias("before"),
                pl.col(f"{name}_after").cast(pl.String).alias("after"),
            )
        )
    return frames


def _in_form(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in _CHANGE.items()
    )


def _tables(before: Snapshot | None, after: Snapshot) -> pl.DataFrame:
    rows = []
    for table in SNAPSHOT_TABLES:
        if table in _APART:
            continue
        new = _counted(table, after)
        old = _counted(table, before) if before else new.clear()
        keys = [name for name in new.columns if name != "times"]
        both = old.join(
            new.rename({"times": "times_after"}), on=keys, how="full", coalesce=True, nulls_equal=True
        )
        gain = pl.col("times_after").fill_null(0).cast(pl.Int64) - pl.col("times").fill_null(0).cast(pl.Int64)
        sums = both.select(
            added=gain.clip(lower_bound=0).sum(), dropped=(-gain).clip(lower_bound=0).sum()
        ).row(0)
        rows.append((table, int(old["times"].sum()), int(new["times"].sum()), *sums))
    schema = {
        "table": pl.String,
        "before": pl.Int64,
        "after": pl.Int64,
        "added": pl.Int64,
        "dropped": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _counted(table: str, snapshot: Snapshot) -> pl.DataFrame:
    """The distinct rows of a table in lasting terms, and how often each is there."""
    frame = snapshot[table]
    ids = [name for name in frame.columns if name in _NAMED]
    own = [name for name in ids if _NAMED[name][0] == table]
    named = _with_names(frame.drop(own), snapshot, [name for name in ids if name not in own])
    keys = [name for name in named.columns if name not in _PLACES]
    return named.group_by(keys).agg(pl.len().alias("times"))


def _with_names(frame: pl.DataFrame, snapshot: Snapshot, ids: list[str]) -> pl.DataFrame:
    for name in ids:
        table, columns = _NAMED[name]
        words = pl.concat_str([pl.col(column).fill_null("") for column in columns], separator="|")
        names = snapshot[table].select(name, words.alias(f"{name}_named"))
        frame = frame.join(names, on=name, how="left", maintain_order="left").drop(name)
    return frame


def _contradictions(before: Findings | None, after: Findings) -> pl.DataFrame:
    columns = ["code", "file", "sheet", "cell", "found", "remedy"]
    contradictions = after.table.filter(pl.col("code").str.contains(_CONTRADICTION)).select(columns)
    if before is None:
        return contradictions.with_columns(new=pl.lit(True))
    known = before.table.select("code", "sheet", "found", "remedy").unique().with_columns(_known=pl.lit(True))
    return (
        contradictions.join(known, on=["code", "sheet", "found", "remedy"], how="left", maintain_order="left")
        .with_columns(new=pl.col("_known").is_null())
        .drop("_known")
    )
