"""Puts all facts of all targets into one frame: the evidence that the eleven paths are scored on."""

from __future__ import annotations

import narwhals as nw

from coverage_engine.coverage.frames import Lazy, kept, levelled
from coverage_engine.recommend.evidence.chains import with_headquarters, with_leader
from coverage_engine.recommend.evidence.circles import (
    with_association,
    with_department,
    with_park,
    with_society,
)
from coverage_engine.recommend.evidence.localities import with_forces, with_home
from coverage_engine.recommend.evidence.neighbours import with_neighbour_names, with_neighbours
from coverage_engine.recommend.evidence.own import own_facts, with_brands, with_party, with_union
from coverage_engine.recommend.evidence.surroundings import Surroundings
from coverage_engine.recommend.wording import NAMES

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


def fact_frame(around: Surroundings, wanted: nw.Expr) -> Lazy:
    """One row per wanted enterprise with every registered fact.

    Beside the facts: `name_*` for sentences, `at_*` and `id_*` for citations.
    """
    frame = levelled(with_neighbour_names(bare_facts(around, wanted), around))
    return _named(frame)


def bare_facts(around: Surroundings, wanted: nw.Expr) -> Lazy:
    """The same without what is only said of the neighbours; for ranking alone."""
    own = kept(own_facts(around, wanted))
    frame = levelled(with_party(own, around))
    frame = levelled(with_union(frame, around))
    frame = levelled(with_brands(frame, around))
    frame = levelled(with_park(frame, around))
    frame = levelled(with_association(frame, own, around))
    frame = levelled(with_society(frame, own, around))
    frame = levelled(with_department(frame, own, around))
    frame = levelled(with_headquarters(frame, own, around))
    frame = levelled(with_leader(frame, own, around))
    frame = levelled(with_forces(frame, around))
    frame = levelled(with_home(frame, around))
    return levelled(with_neighbours(frame, own, around))


def _named(frame: Lazy) -> Lazy:
    """Names never missing, and without the mark that separates reasons."""
    whole = frame.with_columns(*(nw.col(f"name_{name}").fill_null(words) for name, words in NAMELESS.items()))
    return whole.with_columns(
        *(nw.col(f"name_{name}").str.replace_all(";", "；", literal=True) for name in NAMES)
    )
