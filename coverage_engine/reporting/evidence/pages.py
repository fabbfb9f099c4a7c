"""`evidence/`: a page for each place; a county lists its enterprises, a city or the province its places."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from coverage_engine.content import content_file
from coverage_engine.model.plan import Plan
from coverage_engine.reporting.evidence.cells import sheet_names
from coverage_engine.reporting.evidence.figures import Row, evidence_words, figures, place_figures
from coverage_engine.reporting.evidence.firms import firm_rows, missing_facts
from coverage_engine.reporting.evidence.lists import (
    findings_parts,
    not_listed_parts,
    rows_turned_back,
    sources_parts,
    start_parts,
)
from coverage_engine.reporting.evidence.places import Place, missing_counts, places
from coverage_engine.reporting.evidence.sums import sum_tables
from coverage_engine.reporting.plan_json import software_version
from coverage_engine.reporting.scope import enterprises_of

_TEMPLATES = ("evidence.html.j2", "evidence_place.html.j2", "evidence_list.html.j2")
_ROWS_PLACE = Markup("<!-- rows -->")
"""Rows are megabytes: they go into the page as bytes when it is written, never through the templates."""
_MOST_FACTS = 12
"""More kinds of missing facts than there are get no rule of their own: their pages list all rows."""


def write_evidence(plan: Plan, folder: Path, *, lang: str = "zh") -> None:
    """Write the pages behind the figures of the overview into `folder/evidence`.

    `<level>-<code>.html` for every place of the plan; `start.html` (reasons of the first targets),
    `not_listed.html` (where the others are), `findings.html` and `sources.html`. Self-contained, no script,
    no outside request.
    """
    out = folder / "evidence"
    out.mkdir(parents=True, exist_ok=True)
    draw = _Drawing(plan, lang)
    firms = enterprises_of(plan)
    rows = firm_rows(plan, firms, lang)
    missing = missing_facts(firms)
    lacking = missing_counts(firms, missing)
    counts, sheets = place_figures(plan), sheet_names(plan).sort("source").to_dicts()
    all_places, aside = places(plan, counts), rows_turned_back(plan)
    for place in all_places:
        shown = draw.figures(counts[place.page], lacking.get(place.page, {}), missing)
        below = [other for other in all_places if other.above == place.page]
        page_facts = {
            "place": place.name,
            "figures": shown,
            "sums": sum_tables(below, counts, lacking, missing, lang) if place.level != "county" else [],
            "rows": _ROWS_PLACE if place.page in rows else "",
            "heads": [fact[lang] for fact in evidence_words()["facts"]],
            "sheets": sheets,
            "aside": aside.get(place.page, []),
        }
        _written(out / place.page, draw.place(place, all_places, page_facts), rows.get(place.page, b""))
    for name, parts in (
        ("start", start_parts(plan, firms, lang)),
        ("not_listed", not_listed_parts(plan, firms, lang)),
        ("findings", findings_parts(plan, lang)),
        ("sources", sources_parts(plan, lang)),
    ):
        _written(out / f"{name}.html", draw.list(name, parts))


# ---------------------------------------------------------------------------------------------- private


class _Drawing:
    """The templates, style and words that all pages share."""

    def __init__(self, plan: Plan, lang: str) -> None:
        self.plan, self.lang, self.text = plan, lang, evidence_words()[lang]
        texts = {name: content_file("reports", name).read_text("utf-8") for name in _TEMPLATES}
        self.environment = Environment(
            loader=DictLoader(texts), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        base = "".join(
            content_file("reports", name).read_text("utf-8") for name in ("overview.css", "evidence.css")
        )
        self.style = base + _filters()
        digest = b64encode(hashlib.sha256(self.style.encode()).digest()).decode()
        self.common = {
            "text": self.text,
            "style": self.style,
            "style_hash": f"sha256-{digest}",
            "as_of": plan.as_of.isoformat(),
            "basis": self.text["basis"].format(
                as_of=plan.as_of.isoformat(), policy=plan.policy_version, software=software_version()
            ),
        }

    def figures(self, counts: dict[str, Row], lacking: dict[str, int], missing: list[str]) -> list[Row]:
        """Every figure of one place: anchor, title, value, what it is made of, clause."""
        entries = []
        for figure in figures():
            if figure.category["key"] not in counts:
                continue
            row = counts[figure.category["key"]]
            entries.append(
                {
                    "anchor": figure.anchor,
                    "title": f"{figure.category[self.lang]} · {figure.entry[self.lang]}",
                    "value": figure.value(row, self.text["none_rate"]),
                    "sentence": figure.sentence(row, self.lang),
                    "clause": figure.category["clause"],
                }
            )
        return entries + self._missing(lacking, missing)

    def _missing(self, lacking: dict[str, int], missing: list[str]) -> list[Row]:
        return [
            {
                "anchor": f"k{number}-{kind}",
                "title": self.text[f"missing_{kind}"].format(fact=fact),
                "value": f"{lacking.get(f'k{number}-{kind}', 0):,}",
                "sentence": self.text[f"missing_text_{kind}"].format(
                    count=lacking.get(f"k{number}-{kind}", 0), fact=fact
                ),
                "clause": evidence_words()["missing_clause"],
            }
            for number, fact in enumerate(missing)
            for kind in ("single", "among")
        ]

    def place(self, place: Place, all_places: list[Place], page_facts: dict[str, Any]) -> str:
        """The page of one place."""
        up = next(
            ({"page": other.page, "name": other.name} for other in all_places if other.page == place.above),
            None,
        )
        intro = self.text["intro" if place.level == "county" else "intro_sums"]
        title = self.text["title"].format(place=place.name)
        template = self.environment.get_template("evidence_place.html.j2")
        return template.render(**self.common, title=title, intro=intro, up=up, **page_facts)

    def list(self, name: str, parts: list[Row]) -> str:
        """A page of plain tables."""
        template = self.environment.get_template("evidence_list.html.j2")
        words = {"title": self.text[f"{name}_title"], "intro": self.text[f"{name}_intro"]}
        return template.render(**self.common, **words, up=None, parts=parts)


def _filters() -> str:
    """Style rules by which a followed figure leaves only the rows that it counts."""
    rules = [
        f"#{figure.anchor}:target~.shown .firms tbody tr:not(.{mark}){{display:none}}"
        for figure in figures()
        for mark in figure.marks
    ]
    names = dict.fromkeys(figure.anchor.partition("-")[0] for figure in figures())
    rules += [f'section[id^="{name}-"]:target~.shown .sums:not(.{name}){{display:none}}' for name in names]
    rules.append('section[id^="k"]:target~.shown .sums:not(.missing){display:none}')
    for number in range(_MOST_FACTS):
        for kind, letter in (("single", "s"), ("among", "a")):
            mark = f"k{number}{letter}"
            rules.append(f"#k{number}-{kind}:target~.shown .firms tbody tr:not(.{mark}){{display:none}}")
    return "\n".join(rules)


def _written(file: Path, page: str, rows: bytes = b"") -> None:
    """A page, with the rows of its enterprises where they have their place."""
    before, _, after = page.partition(_ROWS_PLACE)
    with file.open("wb") as written:
        written.writelines((before.encode(), rows, after.encode(), b"\n"))
