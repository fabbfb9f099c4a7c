"""Faults of single cells: unknown marks, numbers as text, damaged codes, contradictions, other flag words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from coverage_engine.samples.name_variants import name_variants
from coverage_engine.samples.streams import Array
from coverage_engine.samples.vocabularies import fault_vocabulary

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_LOOK_ALIKE = {"0": "O", "1": "I", "2": "Z", "5": "S"}


@dataclass(frozen=True)
class Planted:
    """One planted fault: body row from 0 (negative: above the header; none: the header), column from 0."""

    kind: str
    row: int | None = None
    column: int | None = None
    before: str = ""
    after: str = ""
    note: str = ""


Overlay = dict[tuple[int, int], str]
_Fault = Callable[[np.random.Generator, pl.DataFrame, Array], Iterator[Planted]]


def plant_cells(rng: np.random.Generator, body: pl.DataFrame, free: Array) -> tuple[Overlay, list[Planted]]:
    """Overlays single cells of the free rows with faults; each row carries at most one."""
    shares = fault_vocabulary()["shares"]
    rows = _digit_codes_first(rng.permutation(free), body, round(len(free) * shares["damaged_code"] / 2))
    planted: list[Planted] = []
    start = 0
    for kind, fault in _FAULTS.items():
        stop = min(start + max(1, round(len(free) * shares[kind])), len(rows))
        planted += fault(rng, body, np.sort(rows[start:stop]))
        start = stop
    overlay = {
        (fault.row, fault.column): fault.after
        for fault in planted
        if fault.row is not None and fault.column is not None
    }
    return overlay, planted


# ---------------------------------------------------------------------------------------------- private


def _digit_codes_first(rows: Array, body: pl.DataFrame, wanted: int) -> Array:
    """Puts some rows whose code is of digits alone in front: only those can be read as a number."""
    if "统一社会信用代码" not in body.columns:
        return rows
    digits = body["统一社会信用代码"].gather(rows).str.contains(r"^\d{18}$").fill_null(False).to_numpy()
    front = np.flatnonzero(digits)[: max(1, wanted)]
    return np.asarray(np.r_[rows[front], np.delete(rows, front)])


def _present(body: pl.DataFrame, kind: str) -> list[int]:
    """Numbers of the columns that a kind of fault may touch in this sheet."""
    return [body.columns.index(name) for name in fault_vocabulary()["columns"][kind] if name in body.columns]


def _cells(
    rng: np.random.Generator, body: pl.DataFrame, rows: Array, columns: list[int]
) -> Iterator[tuple[int, int, str]]:
    """One known cell of each row, of a column drawn for it: row, column, text."""
    if not columns:
        return
    drawn = rng.integers(0, len(columns), len(rows))
    for number, column in enumerate(columns):
        chosen = rows[drawn == number]
        texts = body.to_series(column).gather(chosen).cast(pl.String).to_list()
        for row, text in zip(chosen.tolist(), texts, strict=True):
            if text is not None:
                yield row, column, text


def _unknown(rng: np.random.Generator, body: pl.DataFrame, rows: Array) -> Iterator[Planted]:
    marks = fault_vocabulary()["unknown_marks"]
    for row, column, text in _cells(rng, body, rows, _present(body, "unknown")):
        yield Planted("unknown", row, column, text, marks[int(rng.integers(0, len(marks)))])


def _number_text(rng: np.random.Generator, body: pl.DataFrame, rows: Array) -> Iterator[Planted]:
    for row, column, text in _cells(rng, body, rows, _present(body, "number_text")):
        written = (
            f"{int(text):,}人" if int(text) >= 1000 else f"{text}人",
            text.translate(_FULL_WIDTH),
            f"约{text}",
            f"{int(text):,}" if int(text) >= 1000 else f" {text} ",
        )[int(rng.integers(0, 4))]
        yield Planted("number_text", row, column, text, written)


def _damaged_code(rng: np.random.Generator, body: pl.DataFrame, rows: Array) -> Iterator[Planted]:
    """Codes that a spreadsheet took for a number: only those of digits alone can suffer it."""
    if "统一社会信用代码" not in body.columns:
        return
    for row, column, text in _cells(rng, body, rows, [body.columns.index("统一社会信用代码")]):
        if text.isdigit():
            yield Planted("damaged_code", row, column, text, f"{float(text):.5E}")
        else:
            yield Planted("damaged_code", row, column, text, text[:-1], "last character cut off")


def _code_typo(rng: np.random.Generator, body: pl.DataFrame, rows: Array) -> Iterator[Planted]:
    if "统一社会信用代码" not in body.columns:
        return
    for row, column, text in _cells(rng, body, rows, [body.columns.index("统一社会信用代码")]):
        for digit, letter in _LOOK_ALIKE.items():
            if digit in text[2:]:
                yield Planted("code_typo", row, column, text, text[:2] + text[2:].replace(digit, letter, 1))
                break


def _flag_word(rng: np.random.Generator, body: pl.DataFrame, rows: Array) -> Iterator[Planted]:
    words = fault_vocabulary()["flag_words"]
    for row, column, text in _cells(rng, body, rows, _present(body, "flag_word")):
        others = words[text]
        yield Planted("flag_word", row, column, text, others[int(rng.integers(0, len(others)))])


def _contradiction(rng: np.random.Generator, body: pl.DataFrame, rows: Array) -> Iterator[Planted]:
    """More members than young staff, more young than staff, a Party or union flag against its own ledger."""
    if "团组织建制" not in body.columns:
        return
    names = ["青年数", "团员数", "党组织", "工会"]
    columns = [body.columns.index(name) for name in names]
    limits = {"青年数": body["从业人员数"], "团员数": body["青年数"]}
    for row, column, text in _cells(rng, body, rows, columns):
        name = body.columns[column]
        if name in limits:
            yield Planted(
                "contradiction", row, column, text, str(int(limits[name][row]) + 7), f"{name} too large"
            )
        elif text != "无":
            yield Planted("contradiction", row, column, text, "无", f"the {name}台账 lists the firm")


def _missing_name(rng: np.random.Generator, body: pl.DataFrame, rows: Array) -> Iterator[Planted]:
    for row, column, text in _cells(rng, body, rows, [0]):
        yield Planted("missing_name", row, column, text, "")


def _unknown_division(rng: np.random.Generator, body: pl.DataFrame, rows: Array) -> Iterator[Planted]:
    if "所在地区" not in body.columns:
        return
    for row, column, text in _cells(rng, body, rows, [body.columns.index("所在地区")]):
        yield Planted("unknown_division", row, column, text, "虚拟县")


def _name_variant(rng: np.random.Generator, body: pl.DataFrame, rows: Array) -> Iterator[Planted]:
    cells = list(_cells(rng, body, rows, _present(body, "name_variant")))
    variants = name_variants(rng, [text for _, _, text in cells])
    for (row, column, text), variant in zip(cells, variants, strict=True):
        yield Planted("name_variant", row, column, text, variant)


_FAULTS: dict[str, _Fault] = {
    "damaged_code": _damaged_code,
    "unknown": _unknown,
    "number_text": _number_text,
    "code_typo": _code_typo,
    "flag_word": _flag_word,
    "contradiction": _contradiction,
    "missing_name": _missing_name,
    "unknown_division": _unknown_division,
    "name_variant": _name_variant,
}
