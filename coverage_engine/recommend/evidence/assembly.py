"""Puts all facts of all targets into one frame: the evidence that the paths are scored on."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from coverage_engine.frames.dialect import Lazy, in_memory, levelled
from coverage_engine.frames.joins import attach, with_tables
from coverage_engine.frames.lookups import looked_up_by
from coverage_engine.recommend.evidence.chains import (
    HEADQUARTERS,
    LEADER,
    headquarters_facts,
    leader_facts,
    with_chains,
)
from coverage_engine.recommend.evidence.circles import (
    ASSOCIATION,
    SOCIETY,
    association_facts,
    society_facts,
    with_association,
    with_department,
    with_park,
)
from coverage_engine.recommend.evidence.inputs import Surroundings, blanks_mean
from coverage_engine.recommend.evidence.localities import with_forces, with_home
from coverage_engine.recommend.evidence.neighbours import (
    GROUP,
    PLACE,
    group_facts,
    open_firms_of,
    place_facts,
    with_neighbour_names,
    with_neighbours,
)
from coverage_engine.recommend.evidence.own import (
    BRAND,
    LOCALITY,
    PARTY,
    UNION,
    brand_facts,
    own_facts,
    own_words,
    party_facts,
    union_facts,
    with_locality,
    with_superiors,
)
from coverage_engine.recommend.wording import NAMES

# The fact that says whether a relation is there at all, what it tells, and its ledger.
_RELATIONS = {
    "union_roster": (UNION, "trade_unions"),
    "brand": (BRAND, "brand_programmes"),
    "association_member": (ASSOCIATION, "association_members"),
    "society_member": (SOCIETY, "society_members"),
    "branch_office": (HEADQUARTERS, "branch_offices"),
    "associated": (LEADER, "associated_enterprises"),
}
# What a sentence says where no ledger gives the name.
NAMELESS = {
    "park": "所在园区",
    "place": "所在楼宇市场",
    "department": "行业主管部门",
    "association": "行业协会",
    "society": "团属社团",
    "headquarters": "企业总部",
    "leader": "龙头企业",
    "brand": "团的品牌",
    "home": "业主籍贯地",
    "neighbour": "邻近企业",
    "neighbours": "邻近企业",
}


def fact_frame(around: Surroundings) -> Lazy:
    """One row per wanted enterprise with every registered fact.

    Beside the facts: `name_*` for sentences, `at_*` and `id_*` for citations.
    """
    frame = bare_facts(around, *own_words())
    return _named(levelled(with_superiors(with_neighbour_names(frame, around))))


def bare_facts(around: Surroundings, *words: nw.Expr) -> Lazy:
    """The same without most names, for ranking alone; `words` are further columns of the enterprises."""
    own = levelled(_with_blanks(own_facts(around, *words), around))
    relations = (levelled(each if words else _bare(each)) for each in _related(own, around))
    return _completed(levelled(with_tables(_with_hubs(own, around), relations)), around)


def _related(own: Lazy, around: Surroundings) -> Iterator[Lazy]:
    """What each relation tells of the enterprises; the neighbours, who take most room, first."""
    open_firms = open_firms_of(around)
    places = in_memory(place_facts(own, open_firms, around))
    yield group_facts(own, places.filter(~nw.col("id_1").is_null()), open_firms, around)
    del open_firms
    yield places.select("enterprise_id", PLACE.name)
    for facts_of in (party_facts, union_facts, brand_facts, association_facts, society_facts):
        yield facts_of(around)
    yield headquarters_facts(around)
    yield leader_facts(around)


def _bare(relation: Lazy) -> Lazy:
    """What a relation tells, without what only sentences and citations say of it."""
    names = relation.collect_schema().names()
    return relation.select(name for name in names if not name.startswith(("name_", "at_", "id_")))


def _with_blanks(own: Lazy, around: Surroundings) -> Lazy:
    return blanks_mean(own, around, {"in_park": "park_id", "blank_department": "department_id"})


def _with_hubs(own: Lazy, around: Surroundings) -> Lazy:
    """Adds what park, department, county and home place tell."""
    frame = levelled(with_park(own, around))
    keys = {name: f"of_{name}" for name in LOCALITY}
    joined = looked_up_by(frame, locality_facts(own, around), keys)
    replaced = joined.drop("department_id", "trade_department_id", "blank_department")
    return levelled(replaced.rename({"chosen_department": "department_id"}))


def locality_facts(own: Lazy, around: Surroundings) -> Lazy:
    """What department, county and home place tell, once for all firms of one locality and trade.

    Its keys are the columns of `LOCALITY`, named `of_…`; `chosen_department` is the department that speaks.
    """
    alike = in_memory(with_locality(own.select(*LOCALITY).unique()))
    localities = levelled(with_department(alike, around))
    localities = levelled(with_home(levelled(with_forces(localities, around)), around))
    chosen = localities.rename({"department_id": "chosen_department"}).drop(*LOCALITY[:-3])
    keys = alike.select(
        nw.col("locality").alias("told"), *(nw.col(name).alias(f"of_{name}") for name in LOCALITY)
    )
    return in_memory(attach(chosen, keys, "locality", "told").drop("locality"))


def _completed(frame: Lazy, around: Surroundings) -> Lazy:
    """The packed facts told apart, and what follows from them and the firm's own together."""
    packed = (PARTY, UNION, BRAND, ASSOCIATION, SOCIETY, HEADQUARTERS, LEADER, PLACE, GROUP)
    related = {
        fact: nw.when(~nw.col(coding.name).is_null()).then(nw.lit(True)).otherwise(around.absent(ledger))
        for fact, (coding, ledger) in _RELATIONS.items()
    }
    facts = (fact for each in packed for fact in each.columns())
    whole = frame.with_columns(*facts, *(there.alias(fact) for fact, there in related.items()))
    whole = whole.drop(*(each.name for each in packed))
    return levelled(with_neighbours(with_chains(with_association(whole))))


def _named(frame: Lazy) -> Lazy:
    """Names never missing, and without the mark that separates reasons."""
    whole = frame.with_columns(*(nw.col(f"name_{name}").fill_null(words) for name, words in NAMELESS.items()))
    return whole.with_columns(
        *(nw.col(f"name_{name}").str.replace_all(";", "；", literal=True) for name in NAMES)
    )
