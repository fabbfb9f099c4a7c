"""Place names, codes and addresses to divisions of one edition; never a wrong county silently.

A place that may mean several counties is told with its candidates; a place of which only the city is sure
gives the city.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from coverage_engine.content import checked_content
from coverage_engine.divisions.gazetteer import Codes, Gazetteer, Zone, everyday_name, gazetteer
from coverage_engine.divisions.outside_shape import OutsideFile
from coverage_engine.divisions.table import JIYUAN

Value = TypeVar("Value")

_SEPARATORS = re.compile(r"[\s,，、/\\\-—_·>.。;；:：|]+")
_LEADING_CODE = re.compile(r"(\d{6})(?:\d{3}|\d{6})?(?!\d)")
_FLOAT_TAIL = re.compile(r"(?<=\d)\.0+$")
_LOOKS_LIKE_COUNTY = re.compile(r"^[^\d]{1,8}?[县区市旗]")
_COUNTY_ENDS = ("县", "区", "市", "旗")
_CITY_ITSELF = frozenset({"", "市辖区", "市区", "市本级", "市直", "本级", "城区", "全市", "市", "直属"})
_PROVINCES = ("河南省", "河南")
_LONGEST_NAME = 16


@dataclass(frozen=True)
class Place:
    """A resolved place: county code where it is sure, else the city's.

    `problem` is null, or unknown | ambiguous | outside | province_only (then there is no code), or
    county_unknown (the city is sure, what follows it is not understood). `candidates` are names for the
    planner; `evidence` is the span of text that decided; `mapped` tells that the name or code is of another
    edition.
    """

    code: str | None
    city_code: str | None = None
    county_code: str | None = None
    problem: str | None = None
    candidates: tuple[str, ...] = ()
    evidence: str = ""
    zone: str | None = None
    mapped: bool = False


class Resolver:
    """Resolves texts in one edition (`2019-05` or `2024`)."""

    def __init__(self, edition: str) -> None:
        self._known: Gazetteer = gazetteer(edition)

    def resolve(self, text: str) -> Place:
        """The place that a code or a name such as 郑州市金水区, 金水区, 金水, 郑州航空港区 stands for."""
        plain = _plain(text)
        if place := _LEADING_CODE.match(plain):
            return self._by_code(place[1])
        rest = _without_province(plain)
        if not rest and plain:
            return Place(None, problem="province_only", evidence=plain)
        if city := _longest(self._known.cities, rest):
            return self._in_city(city[1], rest, city[0])
        return self._without_city(rest)

    def resolve_address(self, address: str, city_code: str) -> Place | None:
        """The county that a free address in a known city tells by county, zone or township, or null."""
        rest = _without_province(_plain(address))
        if (city := _longest(self._known.cities, rest)) and not _longest(
            self._known.counties.get(city_code, {}), rest
        ):
            if city[1] != city_code:
                return None
            rest = rest[len(city[0]) :]
        place = self._part_of_city(city_code, rest)
        return place if place and place.county_code else None

    def place_of_address(self, address: str) -> Place | None:
        """The city, or city and county, with which a free address begins; null where it names neither fully.

        商丘路 begins with a city's name and names a street: a city without 市 counts only before its county.
        """
        rest = _without_province(_plain(address))
        if city := _longest(self._known.cities, rest):
            below = rest[len(city[0]) :]
            county = _longest(self._known.counties.get(city[1], {}), below)
            if city[0].endswith("市") or (county and county[0][-1] in _COUNTY_ENDS):
                return self._address_in(city[1], below)
        counties = [
            hit for hit in _longest_in_all(self._known.counties.values(), rest) if hit[0][-1] in _COUNTY_ENDS
        ]
        if counties and counties[0][0] not in _doubled_names():
            return self._one_of(_merged(counties), counties[0][0], mapped=self._renamed(counties[0]))
        return (
            Place(None, problem="outside", evidence=rest) if rest.startswith(_elsewhere_in_full()) else None
        )

    def full_name(self, code: str) -> str:
        """City and county in words, e.g. 郑州市金水区."""
        return self._known.full_name(code)

    # -- codes

    def _by_code(self, code: str) -> Place:
        if zone := self._known.zone_codes.get(code):
            return self._zone(zone, code)
        meant = self._known.codes.get(code)
        if meant == ("410000",):
            return Place(None, problem="province_only", evidence=code)
        if meant:
            return self._one_of(meant, code, mapped=meant != (code,))
        if not code.startswith("41"):
            return Place(None, problem="outside", evidence=code)
        city = f"{code[:4]}00"
        if code.endswith("01") and city in self._known.rows:
            return self._city(city, code)
        candidates = (self._known.full_name(city),) if city in self._known.rows else ()
        return Place(None, problem="unknown", candidates=candidates, evidence=code)

    # -- names

    def _in_city(self, city: str, text: str, evidence: str) -> Place:
        """`text` begins with the city; a longer county or zone name (安阳县, 郑州高新区) goes first."""
        longer = _longest(self._known.counties.get(city, {}), text)
        if longer and len(longer[0]) > len(evidence):
            return self._one_of(longer[1], longer[0], mapped=self._renamed(longer))
        zone = _longest(self._known.zones.get(city, {}), text)
        if zone and len(zone[0]) > len(evidence):
            return self._zone(zone[1], zone[0])
        rest = text[len(evidence) :]
        if city == JIYUAN or rest in _CITY_ITSELF:
            return self._city(city, evidence)
        if part := self._part_of_city(city, rest):
            return part
        if rest.startswith("济源"):
            return self._city(JIYUAN, rest[:2])
        return self._not_in_city(city, rest)

    def _part_of_city(self, city: str, rest: str) -> Place | None:
        if county := _longest(self._known.counties.get(city, {}), rest):
            return self._one_of(county[1], county[0], mapped=self._renamed(county))
        if zone := _longest(self._known.zones.get(city, {}), rest):
            return self._zone(zone[1], zone[0])
        shorts = self._known.short_counties.get(city, {})
        if rest in shorts:
            return self._one_of(shorts[rest], rest)
        township = _longest(self._known.townships.get(city, {}), rest)
        if township and len(township[1]) == 1:
            return self._one_of(township[1], township[0])
        if township and township[1]:
            return Place(
                city,
                city,
                problem="county_unknown",
                candidates=self._names(township[1]),
                evidence=township[0],
            )
        return None

    def _address_in(self, city: str, below: str) -> Place:
        """The part of a city with which the rest of an address begins, else the city alone."""
        if city == JIYUAN:
            return self._city(city, below)
        name = self._known.full_name(city)
        return self._part_of_city(city, below.removeprefix(name)) or Place(
            city, city, problem="county_unknown", candidates=(name,), evidence=below
        )

    def _not_in_city(self, city: str, rest: str) -> Place:
        """What follows the city is no part of it: perhaps a county of another city, then nothing is sure."""
        if looks := _LOOKS_LIKE_COUNTY.match(rest):
            elsewhere = [
                code
                for other, names in self._known.counties.items()
                if other != city
                for code in names.get(looks[0], ())
            ]
            if elsewhere:
                candidates = (self._known.full_name(city), *self._names(elsewhere))
                return Place(None, problem="ambiguous", candidates=candidates, evidence=looks[0])
        name = self._known.full_name(city)
        return Place(city, city, problem="county_unknown", candidates=(name,), evidence=rest)

    def _without_city(self, rest: str) -> Place:
        counties = _longest_in_all(self._known.counties.values(), rest)
        if counties and counties[0][0] in _doubled_names():
            candidates = (*self._names(_merged(counties)), "省外的同名区")
            return Place(None, problem="ambiguous", candidates=candidates, evidence=counties[0][0])
        if counties:
            return self._one_of(_merged(counties), counties[0][0], mapped=self._renamed(counties[0]))
        if zones := _longest_in_all(self._known.zones.values(), rest):
            if len(zones) == 1:
                return self._zone(zones[0][1], zones[0][0])
            names = tuple(zone.name for _, zone in zones)
            return Place(None, problem="ambiguous", candidates=names, evidence=zones[0][0])
        shorts = [names[rest] for names in self._known.short_counties.values() if rest in names]
        if shorts:
            return self._one_of(tuple(sorted({code for codes in shorts for code in codes})), rest)
        if _is_elsewhere(rest):
            return Place(None, problem="outside", evidence=rest)
        towns = [t for t in _longest_in_all(self._known.townships.values(), rest) if t[1]]
        if towns:
            return self._one_of(_merged(towns), towns[0][0])
        return Place(None, problem="unknown", evidence=rest)

    # -- results

    def _one_of(self, codes: Codes, evidence: str, *, mapped: bool = False) -> Place:
        if len(codes) > 1:
            cities = {self._known.city_of(code) for code in codes}
            # Which of a city's counties is meant is not sure, the city is: 孟津区 before it was made of two.
            problem, city = ("ambiguous", None) if len(cities) > 1 else ("county_unknown", cities.pop())
            return Place(city, city, problem=problem, candidates=self._names(codes), evidence=evidence)
        code = codes[0]
        city = self._known.city_of(code)
        county = None if code == city and code != JIYUAN else code
        return Place(code, city, county, evidence=evidence, mapped=mapped)

    def _city(self, city: str, evidence: str) -> Place:
        return self._one_of((city,), evidence)

    def _zone(self, zone: Zone, evidence: str) -> Place:
        place = self._one_of(zone.hosts if len(zone.hosts) == 1 else (zone.city_code,), evidence)
        return Place(place.code, place.city_code, place.county_code, evidence=evidence, zone=zone.name)

    def _names(self, codes: Iterable[str]) -> tuple[str, ...]:
        return tuple(f"{self._known.full_name(code)}（{code}）" for code in codes)

    def _renamed(self, place: tuple[str, Codes]) -> bool:
        if len(place[1]) > 1:
            return False
        name = self._known.rows[place[1][0]].name
        return place[0] not in (name, everyday_name(name))


@cache
def resolver(edition: str) -> Resolver:
    """The resolver of one edition."""
    return Resolver(edition)


def names_place_elsewhere(text: str) -> bool:
    """Whether a text begins with a province or large city outside Henan, as in 上海某某有限公司."""
    return _is_elsewhere(_plain(text))


def names_place_in_henan(text: str, edition: str) -> bool:
    """Whether a text begins with 河南 or one of its cities or counties."""
    plain = _plain(text)
    return plain.startswith(_PROVINCES) or _longest(_names_in_henan(edition), plain) is not None


# ---------------------------------------------------------------------------------------------- private


@cache
def _names_in_henan(edition: str) -> Mapping[str, object]:
    """Every name of a city or county."""
    known = gazetteer(edition)
    return {
        **known.cities,
        **{name: codes for names in known.counties.values() for name, codes in names.items()},
    }


def _plain(text: str) -> str:
    shown = _FLOAT_TAIL.sub("", unicodedata.normalize("NFKC", text).strip())
    return _SEPARATORS.sub("", shown).removeprefix("中国")


def _without_province(text: str) -> str:
    return next((text.removeprefix(name) for name in _PROVINCES if text.startswith(name)), text)


def _longest(names: Mapping[str, Value], text: str) -> tuple[str, Value] | None:
    """The longest name that the text begins with."""
    for length in range(min(_LONGEST_NAME, len(text)), 1, -1):
        value = names.get(text[:length])
        if value is not None:
            return text[:length], value
    return None


def _longest_in_all(tables: Iterable[Mapping[str, Value]], text: str) -> list[tuple[str, Value]]:
    """The longest names that the text begins with, in all cities; only those of the greatest length."""
    hits = [hit for names in tables if (hit := _longest(names, text))]
    longest = max((len(name) for name, _ in hits), default=0)
    return [hit for hit in hits if len(hit[0]) == longest]


def _merged(hits: Iterable[tuple[str, Codes]]) -> Codes:
    return tuple(sorted({code for _, codes in hits for code in codes}))


@cache
def _elsewhere() -> tuple[str, ...]:
    words = checked_content(OutsideFile, "data", "divisions", "elsewhere.toml")
    return tuple(words["provinces"] + words["short_provinces"] + words["cities"])


@cache
def _elsewhere_in_full() -> tuple[str, ...]:
    """Places outside as an address begins with them: 桂林镇 and 中山路 lie in Henan."""
    words = checked_content(OutsideFile, "data", "divisions", "elsewhere.toml")
    return (*words["provinces"], *(f"{city}市" for city in (*words["short_provinces"], *words["cities"])))


@cache
def _doubled_names() -> frozenset[str]:
    return frozenset(
        checked_content(OutsideFile, "data", "divisions", "elsewhere.toml")["same_name_elsewhere"]
    )


def _is_elsewhere(text: str) -> bool:
    return text.startswith(_elsewhere()) or text in ("省外", "外省", "境外", "国外")
