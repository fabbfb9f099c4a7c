"""The 智慧团建 export: no credit code, names wrapped in 共青团…, some missing or misnamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from coverage_engine.samples.geography import counties
from coverage_engine.samples.league import JOINT, OWN
from coverage_engine.samples.names import brand_names
from coverage_engine.samples.streams import Array, Streams, pick
from coverage_engine.samples.surroundings import draw_schools
from coverage_engine.samples.vocabularies import name_parts, rates

if TYPE_CHECKING:
    from coverage_engine.samples.success import Relations

_COLUMNS = {
    "full_name": pl.String,
    "short_name": pl.String,
    "kind": pl.String,
    "superior": pl.String,
    "category": pl.String,
    "members": pl.Int64,
    "firm": pl.Int64,
    "status": pl.String,
    "follows": pl.Boolean,
}
_MEMBERS_OF_A_BRANCH = 3
"""Without so many no branch is founded: where its firms have fewer, others of the place belong to it."""
_SUFFIX = {"团委": "委员会", "团工委": "工作委员会", "团总支": "总支部委员会", "团支部": "支部委员会"}


def draw_smart_league(firms: pl.DataFrame, relations: Relations, streams: Streams) -> pl.DataFrame:
    """Organisations as the system lists them.

    Columns: `full_name`, `short_name`, `kind`, `superior`, `category`, `members`, `system_id`; and for tests
    `firm` (row of the enterprise whose own organisation it is, -1), `status` (exact, misnamed, joint, other)
    and `follows` (the 企业台账 writes the misnamed name too).
    """
    frames = [
        _own_organisations(firms, streams.of("smart_own")),
        _joint_branches(firms, streams.of("smart_joint")),
        _bodies_above(firms, relations, streams.of("smart_bodies")),
        _not_enterprises(firms, streams),
    ]
    listed = pl.concat(
        [frame.select(pl.col(name).cast(kind) for name, kind in _COLUMNS.items()) for frame in frames]
    )
    listed = listed.unique("full_name", keep="first", maintain_order=True)
    rng = streams.of("smart_order")
    shuffled = listed[rng.permutation(listed.height)]
    number = 41_0000_0000 + (int(rng.integers(0, 10_000)) + 37 * np.arange(listed.height))
    return shuffled.with_columns(pl.Series("system_id", [str(each) for each in number]))


# ---------------------------------------------------------------------------------------------- private


def _own_organisations(firms: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    rate = rates()
    own = firms.with_row_index("firm").filter(pl.col("league") == OWN)
    draw = rng.random(own.height)
    drift = rng.integers(-1, 2, own.height) * (rng.random(own.height) < 0.3)
    wrong = rng.random(own.height) < rate["smart_league_wrong_category"]
    misnamed = draw < rate["smart_league_misnamed"]
    usual = own["control"].replace_strict(
        {"国有控股": "国有企业", "集体控股": "集体企业"}, default="非公企业"
    )
    others = np.array(
        ["其他", "城市社区", "新社会组织(不含民办学校)", "事业单位(不含公立学校)"], dtype=object
    )
    category = np.where(wrong, pick(rng, others, own.height), usual.to_numpy())
    written = np.where(misnamed, _misnamed(rng, own), own["name"].to_numpy())
    suffix = own["league_kind"].replace_strict(_SUFFIX).to_numpy()
    return own.select(
        pl.Series("full_name", "共青团" + written + suffix, dtype=pl.String),
        pl.concat_str("brand", "trade", "league_kind").alias("short_name"),
        pl.col("league_kind").alias("kind"),
        pl.Series("superior", _superior(own), dtype=pl.String),
        pl.Series("category", category, dtype=pl.String),
        pl.Series("members", np.maximum(own["members"].to_numpy() + drift, 0)),
        "firm",
        pl.Series("status", np.where(misnamed, "misnamed", "exact").astype(object), dtype=pl.String),
        pl.Series("follows", misnamed & (rng.random(own.height) < 0.4)),
    ).filter(pl.Series(draw < 1.0 - rate["smart_league_missing"]))


def _misnamed(rng: np.random.Generator, own: pl.DataFrame) -> Array:
    """As hurried hands write: place or legal form dropped, brand and trade only, one wrong letter."""
    name = own["name"].to_numpy()
    short = (own["brand"] + own["trade"]).to_numpy()
    place = own.select(pl.col("name").str.strip_prefix(pl.col("place"))).to_series().to_numpy()
    form = own.select(pl.col("name").str.strip_suffix(pl.col("form"))).to_series().to_numpy()
    letters = np.array(list(name_parts()["syllables"].replace("\n", "")), dtype=object)
    letter = pick(rng, letters, own.height)
    typo = [
        full.replace(brand, brand[:2] + other)
        for full, brand, other in zip(name, own["brand"], letter, strict=True)
    ]
    written = np.choose(rng.integers(0, 4, own.height), [place, form, short, np.array(typo, dtype=object)])
    return np.where(written == name, short, written)


def _joint_branches(firms: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Joint branches with the members of their firms, and others where these are few; some are hollow."""
    joint = firms.filter(pl.col("league") == JOINT)
    rows = joint.group_by("league_name", maintain_order=True).agg(
        pl.col("members").sum(), pl.col("county").first()
    )
    present = rng.random(rows.height) < 1.0 - rates()["smart_league_missing"]
    hollow = rng.random(rows.height) < rates()["smart_league_hollow_joint"]
    beside = rng.poisson(rates()["joint_members_beside"], rows.height)
    listed = rows["members"].to_numpy()
    listed = np.where(listed < _MEMBERS_OF_A_BRANCH, _MEMBERS_OF_A_BRANCH + beside, listed)
    return rows.select(
        pl.col("league_name").alias("full_name"),
        pl.col("league_name")
        .str.strip_prefix("共青团")
        .str.replace("支部委员会", "团支部", literal=True)
        .alias("short_name"),
        pl.lit("团支部").alias("kind"),
        pl.Series("superior", _superior(rows), dtype=pl.String),
        pl.lit("非公企业").alias("category"),
        pl.Series("members", np.where(hollow, 0, listed)),
        pl.lit(-1).alias("firm"),
        pl.lit("joint").alias("status"),
        pl.lit(False).alias("follows"),
    ).filter(pl.Series(present))


