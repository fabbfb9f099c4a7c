"""Counties' annexes merged to one for the city or province; missing, late and double told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from coverage_engine.errors import LedgerError
from coverage_engine.model.findings import Finding, Findings, findings_table
from coverage_engine.model.plan import Plan
from coverage_engine.model.vocabulary import Severity
from coverage_engine.reporting.annexes import AnnexRows, draw_annex
from coverage_engine.reporting.deadline import day_words, deadline
from coverage_engine.reporting.form import number_of
from coverage_engine.returned_annexes.comparing import AnnexReturn, compare_return, issued_annexes


@dataclass(frozen=True)
class RollUp:
    """汇总: the returned annexes, the merged rows by annex, and everything to be told of them."""

    returned: tuple[AnnexReturn, ...]
    merged: dict[str, AnnexRows]
    findings: Findings


def roll_up(files: Sequence[Path], plan: Plan) -> RollUp:
    """Merge the returned workbooks of the plan's division, in the order of their names.

    A row that stands in two workbooks is taken from the first; a county whose rows came in none is missing.

    A file that cannot be read, or holds none of the annexes, is told and left out.
    """
    issued, opened, findings = issued_annexes(plan), list[AnnexReturn](), list[Finding]()
    for file in sorted(files):
        try:
            opened.append(compare_return(file, issued))
        except LedgerError as error:
            findings.append(_unreadable(file, error))
    returned = tuple(opened)
    findings += [finding for annex in returned for finding in annex.findings]
    findings += [_late(annex) for annex in returned if _is_late(annex)]
    merged = {}
    for name, sent in issued.items():
        parts = [annex for annex in returned if annex.sheet.annex == name]
        if parts:
            merged[name] = _merged(sent, parts, findings)
            findings += _missing(name, sent, merged[name])
    return RollUp(returned, merged, Findings(findings_table(findings)))


def write_roll_up(rolled: RollUp, plan: Plan, folder: Path) -> list[Path]:
    """Write each merged annex as `<annex>_汇总.xlsx`, with its summaries by city and county."""
    written = []
    for name, annex in rolled.merged.items():
        written.append(folder / f"{name}_汇总.xlsx")
        draw_annex(plan, annex, written[-1])
    return written


# ---------------------------------------------------------------------------------------------- private


def _merged(sent: AnnexRows, parts: Sequence[AnnexReturn], findings: list[Finding]) -> AnnexRows:
    ids = sent.ids.columns
    texts = [column.key for column in sent.layout.columns if column.key not in sent.rows.columns]
    order = [*ids, "file", "row", *sent.rows.columns, *texts]
    rows = pl.concat(
        [
            _with_all(part.rows, sent).with_columns(file=pl.lit(part.sheet.file)).select(order)
            for part in parts
        ],
        how="vertical_relaxed",
    )
    findings += _twice(rows, ids, parts)
    rows = rows.unique(ids, keep="first", maintain_order=True)
    places = sent.ids.with_row_index("at:")
    ordered = places.join(rows, on=ids, how="inner").sort("at:")
    # 序号 counts the merged rows anew.
    numbered = ordered.with_columns(number=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    return AnnexRows(sent.layout, numbered.select(*sent.rows.columns, *texts), numbered.select(ids))


def _with_all(rows: pl.DataFrame, sent: AnnexRows) -> pl.DataFrame:
    """Returned rows with what the sent ones hold beside their cells: numbers are read from the cells."""
    shown = {number_of(column): column.key for column in sent.layout.columns}
    return rows.with_columns(
        (pl.col(shown[name]).cast(dtype, strict=False) if name in shown else pl.lit(None, dtype)).alias(name)
        for name, dtype in sent.rows.schema.items()
        if name not in rows.columns
    )


def _twice(rows: pl.DataFrame, ids: list[str], parts: Sequence[AnnexReturn]) -> list[Finding]:
    sheets = {part.sheet.file: part.sheet for part in parts}
    later = rows.filter(pl.struct(ids).is_duplicated() & ~pl.struct(ids).is_first_distinct())
    first = rows.unique(ids, keep="first").select(*ids, first="file")
    words = []
    for row in later.join(first, on=ids, maintain_order="left").iter_rows(named=True):
        sheet = sheets[row["file"]]
        words.append(
            Finding(
                "return.two_files",
                Severity.WARNING,
                sheet.file,
                sheet.sheet,
                f"{sheet.letters['name']}{row['row']}",
                f"{row['name']}：{row['first']} 里也有，汇总只计一次",
                "一家只由一个县（市、区）填报",
                "请两县核对归属，其中一县删去",
                sheet.annex,
                row["row"],
            )
        )
    return words


def _missing(name: str, sent: AnnexRows, merged: AnnexRows) -> list[Finding]:
    """Places that have rows in the sent annex and none in what came back."""
    columns = [key for key in ("city", "county", "place") if key in sent.rows.columns]
    wanted = sent.rows.group_by(columns, maintain_order=True).len()
    absent = wanted.join(merged.rows, on=columns, how="anti", maintain_order="left")
    return [
        Finding(
            "return.missing",
            Severity.WARNING,
            "",
            sent.layout.sheet,
            "",
            f"{''.join(dict.fromkeys(row[:-1]))} 应报 {row[-1]} 行，没有收到",
            "各县（市、区）都报，没有的报零",
            "请催报后重新汇总",
            name,
        )
        for row in absent.iter_rows()
    ]


def _is_late(annex: AnnexReturn) -> bool:
    return annex.sheet.filled_on is not None and annex.sheet.filled_on > deadline().due


def _unreadable(file: Path, error: LedgerError) -> Finding:
    words = error.problem
    return Finding(
        "return.unreadable", Severity.WARNING, file.name, "", "", words, "附件3、4、5", error.remedy
    )


def _late(annex: AnnexReturn) -> Finding:
    filled = annex.sheet.filled_on
    return Finding(
        "return.late",
        Severity.NOTE,
        annex.sheet.file,
        annex.sheet.sheet,
        "",
        f"填报日期 {day_words(filled) if filled else ''} 晚于时限",
        f"{day_words(deadline().due)}前报送",
        "请在通报中如实反映",
        annex.sheet.annex,
    )
