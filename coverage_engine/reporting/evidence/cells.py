"""The facts of every enterprise with the ledger cells that tell them, as texts for a page.

A cell is written as column and row where it lies in the enterprise's own sheet, else with its sheet in front
(and the file in brackets where two sheets share a name). Every text of a ledger is escaped here.
"""

from __future__ import annotations

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.model.vocabulary import (
    Answer,
    Control,
    EstablishedForm,
    LeagueOrganisationKind,
    Operating,
    label,
    labels,
)
from coverage_engine.reporting.evidence.figures import evidence_words
from coverage_engine.reporting.wording import translated

_WORDS = {
    "control": Control,
    "operating": Operating,
    "party": EstablishedForm,
    "league_form": EstablishedForm,
    "league_kind": LeagueOrganisationKind,
}
_SHOWN_AS = {"park_id": "park"}
_MARKS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_MARKED = f"[{''.join(_MARKS)}]"
_QUIET = frozenset({"registration_year", "league_kind", "league_name", "top_hundred_rank", "park_id"})
"""Columns that are mostly blank; a blank of theirs is not shown."""


def escaped(text: pl.Expr) -> pl.Expr:
    """A text of a ledger as text of a page."""
    return text.cast(pl.String).map_batches(_escaped, return_dtype=pl.String, is_elementwise=True)


def sheet_names(plan: Plan) -> pl.DataFrame:
    """source, file, sheet, sha256 and `prefix`: how a cell of the sheet is written."""
    sources = plan.snapshot["sources"].select("source", "file", "sheet", "sha256")
    twins = pl.len().over("sheet") > 1
    both = pl.format("[{}]{}", "file", "sheet")
    return sources.with_columns(prefix=pl.when(twins).then(both).otherwise(pl.col("sheet")))


def fact_texts(plan: Plan, firms: pl.DataFrame, lang: str) -> pl.DataFrame:
    """enterprise_id, `name_text` and one text for each fact of `reports/evidence.toml`."""
    columns, words = _columns(plan), evidence_words()["facts"]
    fields = ["name", *(field for fact in words for field in fact.get("fields", []))]
    years = plan.snapshot["enterprises"].select("enterprise_id", "registration_year")
    firm_facts = firms.select("enterprise_id", "source", "row", *_shown_columns()).join(
        years, on="enterprise_id", how="left", maintain_order="left"
    )
    decided = {field: _decided(plan, columns, field) for field in fields}
    occurring = {field: decisions for field, decisions in decided.items() if decisions.height}
    for field, decisions in occurring.items():
        cells = decisions.rename({"elsewhere": f"cell:{field}"})
        firm_facts = firm_facts.join(cells, on="enterprise_id", how="left", maintain_order="left")
    for relation in (relation for fact in words for relation in fact.get("relations", [])):
        rows = _relation(plan, columns, relation, lang).rename({"text": f"text:{relation}"})
        firm_facts = firm_facts.join(rows, on="enterprise_id", how="left", maintain_order="left")
    texts = [_field_text(firm_facts, columns, field, lang) for field in fields]
    return firm_facts.with_columns(texts).select(
        "enterprise_id", pl.col("text:name").alias("name_text"), *(_joined(fact) for fact in words)
    )


# ---------------------------------------------------------------------------------------------- private


def _escaped(texts: pl.Series) -> pl.Series:
    """Only the few texts with a mark in them are written anew."""
    marked = texts.str.contains(_MARKED).fill_null(False).arg_true()
    if not len(marked):
        return texts
    spelt = texts.gather(marked).str.replace_many(list(_MARKS), list(_MARKS.values()))
    return texts.clone().scatter(marked, spelt)


def _shown_columns() -> list[str | pl.Expr]:
    """The facts that the plan's table of enterprises holds."""
    fields = ["name", *(field for fact in evidence_words()["facts"] for field in fact.get("fields", []))]
    known = [field for field in fields if field != "registration_year" and field not in _SHOWN_AS]
    return [*known, *(pl.col(shown).alias(field) for field, shown in _SHOWN_AS.items())]


def _columns(plan: Plan) -> pl.DataFrame:
    """source, field, letter and prefix of every column of every sheet."""
    columns = plan.snapshot["source_columns"].select("source", "field", "letter")
    return columns.unique(["source", "field"], keep="first", maintain_order=True).join(
        sheet_names(plan).select("source", "prefix"), on="source", how="inner", maintain_order="left"
    )


