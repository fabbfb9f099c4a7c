"""Lists that departments keep in forms of their own: which they are, and what their headers and codes mean.

Each stands in `data/ledgers/forms/`: 四上单位名录, 经营主体查询导出, 非公党组织统计表 and the like. A form
tells which ledger a list is read as, headers that mean a column in this form only, and its code words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from coverage_engine.content import alike, content_files, read_shipped
from coverage_engine.ledgers.kinds import LedgerColumn, fold_header, header_spellings, ledger_kind
from coverage_engine.ledgers.ledger_shapes import FormFile

_HEADER, _TITLE, _FILE = 2, 5, 2
"""What a telling header, a word in sheet or title, and one in the file's name weigh."""


@dataclass(frozen=True)
class ListForm:
    """常见名单的样子: `titles` are words in sheet, title or file, `headers` folded ones that tell it.

    `columns` are headers that mean a field in this form, `words` the words and codes of a field in it.
    """

    form: str
    name: str
    kind: str
    source: str
    titles: tuple[str, ...]
    not_titles: tuple[str, ...]
    headers: frozenset[str]
    columns: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]
    least: int

    def keys(self) -> dict[str, LedgerColumn]:
        """The spellings of headers as this form means them: the ledger's and its own."""
        return _form_keys(self.form)

    def weight(self, sheet: str, file: str, spellings: frozenset[str]) -> int:
        """How much speaks for it in the name and title of a sheet, its file, its headers; 0: too little."""
        if any(word in sheet for word in self.not_titles):
            return 0
        titled = max((len(word) for word in self.titles if word in sheet), default=0)
        filed = any(word in file for word in self.titles)
        hits = len(self.headers & spellings)
        if hits < self.least and not titled and not (filed and hits):
            return 0
        return _HEADER * hits + (_TITLE + titled if titled else 0) + (_FILE if filed else 0)


@cache
def list_forms() -> tuple[ListForm, ...]:
    """All known forms, by name of their file."""
    files = content_files("data", "ledgers", "forms", suffix=".toml")
    return tuple(_form(read_shipped(FormFile, "data", "ledgers", "forms", file.name)) for file in files)


def list_form(form: str) -> ListForm:
    """One form by its key, e.g. `statistics_directory`."""
    return next(entry for entry in list_forms() if entry.form == form)


# ---------------------------------------------------------------------------------------------- private


def _form(file: FormFile) -> ListForm:
    return alike(
        ListForm,
        file,
        titles=tuple(map(fold_header, file.titles)),
        not_titles=tuple(map(fold_header, file.not_titles)),
        headers=frozenset(map(fold_header, file.headers)),
    )


@cache
def _form_keys(name: str) -> dict[str, LedgerColumn]:
    form = list_form(name)
    kind = ledger_kind(form.kind)
    worded = {
        column.key: replace(column, words={**(column.words or {}), **form.words[column.key]})
        if column.key in form.words
        else column
        for column in kind.columns
    }
    keys = {spelling: worded.get(column.key, column) for spelling, column in kind.header_keys().items()}
    for header, key in form.columns.items():
        column = replace(worded[key], aliases=(*worded[key].aliases, header))
        keys |= dict.fromkeys(header_spellings(header)[:1], column)
    return keys
