"""Evidence, eleven scores and the best three paths of every target, written by hand as SQL for DuckDB.

    python plan_duckdb.py TABLES ENTERPRISES TOLD OUT

A three-valued fact is a nullable boolean.
"""

import sys
from pathlib import Path

import duckdb
from plan_content import Told, scales

STANDING = """
create table firms as select f.*, e.place_id, e.department_id, e.trade_department_id, e.home_division,
  case when coverage_state = 'out_of_scope' then league_form <> 'none'
       when coverage_state <> 'unknown' then coverage_state in ('own', 'joint') end as covered,
  case when coverage_state = 'out_of_scope' then league_form = 'own'
       when coverage_state <> 'unknown' then coverage_state = 'own' end as own_league,
  party <> 'none' as has_party
from (select enterprise_id,
  case when coverage_state = 'out_of_scope' then coverage_state else covered_by end as coverage_state,
  league_form, party, "union", is_target, member_margin,
  league_members,
        young_employees, employees, above_scale, industry_code, section, sector, city_code,
          county_code, park_id,
        longitude, latitude, location, source from enterprises_in) f
join (select enterprise_id, place_id, department_id, trade_department_id, home_division
  from enterprises) e using (enterprise_id);
create macro code(flag) as case when flag is null then 1 when flag then 2 else 0 end;
create macro decoded(number) as case when number <> 1 then number = 2 end;
create macro share(part, total) as case when total > 0 and part <= total then part * 1000 // total end;
create table undescribed as
  select field, source from (select unnest(['park_id', 'department_id']) as field),
    (select distinct source from source_columns) s
  where not exists (select 1 from source_columns c where c.source = s.source and c.field = field);
"""

# The covered share of the other firms of a hub, beside each pair of {pairs}.
SHARES = """
select p.*, share(sum(code(covered) // 2) over w - code(covered) // 2,
    count(covered) over w - (covered is not null)::int) as covered_share, count(*) over w as size
from {pairs} p join (select enterprise_id, covered from firms) using (enterprise_id) window w as
  (partition by {hub})
"""

# For each enterprise the row of the greatest merit, of the lowest hub among equals.
CHOSEN = """
select unnest(max_by(t, merit * 4294967296 + 4294967295 - {hub}))
from (select *, {merit} as merit from ({rows})) t group by enterprise_id
"""

