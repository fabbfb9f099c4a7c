"""字典: what each table and column of a folder of tables means, as a page to read and a file for machines."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from jinja2 import Environment, StrictUndefined

from coverage_engine.content import BilingualFile, checked_content, content_file
from coverage_engine.dictionary.table_files import write_csv
from coverage_engine.model.columns import Column, Table, Tables
from coverage_engine.model.tables import DICTIONARY

PAGE = f"{DICTIONARY.name}.html"
"""The dictionary's file name; a table's anchor is its name, a column's is `<table>.<column>`."""


def write_dictionary(described: Tables, folder: Path, lang: str = "zh") -> None:
    """Write `字典.html` (no script, nothing from outside, printable on A4) and `字典.csv`."""
    (folder / PAGE).write_bytes(dictionary_page(described, lang).encode())
    write_csv(dictionary_rows(described, lang), folder / f"{DICTIONARY.name}.csv")


def dictionary_page(described: Tables, lang: str = "zh") -> str:
    """The page as text."""
    text = _texts(lang)
    style = content_file("reports", "dictionary.css").read_text("utf-8").strip()
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string(content_file("reports", "dictionary.html.j2").read_text("utf-8"))
    page = template.render(
        text=text,
        style=style,
        style_hash=f"sha256-{digest}",
        tables=[_table(table, text, lang) for table in described.values()],
    )
    return f"{page}\n"


def dictionary_rows(described: Tables, lang: str = "zh") -> pl.DataFrame:
    """One row for each column of each table (columns: `DICTIONARY`)."""
    rows = [
        (
            table.name,
            table.title(lang),
            column.name,
            column.title,
            column.meaning(lang),
            _texts(lang)["kinds"][column.kind],
            column.unit(lang),
            "；".join(f"{word.word} {word.sense(lang)}" for word in column.words),
        )
        for table in described.values()
        for column in table.written
    ]
    return pl.DataFrame(rows, schema=list(DICTIONARY.names), orient="row")


def facts_of(table: Table, lang: str = "zh") -> Iterator[tuple[str, str]]:
    """What is to be said of the whole table, each behind what it answers: key, order, division, engines."""
    text = _texts(lang)
    if table.key:
        yield text["key"], text["comma"].join(_named(name, table, lang) for name in table.key)
    shown = {column.name for column in table.written}
    ways = [
        _named(each.column, table, lang) + text["orders"][each.way]
        for each in table.sort
        if each.column in shown
    ]
    if ways:
        yield text["sort"], text["comma"].join(ways)
    yield text["division"], text["divisions"][table.division or "all"]
    if table.engines:
        yield text["engines"], text["engines_yes"]


# ---------------------------------------------------------------------------------------------- private


@cache
def _texts(lang: str) -> dict[str, Any]:
    texts: dict[str, Any] = checked_content(BilingualFile, "reports", "dictionary.toml")[lang]
    return texts


def _table(table: Table, text: dict[str, Any], lang: str) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title(lang),
        "meaning": table.meaning(lang),
        "facts": list(facts_of(table, lang)),
        "columns": [_column(column, text, lang) for column in table.written],
    }


def _named(name: str, table: Table, lang: str) -> str:
    """A column by its name, in Chinese with what it is called."""
    title = next(column.title for column in table if column.name == name)
    return name if lang == "en" else f"{title}（{name}）"


def _column(column: Column, text: dict[str, Any], lang: str) -> dict[str, Any]:
    return {
        "name": column.name,
        "title": column.title,
        "meaning": column.meaning(lang),
        "kind": text["kinds"][column.kind],
        "unit": column.unit(lang),
        "several": column.measured.several,
        "words": [(word.word, word.sense(lang)) for word in column.words],
    }
