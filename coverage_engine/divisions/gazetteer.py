"""Every spelling of a place in Henan (code, name, short name, zone) with the codes it means.

Names and codes of the other edition and of replaced divisions are mapped to the edition asked for; where a
later division was made of several, all of them are given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from coverage_engine.divisions.table import (
    EDITIONS,
    JIYUAN,
    DivisionRow,
    code_changes,
    divisions,
    townships,
    zones,
)

Codes = tuple[str, ...]

_OLD_JIYUAN = frozenset({"410881", "412223", "419000"})
_PSEUDO_COUNTY = re.compile(r"pseudo-county (\d{6})")
_ETHNIC = "回族区"
_ZONE_FORMS: Mapping[str, Codes] = {
    "高新技术产业开发区": ("高新技术产业开发区", "高新技术开发区", "高新区", "高新开发区"),
    "高新技术产业集聚区": ("高新技术产业集聚区",),
    "经济技术开发区": ("经济技术开发区", "经济开发区", "经开区"),
    "航空港经济综合实验区": ("航空港经济综合实验区", "航空港实验区", "航空港区", "航空港", "港区"),
    "城乡一体化示范区": ("城乡一体化示范区", "一体化示范区", "示范区"),
    "经济开发区": ("经济开发区", "经开区"),
}


@dataclass(frozen=True)
class Zone:
    """功能区: a development zone beside the counties; `hosts` are the counties that are known to hold it."""

    name: str
    city_code: str
    hosts: Codes


@dataclass(frozen=True)
class Gazetteer:
    """All spellings of one edition; a name with several codes is ambiguous.

    `counties` and `short_counties` are by city; `zones` by city and spelling; `townships` by city and name.
    """

    rows: Mapping[str, DivisionRow]
    cities: Mapping[str, str]
    counties: Mapping[str, Mapping[str, Codes]]
    short_counties: Mapping[str, Mapping[str, Codes]]
    zones: Mapping[str, Mapping[str, Zone]]
    zone_codes: Mapping[str, Zone]
    townships: Mapping[str, Mapping[str, Codes]]
    codes: Mapping[str, Codes]

    def city_of(self, code: str) -> str:
        """The city of a county or city code; 济源 is its own."""
        row = self.rows[code]
        return code if row.level == "city" or code == JIYUAN else row.parent_code

    def full_name(self, code: str) -> str:
        """City and county in words, e.g. 郑州市金水区."""
        city = self.city_of(code)
        own = self.rows[code].name
        return own if code == city else self.rows[city].name + own


@cache
def gazetteer(edition: str) -> Gazetteer:
    """All spellings of one edition."""
    rows = {row.code: row for row in divisions(edition) if row.level != "province"}
    codes = _codes(edition)
    counties: dict[str, dict[str, Codes]] = {}
    shorts: dict[str, dict[str, Codes]] = {}
    for name, meant in _county_names(edition, codes):
        city = JIYUAN if JIYUAN in meant else rows[meant[0]].parent_code
        for spelling in (name, everyday_name(name)):
            counties.setdefault(city, {}).setdefault(spelling, meant)
        for short in _shorts(name):
            shorts.setdefault(city, {}).setdefault(short, meant)
    by_city, by_code = _zones(rows, codes)
    return Gazetteer(
        rows=rows,
        cities=_cities(edition),
        counties=counties,
        short_counties=shorts,
        zones=by_city,
        zone_codes=by_code,
        townships=_townships(codes),
        codes=codes,
    )


def everyday_name(name: str) -> str:
    """A county's name as people write it: 管城回族区 is 管城区, most are their own."""
    return f"{name.removesuffix(_ETHNIC)}区" if name.endswith(_ETHNIC) else name


# ---------------------------------------------------------------------------------------------- private


def _codes(edition: str) -> dict[str, Codes]:
    """What every known code means in the edition: itself, its successor, or its predecessors."""
    own = {row.code for row in divisions(edition)}
    meant: dict[str, Codes] = {code: (code,) for code in own}
    meant |= dict.fromkeys(_OLD_JIYUAN, (JIYUAN,))
    pairs = [(change.old_code, change.new_code) for change in code_changes()]
    for _ in range(len(pairs)):
        for old, new in pairs:
            if old not in meant and new in meant:
                meant[old] = meant[new]
    for new in {new for _, new in pairs} - meant.keys():
        meant[new] = tuple(sorted(old for old, successor in pairs if successor == new and old in own))
    return meant


def _county_names(edition: str, codes: Mapping[str, Codes]) -> list[tuple[str, Codes]]:
    """County names of the edition first, then those of other editions and replaced ones."""
    others = [other for other in EDITIONS if other != edition]
    named = [(row.name, row.code) for row in divisions(edition) if row.level == "county"]
    named += [(row.name, row.code) for other in others for row in divisions(other) if row.level == "county"]
    for change in code_changes():
        named += [(change.old_name, change.old_code), (change.new_name, change.new_code)]
    return [(name, codes[code]) for name, code in named if codes.get(code)]


def _cities(edition: str) -> dict[str, str]:
    cities = {row.name: row.code for row in divisions(edition) if row.level == "city"}
    return cities | {name.removesuffix("市"): code for name, code in cities.items()}


def _shorts(name: str) -> list[str]:
    """金水区 → 金水, 管城回族区 → 管城; two-character names have none."""
    bare = everyday_name(name)[:-1]
    return [bare] if len(bare) >= 2 else []


def _zones(
    rows: Mapping[str, DivisionRow], codes: Mapping[str, Codes]
) -> tuple[dict[str, dict[str, Zone]], dict[str, Zone]]:
    hosts: dict[tuple[str, str], set[str]] = {}
    for entry in zones():
        known = hosts.setdefault((entry["city_code"], entry["name"]), set())
        if entry["host_county_code"]:
            known.update(codes.get(entry["host_county_code"], ()))
    by_name = {key: Zone(key[1], key[0], tuple(sorted(known))) for key, known in hosts.items()}
    by_city: dict[str, dict[str, Zone]] = {}
    for (city, name), zone in by_name.items():
        for spelling in _zone_spellings(name, rows[city].name):
            by_city.setdefault(city, {}).setdefault(spelling, zone)
    pseudo = {
        code[1]: by_name[entry["city_code"], entry["name"]]
        for entry in zones()
        if (code := _PSEUDO_COUNTY.search(entry["level"]))
    }
    return by_city, pseudo


def _zone_spellings(name: str, city: str) -> list[str]:
    """The formal name, and without the city's name the usual short forms."""
    spellings = [name]
    for prefix in (f"河南{city}", f"河南{city[:-1]}", city, city[:-1]):
        rest = name.removeprefix(prefix)
        if rest != name and len(rest) >= 2:
            forms = _ZONE_FORMS.get(rest, (rest,))
            spellings += [owner + form for form in forms for owner in ("", city, city[:-1])]
            break
    return spellings


def _townships(codes: Mapping[str, Codes]) -> dict[str, dict[str, Codes]]:
    """Counties by city and township name; empty where only a zone holds the township."""
    rows: dict[str, dict[str, set[str]]] = {}
    for entry in townships():
        known = rows.setdefault(entry["city_code"], {}).setdefault(entry["name"], set())
        known.update(codes.get(entry["gb_county"], ()))
    return {
        city: {name: tuple(sorted(counties)) for name, counties in names.items()}
        for city, names in rows.items()
    }
