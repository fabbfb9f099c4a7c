"""The facts that report columns may name: plan and snapshot columns joined side by side and put into words.

Each public function gives one frame, one row for each row of a report; a layout's `fact` is a column of it.
Nothing is assessed here: states, duties and figures are those of the plan.
"""

from __future__ import annotations

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.model.vocabulary import (
    Answer,
    Control,
    CoverageState,
    EstablishedForm,
    LeagueOrganisationKind,
    Obligation,
    label,
)
from coverage_engine.reporting.scope import enterprises_of, within
from coverage_engine.reporting.wording import (
    answer,
    answer_flag,
    flag_words,
    has_words,
    label_words,
    path_words,
    translated,
    wording,
    yes_words,
)


def enterprise_facts(plan: Plan, wanted: pl.Expr | None = None) -> pl.DataFrame:
    """Every (wanted) enterprise of the plan's division: states in words, best path and League superior."""
    firms = enterprises_of(plan) if wanted is None else enterprises_of(plan).filter(wanted)
    firms = firms.join(_best_paths(plan), on="enterprise_id", how="left", maintain_order="left")
    firms = firms.join(_superiors(plan), on="enterprise_id", how="left", maintain_order="left")
    firms = firms.join(_registrations(plan), on="enterprise_id", how="left", maintain_order="left")
    firms = firms.with_columns(_places())
    return firms.with_columns(*_identity_words(), *_state_words(plan), *_scope_flags()).with_columns(
        _remark()
    )


def society_facts(plan: Plan) -> pl.DataFrame:
    """Every membership of a League society whose enterprise lies in the plan's division."""
    members = plan["societies"].select("society_id", "society", "kind", "level", "enterprise_id", "appraisal")
    words = wording()
    listed = pl.col("enterprise_id").is_in(members["enterprise_id"].unique().implode())
    firms = enterprise_facts(plan, listed)
    memberships = members.join(firms, on="enterprise_id", how="inner", maintain_order="left")
    kind = translated(pl.col("kind"), words["society_kinds"])
    return memberships.with_columns(
        society_kind=pl.concat_str("society", pl.lit("（") + kind + pl.lit("）"), ignore_nulls=True),
        society_level=translated(pl.col("level"), words["levels"]),
        appraisal_word=yes_words(pl.col("appraisal")),
    )


def park_facts(plan: Plan) -> pl.DataFrame:
    """Every park of the plan's division with its answers in words."""
    parks = within(plan, plan["parks"])
    parks = parks.join(_park_committees(plan), on="name", how="left", maintain_order="left")
    both = pl.concat_str("level", "kind", separator="", ignore_nulls=True)
    return parks.with_columns(
        *_bounds(),
        rate_word=pl.coalesce(_range_words("rate_low", "rate_high"), pl.lit(wording()["unknown_number"])),
        rate_number=pl.when(_percent(pl.col("rate_low")) == _percent(pl.col("rate_high"))).then("rate_low"),
    ).with_columns(
        *_places(),
        *_known_counts(plan),
        level_kind=pl.when(pl.col("level").is_null() & pl.col("kind").is_null()).then(None).otherwise(both),
        covered=_firm_count(pl.col("own") + pl.col("joint")),
        remark=_hollow_remark(),
        **{
            f"{name}_has": has_words(pl.col(name))
            for name in ("administration", "party", "work_committee", "youth_home")
        },
    )


def best_path(plan: Plan) -> pl.DataFrame:
    """The first recommendation of every target."""
    return plan["recommendations"].filter(pl.col("rank") == 1)


# ---------------------------------------------------------------------------------------------- private


_PARK_COUNTS = (
    *("enterprises", "non_public", "above_scale", "with_party", "eligible", "own", "joint", "uncovered_duty"),
)


def _firm_count(count: pl.Expr) -> pl.Expr:
    """A count of the firms of a park; of a park that no firm names nothing is known."""
    return pl.when(pl.col("enterprises") > 0).then(count)


