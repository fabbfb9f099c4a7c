"""The account of what was read: sheets, columns, quarantined rows, and the findings about whole sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from coverage_engine.ledgers.files.handed_in_folders import FileTrouble
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.kinds import fold_header, ledger_kinds, reading_words
from coverage_engine.ledgers.personal_data import MARK
from coverage_engine.ledgers.tables.guessed_header import guessed_header, header_labels
from coverage_engine.ledgers.tables.headers import is_note_sheet, named_kind, of_earlier_time
from coverage_engine.ledgers.tables.lookalikes import Lookalike, lookalikes
from coverage_engine.ledgers.tables.sheet_columns import PlacedColumn, column_letter
from coverage_engine.ledgers.tables.sheets import VERDICT_NAMES, Layout
from coverage_engine.ledgers.tables.shifted_rows import SHIFTED
from coverage_engine.ledgers.tables.spread_places import spread_over
from coverage_engine.model.tables import SNAPSHOT_TABLES, conform, empty

_FEW = 10
_SEEN = 50
_OF_SHIFTED = ("text.more_cells", "text.other_separator")


def source_columns(layouts: Sequence[Layout]) -> pl.DataFrame:
    """Where every field stands: a row for each field a column fills, and for each header not read."""
    entries = [
        (layout.source, field, place.letter, place.header)
        for layout in layouts
        for field, place in _filled_fields(layout).items()
    ]
    entries += [
        (layout.source, _unread_field(index), column_letter(index), label)
        for layout in layouts
        for index, label in _unread(layout).items()
    ]
    if not entries:
        return empty(SNAPSHOT_TABLES["source_columns"])
    frame = pl.DataFrame(entries, schema=["source", "field", "letter", "header"], orient="row")
    return conform(frame, SNAPSHOT_TABLES["source_columns"])


def source_names(layouts: Sequence[Layout]) -> pl.DataFrame:
    """The snapshot table `sources` before its rows are counted."""
    rows = [
        {
            "source": layout.source,
            "file": layout.raw.file,
            "sha256": layout.raw.sha256,
            "sheet": layout.raw.sheet,
            "kind": layout.kind.kind if layout.kind else None,
            "header_row": layout.header_row,
            "rows_read": layout.rows_read,
        }
        for layout in layouts
    ]
    table = SNAPSHOT_TABLES["sources"]
    return conform(pl.DataFrame(rows, infer_schema_length=None), table) if rows else empty(table)


def counted_sources(
    layouts: Sequence[Layout], accepted: Mapping[int, int], quarantined: Mapping[int, int]
) -> pl.DataFrame:
    """The snapshot table `sources`; rows_read = accepted + quarantined + recognised for each sheet."""
    counts = pl.DataFrame(
        [
            (
                layout.source,
                accepted.get(layout.source, 0),
                quarantined.get(layout.source, 0),
                sum(layout.recognised.values()),
            )
            for layout in layouts
        ],
        schema=dict.fromkeys(("source", "accepted", "quarantined", "recognised"), pl.Int32),
        orient="row",
    )
    named = source_names(layouts).drop("accepted", "quarantined", "recognised")
    return conform(named.join(counts, on="source", maintain_order="left"), SNAPSHOT_TABLES["sources"])


def tell_troubles(troubles: Sequence[FileTrouble], log: FindingLog) -> None:
    """The files that were not read."""
    for trouble in troubles:
        log.add_file(trouble.code, trouble.file, found=trouble.problem, detail=trouble.remedy)


def tell_sheet(layout: Layout, log: FindingLog) -> None:
    """What is to be said of a sheet as a whole."""
    _tell_hidden(layout, log)
    _tell_faults(layout, log)
    if layout.left_out:
        return
    _tell_masked(layout, log)
    if not layout.rows_read:
        log.add("sheet.empty", layout.source)
    elif layout.kind is None:
        _tell_unknown(layout, log)
    else:
        _tell_known(layout, log)


# ---------------------------------------------------------------------------------------------- private


def _filled_fields(layout: Layout) -> dict[str, PlacedColumn]:
    """Every field with the column that fills it: its own column before one that fills it beside another."""
    fields = {place.column.key: place for place in layout.columns}
    for place in layout.columns:
        for further in place.column.fills:
            fields.setdefault(further, place)
    return fields


def _unread(layout: Layout) -> dict[int, str]:
    doubled = {index: layout.raw.grid.columns[index] for index in layout.doubled}
    return dict(sorted({**layout.other_headers, **dict.fromkeys(doubled, "")}.items()))


def _unread_field(index: int) -> str:
    return f"column {column_letter(index)}"


def _tell_hidden(layout: Layout, log: FindingLog) -> None:
    """Hidden rows and columns are read; that they were hidden is told once, with the first few of them.

    So is a hidden sheet, and whether it was read.
    """
    raw = layout.raw
    if raw.marks.hidden and layout.rows_read:
        _tell_hidden_sheet(layout, log)
    begin, end = raw.above, raw.above + raw.grid.height
    rows = [str(row) for row in raw.hidden_rows if begin < row <= end]
    columns = [column_letter(number - 1) for number in raw.hidden_columns if number <= raw.grid.width]
    hidden_parts = [
        f"{len(places)} {unit}（{'、'.join(places[:_FEW])}{'…' if len(places) > _FEW else ''}）"
        for places, unit in ((rows, "行"), (columns, "列"))
        if places
    ]
    if hidden_parts:
        log.add("sheet.hidden_parts", layout.source, found="；".join(hidden_parts))


def _tell_hidden_sheet(layout: Layout, log: FindingLog) -> None:
    code = "sheet.hidden_read"
    if layout.left_out:
        code = "sheet.hidden_left_out" if layout.kind else "sheet.hidden_no_ledger"
    how = "隐藏" if layout.raw.marks.hidden == "hidden" else "深度隐藏（在 Excel 的“取消隐藏”里看不到）"
    words = f"{layout.raw.sheet}：{how}，{layout.rows_read} 行"
    log.add(code, layout.source, found=words, detail=layout.kind.sheet if layout.kind else "")


def _tell_merged(layout: Layout, log: FindingLog) -> None:
    """Each column of merged cells once, with the first few places."""
    for entry in layout.merged:
        letter = column_letter(entry.index)
        places = [f"{letter}{top}:{letter}{bottom}" for top, bottom in entry.spans[:_FEW]]
        ranges = "、".join(places) + ("…" if len(entry.spans) > _FEW else "")
        code = "cells.merged_unclear" if entry.unclear else "cells.merged_filled"
        log.add(code, layout.source, field=entry.column.key, found=ranges, detail=str(entry.cells))


def _tell_uncalculated(layout: Layout, log: FindingLog) -> None:
    """Each cell of a data row whose formula has no result."""
    if not layout.raw.marks.uncalculated:
        return
    fields = {place.index + 1: place.column.key for place in layout.columns}
    cells = pl.DataFrame(
        layout.raw.marks.uncalculated, schema={"row": pl.Int64, "column": pl.Int64}, orient="row"
    )
    formulas = cells.filter(
        pl.col("row").is_in(layout.rows["row"].implode()) & pl.col("column").is_in(list(fields))
    )
    for column in formulas["column"].unique().sort():
        rows = formulas.filter(pl.col("column") == column).select(
            "row", source=pl.lit(layout.source), found=pl.lit("公式")
        )
        log.add_rows("cells.formula_without_value", rows, fields[column])


def _tell_faults(layout: Layout, log: FindingLog) -> None:
    """What opening the sheet found odd about it; of several tables on a sheet each tells its own rows."""
    begin, end = layout.raw.above, layout.raw.above + layout.raw.grid.height
    row = pl.col("row").fill_null(1)
    here = layout.raw.faults.filter((row > begin) & (row <= max(end, 1)))
    # What turns a row back says the same and more.
    here = here.filter(
        ~(pl.col("code").is_in(_OF_SHIFTED) & pl.col("row").is_in(layout.shifted["row"].implode()))
    )
    log.add_rows(SHIFTED, layout.shifted.with_columns(source=pl.lit(layout.source)))
    for (code,), rows in here.group_by("code", maintain_order=True):
        log.add_rows(str(code), rows.with_columns(source=pl.lit(layout.source)))


def _tell_masked(layout: Layout, log: FindingLog) -> None:
    """Cells of a column that is read in which numbers or names of people were hidden: once a column."""
    for place in layout.columns:
        if place.index in layout.raw.masked_columns:
            marked = layout.rows.filter(pl.col(place.column.key).str.contains(MARK, literal=True))["row"]
            if len(marked):
                first = "、".join(str(row) for row in marked.head(_FEW).to_list())
                more = "…" if len(marked) > _FEW else ""
                cells = f"{len(marked)} 处（第 {first}{more} 行）"
                log.add("personal.masked", layout.source, field=place.column.key, found=cells)


def _tell_unknown(layout: Layout, log: FindingLog) -> None:
    if is_note_sheet(layout.raw.sheet):
        log.add("sheet.notes", layout.source, found=f"{layout.rows_read} 行")
    elif layout.possible:
        kinds = "、".join(kind.sheet for kind in layout.possible)
        log.add("sheet.ambiguous_kind", layout.source, found=layout.raw.sheet, detail=kinds)
    elif layout.named:
        wanted = "、".join(column.header for column in layout.named.required)
        sheet_name = layout.raw.sheet + _lookalikes(layout)
        log.add("column.missing", layout.source, found=sheet_name, detail=wanted)
    else:
        known = "、".join(kind.sheet for kind in ledger_kinds())
        log.add("sheet.unknown_kind", layout.source, found=layout.raw.sheet, detail=known)


def _lookalikes(layout: Layout) -> str:
    """Headers of a sheet without a header of its kind, with the columns that they look like."""
    guessed = guessed_header(layout.raw)
    if guessed is None or layout.named is None:
        return ""
    headers = {index: label for index, label in enumerate(guessed.labels) if label}
    alike = lookalikes(layout.named, headers, layout.raw.grid.slice(guessed.last + 1), frozenset())
    return f"（{'，'.join(each.words for each in alike)}）" if alike else ""


def _unread_lookalikes(layout: Layout) -> list[Lookalike]:
    """Columns that nobody knows, with those of the ledger that are not there and that they look like."""
    assert layout.kind is not None
    assert layout.header_row is not None
    labels = header_labels(layout.raw.grid.head(layout.header_row - layout.raw.above))
    unknown = {
        index: labels[index] or label
        for index, label in layout.other_headers.items()
        if _unread_code(layout, label) in ("column.unknown", "column.personal")
    }
    if not unknown:
        return []
    first = (layout.rows["row"].head(_SEEN) - 1 - layout.raw.above).to_list()
    taken = frozenset(place.column.key for place in layout.columns)
    return lookalikes(layout.kind, unknown, layout.raw.grid[first], taken)


def _tell_known(layout: Layout, log: FindingLog) -> None:
    assert layout.kind is not None
    alike = _unread_lookalikes(layout)
    if layout.missing:
        _tell_missing(layout, alike, log)
    if layout.form and layout.named is layout.kind and named_kind(layout.raw) is not layout.kind:
        words = f"{layout.form.name}，按{layout.kind.sheet}"
        log.add("sheet.kind_by_form", layout.source, found=layout.raw.sheet, detail=words)
    elif layout.named is not layout.kind:
        log.add("sheet.kind_by_headers", layout.source, found=layout.raw.sheet, detail=layout.kind.sheet)
    if spread := spread_over(layout.columns):
        log.add("division.from_columns", layout.source, field="division_code", detail="、".join(spread))
    chosen = {place.column.key: place.header for place in layout.columns}
    for index, place in layout.doubled.items():
        taken = chosen.get(place.column.key, "")
        older = of_earlier_time(place.header, taken)
        log.add(
            "column.of_earlier_year" if older else "column.doubled",
            layout.source,
            field=_unread_field(index),
            found=place.header if older else place.column.header,
            detail=taken,
        )
    for fact in layout.list_facts:
        column = layout.kind.column(fact.key)
        words = f"{layout.rows.height} 行：{fact.word}"
        log.add("list.from_title", layout.source, field=fact.key, found=words, detail=column.header)
    for field, count in layout.of_1904.items():
        log.add("date.of_1904", layout.source, field=field, found=f"{count} 个日期")
    _tell_merged(layout, log)
    _tell_uncalculated(layout, log)
    for index, doubt in layout.doubtful.items():
        found, detail = layout.other_headers[index], f"“{doubt.column.header}”，内容却{doubt.reason}"
        log.add("column.doubtful", layout.source, field=_unread_field(index), found=found, detail=detail)
    _tell_unread(layout, alike, log)
    if not layout.rows.height:
        log.add("sheet.no_rows", layout.source)
    counts = [
        f"{name} {layout.recognised[v]} 行" for v, name in VERDICT_NAMES.items() if v in layout.recognised
    ]
    log.add("rows.recognised", layout.source, found="；".join(counts))


def _tell_missing(layout: Layout, alike: Sequence[Lookalike], log: FindingLog) -> None:
    """What a sheet lacks, and in the same message which of its columns look like that."""
    assert layout.kind is not None
    wanted = "、".join(column.header for column in layout.missing)
    labels = header_labels(layout.raw.grid.head((layout.header_row or 0) - layout.raw.above))
    headers = "、".join(dict.fromkeys(labels[place.index] or place.header for place in layout.columns))
    like_missing = [each.words for each in alike if each.column in layout.missing]
    words = f"{'，'.join(like_missing)}；" if like_missing else ""
    read_as = f"{words}按{layout.kind.sheet}看，表头有：{headers}"
    log.add("column.missing", layout.source, found=read_as, detail=wanted)


def _tell_unread(layout: Layout, alike: Sequence[Lookalike], log: FindingLog) -> None:
    """The columns that nobody reads, but for those that the message on what is missing has named."""
    words = {each.index: each for each in alike}
    returned = {fold_header(word) for word in reading_words()["rows"]["returned_headers"]}
    for index, label in layout.other_headers.items():
        look = words.get(index)
        named = index in layout.doubtful or bool(look and look.column in layout.missing)
        if named or fold_header(label) in returned:
            continue
        code = _unread_code(layout, label)
        found = look.words if look and code == "column.unknown" else label
        log.add(code, layout.source, field=_unread_field(index), found=found, detail=label)


def _unread_code(layout: Layout, label: str) -> str:
    assert layout.kind is not None
    rows, words = reading_words()["rows"], reading_words()["personal"]["words"]
    if layout.kind.column_under(label):
        return "column.not_kept"
    if fold_header(label) in {fold_header(word) for word in rows["serial_headers"]}:
        return "column.serial"
    folded = fold_header(label)
    personal = any(word.casefold() in folded for word in words)
    return "column.personal" if personal else "column.unknown"
