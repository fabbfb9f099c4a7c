"""The place that a title, the name of a sheet or file, a public body or a section row names.

Only what begins with a place in full is read; a functional zone (高新区) gives its city, for the county that
holds it is not settled by a name. An everyday name that several cities have is read within the one city that
the lists make certain.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from coverage_engine.content import checked_content
from coverage_engine.divisions.resolver import Place, Resolver
from coverage_engine.ledgers.list_shapes import RowPlacesFile

_BETWEEN = re.compile(r"[-—_＿\s()（）【】\[\]《》“”\"、，,+＋&＆·]+")
_BODIES = frozenset({"registry", "tax", "union", "affiliation", "unit"})
_NOT_SURE = ("ambiguous", "unknown")


@cache
def place_words() -> dict[str, Any]:
    """Columns, titles and names from which places are read, as `row_places.toml` lists them."""
    return checked_content(RowPlacesFile, "data", "ledgers", "words", "row_places.toml")


@dataclass(frozen=True)
class NamedPlace:
    """说出的地区: a city, the county if it is sure, and the functional zone that was named instead of one."""

    city_code: str
    county_code: str | None = None
    zone: str = ""

    @property
    def code(self) -> str:
        """County where it is sure, else the city."""
        return self.county_code or self.city_code


@dataclass(frozen=True)
class PlaceTexts:
    """How texts are read in one edition, and within which city where one is certain."""

    resolver: Resolver
    city: str | None = None

    def read(self, text: str, ground: str) -> NamedPlace | None:
        """The place that a text of one ground names; null where it names none for certain."""
        if ground in _BODIES:
            return self._body(text)
        return self._section(text) if ground == "section" else self._name(text)

    def column(self, text: str) -> Place:
        """The place of a row's own column, an everyday name within the certain city."""
        return self._within(text)

    def needs_city(self, text: str) -> bool:
        """Whether only the certain city tells what a text means."""
        if self.city is None:
            return False
        alone = self.resolver.resolve(text)
        return alone.problem in _NOT_SURE and self._within(text).code is not None

    def words(self, place: NamedPlace) -> str:
        """City and county in words, with the zone of which the county is not settled."""
        name = self.resolver.full_name(place.code)
        return f"{name}（{place.zone}，县区不明）" if place.zone and not place.county_code else name

    # -- by ground

    def _name(self, text: str) -> NamedPlace | None:
        """The finest place that the parts of a title, of a sheet's or a file's name begin with."""
        plain = _plain(text)
        if _says_otherwise(plain):
            return None
        places = [place for part in [plain, *_BETWEEN.split(plain)] if (place := self._beginning(part))]
        cities, counties = {place.city_code for place in places}, {place.county_code for place in places}
        counties.discard(None)
        if len(cities) != 1 or len(counties) > 1:
            return None
        return max(places, key=lambda place: (place.county_code is not None, bool(place.zone)))

    def _section(self, text: str) -> NamedPlace | None:
        """The place with which a section row ends: nothing stands behind it."""
        plain = _plain(text)
        place = self._beginning(plain)
        if place is None or not (plain.endswith(_ENDS) or place.zone):
            return None
        return place if place.zone or self._is_all(plain, place) else None

    def _is_all(self, plain: str, place: NamedPlace) -> bool:
        name = self.resolver.full_name(place.code)
        return name.endswith(plain) or plain in words_of("city_itself") or plain.endswith(name[-3:])

    def _body(self, text: str) -> NamedPlace | None:
        """The place of a public body: 新乡市凤泉区市场监督管理局, 获嘉县总工会, 中共红旗区委组织部."""
        plain = _plain(text)
        return None if _says_otherwise(plain) else self._beginning(plain, city_itself=False)

    # -- beginnings

    def _beginning(self, text: str, *, city_itself: bool = True) -> NamedPlace | None:
        rest = without_before(text)
        if len(rest) < 2:
            return None
        if city_itself and self.city and rest in words_of("city_itself"):
            return NamedPlace(self.city)
        place = self.resolver.place_of_address(rest)
        if place is not None and place.problem == "outside":
            return None
        if place is None or place.code is None:
            place = self._full_name(rest)
        return self._as_named(place, rest) if place else None

    def _full_name(self, rest: str) -> Place | None:
        """A name that the whole text is, or that of a zone or an everyday one within the certain city."""
        place = self._within(rest)
        if place.code is None:
            return None
        if place.zone or _zone_in(rest) or place.evidence == rest:
            return place if place.zone or self.city or len(place.evidence) > 2 or _is_city(place) else None
        return place if self.city and place.county_code and place.evidence.endswith(_ENDS) else None

    def _within(self, text: str) -> Place:
        place = self.resolver.resolve(text)
        if self.city is None or place.problem not in _NOT_SURE:
            return place
        nearer = self.resolver.resolve(self.resolver.full_name(self.city) + _plain(text))
        if nearer.city_code != self.city:
            return place
        if place.problem == "unknown" and not (
            _zone_in(_plain(text)) or _plain(text) in words_of("city_itself")
        ):
            return place
        # Which county holds a zone is not settled by its everyday name.
        return _city_of(nearer) if nearer.zone else nearer

    def _as_named(self, place: Place, rest: str) -> NamedPlace | None:
        if place.city_code is None:
            return None
        zone = place.zone or ("" if place.county_code else _zone_in(_behind_city(rest, self.resolver, place)))
        county = None if place.zone else place.county_code
        return NamedPlace(place.city_code, county, zone or "")


# ---------------------------------------------------------------------------------------------- private

_ENDS = ("市", "县", "区")


@cache
def words_of(key: str) -> tuple[str, ...]:
    """One list of words about places."""
    return tuple(place_words()["words"][key])


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def without_before(text: str) -> str:
    """The text without what stands before a place: 附件1, 2018年度, 中共, 国家税务总局."""
    while match := _before().match(text):
        if not match[0]:
            break
        text = text[match.end() :].lstrip()
    return text


def _zone_in(text: str) -> str:
    """The zone with which a text begins, in its own words."""
    match = _zones().match(text)
    return match[0] if match else ""


def _behind_city(rest: str, resolver: Resolver, place: Place) -> str:
    city = resolver.full_name(place.city_code or "")
    bare = rest.removeprefix("河南省").removeprefix(city)
    return bare if bare != rest else rest.removeprefix(city[:-1])


def _city_of(place: Place) -> Place:
    return Place(
        place.city_code,
        place.city_code,
        problem="county_unknown",
        candidates=(place.zone or "",),
        evidence=place.evidence,
        zone=place.zone,
    )


def _is_city(place: Place) -> bool:
    return place.code == place.city_code


@cache
def _before() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(words_of('before'))})+")


def _says_otherwise(text: str) -> bool:
    """Whether a text speaks of a firm, of firms elsewhere, or of several places."""
    return _otherwise().search(text) is not None


@cache
def _otherwise() -> re.Pattern[str]:
    return re.compile("|".join((*words_of("firms"), *words_of("elsewhere"), *words_of("several"))))


@cache
def _zones() -> re.Pattern[str]:
    zones = "|".join(sorted(words_of("zones"), key=len, reverse=True))
    return re.compile(f"[\\u4e00-\\u9fff]{{0,6}}?(?:{zones})")