def _known_counts(plan: Plan) -> list[pl.Expr]:
    """The counts of parks, null where nobody knows them."""
    counts = [_firm_count(pl.col(name)).alias(name) for name in _PARK_COUNTS]
    exported = "league_organisations" in plan.snapshot.kinds
    return [*counts, _firm_count(pl.when(pl.lit(exported)).then(pl.col("verified"))).alias("verified")]


def _bounds() -> list[pl.Expr]:
    """Numerator and denominator of a park's lowest and highest rate, ready to be added up."""
    covered, firms = pl.col("own") + pl.col("joint"), pl.col("non_public")
    return [
        (covered - pl.col("presumed_covered")).alias("covered_low"),
        (firms - pl.col("presumed_covered") + pl.col("possible_bare")).alias("base_low"),
        (covered + pl.col("unknown") + pl.col("possible_covered")).alias("covered_high"),
        (firms - pl.col("presumed_bare") + pl.col("possible_covered")).alias("base_high"),
    ]


def _best_paths(plan: Plan) -> pl.DataFrame:
    """enterprise_id, path, lead_unit, reasons and `finish`: the due date of the path's last action."""
    finish = plan["actions"].group_by("enterprise_id", "path").agg(pl.col("due").max().alias("finish"))
    best = best_path(plan).select("enterprise_id", "path", "lead_unit", "reasons", "flip_fact")
    return best.join(finish, on=["enterprise_id", "path"], how="left", maintain_order="left")


def _superiors(plan: Plan) -> pl.DataFrame:
    """enterprise_id and 隶属上级 of the organisation found in 智慧团建, own before joint."""
    snapshot = plan.snapshot
    link = pl.col("enterprise_id", "league_organisation_id")
    own = snapshot["league_matches"].select(link).with_columns(own=pl.lit(0))
    joint = snapshot["joint_coverage"].select(link).with_columns(own=pl.lit(1))
    organisations = snapshot["league_organisations"].select("league_organisation_id", "superior")
    return (
        pl.concat([own, joint])
        .join(organisations, on="league_organisation_id", how="inner", maintain_order="left")
        .sort("enterprise_id", "own", "league_organisation_id")
        .unique("enterprise_id", keep="first", maintain_order=True)
        .select("enterprise_id", "superior")
    )


def _park_committees(plan: Plan) -> pl.DataFrame:
    """Park name and 团工委全称 where exactly one work committee in 智慧团建 bears the park's name."""
    return (
        plan.snapshot["league_organisations"]
        .filter(pl.col("kind") == LeagueOrganisationKind.WORK_COMMITTEE.value)
        .filter(pl.col("unwrapped").is_not_null())
        .group_by(pl.col("unwrapped").alias("name"))
        .agg(pl.col("full_name").first().alias("committee_name"), pl.len().alias("namesakes"))
        .filter(pl.col("namesakes") == 1)
        .select("name", "committee_name")
    )


def _registrations(plan: Plan) -> pl.DataFrame:
    """enterprise_id and 登记注册类型 in words: a code by the table of its year, else as written."""
    known = wording()["registration_types"].items()
    words = pl.DataFrame(
        [(int(year), code, word) for year, codes in known for code, word in codes.items()],
        schema={"registration_year": pl.Int32, "registration_type": pl.String, "type_word": pl.String},
        orient="row",
    )
    keys = ["registration_year", "registration_type"]
    worded = plan.snapshot["enterprises"].select("enterprise_id", *keys).join(words, on=keys, how="inner")
    return worded.select("enterprise_id", "type_word")


def _places() -> list[pl.Expr]:
    """City and county by name; the words for not known keep every row countable by place."""
    city = pl.col("city").fill_null(wording()["unplaced"])
    county = pl.col("county").fill_null(wording()["undivided"])
    joined = pl.when(city == county).then(city).otherwise(city + county)
    return [city.alias("city"), county.alias("county"), joined.alias("place_word")]


