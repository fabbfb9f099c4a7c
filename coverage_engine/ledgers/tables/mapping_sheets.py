"""Reading a mapping workbook again: what a planner has chosen for the lists of each form.

What cannot be understood is named with its cell and what may be written, and does not count; the rest does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from coverage_engine.ledgers.files.handed_in_folders import FileTrouble
from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.kinds import LedgerKind, fold_text, ledger_kinds, reading_words
from coverage_engine.ledgers.list_mappings import (
    ListMapping,
    Mappings,
    all_columns,
    folded,
    kind_named,
    together,
)
from coverage_engine.ledgers.mapping_form import (
    COLUMNS,
    COMPLETE,
    CONSTANTS,
    LISTS,
    NO_LEDGER,
    NOT_READ,
    OTHER,
    PAIRS,
    SAME,
    UNKNOWN,
    WORDS,
    FormSheet,
)
from coverage_engine.ledgers.tables.sheet_columns import column_letter

UNCLEAR = "mapping.unclear"
_FORM = "表样号"


@dataclass(frozen=True)
class _Line:
    """A row of the workbook: its cells by header, and where it stands."""

    cells: Mapping[str, str]
    letters: Mapping[str, str]
    sheet: str
    row: int

    def __getitem__(self, header: str) -> str:
        return self.cells.get(header, "")

    def trouble(self, raw: RawSheet, header: str, problem: str, remedy: str) -> FileTrouble:
        cell = f"{self.sheet}!{self.letters.get(header, '')}{self.row}"
        return FileTrouble(UNCLEAR, raw.file, f"{cell}：{problem}", remedy)


@dataclass(frozen=True)
class HandedIn:
    """交来的各张表: the lists, what the mapping workbooks among them say, and what is unclear in those.

    `answers` are keys of two firms, and whether they are one.
    """

    lists: tuple[RawSheet, ...]
    mappings: Mappings
    troubles: tuple[FileTrouble, ...]
    answers: tuple[tuple[str, str, bool], ...] = ()


def apart(sheets: Sequence[RawSheet]) -> HandedIn:
    """The lists apart from the mapping workbooks; of these one of a later name counts before an earlier."""
    workbooks: dict[tuple[str, str], list[RawSheet]] = {}
    for raw in sheets:
        if raw.of_mapping:
            workbooks.setdefault((raw.file, raw.sha256), []).append(raw)
    troubles: list[FileTrouble] = []
    books = [parts for _, parts in sorted(workbooks.items())]
    said = [mapping for parts in books for mapping in _mappings(parts, troubles)]
    answers = [answer for parts in books for answer in _answers(parts, troubles)]
    lists = tuple(raw for raw in sheets if not raw.of_mapping)
    return HandedIn(lists, together(said), tuple(troubles), tuple(answers))


# ---------------------------------------------------------------------------------------------- private


def _mappings(parts: Sequence[RawSheet], troubles: list[FileTrouble]) -> Iterator[ListMapping]:
    by_name = {raw.sheet: raw for raw in parts}
    lists = list(_lines(by_name.get(LISTS.name), LISTS))
    kinds = dict(_kinds(by_name.get(LISTS.name), lists, troubles))
    columns = _by_form(_lines(by_name.get(COLUMNS.name), COLUMNS))
    constants = _by_form(_lines(by_name.get(CONSTANTS.name), CONSTANTS))
    words = _by_form(_lines(by_name.get(WORDS.name), WORDS))
    for line in lists:
        if (form := line[_FORM]) not in kinds:
            continue
        kind = kinds[form]
        yield ListMapping(
            form=form.partition("-")[0],
            kind=kind,
            fields=dict(_fields(by_name[COLUMNS.name], columns.get(form, ()), kind, troubles))
            if kind
            else {},
            sheets=frozenset(filter(None, line["工作表"].split("、"))),
            constants=dict(_constants(by_name[CONSTANTS.name], constants.get(form, ()), kind, troubles))
            if kind
            else {},
            words=_words(by_name[WORDS.name], words.get(form, ()), kind, troubles) if kind else {},
            left_out=tuple(filter(None, line["略去的行"].split("、"))),
            complete=line["名录完整"] == COMPLETE,
        )


def _answers(parts: Sequence[RawSheet], troubles: list[FileTrouble]) -> Iterator[tuple[str, str, bool]]:
    """The pairs of names about which an answer is filled in."""
    for raw in parts:
        for line in _lines(raw, PAIRS) if raw.sheet == PAIRS.name else ():
            answer = line[PAIRS.answer]
            if answer in (SAME, OTHER):
                yield line["写法号"], line["企业号"], answer == SAME
            elif answer:
                problem = f"只能写“{SAME}”或“{OTHER}”：{answer}"
                troubles.append(line.trouble(raw, PAIRS.answer, problem, _may_be(answer, [SAME, OTHER])))


def _lines(raw: RawSheet | None, form: FormSheet) -> Iterator[_Line]:
    """The rows below the row of headers, wherever the columns stand now."""
    letters: dict[str, str] = {}
    places: dict[str, int] = {}
    for number, cells in enumerate(raw.grid.rows() if raw is not None else (), start=1):
        texts = [fold_text(cell) if cell else "" for cell in cells]
        if not places:
            if form.key in texts and form.answer in texts:
                places = {header: texts.index(header) for header in form.headers if header in texts}
                letters = {header: column_letter(index) for header, index in places.items()}
        elif texts[places[form.key]]:
            yield _Line({h: texts[i] for h, i in places.items()}, letters, form.name, number)


def _by_form(lines: Iterator[_Line]) -> dict[str, list[_Line]]:
    by_form: dict[str, list[_Line]] = {}
    for line in lines:
        by_form.setdefault(line[_FORM], []).append(line)
    return by_form


def _kinds(
    raw: RawSheet | None, lines: Sequence[_Line], troubles: list[FileTrouble]
) -> Iterator[tuple[str, LedgerKind | None]]:
    """The kind chosen for each form; a form for which none is chosen is read as without a mapping."""
    for line in lines:
        chosen = line[LISTS.answer]
        if chosen == NO_LEDGER:
            yield line[_FORM], None
        elif kind := kind_named(chosen):
            yield line[_FORM], kind
        elif chosen and raw is not None:
            names = [*(kind.sheet for kind in ledger_kinds()), NO_LEDGER]
            troubles.append(
                line.trouble(raw, LISTS.answer, f"没有这种台账：{chosen}", _may_be(chosen, names))
            )


def _fields(
    raw: RawSheet, lines: Sequence[_Line], kind: LedgerKind, troubles: list[FileTrouble]
) -> Iterator[tuple[str, str]]:
    """The key of the column of the ledger for each folded header."""
    known = {column.header: column.key for column in all_columns(kind)}
    seen: dict[str, str] = {}
    for line in lines:
        chosen = line[COLUMNS.answer]
        if chosen in ("", NOT_READ):
            continue
        if chosen not in known:
            problem = f"{kind.sheet}没有这个字段：{chosen}"
            troubles.append(line.trouble(raw, COLUMNS.answer, problem, _may_be(chosen, [*known, NOT_READ])))
        elif chosen in seen:
            problem = f"“{seen[chosen]}”和“{line['表头']}”两列都选了“{chosen}”"
            remedy = f"请只留一列，另一列改为“{NOT_READ}”；改好之前用前一列。"
            troubles.append(line.trouble(raw, COLUMNS.answer, problem, remedy))
        else:
            seen[chosen] = line["表头"]
            yield folded(line["表头"]), known[chosen]


def _constants(
    raw: RawSheet, lines: Sequence[_Line], kind: LedgerKind, troubles: list[FileTrouble]
) -> Iterator[tuple[tuple[str, str], str]]:
    known = {column.header: column.key for column in all_columns(kind) if column.stored}
    for line in lines:
        if not line[CONSTANTS.answer]:
            continue
        if line["字段"] not in known:
            problem = f"{kind.sheet}没有这个字段：{line['字段']}"
            troubles.append(line.trouble(raw, "字段", problem, _may_be(line["字段"], list(known))))
            continue
        yield (line["工作表"], known[line["字段"]]), line[CONSTANTS.answer]


def _words(
    raw: RawSheet, lines: Sequence[_Line], kind: LedgerKind, troubles: list[FileTrouble]
) -> dict[str, dict[str, str]]:
    known = {column.header: column for column in kind.columns}
    words: dict[str, dict[str, str]] = {}
    for line in lines:
        chosen, column = line[WORDS.answer], known.get(line["字段"])
        if not chosen or column is None:
            continue
        values = reading_words()["values"] if column.type == "flag" else {"yes": [], "no": []}
        allowed = [*(column.words or ()), *values["yes"], *values["no"]]
        if chosen != UNKNOWN and chosen not in allowed:
            problem = f"“{column.header}”没有这个词：{chosen}"
            troubles.append(line.trouble(raw, WORDS.answer, problem, _may_be(chosen, [*allowed, UNKNOWN])))
            continue
        words.setdefault(column.key, {})[line["写法"]] = "" if chosen == UNKNOWN else chosen
    return words


def _may_be(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word, known, 1, 0.5)
    hint = f"您是不是要选“{close[0]}”？" if close else ""
    return f"{hint}请从下拉列表里选：{'、'.join(known)}。这一处改好之前不起作用，其余照用。"
