"""What the documents say: for each kind of document the entries that it is made for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.model.vocabulary import Obligation, labels
from coverage_engine.reporting.deadline import day_words, deadline_of
from coverage_engine.reporting.facts import enterprise_facts
from coverage_engine.reporting.letters.blocks import letter_words

Entry = dict[str, Any]

_HEAD_WIDTHS = {True: 345, False: 430}
"""Points that the names of the issuers may take, with a word beside them and without."""


def common_facts(plan: Plan) -> Entry:
    """What every document may name: division, dates, policy, blanks, marks."""
    words, last = letter_words(), deadline_of(plan)
    blank_day = words["blank_date"].format(year=plan.as_of.year)
    return {
        "division": plan.division.name,
        "year": plan.as_of.year,
        "as_of": day_words(plan.as_of),
        "policy": plan.policy_version,
        "deadline": blank_day if last.passed else day_words(last.due),
        "last_working_day": blank_day if last.passed else day_words(last.last_working_day),
        "blank": words["blank"],
        "blank_date": blank_day,
        **{name: words[name] for name in ("mark", "small", "small_below")},
        "small_base": plan.terms.small_base,
        "members_to_found": plan.terms.members_to_found,
        "notice": plan.terms.cited,
        "notice_number": plan.terms.numbers,
    }


def targets_of(plan: Plan) -> pl.DataFrame:
    """Targets of the plan's division, first to be dealt with first."""
    targets = enterprise_facts(plan).filter("is_target")
    return targets.sort("priority_rank", "enterprise_id", nulls_last=True)


def partner_entries(plan: Plan, *, joint: bool) -> list[Entry]:
    """One entry for each counterpart whose notice (`joint`) or letter serves several targets, most first."""
    words = letter_words()
    known = {row["path"]: row for row in plan["paths"].filter(letter_joint=joint).iter_rows(named=True)}
    calls = plan["bundle_targets"].filter(pl.col("first") & pl.col("path").is_in(list(known)))
    links = calls.select("enterprise_id", "path", "counterpart")
    served = targets_of(plan).join(links, on=["enterprise_id", "path"], how="inner", maintain_order="left")
    grouped = served.partition_by("path", "counterpart", as_dict=True, maintain_order=True)
    large = [(key, rows) for key, rows in grouped.items() if rows.height >= words["smallest_notice"]]
    ordered = sorted(large, key=lambda pair: (-pair[1].height, str(pair[0][1]), int(pair[0][0])))
    return [
        _partner_entry(known[path], str(partner), rows, number, plan.terms.numbers)
        for number, ((path, partner), rows) in enumerate(ordered[: words["notices"]], 1)
    ]


def target_entries(targets: pl.DataFrame) -> list[Entry]:
    """One entry for each target given: the letter to the enterprise and its founding forms."""
    obligations = labels(Obligation)
    rows = targets.with_columns(pl.col("^.*_word$").fill_null(""))
    return [
        {
            "number": f"{number:03}",
            "name": row["name"],
            "credit_code": row["credit_code"] or letter_words()["blank"],
            "registration": row["registration_control"] or letter_words()["blank"],
            **{key: _known(row[fact]) for key, fact in _COUNTS.items()},
            "party": row["party_form_word"] or row["party_has"],
            "state": row["state_word"],
            "obligation": obligations.get(row["obligation"], ""),
            "ground": row["ground_text"] or "",
            "missing": (row["missing_facts"] or "").replace(";", "、"),
            "committee": _committee(row["city"], row["county"]),
            "league_name": f"共青团{row['name']}支部委员会",
            **_issued([_committee(row["city"], row["county"])], beside=False),
        }
        for number, row in enumerate(rows.iter_rows(named=True), 1)
    ]


def founding_targets(targets: pl.DataFrame) -> pl.DataFrame:
    """Targets for which the founding forms are made: not those known to have fewer than three members."""
    return targets.filter((pl.col("member_margin") >= 0).fill_null(True))