def _field_text(firms: pl.DataFrame, columns: pl.DataFrame, field: str, lang: str) -> pl.Expr:
    """`text:<field>`: the value and the cell that decided it; a name's cell is told with its sheet."""
    own = columns.filter(pl.col("field") == field)
    before = own.select(
        address=pl.concat_str(escaped(pl.col("prefix")) + "!", "letter") if field == "name" else "letter"
    )
    letters = dict(zip(own["source"], before["address"], strict=True))
    known = pl.col("source").replace_strict(letters, default=None, return_dtype=pl.String)
    cell = known + pl.col("row").cast(pl.String)
    if f"cell:{field}" in firms.columns:
        cell = pl.coalesce(f"cell:{field}", cell)
    return _text(_value(firms, field, lang), cell, field, lang).alias(f"text:{field}")


def _decided(plan: Plan, columns: pl.DataFrame, field: str) -> pl.DataFrame:
    """enterprise_id and the cell of another sheet that decided a field."""
    facts = plan.snapshot["fact_sources"].filter(pl.col("field") == field).drop("field")
    addressed = facts.join(
        columns.rename({"field": "ledger_field"}), on=["source", "ledger_field"], how="inner"
    )
    return addressed.sort("enterprise_id", "source", "row").select(
        "enterprise_id", elsewhere=escaped(_address())
    ).unique("enterprise_id", keep="first", maintain_order=True)  # fmt: skip


def _address() -> pl.Expr:
    return pl.col("prefix") + "!" + pl.col("letter") + pl.col("row").cast(pl.String)


def _value(firms: pl.DataFrame, field: str, lang: str) -> pl.Expr:
    if field in _WORDS:
        return translated(pl.col(field), labels(_WORDS[field], lang))
    if firms.schema[field] == pl.Boolean:
        yes, no = (label(word, lang) for word in (Answer.YES, Answer.NO))
        flag = pl.col(field)
        return pl.when(flag).then(pl.lit(yes)).when(~flag).then(pl.lit(no))
    return pl.col(field).cast(pl.String)


def _text(value: pl.Expr, address: pl.Expr, field: str, lang: str) -> pl.Expr:
    """The value and its address, which is escaped already."""
    cell = pl.lit("<i>") + address + "</i>"
    blank = pl.lit(evidence_words()[lang]["blank"])
    return (
        pl.when(address.is_null())
        .then(escaped(value))
        .when(value.is_not_null())
        .then(escaped(value) + cell)
        .otherwise(None if field in _QUIET else blank + cell)
    )


def _relation(plan: Plan, columns: pl.DataFrame, relation: str, lang: str) -> pl.DataFrame:
    """enterprise_id and the rows of a relation in order: what each says, and its cell."""
    snapshot = plan.snapshot
    if relation == "society":
        names = snapshot["societies"].select("society_id", value="name")
        rows, field = snapshot["society_members"].join(names, on="society_id", how="left"), "enterprise_name"
    elif relation == "joint":
        rows, field = snapshot["joint_coverage"].rename({"league_name": "value"}), "enterprise_name"
    else:
        rows, field = _organisations(plan, lang), "full_name"
    letters = columns.filter(pl.col("field") == field).select("source", "letter", "prefix")
    addressed = rows.join(letters, on="source", how="inner").sort("enterprise_id", "source", "row")
    text = escaped(pl.col("value").fill_null("")) + "<i>" + escaped(_address()) + "</i>"
    return addressed.group_by("enterprise_id").agg(
        text.unique(maintain_order=True).str.join("；").alias("text")
    )


def _organisations(plan: Plan, lang: str) -> pl.DataFrame:
    """Organisations of 智慧团建 found for enterprises: alone or joint, their name, the date of the export."""
    link, organisations = ["enterprise_id", "league_organisation_id"], plan.snapshot["league_organisations"]
    fits = {"enterprise": EstablishedForm.OWN, "joint": EstablishedForm.JOINT}
    words = {match: label(form, lang) for match, form in fits.items()}
    matches = organisations.filter(pl.col("match").is_in(list(fits))).select(
        "league_organisation_id", form=pl.col("match").replace(words)
    )
    matched = (
        plan.snapshot["league_matches"].select(link).join(matches, on="league_organisation_id", how="inner")
    )
    listed = plan.snapshot["joint_coverage"].select(link).drop_nulls()
    joint = listed.with_columns(form=pl.lit(words["joint"]))
    both = pl.concat([matched, joint]).unique()
    linked = both.join(organisations, on="league_organisation_id", how="inner")
    day = pl.col("exported").dt.to_string("%Y-%m-%d")
    named = pl.format("{}：{}", "form", "full_name")
    dated = pl.when(day.is_null()).then(named).otherwise(pl.format("{}（{}）", named, day))
    return linked.select("enterprise_id", "source", "row", value=dated)


def _joined(fact: dict[str, object]) -> pl.Expr:
    names = [*fact.get("fields", []), *fact.get("relations", [])]  # type: ignore[misc]
    parts = [pl.col(f"text:{name}") for name in names]
    return pl.concat_str(parts, separator="；", ignore_nulls=True).alias(f"fact:{fact['key']}")
