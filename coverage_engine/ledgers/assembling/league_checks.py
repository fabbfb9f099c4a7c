"""What 智慧团建 and the other ledgers say against each other: hollow bodies, member counts, closed firms.

A body with no members in the system is hollow (空壳): it stands there, and shows no result.
"""

from __future__ import annotations

import polars as pl

from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.identity.league_names import body_words

_PERMILLE = 1000
_GONE = {"closed": "注销", "suspended": "停业"}


def tell_league_checks(
    organisations: pl.DataFrame,
    matches: pl.DataFrame,
    joint: pl.DataFrame,
    enterprises: pl.DataFrame,
    log: FindingLog,
) -> None:
    """Tells contradictions between the matched organisations and the ledgers.

    `matches` are the enterprises' own organisations, `joint` the linked rows of the 联合团组织覆盖台账.
    """
    if organisations.is_empty():
        return
    facts = enterprises.select(
        "enterprise_id", "operating", "league_form", firm="name", stated="league_members",
        _own_source="source", _own_row="row",
    )  # fmt: skip
    bodies = organisations.select("league_organisation_id", "full_name", "league_members", "source", "row")
    ids = ("league_organisation_id", "enterprise_id")
    links = pl.concat([matches.select(ids), joint.drop_nulls("league_organisation_id").select(ids)])
    _tell_few(_beside(links.unique(), bodies, facts), log)
    own = _beside(matches.select(ids), bodies, facts)
    _tell_denied(own, log)
    _tell_gaps(own, log)
    _tell_closed(own, log)


# ---------------------------------------------------------------------------------------------- private


def _beside(links: pl.DataFrame, bodies: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    return (
        links.join(bodies, on="league_organisation_id", how="inner")
        .join(facts, on="enterprise_id", how="inner")
        .sort("league_organisation_id", "enterprise_id")
    )


def _tell_few(linked: pl.DataFrame, log: FindingLog) -> None:
    """Once for each organisation, with the enterprises that it stands for."""
    few = linked.filter(pl.col("league_members") < body_words()["members"]["few"])
    bodies = few.group_by("league_organisation_id", maintain_order=True).agg(
        pl.col("source", "row", "league_members").first(),
        found=pl.col("league_members").first().cast(pl.String),
        detail=pl.col("firm").head(3).str.join("、"),
    )
    hollow = pl.col("league_members") == 0
    log.add_rows("league.hollow", bodies.filter(hollow), "league_members")
    log.add_rows("league.few_members", bodies.filter(~hollow), "league_members")


def _tell_denied(own: pl.DataFrame, log: FindingLog) -> None:
    """Enterprises that say 无 but have an organisation in the system."""
    against = own.filter(pl.col("league_form") == "none").unique(
        "enterprise_id", keep="first", maintain_order=True
    )
    findings = against.select(
        pl.lit("无").alias("found"),
        log.cell("full_name").alias("detail"),
        source="_own_source",
        row="_own_row",
    )
    log.add_rows("league.contradiction", findings, "league_form")


def _tell_gaps(own: pl.DataFrame, log: FindingLog) -> None:
    """Where the 企业台账 counts other members than the system, by more than the odd transfer.

    An enterprise with several bodies is measured against the largest and against all together: nobody can
    say whether a committee's count holds those of its branches.
    """
    limits = body_words()["members"]
    counted = own.filter(pl.col("stated").is_not_null() & pl.col("league_members").is_not_null())
    whole = own.group_by("enterprise_id").agg(
        blank=pl.col("league_members").is_null().any(),
        most=pl.col("league_members").max(),
        total=pl.col("league_members").sum(),
    )
    beside = counted.unique("enterprise_id", keep="first", maintain_order=True).join(
        whole, on="enterprise_id", how="left", maintain_order="left"
    )
    gap = pl.max_horizontal(pl.col("most") - pl.col("stated"), pl.col("stated") - pl.col("total"))
    larger = pl.max_horizontal("stated", "total")
    wide = (gap >= limits["gap_least"]) & (gap * _PERMILLE >= larger * limits["gap_permille"])
    findings = beside.filter(wide & ~pl.col("blank")).select(
        "source",
        "row",
        found=pl.col("league_members").cast(pl.String),
        detail=pl.format("{}：企业台账 {} 人，系统 {} 人", "firm", "stated", "total"),
    )
    log.add_rows("league.members_gap", findings, "league_members")


def _tell_closed(own: pl.DataFrame, log: FindingLog) -> None:
    gone = own.filter(pl.col("operating").is_in(list(_GONE)))
    state = pl.col("operating").replace_strict(_GONE, default=None, return_dtype=pl.String)
    findings = gone.select("source", "row", found="full_name", detail=pl.format("{}（{}）", "firm", state))
    log.add_rows("league.closed_firm", findings, "full_name")
