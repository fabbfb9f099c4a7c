"""Evidence, eleven scores and the best three paths of every target, written by hand in Polars.

    python plan_polars.py TABLES ENTERPRISES TOLD OUT

Lazy from Parquet to Parquet on the streaming engine. A three-valued fact is a nullable boolean.
"""

import sys
from pathlib import Path

import polars as pl
from plan_content import Told, scales
from polars import col, lit, when

FIRM = "enterprise_id"


def code(flag):
    return when(flag.is_null()).then(1).when(flag).then(2).otherwise(0).cast(pl.Int64)


def decoded(number):
    return when(number != 1).then(number == 2)


def share(part, total):
    return when((total > 0) & (part <= total)).then(part * 1000 // total)


class Ledgers:
    """The tables as scans, and of every enterprise whether it is covered and what it has."""

    def __init__(self, tables, enterprises, told):
        self.folder, self.told = Path(tables), told
        more = self.table("enterprises").select(
            FIRM, "place_id", "department_id", "trade_department_id", "home_division"
        )
        firms = pl.scan_parquet(enterprises).join(more, on=FIRM, how="left")
        held_in = when(col("coverage_state") != "out_of_scope").then(col("covered_by"))
        firms = firms.with_columns(coverage_state=held_in.otherwise(col("coverage_state")))
        state, form = col("coverage_state"), col("league_form")
        outside, told_state = state == "out_of_scope", state != "unknown"
        self.firms = firms.with_columns(
            covered=when(outside).then(form != "none").when(told_state).then(state.is_in(["own", "joint"])),
            own_league=when(outside).then(form == "own").when(told_state).then(state == "own"),
            has_party=col("party") != "none",
        ).select(
            FIRM, "coverage_state", "covered", "own_league", "has_party", "party", "union", "is_target",
            "member_margin", "league_members", "young_employees", "employees", "above_scale", "industry_code",
            "section", "sector", "city_code", "county_code", "park_id", "place_id", "department_id",
            "trade_department_id",
            "home_division", "longitude", "latitude", "location", "source",
        ).collect(engine="streaming").lazy()  # fmt: skip
        self.states = self.firms.select(FIRM, "covered")

    def table(self, name):
        return pl.scan_parquet(self.folder / f"{name}.parquet")

    def absent(self, kind):
        return lit(None if self.told.absent(kind) else False, pl.Boolean)

    def undescribed(self, field):
        """Ledgers that have columns, but not this one: there a blank is unknown."""
        columns = self.table("source_columns")
        having = columns.filter(col("field") == field).select("source")
        return columns.select("source").unique().join(having, on="source", how="anti").collect()["source"]


def covered_share(pairs, hub, ledgers, name):
    """Adds the covered share of the other firms of the hub, and their number as `size`."""
    known = col("covered").is_not_null().cast(pl.Int64)
    yes = col("covered").fill_null(False).cast(pl.Int64)
    counted = pairs.join(ledgers.states, on=FIRM, how="left").with_columns(known=known, yes=yes)
    sums = counted.group_by(hub).agg(all_known=col("known").sum(), all_yes=col("yes").sum(), size=pl.len())
    told = share(col("all_yes") - col("yes"), col("all_known") - col("known"))
    joined = counted.join(sums, on=hub, how="left").with_columns(told.alias(name))
    return joined.drop("covered", "known", "yes", "all_known", "all_yes")


def chosen(pairs, hub, merit):
    """For each enterprise the row of the greatest merit, of the lowest hub among equals."""
    packed = (merit.cast(pl.Int64) * 2**32) + (2**32 - 1 - col(hub).cast(pl.Int64))
    told = pairs.with_columns(merit=packed)
    best = told.group_by(FIRM).agg(col("merit").max())
    return told.join(best, on=[FIRM, "merit"], how="semi").drop("merit")


def first_in_ledger(table, *keys):
    placed = table.with_columns(at=(col("source").cast(pl.Int64) * 2**32) + col("row").cast(pl.Int64))
    first = placed.group_by(keys).agg(col("at").min())
    return placed.join(first, on=[*keys, "at"], how="semi").drop("at", "source", "row")


def own_facts(ledgers):
    margin, staff, young = col("member_margin"), col("employees"), col("young_employees")
    party = col("party")
    return ledgers.firms.filter(col("is_target")).with_columns(
        below_three=margin < 0,
        young_share=share(young, staff),
        trade_union=col("union"),
        party_organisation=col("has_party"),
        party_own=when(party != "none").then(party == "own"),
        youth_sector=when(col("sector").is_not_null()).then(True).when(col("industry_code").is_not_null()).then(False),
    )  # fmt: skip


def with_bodies(frame, ledgers):
    party = first_in_ledger(ledgers.table("party_organisations"), FIRM).select(
        FIRM, "party_members", party_superior=when(col("superior").is_not_null()).then(True)
    )
    union = first_in_ledger(ledgers.table("trade_unions"), FIRM).select(FIRM, "superior", "union_members")
    under = union.drop_nulls("superior").select(FIRM, "superior")
    shares = covered_share(under, "superior", ledgers, "union_covered_share")
    unions = union.join(shares.select(FIRM, "union_covered_share"), on=FIRM, how="left").select(
        FIRM, "union_members", "union_covered_share",
        union_superior=when(col("superior").is_not_null()).then(True), union_roster=lit(True),
    )  # fmt: skip
    held = ledgers.table("brand_programmes").drop_nulls("brand")
    brands = held.group_by(FIRM).agg(
        brand_holder=code(col("status") == "holder").max(),
        brand_count=col("brand").n_unique(),
        brand=lit(True),
    )
    joined = frame.join(party, on=FIRM, how="left").join(unions, on=FIRM, how="left")
    return joined.join(brands, on=FIRM, how="left").with_columns(
        col("union_roster").fill_null(ledgers.absent("trade_unions")),
        col("brand").fill_null(ledgers.absent("brand_programmes")),
        decoded(col("brand_holder")).alias("brand_holder"),
    )


def with_park(frame, ledgers):
    parks = ledgers.table("parks").select(
        "park_id", park_administration="administration", park_work_committee="work_committee",
        park_party="party", park_youth_home="youth_home",
    )  # fmt: skip
    inside = ledgers.firms.drop_nulls("park_id").select(FIRM, "park_id")
    shares = covered_share(inside, "park_id", ledgers, "park_covered_share").select(
        FIRM, "park_covered_share"
    )
    there = col("park_id").is_not_null()
    untold = col("source").is_in(ledgers.undescribed("park_id").implode())
    return (
        frame.join(parks, on="park_id", how="left")
        .join(shares, on=FIRM, how="left")
        .with_columns(in_park=when(there).then(True).when(~untold).then(False))
        .with_columns(park_party=when(there).then(col("park_party")).otherwise(col("in_park")))
    )


def with_association(frame, ledgers):
    told = ledgers.told
    hubs = ledgers.table("associations").select(
        "association_id", association_league="league_organisation", industry="industry"
    )
    pairs = ledgers.table("association_members").select(FIRM, "association_id").unique()
    shares = covered_share(pairs, "association_id", ledgers, "association_covered_share")
    known = shares.join(hubs, on="association_id", how="left")
    merit = code(col("association_league")) * 2000 + col("association_covered_share").fill_null(0)
    words = col("industry")
    says = {trade: words.str.contains_any(signs) for trade, signs in told.trades.items()}
    own = {trade: col("section" if len(trade) == 1 else "sector") == trade for trade in says}
    best = chosen(known, "association_id", merit).rename({"size": "association_size"}).drop("association_id")
    same = pl.any_horizontal(*((hit & own[trade]).fill_null(False) for trade, hit in says.items()))
    comparable = pl.any_horizontal(*says.values()).fill_null(False) & col("section").is_not_null()
    return (
        frame.join(best.with_columns(association_member=lit(True)), on=FIRM, how="left")
        .with_columns(
            col("association_member").fill_null(ledgers.absent("association_members")),
            association_trade=when(comparable).then(same),
        )
        .drop("industry")
    )


def with_society(frame, ledgers):
    pairs = (
        ledgers.table("society_members").group_by(FIRM, "society_id").agg(taking=code(col("appraisal")).max())
    )
    kind = col("kind").is_in(["young_entrepreneurs", "youth_chamber"])
    hubs = ledgers.table("societies").select("society_id", society_entrepreneurs=kind)
    known = covered_share(pairs, "society_id", ledgers, "society_covered_share")
    merit = col("taking") * 2000 + col("society_covered_share").fill_null(0)
    best = chosen(known.join(hubs, on="society_id", how="left"), "society_id", merit).select(
        FIRM, "society_entrepreneurs", "society_covered_share",
        society_appraisal=decoded(col("taking")), society_member=lit(True),
    )  # fmt: skip
    return frame.join(best, on=FIRM, how="left").with_columns(
        col("society_member").fill_null(ledgers.absent("society_members"))
    )


def with_department(frame, ledgers):
    hubs = ledgers.table("departments")
    named = col("department_id").is_not_null()
    untold = col("source").is_in(ledgers.undescribed("department_id").implode())
    facts = hubs.select(
        department="department_id", department_work_committee="work_committee",
        department_division="division_code",
    )  # fmt: skip
    return (
        frame.with_columns(
            department_named=when(named).then(True).when(~untold).then(False),
            department=when(named).then(col("department_id")).otherwise(col("trade_department_id")),
        )
        .join(facts, on="department", how="left")
        .with_columns(
            regulated=when(col("department").is_not_null())
            .then(True)
            .otherwise(ledgers.absent("government_agencies")),
            department_local=col("department_division") == col("county_code"),
        )
    )


def with_headquarters(frame, ledgers):
    pairs = first_in_ledger(ledgers.table("branch_offices"), FIRM, "headquarters_id")
    known = covered_share(pairs, "headquarters_id", ledgers, "sibling_covered_share")
    firms = ledgers.firms.select(
        FIRM, headquarters_league="own_league", headquarters_party="has_party", headquarters_city="city_code"
    )
    hubs = ledgers.table("headquarters").select(
        FIRM, "headquarters_id", headquarters_outside="outside_province"
    )
    hubs = hubs.join(firms, on=FIRM, how="left").drop(FIRM)
    merit = code(col("headquarters_league")) * 2000 + col("sibling_covered_share").fill_null(0)
    best = chosen(known.join(hubs, on="headquarters_id", how="left"), "headquarters_id", merit).select(
        FIRM, "headquarters_league", "headquarters_party", "headquarters_city", "headquarters_outside",
        "sibling_covered_share", branch_office=lit(True),
        direct_relation=col("relation").is_in(["branch", "chain_store"]),
    )  # fmt: skip
    same = col("headquarters_city") == col("city_code")
    return frame.join(best, on=FIRM, how="left").with_columns(
        col("branch_office").fill_null(ledgers.absent("branch_offices")),
        headquarters_same_city=when(col("headquarters_outside")).then(False).otherwise(same),
    )


def with_leader(frame, ledgers):
    pairs = first_in_ledger(ledgers.table("associated_enterprises"), FIRM, "leader_id")
    known = covered_share(pairs, "leader_id", ledgers, "associates_covered_share")
    firms = ledgers.firms.select(
        FIRM, leader_covered="covered", leader_county="county_code", leader_park="park_id"
    )
    leaders = ledgers.table("leaders").select(FIRM, "leader_id").join(firms, on=FIRM, how="left")
    upper = pairs.select(FIRM, "leader_id").join(leaders.drop(FIRM), on="leader_id", how="left")
    above = upper.group_by(FIRM).agg(above=code(col("leader_covered")).max())
    second = when(col("above").is_null()).then(False).otherwise(decoded(col("above")))
    hubs = (
        leaders.join(above, on=FIRM, how="left")
        .with_columns(second_leader_covered=second)
        .drop(FIRM, "above")
    )
    merit = code(col("leader_covered")) * 2000 + col("dependence").fill_null(0)
    best = chosen(known.join(hubs, on="leader_id", how="left"), "leader_id", merit).select(
        FIRM, "leader_covered", "second_leader_covered", "leader_county", "leader_park",
        "associates_covered_share", leader_dependence="dependence", associated=lit(True),
    )  # fmt: skip
    parkless = col("park_id").is_null() | col("leader_park").is_null()
    same_park = when(col("associated") & parkless).then(False).otherwise(col("leader_park") == col("park_id"))
    return frame.join(best, on=FIRM, how="left").with_columns(
        leader_same_county=col("leader_county") == col("county_code"),
        leader_same_park=same_park,
        associated=col("associated").fill_null(ledgers.absent("associated_enterprises")),
    )


def with_forces(frame, ledgers):
    names = ("part_time", "social_workers", "volunteers", "village_officials")
    table = ledgers.table("local_forces")
    people = pl.sum_horizontal(col(name).fill_null(0) for name in names)
    told = table.filter(pl.any_horizontal(col(name).is_not_null() for name in names))
    forces = told.group_by("division_code").agg(people=people.sum()).collect()
    committees = table.group_by("division_code").agg(outside=code(col("outside_committee")).max()).collect()
    joined = frame
    for level in ("county", "city"):
        counts = frame.group_by(f"{level}_code").agg(pl.len().cast(pl.Int64).alias(f"{level}_targets"))
        forces_there = forces.lazy().rename({"division_code": f"{level}_code", "people": f"{level}_people"})
        joined = joined.join(counts, on=f"{level}_code", how="left").join(
            forces_there, on=f"{level}_code", how="left"
        )
    home = col("home_division")
    joined = joined.with_columns(home_city=home.str.slice(0, 4) + "00")
    for key in ("home_division", "home_city"):
        there = committees.lazy().rename({"division_code": key, "outside": f"{key}_outside"})
        joined = joined.join(there, on=key, how="left")
    county = col("county_people").is_not_null()
    people = pl.coalesce("county_people", "city_people")
    targets = when(county).then(col("county_targets")).otherwise(col("city_targets"))
    outside = pl.max_horizontal("home_division_outside", "home_city_outside")
    known = when(outside.is_null()).then(ledgers.absent("local_forces")).otherwise(decoded(outside))
    native = ((home == col("county_code")) | (home == col("city_code"))).fill_null(False)
    return joined.with_columns(
        local_forces=people > 0,
        forces_per_hundred=people * 100 // targets,
        home_committee=when(home.is_not_null()).then(when(native).then(False).otherwise(known)),
    )


def with_neighbours(frame, ledgers):
    open_ = col("coverage_state").is_in(["uncovered", "youth_only", "unknown"])
    able = ledgers.firms.filter(open_ & (col("league_members") > 0)).select(
        "place_id", "longitude", "latitude", "location", id=FIRM, members="league_members"
    )
    housed = grouped(in_building(frame, able)).collect(engine="streaming").lazy()
    left = frame.filter(col("below_three").fill_null(True) & (col("location") == "given"))
    near = grouped(nearby(left.join(housed, on=FIRM, how="anti"), able, ledgers.told.radius))
    found = pl.concat([
        housed.with_columns(housed=lit(True)), near.with_columns(housed=lit(False))
    ])  # fmt: skip
    own = col("league_members").fill_null(0)
    total = own + col("members").list.sum()
    below = col("below_three").fill_null(True)
    there = (below & (total >= ledgers.told.threshold)).fill_null(False)
    placeless = col("place_id").is_null() & ~(col("location") == "given").fill_null(False)
    untold = below & (placeless | (col("league_members").is_null() & col("members").is_not_null()))
    joined = frame.join(found, on=FIRM, how="left").with_columns(
        joint_group=when(there).then(True).when(~untold).then(False),
        group_same_place=there & col("housed").fill_null(False),
        neighbour_distance=when(there & col("housed")).then(0).when(there).then(col("metres")),
    )
    return with_place(joined, ledgers)


def in_building(frame, able):
    inside = able.drop_nulls("place_id").select("place_id", "id", "members")
    rank = pl.struct(-col("members"), "id").rank("ordinal").over("place_id")
    few = inside.with_columns(order=rank.cast(pl.Int64)).filter(col("order") <= 4)
    asked = frame.drop_nulls("place_id").select(FIRM, "place_id")
    pairs = asked.join(few, on="place_id").filter(col(FIRM) != col("id"))
    return pairs.select(FIRM, "members", "order", metres=lit(0, pl.Int64))


def grouped(pairs):
    """The first three of each enterprise: their members and the distance to the first."""
    few = pairs.group_by(FIRM).agg(
        members=col("members").sort_by("order").head(3), metres=col("metres").sort_by("order").first()
    )
    return few.select(FIRM, "members", "metres")


def nearby(asked, able, radius):
    """Pairs within the radius, ordered by whole metres, then id; found in cells at least as wide."""
    given = able.filter(col("location") == "given")
    here, there = laid_out(asked.select(FIRM, "longitude", "latitude")), laid_out(given)
    height = radius * 10**9 // 11_057_427 + 1
    around = pl.DataFrame({"up": [-1, 0, 1]}).lazy()
    banded = here.join(around, how="cross").with_columns(band=col("north") // height + col("up")).drop("up")
    celled = columned(banded, radius, height).join(around, how="cross")
    celled = celled.with_columns(column=col("column") + col("up")).drop("up")
    cells = columned(there.with_columns(band=col("north") // height), radius, height)
    pairs = celled.join(cells, on=["band", "column"], suffix="_there").filter(col(FIRM) != col("id"))
    up, across = (
        (col(axis) - col(f"{axis}_there")).abs()
        * (col(f"{axis}_scale") + col(f"{axis}_scale_there"))
        // 2_000_000
        for axis in ("north", "east")
    )
    length = (up * up + across * across).cast(pl.Float64).sqrt()
    metres = (length / 1000 + 0.5).floor().cast(pl.Int64)
    apart = pairs.select(FIRM, "id", "members", metres=metres).filter(col("metres") <= radius)
    return apart.select(FIRM, "members", "metres", order=(col("metres") * 2**32) + col("id"))


def laid_out(frame):
    north_scale, east_scale = scales(col("latitude"))
    return frame.with_columns(
        north=(col("latitude") * 10_000_000 + 0.5).floor().cast(pl.Int64) + 900_000_000,
        east=(col("longitude") * 10_000_000 + 0.5).floor().cast(pl.Int64),
        north_scale=north_scale.floor().cast(pl.Int64),
        east_scale=east_scale.floor().cast(pl.Int64),
    ).drop("longitude", "latitude")


def columned(frame, radius, height):
    """Columns as wide as the radius at the end of the band where degrees are narrowest."""
    edges = [((col("band") + end) * height - 900_000_000).abs() for end in (0, 1)]
    narrowest = pl.max_horizontal(*edges).cast(pl.Float64) / 10_000_000
    width = radius * 10**9 // scales(narrowest)[1].floor().cast(pl.Int64) + 1
    return frame.with_columns(column=col("east") // width)


def with_place(frame, ledgers):
    counts = ledgers.firms.drop_nulls("place_id").group_by("place_id").agg(
        covered_there=col("covered").fill_null(False).sum(), untold_there=col("covered").is_null().sum()
    )  # fmt: skip
    covered = col("covered_there") > col("covered").fill_null(False).cast(pl.UInt32)
    untold = col("untold_there") > col("covered").is_null().cast(pl.UInt32)
    there = col("place_id").is_not_null()
    others = when(covered).then(True).when(~untold).then(False)
    return frame.join(counts, on="place_id", how="left").with_columns(
        in_place=there, place_covered=when(there).then(others).otherwise(False)
    )


def best_three(frame, told):
    keys = []
    for path in told.paths:
        score = lit(path["base"], pl.Int64)
        for fact, kind, weights in path["evidence"]:
            if kind == "flag":
                step = when(col(fact)).then(weights[2]).when(~col(fact)).then(weights[0]).otherwise(0)
            else:
                step = lit(0)
                for start, weight in weights:
                    step = when(col(fact) >= start).then(weight).otherwise(step)
            score = score + step.cast(pl.Int64)
        holds = lit(True)
        for facts, lenient in path["conditions"]:
            any_ = pl.any_horizontal(*(col(fact) for fact in facts))
            holds = holds & (any_.fill_null(True) if lenient else any_.fill_null(False))
        keys.append(when(holds).then((score + 10**9) * 16 + 15 - path["number"]).otherwise(0))
    sorted_ = frame.select(FIRM, keys=pl.concat_list(keys).list.sort(descending=True))
    places = {place: col("keys").list.get(place - 1) for place in (1, 2, 3)}
    return sorted_.select(
        FIRM,
        *(
            when(key > 0).then(15 - key % 16).otherwise(0).alias(f"path_{place}")
            for place, key in places.items()
        ),
        *(
            when(key > 0).then(key // 16 - 10**9).otherwise(0).alias(f"best_{place}")
            for place, key in places.items()
        ),
    )


STEPS = (
    with_bodies, with_park, with_association, with_society, with_department, with_headquarters, with_leader,
    with_forces, with_neighbours,
)  # fmt: skip


def main():
    tables, enterprises, file, out = sys.argv[1:]
    told = Told(file)
    ledgers = Ledgers(tables, enterprises, told)
    frame = own_facts(ledgers)
    for step in STEPS:
        frame = step(frame, ledgers)
    best_three(frame, told).sink_parquet(out, engine="streaming")


if __name__ == "__main__":
    main()