PARTS = {
    "party": """
select enterprise_id, nullif(arg_min(coalesce(party_members, -1), spot), -1) as party_members,
  case when arg_min(coalesce(superior, ''), spot) <> '' then true end as party_superior
from (select *, source * 4294967296 + "row" as spot from party_organisations) group by enterprise_id""",
    "union_first": """
select enterprise_id, nullif(arg_min(coalesce(superior, ''), spot), '') as superior,
  arg_min(coalesce(union_members, -1), spot) as union_members
from (select *, source * 4294967296 + "row" as spot from trade_unions) group by enterprise_id""",
    "unions": """
select enterprise_id, true as union_roster, case when superior is not null then true end as union_superior,
  case when union_members >= 0 then union_members end as union_members,
  case when superior is not null then covered_share end as union_covered_share
from ({unions_shared})""",
    "brands": """
select enterprise_id, true as brand, count(distinct brand) as brand_count,
  decoded(max(code(status = 'holder'))) as brand_holder
from brand_programmes where brand is not null group by enterprise_id""",
    "in_parks": "select enterprise_id, park_id from firms where park_id is not null",
    "park_facts": """
select enterprise_id, administration as park_administration, work_committee as park_work_committee,
  party as park_party, youth_home as park_youth_home, covered_share as park_covered_share
from ({parks_shared}) left join (select park_id, administration, work_committee, party, youth_home
  from parks) using (park_id)""",
    "association_pairs": "select distinct enterprise_id, association_id from association_members",
    "association_facts": """
select enterprise_id, true as association_member, league_organisation as association_league,
  size as association_size, covered_share as association_covered_share, industry
from ({associations_chosen})""",
    "society_pairs": """
select enterprise_id, society_id, max(code(appraisal)) as taking from society_members group by all""",
    "society_facts": """
select enterprise_id, true as society_member, decoded(taking) as society_appraisal,
  kind in ('young_entrepreneurs', 'youth_chamber') as society_entrepreneurs, covered_share as
    society_covered_share
from ({societies_chosen})""",
    "headquarters_pairs": """
select enterprise_id, headquarters_id, nullif(arg_min(coalesce(relation, ''), source * 4294967296 +
  "row"), '') as relation
from branch_offices group by all""",
    "headquarters_facts": """
select enterprise_id, true as branch_office, own_league as headquarters_league, has_party as
  headquarters_party,
  covered_share as sibling_covered_share, outside_province as headquarters_outside,
  relation in ('branch', 'chain_store') as direct_relation, hub_city
from ({headquarters_chosen})""",
    "leader_pairs": """
select enterprise_id, leader_id, arg_min(coalesce(dependence, -1), source * 4294967296 + "row") as dependence
from associated_enterprises group by all""",
    "leader_hubs": """
select leader_id, l.enterprise_id as leader_firm, covered as leader_covered, county_code as leader_county,
  park_id as leader_park from leaders l left join firms f on f.enterprise_id = l.enterprise_id""",
    "leaders_known": """
select h.*, case when above is null then false else decoded(above) end as second_leader_covered
from leader_hubs h left join (
  select enterprise_id, max(code(leader_covered)) as above from leader_pairs join leader_hubs using
    (leader_id)
  group by enterprise_id) u on u.enterprise_id = h.leader_firm""",
    "leader_facts": """
select enterprise_id, true as associated, leader_covered, second_leader_covered, leader_county, leader_park,
  case when dependence >= 0 then dependence end as leader_dependence, covered_share as
    associates_covered_share
from ({leaders_chosen})""",
    "forces": """
select division_code as place, sum(coalesce(part_time, 0) + coalesce(social_workers, 0) +
  coalesce(volunteers, 0)
  + coalesce(village_officials, 0))::bigint as people
from local_forces where coalesce(part_time, social_workers, volunteers, village_officials) is not
  null group by all""",
    "committees": """
select division_code as place, max(code(outside_committee)) as outside from local_forces group by all""",
    "counties": "select county_code as place, count(*) as targets from firms where is_target group by all",
    "cities": "select city_code as place, count(*) as targets from firms where is_target group by all",
    "local_facts": """
select enterprise_id, people > 0 as local_forces, people * 100 // targets as forces_per_hundred,
  case when home_division is null then null
       when coalesce(home_division in (county_code, city_code), false) then false
       when outside is null then {local_forces} else decoded(outside) end as home_committee
from (
  select enterprise_id, home_division, county_code, city_code, greatest(h.outside, c.outside) as outside,
    coalesce(here.people, around.people) as people,
    case when here.people is null then cities.targets else counties.targets end as targets
  from firms f
  left join forces here on here.place = f.county_code left join forces around on around.place = f.city_code
  left join counties on counties.place = f.county_code left join cities on cities.place = f.city_code
  left join committees h on h.place = home_division
  left join committees c on c.place = home_division[:4] || '00'
  where is_target)""",
    "able": """
select enterprise_id as id, league_members as members, place_id, longitude, latitude, location from firms
where coverage_state in ('uncovered', 'youth_only', 'unknown') and league_members > 0""",
    "housed": """
select enterprise_id, count(*) as found, sum(members) as total, 0 as metres, true as housed from (
  select f.enterprise_id, few.members from firms f join (
    select *, row_number() over (partition by place_id order by members desc, id) as spot from able
    where place_id is not null qualify spot <= 4) few using (place_id)
  where f.is_target and few.id <> f.enterprise_id
  qualify row_number() over (partition by f.enterprise_id order by few.spot) <= 3)
group by enterprise_id""",
    "here": """
select *, {width} as width from (
  select enterprise_id, {laid_out}, north // {height} + up as band
  from firms f, (select unnest([-1, 0, 1]) as up)
  where is_target and location = 'given' and (member_margin is null or member_margin < 0)
    and not exists (select 1 from housed h where h.enterprise_id = f.enterprise_id))""",
    "there": """
select *, {width} as width from (
  select id, members, {laid_out}, north // {height} as band from able where location = 'given')""",
    "near": """
select enterprise_id, count(*) as found, sum(members) as total, min(metres) as metres, false as housed from (
  select *, floor(sqrt((up * up + across * across)::double) / 1000 + 0.5)::bigint as metres from (
    select h.enterprise_id, t.id, t.members,
      abs(h.north - t.north) * (h.north_scale + t.north_scale) // 2000000 as up,
      abs(h.east - t.east) * (h.east_scale + t.east_scale) // 2000000 as across
    from (select *, east // width + side as spot from here, (select unnest([-1, 0, 1]) as side)) h
    join (select *, east // width as spot from there) t on h.band = t.band and h.spot = t.spot
    where h.enterprise_id <> t.id)
  where metres <= {radius}
  qualify row_number() over (partition by enterprise_id order by metres, id) <= 3)
group by enterprise_id""",
    "groups": "select * from housed union all by name select * from near",
    "places_counted": """
select place_id, count(*) filter (covered) as covered_there, count(*) filter (covered is null) as untold_there
from firms where place_id is not null group by place_id""",
    "neighbour_facts": """
select enterprise_id, place_id is not null as in_place, reached and coalesce(housed, false) as
  group_same_place,
  case when reached then true
       when below and ((place_id is null and not given) or (league_members is null and found > 0)) then null
       else false end as joint_group,
  case when reached then metres end as neighbour_distance,
  case when place_id is null then false when covered_there > coalesce(covered, false)::int then true
       when untold_there > (covered is null)::int then null else false end as place_covered
from (
  select f.*, g.*, coalesce(location = 'given', false) as given, coalesce(member_margin < 0, true) as below,
    coalesce(coalesce(member_margin < 0, true) and coalesce(league_members, 0) + total >=
      {threshold}, false) as reached
  from firms f left join (select * rename (enterprise_id as grouped) from groups) g on grouped = enterprise_id
  where is_target)
left join places_counted using (place_id)""",
    "association_told": """
select a.*, case when trades is not null and section is not null
  then list_contains(trades, section) or coalesce(list_contains(trades, sector), false) end as
    association_trade
from association_facts a join (select enterprise_id, section, sector from firms) using (enterprise_id)
left join (select industry, list(distinct trade) as trades
  from (select distinct industry from associations) join said on contains(industry, sign) group by industry)
using (industry)""",
    "facts": """
select f.enterprise_id, f.member_margin, f.member_margin < 0 as below_three,
  share(young_employees, employees) as young_share, above_scale, "union" as trade_union,
  has_party as party_organisation, case when party <> 'none' then party = 'own' end as party_own,
  case when f.sector is not null then true when industry_code is not null then false end as youth_sector,
  party_members, party_superior, coalesce(union_roster, {trade_unions}) as union_roster, union_superior,
  union_members, union_covered_share, coalesce(brand, {brand_programmes}) as brand, brand_count, brand_holder,
  park_administration, park_work_committee, park_youth_home, park_covered_share,
  case when park_id is not null then true when not park_untold then false end as in_park,
  case when park_id is not null then park_party when not park_untold then false end as park_party,
  coalesce(association_member, {association_members}) as association_member, association_league,
  association_size, association_covered_share, association_trade,
  coalesce(society_member, {society_members}) as society_member, society_appraisal, society_entrepreneurs,
  society_covered_share,
  case when f.department_id is not null then true when not department_untold then false end as
    department_named,
  case when coalesce(f.department_id, trade_department_id) is null then {government_agencies} else true
    end as regulated,
  work_committee as department_work_committee, d.division_code = f.county_code as department_local,
  coalesce(branch_office, {branch_offices}) as branch_office, headquarters_league, headquarters_party,
  sibling_covered_share, headquarters_outside, direct_relation,
  case when headquarters_outside then false else hub_city = f.city_code end as headquarters_same_city,
  coalesce(associated, {associated_enterprises}) as associated, leader_covered, leader_dependence,
  second_leader_covered, associates_covered_share, leader_county = f.county_code as leader_same_county,
  case when associated and (park_id is null or leader_park is null) then false
       else leader_park = park_id end as leader_same_park,
  local_forces, forces_per_hundred, home_committee,
  joint_group, group_same_place, neighbour_distance, in_place, place_covered
from (select *, source in (select source from undescribed where field = 'park_id') as park_untold,
        source in (select source from undescribed where field = 'department_id') as department_untold
      from firms where is_target) f
left join party using (enterprise_id) left join unions using (enterprise_id) left join brands using
  (enterprise_id)
left join park_facts using (enterprise_id) left join association_told using (enterprise_id)
left join society_facts using (enterprise_id)
left join departments d on d.department_id = coalesce(f.department_id, trade_department_id)
left join headquarters_facts using (enterprise_id) left join leader_facts using (enterprise_id)
join local_facts using (enterprise_id) join neighbour_facts using (enterprise_id)""",
}

