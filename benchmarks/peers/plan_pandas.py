"""Evidence, eleven scores and the best three paths of every target, written by hand in pandas and NumPy.

    python plan_pandas.py TABLES ENTERPRISES TOLD OUT

TABLES is a folder of Parquet files of a snapshot, ENTERPRISES the judged enterprises, TOLD a JSON file with
the kinds handed in and the line of members. A three-valued fact is a code: 0 no, 1 unknown, 2 yes.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from plan_content import UNTOLD, Told, scales
from scipy.spatial import cKDTree

UNKNOWN = 1


def flag(series):
    """A nullable flag as a code."""
    return series.astype("boolean").map({True: 2, False: 0}).fillna(1).to_numpy(np.int64)


def three(yes, known):
    return np.where(known, np.where(yes, 2, 0), 1).astype(np.int64)


def whole(series):
    """Nullable integers, with `UNTOLD` for the unknown."""
    return series.fillna(UNTOLD).to_numpy(np.int64)


def share(part, total):
    sound = (total > 0) & (part <= total)
    return np.where(sound, part * 1000 // np.maximum(total, 1), UNTOLD)


class Ledgers:
    """The tables, and of every enterprise whether it is covered and which bodies it has."""

    def __init__(self, tables, enterprises, told):
        self.folder, self.told = Path(tables), told
        columns = [
            "enterprise_id", "coverage_state", "covered_by", "league_form", "party", "union", "is_target",
            "member_margin",
            "league_members", "young_employees", "employees", "above_scale", "industry_code", "section",
            "sector", "city_code", "county_code", "park_id", "longitude", "latitude", "location", "source",
        ]  # fmt: skip
        firms = pd.read_parquet(enterprises, columns=columns)
        more = self.table(
            "enterprises",
            "enterprise_id",
            "place_id",
            "department_id",
            "trade_department_id",
            "home_division",
        )
        self.firms = firms.merge(more, on="enterprise_id", how="left")
        outside = self.firms["coverage_state"] == "out_of_scope"
        self.firms["coverage_state"] = self.firms["coverage_state"].where(outside, self.firms["covered_by"])
        state, form = self.firms["coverage_state"], self.firms["league_form"]
        outside, claimed = (state == "out_of_scope").to_numpy(), form.notna().to_numpy()
        known = np.where(outside, claimed, (state != "unknown").to_numpy())
        self.firms["covered"] = three(
            np.where(outside, (form != "none").to_numpy(), state.isin(["own", "joint"]).to_numpy()), known
        )
        self.firms["own_league"] = three(
            np.where(outside, (form == "own").to_numpy(), (state == "own").to_numpy()), known
        )
        party = self.firms["party"]
        self.firms["has_party"] = three((party != "none").to_numpy(), party.notna().to_numpy())
        size = int(self.firms["enterprise_id"].max()) + 1
        self.covered = np.full(size, UNKNOWN, np.int64)
        self.covered[self.firms["enterprise_id"].to_numpy()] = self.firms["covered"].to_numpy()

    def table(self, name, *columns):
        return pd.read_parquet(self.folder / f"{name}.parquet", columns=list(columns))

    def described(self, field):
        """For each ledger whether a blank of the field is unknown: it has columns, but not this one."""
        columns = self.table("source_columns", "source", "field")
        return set(columns["source"]) - set(columns.loc[columns["field"] == field, "source"])


def covered_share(pairs, hub, ledgers):
    """Share and number: covered others of the same hub among those that are known, and all."""
    covered = ledgers.covered[pairs["enterprise_id"].to_numpy()]
    known, yes = (covered != UNKNOWN).astype(np.int64), (covered == 2).astype(np.int64)
    at, _ = pd.factorize(pairs[hub])
    all_known, all_yes = np.bincount(at, known).astype(np.int64), np.bincount(at, yes).astype(np.int64)
    return share(all_yes[at] - yes, all_known[at] - known), np.bincount(at)[at]


def chosen(pairs, hub, merit):
    """For each enterprise the row of the greatest merit, of the lowest hub among equals."""
    order = np.lexsort((pairs[hub].to_numpy(), -merit, pairs["enterprise_id"].to_numpy()))
    return pairs.iloc[order].drop_duplicates("enterprise_id")


def first_in_ledger(table, keys):
    return table.sort_values(["source", "row"], kind="stable").drop_duplicates(keys)


def onto(frame, rows, codes=(), numbers=()):
    """Joins facts by enterprise: missing codes unknown, missing numbers untold; tells who was found."""
    at = pd.Index(rows["enterprise_id"]).get_indexer(frame["enterprise_id"])
    found = at >= 0
    for names, nothing in ((codes, UNKNOWN), (numbers, UNTOLD)):
        for name in names:
            frame[name] = np.where(found, rows[name].to_numpy()[at], nothing)
    return found


def own_facts(firms):
    frame = firms[firms["is_target"].fillna(False).astype(bool)].reset_index(drop=True)
    frame["margin"] = whole(frame["member_margin"])
    told = frame["member_margin"].notna().to_numpy()
    frame["below_three"] = three(frame["margin"].to_numpy() < 0, told)
    frame["member_margin"] = frame["margin"]
    counted = frame["young_employees"].notna() & frame["employees"].notna()
    young, staff = frame["young_employees"].fillna(0), frame["employees"].fillna(0)
    shares = share(young.to_numpy(np.int64), staff.to_numpy(np.int64))
    frame["young_share"] = np.where(counted, shares, UNTOLD)
    frame["above_scale"] = flag(frame["above_scale"])
    frame["trade_union"] = flag(frame["union"])
    frame["party_organisation"] = frame["has_party"]
    own = (frame["party"] == "own").to_numpy()
    frame["party_own"] = np.where(frame["has_party"] == 2, np.where(own, 2, 0), 1)
    known = frame["sector"].notna() | frame["industry_code"].notna()
    frame["youth_sector"] = three(frame["sector"].notna().to_numpy(), known.to_numpy())
    return frame


def add_party(frame, ledgers):
    table = ledgers.table(
        "party_organisations", "enterprise_id", "party_members", "superior", "source", "row"
    )
    rows = first_in_ledger(table, "enterprise_id")
    rows["party_superior"] = np.where(rows["superior"].notna(), 2, 1)
    rows["party_members"] = whole(rows["party_members"])
    onto(frame, rows, ["party_superior"], ["party_members"])


def add_union(frame, ledgers):
    table = ledgers.table("trade_unions", "enterprise_id", "union_members", "superior", "source", "row")
    rows = first_in_ledger(table, "enterprise_id").reset_index(drop=True)
    rows["union_superior"] = np.where(rows["superior"].notna(), 2, 1)
    rows["union_members"] = whole(rows["union_members"])
    under = rows[rows["superior"].notna()]
    rows["union_covered_share"] = UNTOLD
    rows.loc[under.index, "union_covered_share"] = covered_share(under, "superior", ledgers)[0]
    found = onto(frame, rows, ["union_superior"], ["union_members", "union_covered_share"])
    frame["union_roster"] = np.where(found, 2, ledgers.told.absent("trade_unions"))


def add_brands(frame, ledgers):
    table = ledgers.table("brand_programmes", "enterprise_id", "brand", "status").dropna(subset="brand")
    table["brand_holder"] = three(
        (table["status"] == "holder").to_numpy(), table["status"].notna().to_numpy()
    )
    rows = (
        table.groupby("enterprise_id")
        .agg(brand_holder=("brand_holder", "max"), brand_count=("brand", "nunique"))
        .reset_index()
    )
    found = onto(frame, rows, ["brand_holder"], ["brand_count"])
    frame["brand"] = np.where(found, 2, ledgers.told.absent("brand_programmes"))


def add_park(frame, ledgers):
    names = ["administration", "work_committee", "party", "youth_home"]
    parks = ledgers.table("parks", "park_id", *names).set_index("park_id")
    at = parks.index.get_indexer(frame["park_id"].fillna(-1).astype("int64"))
    there = frame["park_id"].notna().to_numpy()
    for name in names:
        codes = flag(parks[name])
        frame[f"park_{name}"] = np.where(there & (at >= 0), codes[at], UNKNOWN)
    untold = frame["source"].isin(ledgers.described("park_id")).to_numpy()
    frame["in_park"] = np.where(there, 2, np.where(untold, UNKNOWN, 0))
    frame["park_party"] = np.where(there, frame["park_party"], frame["in_park"])
    inside = ledgers.firms.loc[ledgers.firms["park_id"].notna(), ["enterprise_id", "park_id"]].copy()
    inside["park_covered_share"] = covered_share(inside, "park_id", ledgers)[0]
    onto(frame, inside, numbers=["park_covered_share"])


def add_association(frame, ledgers):
    pairs = ledgers.table("association_members", "enterprise_id", "association_id").drop_duplicates()
    hubs = ledgers.table("associations", "association_id", "industry", "league_organisation")
    hubs["association_league"] = flag(hubs["league_organisation"])
    pairs["association_covered_share"], pairs["association_size"] = covered_share(
        pairs, "association_id", ledgers
    )
    pairs = pairs.merge(hubs, on="association_id", how="left")
    merit = pairs["association_league"] * 2000 + pairs["association_covered_share"].clip(lower=0)
    best = chosen(pairs, "association_id", merit.to_numpy())
    numbers = ["association_size", "association_covered_share"]
    found = onto(frame, best, ["association_league"], numbers)
    frame["association_member"] = np.where(found, 2, ledgers.told.absent("association_members"))
    words = best.set_index("enterprise_id")["industry"].reindex(frame["enterprise_id"]).reset_index(drop=True)
    kinds = {word: said_trades(word, ledgers.told) for word in words.dropna().unique()}
    said = words.map(kinds, na_action="ignore")
    frame["association_trade"] = [
        1 if not isinstance(trades, frozenset) or not trades or pd.isna(section)
        else 2 if section in trades or sector in trades else 0
        for trades, section, sector in zip(said, frame["section"], frame["sector"], strict=True)
    ]  # fmt: skip


def said_trades(words, told):
    return frozenset(trade for trade, signs in told.trades.items() if any(sign in words for sign in signs))


def add_society(frame, ledgers):
    table = ledgers.table("society_members", "enterprise_id", "society_id", "appraisal")
    table["society_appraisal"] = flag(table["appraisal"])
    pairs = table.groupby(["enterprise_id", "society_id"], as_index=False)["society_appraisal"].max()
    pairs["society_covered_share"] = covered_share(pairs, "society_id", ledgers)[0]
    hubs = ledgers.table("societies", "society_id", "kind")
    entrepreneurs = hubs["kind"].isin(["young_entrepreneurs", "youth_chamber"]).to_numpy()
    hubs["society_entrepreneurs"] = three(entrepreneurs, hubs["kind"].notna().to_numpy())
    pairs = pairs.merge(hubs, on="society_id", how="left")
    merit = pairs["society_appraisal"] * 2000 + pairs["society_covered_share"].clip(lower=0)
    best = chosen(pairs, "society_id", merit.to_numpy())
    found = onto(frame, best, ["society_appraisal", "society_entrepreneurs"], ["society_covered_share"])
    frame["society_member"] = np.where(found, 2, ledgers.told.absent("society_members"))


def add_department(frame, ledgers):
    hubs = ledgers.table("departments", "department_id", "division_code", "sectors", "work_committee")
    hubs["committee"] = flag(hubs["work_committee"])
    named = frame["department_id"].notna().to_numpy()
    matched = frame["trade_department_id"].to_numpy(float, na_value=np.nan)
    department = np.where(named, frame["department_id"].to_numpy(float, na_value=np.nan), matched)
    at = pd.Index(hubs["department_id"].astype(float)).get_indexer(department)
    at = np.where(np.isnan(department), -1, at)
    frame["department_work_committee"] = np.where(at >= 0, hubs["committee"].to_numpy()[at], UNKNOWN)
    there = ~np.isnan(department)
    frame["regulated"] = np.where(there, 2, ledgers.told.absent("government_agencies"))
    untold = frame["source"].isin(ledgers.described("department_id")).to_numpy()
    frame["department_named"] = np.where(named, 2, np.where(untold, UNKNOWN, 0))
    division = hubs["division_code"].to_numpy(object)[at]
    told = (at >= 0) & pd.notna(division) & frame["county_code"].notna().to_numpy()
    same = division == frame["county_code"].to_numpy(object)
    frame["department_local"] = np.where(told, np.where(same, 2, 0), UNKNOWN)


def add_headquarters(frame, ledgers):
    table = ledgers.table("branch_offices", "enterprise_id", "headquarters_id", "relation", "source", "row")
    pairs = first_in_ledger(table, ["enterprise_id", "headquarters_id"]).reset_index(drop=True)
    pairs["sibling_covered_share"] = covered_share(pairs, "headquarters_id", ledgers)[0]
    hubs = ledgers.table("headquarters", "headquarters_id", "enterprise_id", "outside_province")
    firms = ledgers.firms[["enterprise_id", "own_league", "has_party", "city_code"]]
    hubs = hubs.merge(firms, on="enterprise_id", how="left").drop(columns="enterprise_id")
    hubs["headquarters_league"] = hubs["own_league"].fillna(UNKNOWN).astype(np.int64)
    hubs["headquarters_party"] = hubs["has_party"].fillna(UNKNOWN).astype(np.int64)
    hubs["headquarters_outside"] = flag(hubs["outside_province"])
    pairs = pairs.merge(hubs, on="headquarters_id", how="left")
    merit = pairs["headquarters_league"] * 2000 + pairs["sibling_covered_share"].clip(lower=0)
    best = chosen(pairs, "headquarters_id", merit.to_numpy())
    direct = best["relation"].isin(["branch", "chain_store"]).to_numpy()
    best["direct_relation"] = three(direct, best["relation"].notna().to_numpy())
    codes = ["headquarters_league", "headquarters_party", "headquarters_outside", "direct_relation"]
    found = onto(frame, best, codes, ["sibling_covered_share"])
    frame["branch_office"] = np.where(found, 2, ledgers.told.absent("branch_offices"))
    city = best.set_index("enterprise_id")["city_code"].reindex(frame["enterprise_id"]).reset_index(drop=True)
    told = (city.notna() & frame["city_code"].notna()).to_numpy()
    same = three((city == frame["city_code"]).to_numpy(), told)
    frame["headquarters_same_city"] = np.where(frame["headquarters_outside"] == 2, 0, same)


def add_leader(frame, ledgers):
    columns = ["enterprise_id", "leader_id", "dependence", "source", "row"]
    pairs = first_in_ledger(ledgers.table("associated_enterprises", *columns), columns[:2])
    pairs = pairs.reset_index(drop=True)
    pairs["associates_covered_share"] = covered_share(pairs, "leader_id", ledgers)[0]
    firms = ledgers.firms[["enterprise_id", "covered", "county_code", "park_id"]]
    hubs = ledgers.table("leaders", "leader_id", "enterprise_id").merge(firms, on="enterprise_id", how="left")
    hubs["leader_covered"] = hubs["covered"].fillna(UNKNOWN).astype(np.int64)
    upper = pairs[["enterprise_id", "leader_id"]].merge(hubs[["leader_id", "leader_covered"]], how="left")
    above = upper.groupby("enterprise_id")["leader_covered"].max()
    second = above.reindex(hubs["enterprise_id"]).fillna(0).to_numpy(np.int64)
    hubs["second_leader_covered"] = second
    pairs = pairs.merge(hubs.drop(columns="enterprise_id"), on="leader_id", how="left")
    pairs["leader_dependence"] = whole(pairs["dependence"])
    merit = pairs["leader_covered"] * 2000 + pairs["leader_dependence"].clip(lower=0)
    best = chosen(pairs, "leader_id", merit.to_numpy())
    numbers = ["leader_dependence", "associates_covered_share"]
    found = onto(frame, best, ["leader_covered", "second_leader_covered"], numbers)
    frame["associated"] = np.where(found, 2, ledgers.told.absent("associated_enterprises"))
    at = best.set_index("enterprise_id")[["county_code", "park_id"]].reindex(frame["enterprise_id"])
    for name, own in (("county", "county_code"), ("park", "park_id")):
        there, here = at[own].reset_index(drop=True), frame[own]
        told = (there.notna() & here.notna()).to_numpy()
        frame[f"leader_same_{name}"] = three((there == here).fillna(False).to_numpy(bool), told)
    parkless = (at["park_id"].reset_index(drop=True).isna() | frame["park_id"].isna()).to_numpy()
    frame["leader_same_park"] = np.where(found & parkless, 0, frame["leader_same_park"])


def add_forces(frame, ledgers):
    names = ["part_time", "social_workers", "volunteers", "village_officials"]
    table = ledgers.table("local_forces", "division_code", "outside_committee", *names)
    told = table[table[names].notna().any(axis=1)]
    people = told[names].fillna(0).sum(axis=1).groupby(told["division_code"]).sum()
    county = frame["county_code"].map(people)
    by_county = county.notna().to_numpy()
    forces = np.where(by_county, county, frame["city_code"].map(people)).astype(float)
    targets = [frame[key].map(frame[key].value_counts()) for key in ("county_code", "city_code")]
    there = np.nan_to_num(np.where(by_county, targets[0], targets[1]).astype(float), nan=1.0)
    known = ~np.isnan(forces)
    filled = np.nan_to_num(forces).astype(np.int64)
    frame["local_forces"] = three(filled > 0, known)
    frame["forces_per_hundred"] = np.where(
        known, filled * 100 // np.maximum(there, 1).astype(np.int64), UNTOLD
    )
    committees = pd.Series(flag(table["outside_committee"]), table["division_code"]).groupby(level=0).max()
    home = frame["home_division"]
    codes = pd.concat([home.map(committees), (home.str[:4] + "00").map(committees)], axis=1).max(axis=1)
    known = np.where(codes.isna(), ledgers.told.absent("local_forces"), codes.fillna(0))
    native = ((home == frame["county_code"]) | (home == frame["city_code"])).fillna(False).to_numpy(bool)
    frame["home_committee"] = np.where(home.isna(), UNKNOWN, np.where(native, 0, known))


def add_neighbours(frame, ledgers):
    firms = ledgers.firms
    open_ = firms["coverage_state"].isin(["uncovered", "youth_only", "unknown"])
    columns = ["enterprise_id", "league_members", "place_id", "longitude", "latitude", "location"]
    able = firms.loc[open_ & (firms["league_members"].fillna(0) > 0), columns]
    ids, members = housed_neighbours(frame, able)
    housed = ids[:, 0] >= 0
    asking = (frame["margin"] < 0) & (frame["location"] == "given").fillna(False).astype(bool) & ~housed
    near = np.flatnonzero(asking.to_numpy())
    distance = np.full(len(frame), UNTOLD)
    ids[near], members[near], distance[near] = nearest(frame.iloc[near], able, ledgers.told.radius)
    own = frame["league_members"].fillna(0).to_numpy(np.int64)
    sums = own[:, None] + np.cumsum(np.where(ids >= 0, members, 0), axis=1)
    enough = (ids >= 0) & (sums >= ledgers.told.threshold)
    below = (frame["below_three"] >= 1).to_numpy()
    there = below & enough.any(axis=1)
    given = (frame["location"] == "given").fillna(False).to_numpy(bool)
    placeless = frame["place_id"].isna().to_numpy() & ~given
    uncounted = frame["league_members"].isna().to_numpy() & (ids[:, 0] >= 0)
    frame["joint_group"] = np.where(there, 2, np.where(below & (placeless | uncounted), 1, 0))
    frame["group_same_place"] = np.where(there & housed, 2, 0)
    frame["neighbour_distance"] = np.where(there, np.where(housed, 0, distance), UNTOLD)
    add_place(frame, ledgers)


def housed_neighbours(frame, able):
    """Of the firms of the same building the three of most members, lowest id first, but never itself."""
    inside = able[able["place_id"].notna()].sort_values(
        ["place_id", "league_members", "enterprise_id"], ascending=[True, False, True]
    )
    inside = inside[inside.groupby("place_id").cumcount() < 4]
    pairs = frame.reset_index()[["index", "enterprise_id", "place_id"]].dropna(subset="place_id")
    pairs = pairs.merge(inside, on="place_id", suffixes=("", "_there"))
    pairs = pairs[pairs["enterprise_id"] != pairs["enterprise_id_there"]]
    slot = pairs.groupby("index").cumcount().to_numpy()
    ids, members = np.full((len(frame), 3), -1), np.zeros((len(frame), 3), np.int64)
    few = slot < 3
    at = pairs["index"].to_numpy()[few], slot[few]
    ids[at] = pairs["enterprise_id_there"].to_numpy()[few]
    members[at] = pairs["league_members"].to_numpy(np.int64)[few]
    return ids, members


def nearest(asked, able, radius):
    """The three nearest firms within the radius by whole metres, lowest id first among equals."""
    there = able[(able["location"] == "given").fillna(False).astype(bool)]
    tree, here = cKDTree(on_the_globe(there)), on_the_globe(asked)
    points = laid_out(there), there["enterprise_id"].to_numpy(np.int64), there["league_members"].to_numpy()
    ids, members = np.full((len(asked), 3), -1), np.zeros((len(asked), 3), np.int64)
    distance = np.full(len(asked), UNTOLD)
    own, centre = asked["enterprise_id"].to_numpy(np.int64), laid_out(asked)
    left, count = np.arange(len(asked)), 8
    while len(left):
        found = tree.query(here[left], k=min(count, len(there)), distance_upper_bound=radius + 2.0)[1]
        lacking = found >= len(there)
        at = np.where(lacking, 0, found)
        metres = metres_between([each[left][:, None] for each in centre], [each[at] for each in points[0]])
        other = points[1][at]
        out = lacking | (other == own[left][:, None]) | (metres > radius)
        key = np.where(out, 2**62, metres * 2**32 + other)
        order = np.argsort(key, axis=1)[:, :3]
        best = np.take_along_axis(key, order, axis=1)
        # Sure when everything within the radius was seen, or what was not lies farther than the third.
        sure = lacking[:, -1] | (metres[:, -1] > best[:, -1] // 2**32 + 2)
        told, rows = left[sure], np.flatnonzero(sure)
        held = best[rows] < 2**62
        ids[told] = np.where(held, best[rows] % 2**32, -1)
        slots = np.take_along_axis(at[rows], order[rows], axis=1)
        members[told] = np.where(held, points[2][slots], 0)
        distance[told] = np.where(held[:, 0], best[rows, 0] // 2**32, UNTOLD)
        left, count = left[~sure], count * 4
    return ids, members, distance


def on_the_globe(frame):
    """Cartesian metres on the ellipsoid, for the search alone."""
    latitude, longitude = np.radians(frame["latitude"].to_numpy()), np.radians(frame["longitude"].to_numpy())
    normal = 6378137.0 / np.sqrt(1 - 0.00669437999014 * np.sin(latitude) ** 2)
    return np.column_stack([
        normal * np.cos(latitude) * np.cos(longitude), normal * np.cos(latitude) * np.sin(longitude),
        normal * 0.99330562000986 * np.sin(latitude),
    ])  # fmt: skip


def laid_out(frame):
    """Units north and east, and nanometres to a unit of each."""
    latitude = frame["latitude"].to_numpy()
    units = [
        np.floor(frame[name].to_numpy() * 10_000_000 + 0.5).astype(np.int64)
        for name in ("latitude", "longitude")
    ]
    return *units, *(np.floor(scale).astype(np.int64) for scale in scales(latitude))


def metres_between(here, there):
    millimetres = [
        np.abs(here[axis] - there[axis]) * (here[axis + 2] + there[axis + 2]) // 2_000_000 for axis in (0, 1)
    ]
    squares = (millimetres[0] * millimetres[0] + millimetres[1] * millimetres[1]).astype(np.float64)
    return np.floor(np.sqrt(squares) / 1000 + 0.5).astype(np.int64)


def add_place(frame, ledgers):
    """Whether the firm lies in a building or market, and whether another firm of it is covered."""
    firms = ledgers.firms[ledgers.firms["place_id"].notna()]
    counts = [
        (firms["covered"] == code).groupby(firms["place_id"]).sum().reindex(frame["place_id"]).to_numpy(float)
        for code in (2, 1)
    ]
    covered, untold = (
        np.nan_to_num(count) > (frame["covered"] == code).to_numpy()
        for count, code in zip(counts, (2, 1), strict=True)
    )
    there = frame["place_id"].notna().to_numpy()
    frame["in_place"] = np.where(there, 2, 0)
    frame["place_covered"] = np.where(there, np.where(covered, 2, np.where(untold, 1, 0)), 0)


def best_three(frame, told):
    keys = np.empty((len(told.paths), len(frame)), np.int64)
    for row, path in enumerate(told.paths):
        score = np.full(len(frame), path["base"], np.int64)
        for fact, kind, weights in path["evidence"]:
            values = frame[fact].to_numpy(np.int64)
            if kind == "flag":
                score += np.array(weights)[values]
            else:
                starts = [start for start, _ in weights]
                score += np.array([0, *(weight for _, weight in weights)])[
                    np.searchsorted(starts, values, "right")
                ]
        holds = np.full(len(frame), 2, np.int64)
        for facts, lenient in path["conditions"]:
            any_ = np.max([frame[fact].to_numpy(np.int64) for fact in facts], axis=0)
            holds = np.minimum(holds, np.where(any_ == 1, 2, any_) if lenient else any_)
        keys[row] = np.where(holds == 2, (score + 10**9) * 16 + 15 - path["number"], 0)
    best = -np.sort(-keys, axis=0)[:3]
    out = pd.DataFrame({"enterprise_id": frame["enterprise_id"]})
    for place in range(3):
        out[f"path_{place + 1}"] = np.where(best[place] > 0, 15 - best[place] % 16, 0)
    for place in range(3):
        out[f"best_{place + 1}"] = np.where(best[place] > 0, best[place] // 16 - 10**9, 0)
    return out


STEPS = (
    add_party, add_union, add_brands, add_park, add_association, add_society, add_department,
    add_headquarters, add_leader, add_forces, add_neighbours,
)  # fmt: skip


def facts(tables, enterprises, told):
    ledgers = Ledgers(tables, enterprises, told)
    frame = own_facts(ledgers.firms)
    for step in STEPS:
        step(frame, ledgers)
    return frame


def main():
    tables, enterprises, file, out = sys.argv[1:]
    told = Told(file)
    best_three(facts(tables, enterprises, told), told).to_parquet(out, index=False)


if __name__ == "__main__":
    main()
