"""The log in which reading writes every finding, and its table with addresses and words.

Wordings stand in `data/ledgers/words/findings.toml` under the finding's code: severity, wanted, remedy.
`{header}` and `{detail}` in them are filled per finding.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import Any

import polars as pl

from coverage_engine.content import checked_content
from coverage_engine.ledgers.personal_data import without_numbers, without_people
from coverage_engine.ledgers.word_shapes import FindingsFile
from coverage_engine.model.findings import Findings
from coverage_engine.model.tables import FINDINGS_TABLE, conform

_ENTRY = {
    "code": pl.String,
    "source": pl.Int32,
    "row": pl.Int64,
    "field": pl.String,
    "found": pl.String,
    "detail": pl.String,
    "file": pl.String,
}


class FindingLog:
    """Collects findings by source, row and field; the cell is looked up when the table is made."""

    def __init__(self, sources: pl.DataFrame, columns: pl.DataFrame) -> None:
        """`sources` and `columns` are the snapshot tables `sources` and `source_columns`."""
        self._sources = sources
        self._columns = columns
        self._frames: list[pl.DataFrame] = []
        self._single: list[dict[str, Any]] = []

    def add(
        self,
        code: str,
        source: int | None = None,
        *,
        field: str | None = None,
        found: str = "",
        detail: str = "",
    ) -> None:
        """One finding about a sheet or (with `field`) a column."""
        _wording(code)
        self._single.append(
            {"code": code, "source": source, "field": field, "found": found, "detail": detail}
        )

    def add_file(self, code: str, file: str, *, found: str, detail: str) -> None:
        """One finding about a file that was not read."""
        _wording(code)
        self._single.append({"code": code, "file": without_people(file), "found": found, "detail": detail})

    def add_rows(self, code: str, rows: pl.DataFrame, field: str | None = None) -> None:
        """One finding for each row of a frame with `source`, `row`, `found` and perhaps `detail`, `field`."""
        _wording(code)
        if rows.is_empty():
            return
        defaults = {"code": code, "field": field, "detail": "", "file": None}
        missing = [pl.lit(value).alias(name) for name, value in defaults.items() if name not in rows.columns]
        self._frames.append(
            rows.with_columns(missing).select(pl.col(name).cast(dtype) for name, dtype in _ENTRY.items())
        )

    @cached_property
    def _letters(self) -> dict[str, dict[int, str]]:
        """The column of each field, by source."""
        letters: dict[str, dict[int, str]] = {}
        for source, field, letter in self._columns.select("source", "field", "letter").iter_rows():
            letters.setdefault(field, {})[source] = letter
        return letters

    @cached_property
    def _sheets(self) -> dict[int, str]:
        """What each sheet is called, with its file where several are called so."""
        alone = self._sources["sheet"].is_unique()
        return {
            source: sheet if only else f"[{file}]{sheet}"
            for (source, file, sheet), only in zip(
                self._sources.select("source", "file", "sheet").iter_rows(), alone, strict=True
            )
        }

    def kind(self, source: int) -> str:
        """The ledger kind of a source."""
        return str(self._sources.filter(pl.col("source") == source)["kind"].item())

    def cell(self, field: str, source: str = "source", row: str = "row") -> pl.Expr:
        """The cell of a field in words, e.g. 企业台账!D1042; `source` and `row` are column names."""
        letters = self._letters.get(field, {})
        names = {source: f"{sheet}!{letters.get(source, '')}" for source, sheet in self._sheets.items()}
        return pl.col(source).replace_strict(names, default="", return_dtype=pl.String) + pl.col(row).cast(
            pl.String
        )

    def findings(self) -> Findings:
        """All findings with file, sheet, cell and words, in the order of the ledgers."""
        placed = (
            self._entries()
            .join(
                self._sources.select("source", sheet_file="file", sheet="sheet", ledger="kind"),
                on="source",
                how="left",
            )
            .join(
                self._columns.select("source", "field", "letter", "header").unique(
                    ["source", "field"], keep="first", maintain_order=True
                ),
                on=["source", "field"],
                how="left",
            )
            .join(_wording_table(), on="code", how="left")
        )
        table = placed.with_columns(
            _cell(),
            *(_filled(pl.col(name)).alias(name) for name in ("wanted", "remedy")),
            file=pl.coalesce("file", "sheet_file"),
            sheet=pl.col("sheet").fill_null(""),
            found=pl.col("found").fill_null(""),
        ).sort(
            "source", "row", pl.col("letter").str.len_bytes(), "letter", "code", "found", "detail",
            nulls_last=False, maintain_order=True,
        )  # fmt: skip
        return Findings(conform(table, FINDINGS_TABLE))

    def _entries(self) -> pl.DataFrame:
        single = pl.DataFrame(self._single, schema=_ENTRY) if self._single else pl.DataFrame(schema=_ENTRY)
        entries = pl.concat([single, *self._frames])
        # Whatever way a number of a person took, it is not repeated here.
        return without_numbers(entries, ("found", "detail", "file"))


# ---------------------------------------------------------------------------------------------- private


@cache
def _wordings() -> dict[str, dict[str, str]]:
    """Severity, wanted and remedy of every code, e.g. `credit_code.check_digit`."""
    content = checked_content(FindingsFile, "data", "ledgers", "words", "findings.toml")
    return {f"{group}.{name}": words for group, entries in content.items() for name, words in entries.items()}


def _wording(code: str) -> dict[str, str]:
    return _wordings()[code]


@cache
def _wording_table() -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"code": code, "severity": w["severity"], "wanted": w["wanted"], "remedy": w["remedy"]}
            for code, w in _wordings().items()
        ]
    )


def _filled(template: pl.Expr) -> pl.Expr:
    header = pl.coalesce("header", pl.lit("该列"))
    with_header = template.str.replace_all("{header}", header, literal=True)
    return with_header.str.replace_all("{detail}", pl.col("detail").fill_null(""), literal=True)


def _cell() -> pl.Expr:
    row = pl.col("row").cast(pl.String)
    letter = pl.col("letter")
    return (
        pl.when(letter.is_not_null() & row.is_not_null())
        .then(letter + row)
        .when(row.is_not_null())
        .then(row + ":" + row)
        .when(letter.is_not_null())
        .then(letter + ":" + letter)
        .otherwise(pl.lit(""))
        .alias("cell")
    )
