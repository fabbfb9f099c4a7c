"""Evidence, eleven scores and the best three paths of every target, written by hand as loops over a graph.

    python plan_networkx.py TABLES ENTERPRISES TOLD OUT

Every enterprise, park, association, society, headquarters, leader, union, building and department is a node
with its facts as attributes, every relation an edge. A three-valued fact is True, False or None.
"""

import math
import sys
from pathlib import Path

import networkx as nx
import pyarrow as pa
import pyarrow.parquet as pq
from plan_content import UNTOLD, Told, scales

HUBS = {
    "association": ("associations", "association_id"), "society": ("societies", "society_id"),
    "headquarters": ("headquarters", "headquarters_id"), "leader": ("leaders", "leader_id"),
    "park": ("parks", "park_id"), "department": ("departments", "department_id"),
}  # fmt: skip
CELL = 50_000


class Province:
    """The graph of a snapshot, with what is counted once a hub."""

    def __init__(self, tables, enterprises, told):
        self.folder, self.told, self.graph = Path(tables), told, nx.Graph()
        self.draw_firms(enterprises)
        for kind, (table, key) in HUBS.items():
            for row in self.rows(table):
                self.graph.add_node((kind, row[key]), **row)
        self.draw_relations()
        self.draw_bodies()
        self.targets = [firm for firm in self.firms if firm["is_target"]]
        self.counts = {}
        self.forces, self.committees = self.local_forces()
        self.untold = {key: self.undescribed(key) for key in ("park_id", "department_id")}
        self.per_division = {}
        for firm in self.targets:
            for code in {firm["county_code"], firm["city_code"]} - {None}:
                self.per_division[code] = self.per_division.get(code, 0) + 1
        self.housed, self.cells = self.able_neighbours()

    def rows(self, table):
        return pq.read_table(self.folder / f"{table}.parquet").to_pylist()

    def draw_firms(self, enterprises):
        more = {
            row["enterprise_id"]: row
            for row in pq.read_table(
                self.folder / "enterprises.parquet",
                columns=[
                    "enterprise_id",
                    "place_id",
                    "department_id",
                    "trade_department_id",
                    "home_division",
                ],
            ).to_pylist()
        }
        columns = [
            "enterprise_id", "coverage_state", "covered_by", "league_form", "party", "union", "is_target",
            "member_margin",
            "league_members", "young_employees", "employees", "above_scale", "industry_code", "section",
            "sector", "city_code", "county_code", "park_id", "longitude", "latitude", "location", "source",
        ]  # fmt: skip
        self.firms = pq.read_table(enterprises, columns=columns).to_pylist()
        for firm in self.firms:
            if firm["coverage_state"] != "out_of_scope":
                firm["coverage_state"] = firm["covered_by"]
            firm |= more[firm["enterprise_id"]] | standing(firm)
            node = ("firm", firm["enterprise_id"])
            self.graph.add_node(node, **firm)
            for kind in ("park", "place"):
                if firm[f"{kind}_id"] is not None:
                    self.graph.add_edge(node, (kind, firm[f"{kind}_id"]), kind=kind)

    def draw_relations(self):
        """Edges to hubs; of several rows of one pair the first in the ledgers counts, of awards any yes."""
        for table, kind in (
            ("branch_offices", "headquarters"), ("associated_enterprises", "leader"),
            ("association_members", "association"), ("society_members", "society"),
        ):  # fmt: skip
            key = HUBS[kind][1]
            for row in self.rows(table):
                ends, at = (("firm", row["enterprise_id"]), (kind, row[key])), (row["source"], row["row"])
                held = self.graph.get_edge_data(*ends)
                if kind == "society":
                    told = code(row["appraisal"])
                    self.graph.add_edge(*ends, kind=kind, told=max(told, held["told"]) if held else told)
                elif held is None or at < held["at"]:
                    said = row.get("relation"), row.get("dependence")
                    self.graph.add_edge(*ends, kind=kind, at=at, relation=said[0], dependence=said[1])

    def draw_bodies(self):
        """The first row of a Party organisation or union of each firm, and its brands."""
        for table, name in (("party_organisations", "party_row"), ("trade_unions", "union_row")):
            for row in self.rows(table):
                node = self.graph.nodes["firm", row["enterprise_id"]]
                held = node.get(name)
                if held is None or (row["source"], row["row"]) < (held["source"], held["row"]):
                    node[name] = row
        unions = [
            (node, ("union", said["union_row"]["superior"]))
            for node, said in self.graph.nodes(data=True)
            if "union_row" in said and said["union_row"]["superior"] is not None
        ]
        self.graph.add_edges_from(unions, kind="union")
        for row in self.rows("brand_programmes"):
            if row["brand"] is not None:
                brands = self.graph.nodes["firm", row["enterprise_id"]].setdefault("brands", {})
                held = code(None if row["status"] is None else row["status"] == "holder")
                brands[row["brand"]] = max(held, brands.get(row["brand"], 0))

    def local_forces(self):
        forces, committees = {}, {}
        names = ("part_time", "social_workers", "volunteers", "village_officials")
        for row in self.rows("local_forces"):
            place = row["division_code"]
            if any(row[name] is not None for name in names):
                forces[place] = forces.get(place, 0) + sum(row[name] or 0 for name in names)
            committees[place] = max(code(row["outside_committee"]), committees.get(place, 0))
        return forces, committees

    def undescribed(self, field):
        """Ledgers whose blanks are unknown: described, but without this column."""
        rows = self.rows("source_columns")
        return {row["source"] for row in rows} - {row["source"] for row in rows if row["field"] == field}

    def able_neighbours(self):
        """Uncovered firms with members: by building, most members first, and by cell of the map."""
        housed, cells = {}, {}
        for firm in self.firms:
            if firm["coverage_state"] not in ("uncovered", "youth_only", "unknown"):
                continue
            if not firm["league_members"] or firm["league_members"] < 0:
                continue
            if firm["place_id"] is not None:
                housed.setdefault(firm["place_id"], []).append(firm)
            if firm["location"] == "given":
                lay_out(firm)
                cells.setdefault((firm["north"] // CELL, firm["east"] // CELL), []).append(firm)
        for firms in housed.values():
            firms.sort(key=lambda firm: (-firm["league_members"], firm["enterprise_id"]))
        return housed, cells

    def count(self, hub):
        """Firms of a hub: all, those whose coverage is known, the covered."""
        if hub not in self.counts:
            states = [self.graph.nodes[node]["covered"] for node in self.graph[hub]]
            known = sum(state is not None for state in states)
            self.counts[hub] = len(states), known, sum(state is True for state in states)
        return self.counts[hub]

    def share(self, firm, hub):
        """Covered share of the other firms of a hub, in thousandths."""
        _, known, covered = self.count(hub)
        known -= firm["covered"] is not None
        covered -= firm["covered"] is True
        return covered * 1000 // known if known > 0 else None

    def hubs(self, firm, kind):
        node = "firm", firm["enterprise_id"]
        return [(other, edge) for other, edge in self.graph[node].items() if edge["kind"] == kind]

    def absent(self, ledger):
        return None if self.told.absent(ledger) else False


def standing(firm):
    state, form = firm["coverage_state"], firm["league_form"]
    party = firm["party"]
    has_party = None if party is None else party != "none"
    if state == "out_of_scope":
        told = (None, None) if form is None else (form != "none", form == "own")
    elif state == "unknown":
        told = None, None
    else:
        told = state in ("own", "joint"), state == "own"
    return {"covered": told[0], "own_league": told[1], "has_party": has_party}


def code(fact):
    return 1 if fact is None else 2 * bool(fact)


def decoded(number):
    return (False, None, True)[number]


def trades_in(words, told):
    return {trade for trade, signs in told.trades.items() if any(sign in words for sign in signs)}


def lay_out(firm):
    if "north" not in firm:
        firm["north"] = math.floor(firm["latitude"] * 10_000_000 + 0.5)
        firm["east"] = math.floor(firm["longitude"] * 10_000_000 + 0.5)
        firm["scales"] = [math.floor(scale) for scale in scales(firm["latitude"])]


def metres(one, other):
    up = abs(one["north"] - other["north"]) * (one["scales"][0] + other["scales"][0]) // 2_000_000
    across = abs(one["east"] - other["east"]) * (one["scales"][1] + other["scales"][1]) // 2_000_000
    return math.floor(math.sqrt(up * up + across * across) / 1000 + 0.5)


def own_facts(firm, province):
    margin, staff, young = firm["member_margin"], firm["employees"], firm["young_employees"]
    sound = young is not None and staff is not None and 0 < staff >= young
    party = firm.get("party_row")
    known = firm["sector"] is not None or firm["industry_code"] is not None
    return {
        "member_margin": margin, "below_three": None if margin is None else margin < 0,
        "young_share": young * 1000 // staff if sound else None,
        "above_scale": firm["above_scale"], "trade_union": firm["union"],
        "youth_sector": (firm["sector"] is not None) if known else None,
        "party_organisation": firm["has_party"],
        "party_own": firm["party"] == "own" if firm["has_party"] else None,
        "party_members": party["party_members"] if party else None,
        "party_superior": True if party and party["superior"] is not None else None,
    }  # fmt: skip


def union_facts(firm, province):
    row = firm.get("union_row")
    if row is None:
        return {"union_roster": province.absent("trade_unions")}
    told = row["superior"] is not None
    return {
        "union_roster": True, "union_superior": told or None, "union_members": row["union_members"],
        "union_covered_share": province.share(firm, ("union", row["superior"])) if told else None,
    }  # fmt: skip


def brand_facts(firm, province):
    brands = firm.get("brands")
    if not brands:
        return {"brand": province.absent("brand_programmes")}
    return {"brand": True, "brand_holder": decoded(max(brands.values())), "brand_count": len(brands)}


def park_facts(firm, province):
    if firm["park_id"] is None:
        blank = None if firm["source"] in province.untold["park_id"] else False
        return {"in_park": blank, "park_party": blank}
    park = province.graph.nodes["park", firm["park_id"]]
    names = ("administration", "work_committee", "party", "youth_home")
    return {
        "in_park": True, **{f"park_{name}": park.get(name) for name in names},
        "park_covered_share": province.share(firm, ("park", firm["park_id"])),
    }  # fmt: skip


def association_facts(firm, province):
    best = None
    for hub, _ in province.hubs(firm, "association"):
        league = province.graph.nodes[hub]["league_organisation"]
        share = province.share(firm, hub)
        merit = code(league) * 2000 + (share or 0), -hub[1]
        if best is None or merit > best[0]:
            best = merit, hub, league, share
    if best is None:
        return {"association_member": province.absent("association_members")}
    words, trade = province.graph.nodes[best[1]]["industry"], None
    if words is not None and firm["section"] is not None:
        trades = trades_in(words, province.told)
        trade = bool({firm["section"], firm["sector"]} & trades) if trades else None
    return {
        "association_member": True, "association_league": best[2], "association_covered_share": best[3],
        "association_size": province.count(best[1])[0], "association_trade": trade,
    }  # fmt: skip


def society_facts(firm, province):
    best = None
    for hub, edge in province.hubs(firm, "society"):
        share = province.share(firm, hub)
        merit = edge["told"] * 2000 + (share or 0), -hub[1]
        if best is None or merit > best[0]:
            best = merit, hub, edge["told"], share
    if best is None:
        return {"society_member": province.absent("society_members")}
    kind = province.graph.nodes[best[1]]["kind"]
    entrepreneurs = None if kind is None else kind in ("young_entrepreneurs", "youth_chamber")
    return {
        "society_member": True, "society_appraisal": decoded(best[2]),
        "society_entrepreneurs": entrepreneurs, "society_covered_share": best[3],
    }  # fmt: skip


def department_facts(firm, province):
    department = firm["department_id"]
    blank = None if firm["source"] in province.untold["department_id"] else False
    named = True if department is not None else blank
    if department is None:
        department = firm["trade_department_id"]
    if department is None:
        return {"department_named": named, "regulated": province.absent("government_agencies")}
    row = province.graph.nodes["department", department]
    told = row["division_code"] is not None and firm["county_code"] is not None
    return {
        "department_named": named, "regulated": True, "department_work_committee": row["work_committee"],
        "department_local": row["division_code"] == firm["county_code"] if told else None,
    }  # fmt: skip


def headquarters_facts(firm, province):
    best, nobody = None, {"own_league": None, "has_party": None, "city_code": None}
    for hub, edge in province.hubs(firm, "headquarters"):
        row = province.graph.nodes[hub]
        own = nobody if row["enterprise_id"] is None else province.graph.nodes["firm", row["enterprise_id"]]
        share = province.share(firm, hub)
        merit = code(own["own_league"]) * 2000 + (share or 0), -hub[1]
        if best is None or merit > best[0]:
            best = merit, row, own, share, edge["relation"]
    if best is None:
        return {"branch_office": province.absent("branch_offices")}
    _, row, own, share, relation = best
    told = own["city_code"] is not None and firm["city_code"] is not None
    same = own["city_code"] == firm["city_code"] if told else None
    return {
        "branch_office": True, "headquarters_league": own["own_league"],
        "headquarters_party": own["has_party"],
        "sibling_covered_share": share, "headquarters_outside": row["outside_province"],
        "direct_relation": None if relation is None else relation in ("branch", "chain_store"),
        "headquarters_same_city": False if row["outside_province"] else same,
    }  # fmt: skip


def leader_facts(firm, province):
    best, nobody = None, {"covered": None, "county_code": None, "park_id": None}
    for hub, edge in province.hubs(firm, "leader"):
        row = province.graph.nodes[hub]
        own = nobody if row["enterprise_id"] is None else province.graph.nodes["firm", row["enterprise_id"]]
        merit = code(own["covered"]) * 2000 + (edge["dependence"] or 0), -hub[1]
        if best is None or merit > best[0]:
            best = merit, hub, own, edge["dependence"], row["enterprise_id"]
    if best is None:
        return {"associated": province.absent("associated_enterprises")}
    _, hub, own, dependence, leader = best
    pairs = {
        name: (own[f"{name}_{end}"], firm[f"{name}_{end}"])
        for name, end in (("county", "code"), ("park", "id"))
    }
    same = {name: None if None in ends else ends[0] == ends[1] for name, ends in pairs.items()}
    return {
        "associated": True, "leader_covered": own["covered"], "leader_dependence": dependence,
        "second_leader_covered": second_leader(leader, province), "leader_same_county": same["county"],
        "leader_same_park": False if same["park"] is None else same["park"],
        "associates_covered_share": province.share(firm, hub),
    }  # fmt: skip


def second_leader(leader, province):
    """Whether a leader of the leader is covered; no where it has none."""
    above = 0
    if leader is not None:
        for hub, _ in province.hubs({"enterprise_id": leader}, "leader"):
            upper = province.graph.nodes[hub]["enterprise_id"]
            covered = None if upper is None else province.graph.nodes["firm", upper]["covered"]
            above = max(above, code(covered))
    return decoded(above)


def local_facts(firm, province):
    place = firm["county_code"] if firm["county_code"] in province.forces else firm["city_code"]
    people, home = province.forces.get(place), firm["home_division"]
    committee = None
    if home is not None:
        codes = [province.committees.get(key) for key in (home, f"{home[:4]}00")]
        known = [told for told in codes if told is not None]
        committee = decoded(max(known)) if known else province.absent("local_forces")
        if home in (firm["county_code"], firm["city_code"]):
            committee = False
    return {
        "local_forces": None if people is None else people > 0, "home_committee": committee,
        "forces_per_hundred": None if people is None else people * 100 // province.per_division[place],
    }  # fmt: skip


def neighbour_facts(firm, province):
    margin, own = firm["member_margin"], firm["league_members"]
    id_ = firm["enterprise_id"]
    group = [each for each in province.housed.get(firm["place_id"], ())[:4] if each["enterprise_id"] != id_][
        :3
    ]
    housed, given, distance = bool(group), firm["location"] == "given", None
    below = margin is None or margin < 0
    if below and given and not housed:
        near = nearest(firm, province)
        group, distance = [each for _, _, each in near], near[0][0] if near else None
    total, there = own or 0, False
    for each in group:
        total += each["league_members"]
        there = there or (below and total >= province.told.threshold)
    placeless, uncounted = firm["place_id"] is None and not given, own is None and bool(group)
    joint = True if there else None if below and (placeless or uncounted) else False
    return {
        "joint_group": joint, "group_same_place": there and housed,
        "neighbour_distance": (0 if housed else distance) if there else None,
        **place_facts(firm, province),
    }  # fmt: skip


def nearest(firm, province):
    """Distance, id and firm of the three nearest within the radius."""
    lay_out(firm)
    found, (north, east) = [], (firm["north"] // CELL, firm["east"] // CELL)
    rows = range(north - 1, north + 2)
    wide = 2 if firm["scales"][1] * CELL < province.told.radius * 10**9 else 1
    for cell in ((row, column) for row in rows for column in range(east - wide, east + wide + 1)):
        for other in province.cells.get(cell, ()):
            if other["enterprise_id"] != firm["enterprise_id"]:
                apart = metres(firm, other)
                if apart <= province.told.radius:
                    found.append((apart, other["enterprise_id"], other))
    return sorted(found, key=lambda each: each[:2])[:3]


def place_facts(firm, province):
    if firm["place_id"] is None:
        return {"in_place": False, "place_covered": False}
    size, known, covered = province.count(("place", firm["place_id"]))
    others = covered > (firm["covered"] is True)
    untold = size - known > (firm["covered"] is None)
    return {"in_place": True, "place_covered": True if others else None if untold else False}


FACTS = (
    own_facts, union_facts, brand_facts, park_facts, association_facts, society_facts, department_facts,
    headquarters_facts, leader_facts, local_facts, neighbour_facts,
)  # fmt: skip


def best_three(firm, province):
    facts = {}
    for step in FACTS:
        facts |= step(firm, province)
    keys = []
    for path in province.told.paths:
        if all(holds([facts.get(fact) for fact in any_], lenient) for any_, lenient in path["conditions"]):
            keys.append((score(path, facts), -path["number"]))
    keys = sorted(keys, reverse=True)[:3] + [(0, 0)] * 3
    return firm["enterprise_id"], *(-keys[at][1] for at in range(3)), *(keys[at][0] for at in range(3))


def holds(facts, lenient):
    return any(fact is True for fact in facts) or (lenient and any(fact is None for fact in facts))


def score(path, facts):
    total = path["base"]
    for fact, kind, weights in path["evidence"]:
        value = facts.get(fact)
        if kind == "flag":
            total += weights[code(value)]
        else:
            value = UNTOLD if value is None else value
            total += next((weight for start, weight in reversed(weights) if value >= start), 0)
    return total


def main():
    tables, enterprises, file, out = sys.argv[1:]
    province = Province(tables, enterprises, Told(file))
    nodes = province.graph.nodes
    rows = [best_three(nodes["firm", firm["enterprise_id"]], province) for firm in province.targets]
    names = ["enterprise_id", "path_1", "path_2", "path_3", "best_1", "best_2", "best_3"]
    pq.write_table(pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))), out)


if __name__ == "__main__":
    main()