LEDGERS = (
    "enterprises", "parks", "headquarters", "branch_offices", "leaders", "associated_enterprises",
    "associations", "association_members", "societies", "society_members", "trade_unions",
    "party_organisations", "departments",
    "local_forces", "brand_programmes", "source_columns",
)  # fmt: skip


class Scale:
    """An SQL expression that the series of the ellipsoid can be written over."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text

    def __repr__(self):
        return self.text


for _name, _sign in (("mul", "*"), ("add", "+"), ("sub", "-")):

    def _left(self, other, sign=_sign):
        return Scale(f"({self} {sign} {_number(other)})")

    def _right(self, other, sign=_sign):
        return Scale(f"({_number(other)} {sign} {self})")

    setattr(Scale, f"__{_name}__", _left)
    setattr(Scale, f"__r{_name}__", _right)


def _number(value):
    # As a double: a decimal literal would be summed exactly, and other engines do not.
    return value if isinstance(value, Scale) else f"{value!r}::double"


def whole_scales(latitude):
    """Macros would be written out nine times over at every step; a column of its own holds the cosine."""
    return [f"floor({scale})::bigint" for scale in scales(Scale(latitude))]


def words(told):
    """The texts that the statements are filled with."""
    absent = {
        kind: "null::boolean" if told.absent(kind) else "false"
        for kind in (
            "trade_unions", "brand_programmes", "association_members", "society_members",
            "government_agencies", "branch_offices", "associated_enterprises", "local_forces",
        )
    }  # fmt: skip
    north, east = whole_scales("latitude")
    height = told.radius * 10**9 // 11_057_427 + 1
    ends = [f"abs((band + {end}) * {height} - 900000000)" for end in (0, 1)]
    edge = f"(greatest({', '.join(ends)})::double / 10000000)"
    laid_out = f"""floor(latitude * 10000000 + 0.5)::bigint + 900000000 as north,
      floor(longitude * 10000000 + 0.5)::bigint as east, {north} as north_scale, {east} as east_scale"""
    return absent | {
        "laid_out": laid_out, "height": height, "radius": told.radius, "threshold": told.threshold,
        "width": f"{told.radius * 10**9}::bigint // {whole_scales(edge)[1]} + 1",
    }  # fmt: skip


def shared(pairs, hub):
    return SHARES.format(pairs=pairs, hub=hub)


def chosen(rows, hub, merit):
    return CHOSEN.format(rows=rows, hub=hub, merit=merit)


def best_of_pairs():
    """Pairs with what is known of the hub, the best of each enterprise."""
    share = "coalesce(covered_share, 0)"
    associations = shared("association_pairs", "association_id")
    societies = shared("society_pairs", "society_id")
    leaders = shared("leader_pairs", "leader_id")
    headquarters = shared("headquarters_pairs", "headquarters_id")
    hubs = """select headquarters_id, outside_province, own_league, has_party, city_code as hub_city
      from headquarters h left join firms f on f.enterprise_id = h.enterprise_id"""
    return {
        "unions_shared": shared("union_first", "superior"),
        "parks_shared": shared("in_parks", "park_id"),
        "associations_chosen": chosen(
            f"select s.*, league_organisation, industry from ({associations}) s left join associations "
            "using (association_id)", "association_id", f"(code(league_organisation) * 2000 + {share})",
        ),
        "societies_chosen": chosen(
            f"select s.*, kind from ({societies}) s left join societies using (society_id)", "society_id",
            f"(taking * 2000 + {share})",
        ),
        "headquarters_chosen": chosen(
            f"select * from ({headquarters}) left join ({hubs}) using (headquarters_id)", "headquarters_id",
            f"(code(own_league) * 2000 + {share})",
        ),
        "leaders_chosen": chosen(
            f"select * from ({leaders}) left join leaders_known using (leader_id)", "leader_id",
            "(code(leader_covered) * 2000 + greatest(dependence, 0))",
        ),
    }  # fmt: skip


def ranking(told):
    """The last statement: scores, keys, the best three."""
    keys = []
    for path in told.paths:
        steps = []
        for fact, kind, weights in path["evidence"]:
            if kind == "flag":
                steps.append(
                    f"case when {fact} then {weights[2]} when not {fact} then {weights[0]} else 0 end"
                )
            else:
                cases = " ".join(
                    f"when {fact} >= {start} then {weight}" for start, weight in reversed(weights)
                )
                steps.append(f"case {cases} else 0 end")
        lenient = {True: "true", False: "false"}
        holds = " and ".join(
            f"coalesce({' or '.join(any_)}, {lenient[told_]})" for any_, told_ in path["conditions"]
        )
        score = " + ".join([f"{path['base'] + 10**9}::bigint", *steps])
        keys.append(f"case when {holds} then ({score}) * 16 + {15 - path['number']} else 0 end")
    columns = [
        *(f"case when k[{at}] > 0 then 15 - k[{at}] % 16 else 0 end as path_{at}" for at in (1, 2, 3)),
        *(
            f"case when k[{at}] > 0 then k[{at}] // 16 - 1000000000 else 0 end as best_{at}"
            for at in (1, 2, 3)
        ),
    ]
    listed = f"list_sort([{', '.join(keys)}], 'DESC')"
    return f"select enterprise_id, {', '.join(columns)} from (select enterprise_id, {listed} as k from facts)"


def main():
    tables, enterprises, file, out = sys.argv[1:]
    told = Told(file)
    connection = duckdb.connect()
    for name in LEDGERS:
        connection.execute(f"create view {name} as select * from '{Path(tables, name)}.parquet'")
    connection.execute(f"create view enterprises_in as select * from '{enterprises}'")
    connection.execute(STANDING)
    connection.execute("create table said (trade varchar, sign varchar)")
    signs = [(trade, sign) for trade, signs in told.trades.items() for sign in signs]
    connection.executemany("insert into said values (?, ?)", signs)
    filled = words(told) | best_of_pairs()
    for name, statement in PARTS.items():
        connection.execute(f"create table {name} as {statement.format(**filled)}")
    connection.execute(f"copy ({ranking(told)}) to '{out}' (format parquet)")


if __name__ == "__main__":
    main()
