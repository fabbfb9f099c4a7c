"""Phones, identity cards and names planted in every place of every ledger stand in no output.

Only a workspace's `inputs` keep the ledgers as they were handed in.
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from click.testing import CliRunner

import coverage_engine as ce
from coverage_engine.cli.commands import coverage_engine
from coverage_engine.ledgers.kinds import LedgerColumn, ledger_kinds

SURNAMES = "贾甄薛史尤秦邢柳"
GIVEN = "棠澈彧岚铮珩翊昀霁筠璟瑄琛骁"
PERSONAL_HEADERS = ("法定代表人", "联系电话", "身份证号", "备用一", "备注")


@dataclass
class Planting:
    """Unique phones, cards and names, and the places where they were planted."""

    draw: random.Random
    tokens: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)

    def phone(self) -> str:
        return self._new(lambda: f"1{self.draw.choice('3456789')}{self.draw.randrange(10**9):09}")

    def card(self) -> str:
        day = (
            f"{self.draw.randrange(1960, 2005)}{self.draw.randrange(1, 13):02}{self.draw.randrange(1, 29):02}"
        )
        return self._new(lambda: f"41{self.draw.randrange(10**4):04}{day}{self.draw.randrange(10**4):04}")

    def name(self) -> str:
        return self._new(lambda: self.draw.choice(SURNAMES) + "".join(self.draw.choices(GIVEN, k=2)))

    def in_column(self, column: LedgerColumn) -> str:
        """A person in a cell: alone where the column has facts, else in words around which one is seen."""
        number = self.draw.choice([self.phone, self.card])
        if column.never_a_person and self.draw.random() < 0.4:
            return self.name()
        if column.type == "text" and self.draw.random() < 0.5:
            return f"某处 联系人：{self.name()}，{number()}"
        return number()

    def _new(self, make) -> str:
        token = next(token for token in iter(make, None) if token not in self.tokens)
        self.tokens.append(token)
        return token


def planted_ledgers(folder: Path, enterprises: int, wanted: int) -> Planting:
    """A sample's ledgers with people planted in every column, in names of files and sheets and in notes."""
    sample = folder.with_name("sample")
    ce.write_sample(sample, enterprises=enterprises, seed=5, layout="csv")
    planting = Planting(random.Random(17))
    folder.mkdir()
    kinds = {kind.sheet: kind for kind in ledger_kinds()}
    tables = {file.stem: pl.read_csv(file, infer_schema=False) for file in sorted(sample.glob("*.csv"))}
    columns = sum(table.width for table in tables.values())
    each = max(1, wanted // columns)
    for sheet, table in tables.items():
        kind = kinds[sheet]
        cells = {header: table[header].to_list() for header in table.columns}
        free = iter(planting.draw.sample(range(table.height), min(table.height, each * table.width)))
        for column in (each for each in kind.columns if each.header in cells):
            identifies = column.required and column.type == "text"
            for row in (row for _, row in zip(range(each), free, strict=False)):
                before = f"{cells[column.header][row]} " if identifies else ""
                person = planting.phone() if identifies else planting.in_column(column)
                cells[column.header][row] = before + person
                planting.places.add(f"{sheet}-{column.header}")
        for header in PERSONAL_HEADERS:
            if header not in cells:
                cells[header] = [planting.draw.choice([planting.phone, planting.name])()]
                cells[header] += [None] * (table.height - 1)
                planting.places.add(f"{sheet}-{header}")
        _write_workbook(folder / f"{sheet}_{planting.name()}_{planting.phone()}.xlsx", sheet, cells, planting)
    return planting


def _write_workbook(file: Path, sheet: str, cells: dict[str, list[str | None]], planting: Planting) -> None:
    with xlsxwriter.Workbook(str(file)) as book:
        book.set_properties({"author": planting.name(), "comments": planting.phone()})
        page = book.add_worksheet(f"{sheet}_{planting.name()}"[:31])
        page.set_footer(f"&L填表人：{planting.name()}　{planting.phone()}")
        page.write_row(0, 0, [f"{sheet}（联系人：{planting.name()} {planting.phone()}）"])
        page.write_row(1, 0, list(cells))
        for column, texts in enumerate(cells.values()):
            for row, text in enumerate(texts):
                if text:
                    page.write_string(row + 2, column, text)
        page.write_comment(2, 0, f"问{planting.name()} {planting.card()}")
        page.write(len(next(iter(cells.values()))) + 3, 0, f"填表人：{planting.name()}  {planting.phone()}")
    planting.places.update(("文件名", "表名", "批注", "文档属性", "页脚", "标题行", "表尾"))


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file with what can be read in it, and its own name."""
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        where = file.relative_to(folder)
        if "inputs" in where.parts:
            continue
        yield str(where), str(where)
        if file.suffix == ".parquet":
            yield str(where), pl.read_parquet(file).write_json()
        elif zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as package:
                for part in package.namelist():
                    yield f"{where}!{part}", package.read(part).decode("utf-8", "ignore")
        else:
            yield str(where), file.read_bytes().decode("utf-8", "ignore")


def _leaks(texts: Iterator[tuple[str, str]], tokens: list[str]) -> dict[str, list[str]]:
    found = {}
    for where, text in texts:
        here = pl.Series([text]).str.extract_many(tokens)[0]
        if len(here):
            found[where] = sorted(set(here.to_list()))[:3]
    return found


def _run(*arguments: object) -> str:
    result = CliRunner().invoke(coverage_engine, [str(argument) for argument in arguments])
    assert result.exit_code in (0, 1), (arguments, result.output, result.exception)
    return result.output


def test_people_planted_in_every_column_stand_in_no_output_of_check_and_plan(tmp_path: Path) -> None:
    planting = planted_ledgers(tmp_path / "ledgers", 120, 200)
    out = tmp_path / "out"
    out.mkdir()
    said = _run("check", tmp_path / "ledgers", "--findings", out / "findings.xlsx")
    said += _run("plan", tmp_path / "ledgers", "--out", out / "plan")
    (out / "said.txt").write_text(said, "utf-8")
    assert (out / "plan" / "index.html").exists()
    assert len(planting.places) >= 40
    assert _leaks(_texts(tmp_path / "ledgers"), planting.tokens), "nothing was planted"
    assert not _leaks(_texts(out), planting.tokens)


@pytest.mark.slow
def test_a_thousand_people_planted_in_forty_places_stand_in_no_output_of_any_command(tmp_path: Path) -> None:
    planting = planted_ledgers(tmp_path / "ledgers", 1_500, 1_000)
    assert len(planting.tokens) >= 1_000 and len(planting.places) >= 40
    ledgers, out, work = tmp_path / "ledgers", tmp_path / "out", tmp_path / "out" / "work"
    out.mkdir()
    said = [_run("check", ledgers, "--findings", out / "findings.xlsx")]
    said += [
        _run(command, ledgers, "--out", out / command)
        for command in ("plan", "review", "letters", "simulate")
    ]
    snapshot, _ = ce.read_ledgers([ledgers])
    firm = snapshot["enterprises"]["name"].drop_nulls()[0]
    said.append(_run("explain", ledgers, "--enterprise", firm, "--html", out / "explain.html"))
    said.append(_run("init", work))
    said.append(_run("import", ledgers, "--workspace", work, "--apply"))
    said += [_run(command, "--workspace", work) for command in ("check", "doubts", "history")]
    (out / "said.txt").write_text("\n".join(said), "utf-8")
    assert (work / "CURRENT").exists()
    assert not _leaks(_texts(out), planting.tokens)
