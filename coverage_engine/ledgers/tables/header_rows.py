"""Rows at the head of a sheet taken as a header: alone, or joined with the one or two rows below.

Titles, captions (填报单位：…) and rows of data are never part of one. A merged cell above is the group of the
cells below it: it is part of what they say (党员情况 over 人数), or changes nothing (人员情况 over 团员数).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain

from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.header_words import (
    foreign_group,
    is_bare,
    is_neutral_group,
    is_part,
    wholes_of,
)
from coverage_engine.ledgers.kinds import (
    LedgerColumn,
    column_under,
    fold_header,
    fold_text,
    header_spellings,
    reading_words,
)

_CODE = re.compile(r"[0-9A-Z]{17,18}")
_FIRM = re.compile(r"(?:有限|责任|股份)公司$")
_HIDDEN = "，已隐去）"
_LEAST_BELOW = 2
_LEAST_GROUPS = 2
_LOOKED_AT = 40
_MOST_COLUMNS = 512
"""No ledger has so many columns; a stray cell far to the right is no header."""
_NUMBER = re.compile(r"[\d.,]+")


@dataclass(frozen=True)
class HeaderLabel:
    """表头的一格：its texts from the highest row to the lowest, as `shown` in one.

    `under` is the group that stands above these rows, where there is one: it is no part of the header, but
    says whose number a bare 人数 or 35岁以下 is.
    """

    parts: tuple[str, ...]
    under: str = ""

    @property
    def shown(self) -> str:
        """The texts of all rows in one."""
        return "".join(self.parts)

    @property
    def readings(self) -> list[tuple[str, str]]:
        """What the header may be, whole or without the groups above, each with the group left out."""
        return [
            ("".join(self.parts[depth:]), self.under + "".join(self.parts[:depth]))
            for depth in range(len(self.parts))
        ]

    def column(self, keys: Mapping[str, LedgerColumn]) -> tuple[LedgerColumn, str, str] | None:
        """The column that it names, with the text that names it and the group above that."""
        for text, group in self.readings:
            column = column_under(text, keys)
            if column is not None and _stands_under(column, text, group):
                return column, text, group
        return None


@dataclass(frozen=True)
class Candidate:
    """Rows `first` to `last` taken as a header, a label a column; `below` are the texts of the last row."""

    first: int
    last: int
    labels: tuple[HeaderLabel, ...]
    below: tuple[str, ...]

    @cached_property
    def words(self) -> frozenset[str]:
        """All spellings: most rows have none that a kind knows."""
        texts = (text for label in self.labels for text, _ in label.readings if text)
        return frozenset(chain.from_iterable(map(_spellings, texts)))

    def columns(self, keys: Mapping[str, LedgerColumn]) -> dict[int, LedgerColumn]:
        """The columns that its labels name, by index."""
        if self.words.isdisjoint(keys):
            return {}
        named = {
            index: found
            for index, label in enumerate(self.labels)
            if label.shown and (found := label.column(keys)) is not None
        }
        return {
            index: column
            for index, (column, text, group) in named.items()
            if not is_part(fold_header(text)) or self._is_part_of(index, column, group, named)
        }

    def _is_part_of(
        self,
        index: int,
        column: LedgerColumn,
        group: str,
        named: Mapping[int, tuple[LedgerColumn, str, str]],
    ) -> bool:
        """Whether 其中… belongs to a number of staff: by its group, else by the number before it."""
        wholes = wholes_of(column.key)
        if not wholes or (group and is_neutral_group(fold_header(group))):
            return True
        before = [at for at in range(index) if self.labels[at].shown and not self._names_part(at)]
        if not before:
            return False
        whole = named.get(before[-1])
        return whole is not None and whole[0].key in wholes

    def _names_part(self, index: int) -> bool:
        return any(is_part(fold_header(text)) for text, _ in self.labels[index].readings)

    def _in_group(self, index: int) -> bool:
        """Whether a cell above reaches over this column and one beside it."""
        group = self.labels[index].parts[:-1]
        beside = self.labels[max(index - 1, 0) : index + 2]
        return bool(group) and sum(label.parts[:-1] == group for label in beside) > 1

    def is_subheader(self, columns: Mapping[int, LedgerColumn]) -> bool:
        """Whether the last row only divides groups and columns that are not read: no data, and no title."""
        filled = [text for text in self.below if text]
        return (
            self.last > self.first
            and len(filled) >= _LEAST_BELOW
            and all(not self.below[index] or self._in_group(index) for index in columns)
            and not any(_NUMBER.fullmatch(fold_text(text)) for text in filled)
        )


def head_of(raw: RawSheet) -> list[list[str]]:
    """The rows of a sheet among which its header is looked for."""
    looked = raw.grid[:, :_MOST_COLUMNS].head(_LOOKED_AT)
    return [[cell or "" for cell in row] for row in looked.rows()]


def candidates(head: Sequence[Sequence[str]]) -> Iterator[Candidate]:
    """Each row as a header, and joined with the one or two rows below it."""
    data = [_is_data(row) for row in head]
    for first, row in enumerate(head):
        groups = _groups_above(head, data, first)
        alone = tuple(HeaderLabel((cell,), group) for cell, group in zip(row, groups, strict=True))
        yield Candidate(first, first, alone, tuple(row))
        if first + 1 == len(head) or data[first] or data[first + 1] or _is_caption(row, head[first + 1]):
            continue
        two = _joined(row, [HeaderLabel((cell,)) for cell in head[first + 1]])
        yield Candidate(first, first + 1, two, tuple(head[first + 1]))
        if (
            first + 2 < len(head)
            and not data[first + 2]
            and not _is_caption(head[first + 1], head[first + 2])
        ):
            lower = _joined(head[first + 1], [HeaderLabel((cell,)) for cell in head[first + 2]])
            yield Candidate(first, first + 2, _joined(row, lower), tuple(head[first + 2]))


def title_of(head: Sequence[Sequence[str]]) -> str:
    """The words above the header: rows of one or two cells at the top that are no captions."""
    words: list[str] = []
    for row in head:
        filled = [cell for cell in row if cell]
        if len(filled) > 2:
            break
        words += [cell for cell in filled if not _caption().match(re.sub(r"\s+", "", cell))]
    return " ".join(words)


# ---------------------------------------------------------------------------------------------- private


def _spellings(text: str) -> tuple[str, ...]:
    parts = [part for part in re.split("[/、|或及和]", text) if part]
    return tuple(chain(header_spellings(text), *(map(header_spellings, parts) if len(parts) > 1 else ())))


def _stands_under(column: LedgerColumn, text: str, group: str) -> bool:
    """Whether a header may be read without the group above it."""
    if not group:
        return True
    folded = fold_header(group)
    if is_bare(fold_header(text)):
        return is_neutral_group(folded)
    return column.type != "count" or not foreign_group(folded, column.own_headers)


def _joined(top: Sequence[str], lower: Sequence[HeaderLabel]) -> tuple[HeaderLabel, ...]:
    """A row above others as one header: a merged cell above reaches over the filled cells below it."""
    labels: list[HeaderLabel] = []
    above = ""
    for upper, below in zip(top, lower, strict=True):
        above = upper or (above if below.shown else "")
        if above and below.shown:
            labels.append(HeaderLabel((above, *below.parts)))
        else:
            labels.append(HeaderLabel((above,)) if above else below)
    return tuple(labels)


def _groups_above(head: Sequence[Sequence[str]], data: Sequence[bool], row: int) -> list[str]:
    """The group above each cell of a row; none where no row of groups stands there."""
    above = head[row - 1] if row and not data[row - 1] else ()
    if sum(map(bool, above)) < _LEAST_GROUPS or _is_caption(above, head[row]):
        return [""] * len(head[row])
    groups: list[str] = []
    group = ""
    for upper, cell in zip(above, head[row], strict=True):
        group = upper or (group if cell else "")
        groups.append(group if cell else "")
    return groups


def _is_data(row: Sequence[str]) -> bool:
    """Whether a row holds what no header does: hidden people, credit codes, names of firms."""
    return any(
        _HIDDEN in cell or _CODE.fullmatch(cell.strip()) or _FIRM.search(cell.strip()) for cell in row if cell
    )


def _is_caption(row: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row is a title or says who reports and when, and so no upper row of a header."""
    filled = [(index, cell) for index, cell in enumerate(row) if cell]
    if any(_caption().match(re.sub(r"\s+", "", cell)) for _, cell in filled):
        return True
    return not filled or (len(filled) == 1 and bool(below[filled[0][0]]))


@cache
def _caption() -> re.Pattern[str]:
    words = sorted({*reading_words()["rows"]["footers"], "单位", "填报时间", "时间", "日期"})
    return re.compile(f"(?:{'|'.join(words)})(?:[(（].{{0,6}}[)）])?[:：]")