def _bodies_above(firms: pl.DataFrame, relations: Relations, rng: np.random.Generator) -> pl.DataFrame:
    """Committees of province, cities, counties and townships, work committees of parks and departments."""
    places = counties()
    parks = relations.parks.filter("work_committee")["name"].to_numpy()
    departments = relations.departments.filter("work_committee")["name"].to_numpy()
    towns = firms.select(pl.col("county"), pl.col("town")).unique(maintain_order=True)
    town_names = places.name[towns["county"].to_numpy()] + towns["town"].to_numpy()
    units = np.r_[np.array(["河南省"], dtype=object), places.city_name, places.full_name, town_names]
    names = np.r_[units + "委员会", parks + "工作委员会", departments.astype(object) + "行业工作委员会"]
    kind = np.where(np.arange(len(names)) < len(units), "团委", "团工委").astype(object)
    return _others(names, kind, "党政机关", rng)


def _not_enterprises(firms: pl.DataFrame, streams: Streams) -> pl.DataFrame:
    """Schools, temporary graduate branches, streets, and enterprises that stand in no ledger."""
    rng, places = streams.of("smart_others"), counties()
    schools = draw_schools(streams).filter("league_organisation")["name"].to_numpy()
    graduates = schools[::3] + "往届毕业生临时"
    town = np.array([name for names in places.towns for name in names[:2]], dtype=object)
    county = np.repeat(places.name, [len(names[:2]) for names in places.towns])
    handover = county + town + "学社衔接临时"
    unknown = brand_names(rng, max(3, firms.height // 300))
    away = pick(rng, places.city_name, len(unknown))
    strangers = away + unknown + "实业有限公司"
    return pl.concat(
        [
            _others(schools + "委员会", np.full(len(schools), "团委", dtype=object), "普通高中", rng),
            _others(
                graduates + "支部委员会", np.full(len(graduates), "团支部", dtype=object), "普通高中", rng
            ),
            _others(handover + "支部委员会", np.full(len(handover), "团支部", dtype=object), "城市社区", rng),
            _others(
                strangers + "支部委员会", np.full(len(strangers), "团支部", dtype=object), "非公企业", rng
            ),
        ]
    )


def _others(units: Array, kind: Array, category: str, rng: np.random.Generator) -> pl.DataFrame:
    short = pl.Series("short_name", units, dtype=pl.String).str.replace(
        "(总支部委员会|支部委员会|工作委员会|委员会)$", ""
    )
    return pl.DataFrame(
        {
            "full_name": "共青团" + units,
            "short_name": short + pl.Series(kind, dtype=pl.String),
            "kind": kind,
            "superior": np.full(len(units), "共青团河南省委员会", dtype=object),
            "category": np.full(len(units), category, dtype=object),
            "members": rng.integers(3, 400, len(units)),
            "firm": np.full(len(units), -1),
            "status": np.full(len(units), "other", dtype=object),
            "follows": np.zeros(len(units), bool),
        },
        schema_overrides={name: kind for name, kind in _COLUMNS.items() if kind == pl.String},
    )


def _superior(rows: pl.DataFrame) -> Array:
    return np.asarray("共青团" + counties().full_name[rows["county"].to_numpy()] + "委员会")
