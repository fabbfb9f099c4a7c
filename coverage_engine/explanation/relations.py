"""The ties of one enterprise put into lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from coverage_engine.explanation.phrases import phrase
from coverage_engine.graph.ties import Ties

_NAMES_SHOWN = 5
_RELATIONS: dict[str, tuple[str, str]] = {
    "branch_office_of": ("总部", "Headquarters"),
    "associated_with": ("龙头企业", "Leader"),
    "in_park": ("所属园区", "Park"),
    "in_place": ("楼宇市场", "Building or market"),
    "regulated_by": ("主管部门", "Department"),
    "member_of": ("协会、社团", "Association, society"),
    "has_party_organisation": ("党组织", "Party organisation"),
    "has_union": ("工会", "Union"),
}
_SAID: dict[str, tuple[str, str]] = {
    "league_form": ("团组织", "League organisation"),
    "league_organisation": ("团组织", "League organisation"),
    "work_committee": ("团工委", "League work committee"),
    "party": ("党组织", "Party organisation"),
    "administration": ("管理机构", "administration"),
    "youth_home": ("青年之家", "youth home"),
    "outside_province": ("省外", "outside the province"),
    "superior": ("上级", "superior"),
    "union_members": ("会员数", "members"),
    "party_members": ("党员数", "members"),
    "dependence": ("依赖度", "dependence"),
    "appraisal": ("参加评选", "up for awards"),
}
_VALUES: dict[object, tuple[str, str]] = {
    True: ("有", "yes"),
    False: ("无", "no"),
    "own": ("单独", "own"),
    "joint": ("联合", "joint"),
    "dependent": ("依托", "dependent"),
    "none": ("无", "none"),
}
_COVERED = ("own", "joint")


def relation_lines(ties: Ties, states: Mapping[int, str], lang: str) -> list[str]:
    """One line for each tie of the enterprise, with what the ledgers say of the other end.

    `states` are the coverage states of the enterprises among its ties.
    """
    lines: list[str] = []
    for relation in _RELATIONS:
        for node, said in ties.out_of(ties.centre):
            if said["relation"] == relation:
                lines += _tie_lines(ties, (ties.centre, node), said, states, lang)
    lines += _near_lines(ties, states, lang)
    return lines or [phrase("no_relations", lang)]


def _tie_lines(
    ties: Ties, way: tuple[str, ...], edge: dict[str, Any], states: Mapping[int, str], lang: str
) -> list[str]:
    """The lines of the last node of `way`, which is how it was reached; leaders may lead each other."""
    node = way[-1]
    known = ties.nodes[node] | edge
    said = [
        f"{_word(names, lang)}{_value(key, known[key], lang)}" for key, names in _SAID.items() if key in known
    ]
    said_text = phrase("said", lang, said=phrase("comma", lang).join(said)) if said else ""
    name = known.get("name", "—")
    lines = [
        phrase(
            "relation", lang, relation=_word(_RELATIONS[edge["relation"]], lang), name=name, said=said_text
        )
    ]
    if edge["relation"] == "branch_office_of":
        around = [start for start, _ in ties.into(node) if start != ties.centre]
        total, covered = _counted(ties, around, states)
        lines += [phrase("others", lang, total=total, covered=covered)] if total else []
    if edge["relation"] == "associated_with":
        lines += [
            f"  {line}"
            for upper, upper_edge in ties.out_of(node)
            if upper not in way
            for line in _tie_lines(ties, (*way, upper), upper_edge, states, lang)
        ]
    return lines


def _near_lines(ties: Ties, states: Mapping[int, str], lang: str) -> list[str]:
    near = [start for start, said in ties.into(ties.centre) if said["relation"] == "near"]
    if not near:
        return []
    total, covered = _counted(ties, near, states)
    names = [ties.nodes[node]["name"] for node in near[:_NAMES_SHOWN]]
    return [phrase("near", lang, total=total, covered=covered, names=phrase("comma", lang).join(names))]


def _counted(ties: Ties, nodes: Iterable[str], states: Mapping[int, str]) -> tuple[int, int]:
    """Firms in all (with those not drawn) and how many of the drawn are covered."""
    known = [ties.nodes[node] for node in nodes]
    ids = {said["enterprise_id"] for said in known if said["kind"] == "enterprise"}
    hidden = sum(said["count"] for said in known if said["kind"] == "rest")
    return len(ids) + hidden, sum(states.get(each) in _COVERED for each in ids)


def _word(names: tuple[str, str], lang: str) -> str:
    return names[1] if lang == "en" else names[0]


def _value(key: str, value: object, lang: str) -> str:
    if key == "dependence" and isinstance(value, int):
        return f"{value // 10}%"
    words = _VALUES.get(value) if isinstance(value, bool | str) else None
    return (words[1] if lang == "en" else words[0]) if words else str(value)