def issued_by(plan: Plan) -> Entry:
    """The League committee of the plan's division as the issuer of a document."""
    names = dict(plan.snapshot["divisions"].select("code", "name").iter_rows())
    if plan.division.level != "county":
        return _issued([_committee(plan.division.name)], beside=False)
    own = plan.snapshot["divisions"].filter(pl.col("code") == plan.division.code)
    above = [names.get(code, "") for code in own["parent_code"].to_list()]
    return _issued([_committee(above[0] if above else "", plan.division.name)], beside=False)


# ---------------------------------------------------------------------------------------------- private

_COUNTS = {"employees": "employees", "youth": "young_employees", "members": "league_members"}


def _partner_entry(path: Entry, name: str, rows: pl.DataFrame, number: int, numbers: str) -> Entry:
    issuer = _committee(*_place_of(rows))
    issuers = [issuer, name] if path["letter_joint"] else [issuer]
    counts = dict(rows.group_by("obligation").len().iter_rows())
    return {
        "number": f"{number:02}",
        "name": name,
        "partner": name,
        "partner_short": name,
        "path": path["path"],
        **_clauses(path["clause"], numbers),
        "title": path["letter_title"],
        "basis": path["letter_basis"],
        "duties": [
            {"number": at, "text": text} for at, text in enumerate(path["letter_duties"].split(";"), 1)
        ],
        "recipients": _recipients(rows),
        "count": rows.height,
        "must": counts.get(Obligation.MUST_ESTABLISH.value, 0),
        "should": counts.get(Obligation.SHOULD_ESTABLISH.value, 0),
        "undetermined": counts.get(Obligation.UNDETERMINED.value, 0),
        "cultivate": counts.get(Obligation.CULTIVATE.value, 0),
        "targets": [_listed(row, at) for at, row in enumerate(rows.iter_rows(named=True), 1)],
        **_issued(issuers, beside=path["letter_joint"]),
    }


def _clauses(clause: str, numbers: str) -> Entry:
    """The clause that names a path, alone and with its notice; a path of the province's own has another."""
    words, bare = letter_words(), clause.replace(" ", "")
    return {"clause": bare, "cited": f"{numbers if bare.startswith(words['annex']) else ''}{bare}"}


def _listed(row: Entry, number: int) -> Entry:
    return {
        "number": number,
        "name": row["name"],
        "county": row["county"],
        "members": _known(row["league_members"]),
        "obligation": row["obligation_word"] or "",
        "lead_unit": row["lead_unit"] or "",
    }


def _place_of(rows: pl.DataFrame) -> tuple[str, str]:
    """City and county that hold all the targets; empty where there are several."""
    cities, counties = rows["city"].unique().to_list(), rows["county"].unique().to_list()
    if len(cities) > 1:
        return str(letter_words()["province"]), ""
    return str(cities[0]), str(counties[0]) if len(counties) == 1 else ""


def _recipients(rows: pl.DataFrame) -> str:
    """Whom the notice is sent to: the League committees of the counties, or the enterprises of one county."""
    counties = rows.filter(~pl.col("county").str.starts_with("（"))["county"].unique(maintain_order=True)
    if counties.len() <= 1:
        return str(letter_words()["enterprises_named"])
    return "、".join(f"{county}团委" for county in counties.sort().to_list())


def _committee(city: str, county: str = "") -> str:
    """共青团…委员会: a district is named with its city, a county or county-level city by itself."""
    known = "" if county.startswith("（") else county
    place = f"{city}{known}" if known.endswith("区") or not known else known
    return f"共青团{place}委员会"


def _issued(issuers: Sequence[str], *, beside: bool) -> Entry:
    """The names of the issuers and the size in half points at which the longest fits on one line."""
    longest = max(len(name) for name in issuers)
    size = min(30, max(12, _HEAD_WIDTHS[beside] // max(longest, 1)))
    return {"issuers": [{"text": name} for name in issuers], "head_size": size * 2}


def _known(count: int | None) -> str:
    return str(letter_words()["blank"]) if count is None else str(count)
