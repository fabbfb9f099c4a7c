"""Which rows of the 企业台账 are one firm: the transitive closure of what is certain, in any order of rows.

Certain are the same credit code; the same spelling of a name where neither code nor place nor kind speaks
against it; and a person's answer. A row that fits two rows which contradict each other (a name without code
that two coded firms of the place bear) is certain of neither: it is asked about. An answer that would make
two codes one firm is not followed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from coverage_engine.ledgers.identity.decisions import Decision, decided
from coverage_engine.ledgers.identity.firm_facts import COMPARED, contradicted, with_facts
from coverage_engine.ledgers.identity.firm_names import spellings
from coverage_engine.ledgers.identity.name_matching import name_key

_CLASS = ("spelled", "worded", *COMPARED)
"""Rows that agree in all of this cannot be told apart here."""

_MOST_CLASSES = 60
"""Of a name that more different rows bear in one city, nothing is certain but the code."""


def with_entities(rows: pl.DataFrame, decisions: Sequence[Decision]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows with `certain` and `entity`: the firm they belong to, without and with the answers of a person.

    `rows` have `plain_name` and what firm_facts compares. A firm is called by its code, else by the least
    description among its rows. Beside them the answers (`left`, `right`) that were not followed.
    """
    if rows["credit_code"].null_count():
        return _answered(rows.with_columns(_certain(rows).alias("certain")), decisions)
    return _answered(rows.with_columns(certain="credit_code"), decisions)


# ---------------------------------------------------------------------------------------------- private


def _certain(rows: pl.DataFrame) -> pl.Series:
    """The firm of each row: its code, or the code or least description of the rows that it is one with."""
    worded, spelled = spellings(rows["plain_name"])
    uncoded = pl.col("credit_code").is_null()
    named = pl.select(spelled, rows["credit_code"])
    # Only names that several rows bear, one of them without code, need a closer look.
    contested = named.select(pl.col("spelled").is_duplicated() & uncoded.any().over("spelled")).to_series()
    described = with_facts(rows.with_columns(worded, spelled).filter(contested)).select(_CLASS)
    classes = _labelled(described.unique().sort(_CLASS).with_row_index("node"))
    joined = described.join(classes, on=list(_CLASS), how="left", nulls_equal=True, maintain_order="left")
    firm = joined.select(pl.coalesce("credit_code", "code_of_label", "label")).to_series()
    alone = named.select(pl.coalesce("credit_code", pl.lit("|") + pl.col("spelled"))).to_series()
    return alone.scatter(contested.arg_true(), firm)


def _labelled(classes: pl.DataFrame) -> pl.DataFrame:
    """Classes with the `label` of the firm they belong to, and its `code_of_label` or null."""
    links = pl.concat([_links_by_name(classes), _links_by_code(classes)])
    firm = _components(links, classes.height)
    own = pl.concat_str(pl.lit("|"), *(pl.col(name).fill_null("") for name in _CLASS), separator="|")
    return classes.with_columns(firm.alias("firm")).with_columns(
        label=own.first().over("firm"), code_of_label=pl.col("credit_code").max().over("firm")
    )


def _links_by_code(classes: pl.DataFrame) -> pl.DataFrame:
    coded = classes.filter(pl.col("credit_code").is_not_null())
    return coded.select("node", other=pl.col("node").min().over("credit_code"))


def _links_by_name(classes: pl.DataFrame) -> pl.DataFrame:
    """Pairs of one spelling that nothing contradicts; none of a class that fits contradictory ones."""
    fits = _fitting(classes)
    beside = fits.join(fits.rename({"other": "third"}), on="node")
    among = beside.join(fits, left_on=["other", "third"], right_on=["node", "other"], how="anti")
    torn = among.select("node").unique()
    return fits.join(torn, on="node", how="anti").join(torn, left_on="other", right_on="node", how="anti")


def _fitting(classes: pl.DataFrame) -> pl.DataFrame:
    """Ordered pairs `node`, `other` (also each with itself) of one spelling that nothing contradicts."""
    several = classes.filter(pl.len().over("spelled", "city_code") <= _MOST_CLASSES)
    nowhere = several.filter(pl.col("city_code").is_null().any().over("spelled")).filter(
        pl.len().over("spelled") <= _MOST_CLASSES
    )
    coded = several.filter(pl.col("credit_code").is_not_null())
    numbers = pl.concat(
        _paired(part, keys)
        for part, keys in (
            (several, ["spelled", "city_code"]),
            (nowhere, ["spelled"]),
            (coded, ["spelled", "credit_code"]),
        )
    ).unique()
    facts = classes.with_columns(form=pl.when(pl.col("worded").str.ends_with("公司")).then(pl.lit("company")))
    others = facts.rename({name: f"{name}_2" for name in facts.columns})
    beside = numbers.join(facts, on="node").join(others, left_on="other", right_on="node_2")
    return beside.filter(~contradicted()).select("node", "other")


def _paired(part: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    return part.select("node", *keys).join(part.select(*keys, other="node"), on=keys).select("node", "other")


def _components(links: pl.DataFrame, nodes: int) -> pl.Series:
    """The number of the connected part that each node lies in."""
    ends = links["node"].to_numpy(), links["other"].to_numpy()
    graph = coo_array((np.ones(links.height, dtype=np.int8), ends), shape=(nodes, nodes))
    return pl.Series(connected_components(graph, directed=False)[1], dtype=pl.Int64)


def _answered(rows: pl.DataFrame, decisions: Sequence[Decision]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows with `entity`: what a person has called the same is one, and what that is one with."""
    answers = decided(decisions).filter("same")
    nothing = answers.select("left", "right").clear()
    if answers.is_empty():
        return rows.with_columns(entity="certain"), nothing
    place = pl.coalesce("county_code", "city_code")
    keys = rows.select("certain", key=name_key(pl.col("plain_name"), pl.col("credit_code"), place)).unique()
    pairs = (
        answers.join(keys.rename({"certain": "one"}), left_on="left", right_on="key")
        .join(keys.rename({"certain": "other"}), left_on="right", right_on="key")
        .sort("answer", "one", "other", descending=[True, False, False])
    )
    joined, refused = _followed(pairs)
    entity = pl.col("certain").replace(joined) if joined else pl.col("certain")
    return rows.with_columns(entity=entity), pl.DataFrame(refused, schema=nothing.schema, orient="row")


def _followed(pairs: pl.DataFrame) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Each answered firm with what it is called now; the last answer first, none that joins two codes.

    What has a code is called by it.
    """
    head: dict[str, str] = {}

    def top(firm: str) -> str:
        while firm in head:
            firm = head[firm]
        return firm

    refused = []
    for left, right, one, other in pairs.select("left", "right", "one", "other").iter_rows():
        first, second = sorted((top(one), top(other)), key=lambda firm: (firm.startswith("|"), firm))
        if first == second:
            continue
        if not second.startswith("|"):
            refused.append((left, right))
        else:
            head[second] = first
    return {firm: top(firm) for firm in head}, refused