def _identity_words() -> list[pl.Expr]:
    # Words as written stay; only a bare code is put into words.
    is_code = pl.col("registration_text").str.contains(r"^\d+$")
    type_words = (
        pl.when(is_code & pl.col("type_word").is_not_null()).then("type_word").otherwise("registration_text")
    )
    registration = pl.concat_str(
        type_words, label_words("control", Control), separator="/", ignore_nulls=True
    )
    return [
        translated(pl.col("section"), wording()["sections"]).alias("section_word"),
        pl.when(registration != "").then(registration).alias("registration_control"),
    ]


def _state_words(plan: Plan) -> list[pl.Expr]:
    joint = pl.col("coverage_state") == CoverageState.JOINT.value
    own = pl.col("coverage_state") == CoverageState.OWN.value
    dependent = pl.col("league_form") == EstablishedForm.DEPENDENT.value
    kind = label_words("league_kind", LeagueOrganisationKind)
    single, jointly, leaning = (
        pl.lit(label(form))
        for form in (EstablishedForm.OWN, EstablishedForm.JOINT, EstablishedForm.DEPENDENT)
    )
    missing = pl.col("missing_facts").str.replace_all(";", "、")
    missing_text, _, after = str(wording()["missing_text"]).partition("{facts}")
    return [
        has_words(pl.col("party") != EstablishedForm.NONE.value).alias("party_has"),
        pl.when(pl.col("party") != EstablishedForm.NONE.value)
        .then(label_words("party", EstablishedForm))
        .alias("party_form_word"),
        has_words(pl.col("union")).alias("union_has"),
        label_words("coverage_state", CoverageState).alias("state_word"),
        label_words("obligation", Obligation).alias("obligation_word"),
        pl.when(joint).then(pl.lit(answer("joint_kind"))).when(own).then(kind).alias("league_kind_word"),
        pl.when(own)
        .then(single)
        .when(joint & dependent)
        .then(leaning)
        .when(joint)
        .then(jointly)
        .alias("form_word"),
        pl.when(own | joint)
        .then(
            pl.when(pl.col("hollow") == Answer.YES.value)
            .then(pl.lit(answer("hollow")))
            .otherwise(flag_words(answer_flag("verified"), answer("yes"), answer("no")))
        )
        .alias("verified_word"),
        pl.when(pl.col("missing_facts") != "")
        .then(pl.lit(missing_text) + missing + pl.lit(after))
        .alias("missing_word"),
        path_words(plan, "path").alias("path_word"),
    ]


def _scope_flags() -> list[pl.Expr]:
    """Three-valued flags that a layout's scope may name."""
    ranked = pl.col("top_hundred_rank").is_not_null()
    state = pl.col("coverage_state") == CoverageState.OUT_OF_SCOPE.value
    return [
        (~state & pl.col("scope_reason").is_null()).alias("in_scope"),
        answer_flag("non_public").alias("is_non_public"),
        pl.col("above_scale").alias("is_above_scale"),
        ranked.alias("is_top_hundred"),
        pl.col("is_target").alias("is_planned_for"),
    ]


def _remark() -> pl.Expr:
    """The obligation in words where something is to be done or to be found out."""
    silent = pl.col("obligation") == Obligation.NONE.value
    return pl.when(~silent).then(pl.col("obligation_word")).alias("remark")


def _hollow_remark() -> pl.Expr:
    """How many of the park's organisations have no members in 智慧团建."""
    before, _, after = answer("hollow_in_park").partition("{count}")
    remark = pl.concat_str(pl.lit(before), "hollow", pl.lit(after))
    return pl.when(pl.col("hollow") > 0).then(remark)


def _range_words(low: str, high: str) -> pl.Expr:
    """Two rates as `62.5%` or `40.0%–62.5%`, null where the denominator may be empty."""
    first, last = (_percent(pl.col(name)) for name in (low, high))
    return pl.when(first == last).then(first).otherwise(first + "–" + last)


def _percent(rate: pl.Expr) -> pl.Expr:
    tenths = (rate * 1000 + 0.5).floor().cast(pl.Int64)
    return (tenths // 10).cast(pl.String) + "." + (tenths % 10).cast(pl.String) + "%"
