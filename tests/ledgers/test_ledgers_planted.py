"""A messy sample: every planted fault of every kind is met in its cell, nothing else is, no row is lost.

Each kind of planted fault has one expectation below: it is told by findings of a certain code in the very
cell, or read as it was meant, or laid out as no data. A kind without an expectation fails.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from coverage_engine.ledgers import read_ledgers
from coverage_engine.ledgers.files.raw_sheets import open_sources
from coverage_engine.ledgers.identity.firm_names import plain_name
from coverage_engine.ledgers.tables.sheets import Layout, lay_out
from coverage_engine.ledgers.tables.stacked import tables_of
from coverage_engine.ledgers.tables.values import cast_column
from coverage_engine.model.findings import Findings
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.samples import write_sample

LEAST = 0.999
Cells = set[tuple[str, str]]


@dataclass(frozen=True)
class Read:
    """A messy sample read: what was planted, and what became of it."""

    planted: pl.DataFrame
    layouts: dict[str, Layout]
    snapshot: Snapshot
    findings: Findings

    def of(self, *kinds: str) -> pl.DataFrame:
        return self.planted.filter(pl.col("kind").is_in(kinds))

    def told(self, pattern: str) -> Cells:
        return cells(self.findings.table.filter(pl.col("code").str.contains(pattern)))


Met = tuple[Cells, Cells]
"""Cells in which a kind of fault is expected to be met, and those in which it was."""


def cells(frame: pl.DataFrame) -> Cells:
    return set(frame.select("sheet", "cell").rows())


def read_sample(folder: Path, enterprises: int, seed: int, layout: str) -> Read:
    write_sample(folder, enterprises=enterprises, seed=seed, messy=True, layout=layout)
    snapshot, findings = read_ledgers([folder])
    tables = [part for sheet in open_sources([folder])[0] for part in tables_of(sheet)]
    layouts = [lay_out(sheet, number) for number, sheet in enumerate(tables)]
    planted = pl.read_parquet(folder / "truth" / "planted.parquet")
    return Read(planted, {layout.raw.sheet: layout for layout in layouts}, snapshot, findings)


# ------------------------------------------------------------ told in the very cell


def told(pattern: str, kind: str) -> Callable[[Read], Met]:
    return lambda read: (cells(read.of(kind)), read.told(pattern))


def credit_codes(kind: str, *codes: str) -> Callable[[Read], Met]:
    return told("^(" + "|".join(f"credit_code.{code}" for code in codes) + ")$", kind)


def personal_columns(read: Read) -> Met:
    letters = pl.col("cell").str.extract("^([A-Z]+)")
    planted = read.of("personal_column").with_columns(cell=letters + ":" + letters)
    return cells(planted), read.told("^column.personal$")


def duplicates(read: Read) -> Met:
    """Of the two rows of one code the one that does not decide is told, whichever of them was planted."""
    rows = read.layouts["企业台账"].rows.select("row", "credit_code")
    twice = rows.join(read.of("duplicate").select("row").join(rows, on="row"), on="credit_code", how="semi")
    joined = twice.filter(~pl.col("row").is_in(read.snapshot["enterprises"]["row"].implode()))
    assert joined.height * 2 == twice.height
    return {("企业台账", f"A{row}") for row in joined["row"]}, read.told("^identity.same_code$")


def sent_back(read: Read, sheet: str) -> pl.DataFrame:
    """Planted faults for which a whole row is sent back: nothing else can be told of it."""
    return read.of("missing_name", "unknown_division").filter(pl.col("sheet") == sheet)


def kept_names(read: Read) -> dict[str, str]:
    """The name that the Snapshot must keep of each firm of the 企业台账: as its deciding row writes it."""
    deciding = read.snapshot["enterprises"]["row"]
    rows = read.layouts["企业台账"].rows.filter(pl.col("row").is_in(deciding.implode())).sort("row")
    meant = read.of("duplicate").select("row", meant="before")
    named = rows.join(meant, on="row", how="left", maintain_order="left")
    firm = pl.coalesce("meant", "name").alias("firm")
    return dict(named.select(firm, "name").unique("firm", keep="first").rows())


def contradictions(read: Read) -> Met:
    """A flag against its own ledger shows only where the row there was not sent back."""
    unseen = pl.lit(False)
    for flag in ("党组织", "工会"):
        gone = sent_back(read, f"{flag}台账")["before"]
        unseen |= (pl.col("column") == flag) & pl.col("name").is_in(gone.implode())
    names = read.layouts["企业台账"].rows.select("row", "name")
    planted = read.of("contradiction").join(names, on="row", how="left")
    return cells(planted.filter(~unseen)), read.told(r"_exceed_|^(party|union)\.contradiction$")


def other_names(read: Read) -> Met:
    """A name that the 企业台账 does not know its firm by is told; spaces and brackets make no other name.

    Without a code, a name that might be of another firm (集团 or not) is asked about in its cell instead.
    """
    for hub in ("headquarters", "leaders"):
        assert not read.snapshot[hub]["credit_code"].drop_nulls().is_duplicated().any()
    kept = kept_names(read)
    wanted: Cells = set()
    for sheet, layout in read.layouts.items():
        rows = layout.rows.filter(~pl.col("row").is_in(sent_back(read, sheet)["row"].implode()))
        places = [place for place in layout.columns if place.column.key == "enterprise_name"]
        for place in places:
            variants = read.of("name_variant").filter(
                (pl.col("sheet") == sheet) & (pl.col("column") == place.column.header)
            )
            written = rows.select("row", text="enterprise_name").join(
                variants.select("row", "before"), on="row", how="left"
            )
            firm = pl.coalesce("before", "text")
            known = written.with_columns(kept=firm.replace_strict(kept, default=None)).drop_nulls("kept")
            other = known.filter(plain_name(pl.col("text")) != plain_name(pl.col("kept")))
            wanted |= {(sheet, f"{place.letter}{row}") for row in other["row"]}
    return wanted, read.told("^link.name_differs$") | (wanted & read.told("^link.ambiguous$"))


# ------------------------------------------------------------ read as it was meant


def as_meant(kind: str) -> Callable[[Read], Met]:
    """The cell has the value that it had before; an unknown mark has none, and nothing is told of it."""

    def met(read: Read) -> Met:
        good: Cells = set()
        for (sheet, header), faults in read.of(kind).group_by("sheet", "column"):
            layout = read.layouts[str(sheet)]
            column = next(p.column for p in layout.columns if p.column.header == header)
            there = faults.join(layout.rows.select("row", text=column.key), on="row", how="left")
            before = (
                there["before"] if kind != "unknown" else pl.Series([None] * there.height, dtype=pl.String)
            )
            wanted, got = cast_column(before, column), cast_column(there["text"], column)
            fine = got.problems.fill_null("count.approximate") == "count.approximate"
            good |= cells(there.filter(fine & got.values.eq_missing(wanted.values)))
        return cells(read.of(kind)), good

    return met


def numbers(read: Read) -> Met:
    about = read.of("number_text").filter(pl.col("after").str.starts_with("约"))
    assert read.told("^count.approximate$") == cells(about)
    return as_meant("number_text")(read)


# ------------------------------------------------------------ laid out as no data


def no_data(kind: str) -> Callable[[Read], Met]:
    """The row is none of the data; and data, header and planted rows are all the rows there are."""

    def met(read: Read) -> Met:
        good: Cells = set()
        for fault in read.of(kind).iter_rows(named=True):
            if fault["row"] not in read.layouts[fault["sheet"]].rows["row"]:
                good.add((fault["sheet"], fault["cell"]))
        return cells(read.of(kind)), good

    return met


def headers(read: Read) -> Met:
    good = {
        (sheet, f"{place.letter}{layout.header_row}")
        for sheet, layout in read.layouts.items()
        for place in layout.columns
    }
    wanted = {
        (f["sheet"], f["cell"].rstrip("0123456789") + str(read.layouts[f["sheet"]].header_row))
        for f in read.of("header_variant").iter_rows(named=True)
    }
    named = {
        (sheet, place.header): place.column.header
        for sheet, layout in read.layouts.items()
        for place in layout.columns
    }
    for fault in read.of("header_variant").iter_rows(named=True):
        written = [h for (s, h), c in named.items() if s == fault["sheet"] and c == fault["before"]]
        assert len(written) == 1, fault
    return wanted, good & wanted


def merged_headers(read: Read) -> Met:
    good = {
        (f["sheet"], f["cell"])
        for f in read.of("merged_header").iter_rows(named=True)
        if read.layouts[f["sheet"]].header_row == f["row"] + 1
    }
    return cells(read.of("merged_header")), good


def decoded(read: Read) -> Met:
    wanted = {(sheet, "") for sheet in read.of("gb18030")["sheet"]}
    return wanted, {pair for pair in wanted if read.layouts[pair[0]].kind}


EXPECTED: dict[str, Callable[[Read], Met]] = {
    "damaged_code": credit_codes("damaged_code", "damaged", "length"),
    "code_typo": credit_codes("code_typo", "letters", "check_digit", "inner_check_digit"),
    "missing_name": told("^row.required_missing$", "missing_name"),
    "unknown_division": told(r"^division\.(unknown|optional_unknown)$", "unknown_division"),
    "contradiction": contradictions,
    "personal_column": personal_columns,
    "duplicate": duplicates,
    "name_variant": other_names,
    "unknown": as_meant("unknown"),
    "number_text": numbers,
    "flag_word": as_meant("flag_word"),
    "header_variant": headers,
    "merged_header": merged_headers,
    "gb18030": decoded,
    **{f"{name}_row": no_data(f"{name}_row") for name in ("blank", "title", "reporting_unit", "total")},
    "footer_row": no_data("footer_row"),
}


def no_row_is_lost(read: Read) -> None:
    sources = read.snapshot["sources"]
    parts = sources.select(pl.sum_horizontal("accepted", "quarantined", "recognised")).to_series()
    assert sources["rows_read"].to_list() == parts.to_list()
    for sheet, layout in read.layouts.items():
        faults = read.planted.filter(pl.col("sheet") == sheet)
        # Blank rows after the last filled one do not count as read.
        here = pl.col("kind").str.ends_with("_row") & (pl.col("row") <= layout.rows_read)
        rows = faults.filter(here).height
        headers = 2 if "merged_header" in faults["kind"].to_list() else 1
        assert layout.rows.height + rows + headers == layout.rows_read, sheet


Counts = dict[str, tuple[int, int, int]]
"""For each kind: faults planted, of these met, and cells in which the kind was met at all."""


def judge(read: Read, counts: Counts) -> list[tuple[str, Cells]]:
    """Adds to the counts what became of one sample's faults; the kinds and cells where anything differs.

    A lost row, or a kind without an expectation, fails at once.
    """
    differs = []
    assert set(read.planted["kind"]) <= set(EXPECTED), "a planted kind has no expectation"
    no_row_is_lost(read)
    assert read.snapshot["enterprises"]["credit_code"].drop_nulls().is_unique().all()
    for kind, expectation in EXPECTED.items():
        wanted, found = expectation(read)
        before = counts.get(kind, (0, 0, 0))
        here = (len(wanted), len(wanted & found), len(found))
        counts[kind] = (before[0] + here[0], before[1] + here[1], before[2] + here[2])
        if wanted != found:
            differs.append((kind, wanted ^ found))
    return differs


@pytest.mark.parametrize(
    ("variations", "most_enterprises"),
    [(12, 140), pytest.param(200, 500, marks=pytest.mark.slow)],
    ids=["12 small samples", "200 samples"],
)
def test_every_planted_fault_is_met_in_its_cell_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, variations: int, most_enterprises: int
) -> None:
    counts: Counts = {}
    drawn: dict[tuple[int, int, str], list[tuple[str, Cells]]] = {}

    @settings(max_examples=variations, phases=[Phase.generate], database=None)
    @given(
        seed=st.integers(0, 2**31 - 1),
        enterprises=st.integers(100, most_enterprises),
        layout=st.sampled_from(["xlsx", "mixed", "csv"]),
    )
    def vary(seed: int, enterprises: int, layout: str) -> None:
        folder = tmp_path_factory.mktemp("sample")
        drawn[seed, enterprises, layout] = judge(read_sample(folder, enterprises, seed, layout), counts)
        shutil.rmtree(folder)

    vary()
    assert len(drawn) == variations
    assert all(planted for planted, _, _ in counts.values()), counts
    short = {
        kind: (planted, met, found)
        for kind, (planted, met, found) in counts.items()
        if met < LEAST * planted or met < LEAST * found
    }
    differs = {each: cells for each, cells in drawn.items() if cells}
    assert not short, f"kind: planted, of these met, met at all; {differs}"
