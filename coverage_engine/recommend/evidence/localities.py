"""Facts about the place: adjunct cadres of the county and the owner's home place (路径7)."""

from __future__ import annotations

import narwhals as nw

from coverage_engine.frames.dialect import Lazy, in_memory
from coverage_engine.frames.joins import address, attach, coded, decoded
from coverage_engine.recommend.evidence.inputs import Surroundings

_FORCES = ("part_time", "social_workers", "volunteers", "village_officials")


def with_forces(frame: Lazy, around: Surroundings) -> Lazy:
    """Adds adjunct cadres per hundred targets of the county, or of the city where only that is told."""
    forces = _forces(around)
    everywhere = around.assessed.filter(nw.col("is_target")).group_by("county_code", "city_code")
    counted = in_memory(everywhere.agg(nw.len().cast(nw.Int64).alias("targets")))
    joined = frame
    for level in ("county", "city"):
        targets = counted.group_by(f"{level}_code").agg(
            nw.col("targets").sum().cast(nw.Int64).alias(f"{level}_targets")
        )
        level_forces = forces.rename(
            {name: f"{level}_{name}" for name in ("division_code", "forces", "forces_at")}
        )
        joined = attach(joined, targets, f"{level}_code", f"{level}_code")
        joined = attach(joined, level_forces, f"{level}_code", f"{level}_division_code")
    county = ~nw.col("county_forces").is_null()
    people = nw.coalesce(nw.col("county_forces"), nw.col("city_forces"))
    targets_there = nw.when(county).then(nw.col("county_targets")).otherwise(nw.col("city_targets"))
    per_hundred = (people * 100) // nw.max_horizontal(targets_there, nw.lit(1))
    at = nw.when(county).then(nw.col("county_forces_at")).otherwise(nw.col("city_forces_at"))
    return joined.with_columns(
        (people > 0).alias("local_forces"),
        per_hundred.cast(nw.Int64).alias("forces_per_hundred"),
        at.alias("at_local_forces"),
    ).drop(
        *(f"{level}_{name}" for level in ("county", "city") for name in ("targets", "forces", "forces_at"))
    )


def with_home(frame: Lazy, around: Surroundings) -> Lazy:
    """Adds whether the owner's home place, outside this county, keeps an outside League committee."""
    committees = (
        around.tables["local_forces"]
        .with_columns(coded(nw.col("outside_committee")).alias("outside"), address().alias("at"))
        .group_by("division_code")
        .agg(nw.col("outside").max(), nw.col("at").min())
    )
    home = nw.col("home_division")
    joined = frame.with_columns(
        nw.concat_str([home.str.slice(0, 4), nw.lit("00")], separator="").alias("home_city")
    )
    for level, key in (("home", "home_division"), ("homecity", "home_city")):
        renamed = {"division_code": f"{level}_key", "outside": f"{level}_outside", "at": f"{level}_at"}
        joined = attach(joined, committees.rename(renamed), key, f"{level}_key")
    names = (
        around.tables["divisions"]
        .group_by("code")
        .agg(nw.col("name").min())
        .rename({"code": "named_code", "name": "home_name"})
    )
    joined = attach(joined, names, "home_division", "named_code")
    native = (home == nw.col("county_code")) | (home == nw.col("city_code"))
    code = nw.max_horizontal(nw.col("home_outside"), nw.col("homecity_outside"))
    known = nw.coalesce(decoded(code), nw.when(code.is_null()).then(around.absent("local_forces")))
    committee = nw.when(native.fill_null(False)).then(nw.lit(False)).otherwise(known)
    by_home = nw.col("home_outside").fill_null(-1) == code
    return joined.with_columns(
        nw.when(~home.is_null()).then(committee).alias("home_committee"),
        nw.coalesce(nw.col("home_name"), home).alias("name_home"),
        nw.when(by_home).then(nw.col("home_at")).otherwise(nw.col("homecity_at")).alias("at_home_forces"),
    ).drop("home_outside", "homecity_outside", "home_at", "homecity_at", "home_name", "home_city")


def _forces(around: Surroundings) -> Lazy:
    """Adjunct cadres per division: the sum of what is told, unknown where nothing is told."""
    reported = around.tables["local_forces"].filter(
        ~nw.all_horizontal(*(nw.col(name).is_null() for name in _FORCES), ignore_nulls=True)
    )
    people = nw.sum_horizontal(*(nw.col(name).fill_null(0) for name in _FORCES))
    return (
        reported.with_columns(people.alias("forces"), address().alias("forces_at"))
        .group_by("division_code")
        .agg(nw.col("forces").sum(), nw.col("forces_at").min())
    )
