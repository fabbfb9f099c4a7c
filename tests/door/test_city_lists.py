"""One city's department lists as they are: a plan of the city after the few answers that are asked for."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine.ledgers.mapping_form import COLUMNS, LISTS, OTHER, PAIRS, SAME, WORDS
from coverage_engine.model.plan import Plan
from coverage_engine.model.snapshot import Snapshot

CITY = Path(__file__).parents[3] / "shared" / "cases" / "city"
pytestmark = pytest.mark.skipif(not CITY.is_dir(), reason="!!! not tried: ../shared/cases/city is not here")
MOST_ANSWERS = 30
COLUMNS_MEAN = {"项目地址": "详细地址"}
"""What a planner of the city would say of the columns that are asked about; all others are not read."""


@dataclass(frozen=True)
class Month:
    """What a month's work on the city's lists comes to."""

    answers: int
    snapshot: Snapshot
    plan: Plan


def stem(name: str) -> str:
    """A name without its legal form: two variants of one firm have the same."""
    return re.sub("集团|股份|有限|责任|公司", "", name)


def fill_in(file: Path) -> int:
    """Answers what is asked and nothing else, as the truth is; how many answers that took."""
    book = openpyxl.load_workbook(file)
    count = 0
    for form in (LISTS, COLUMNS, WORDS, PAIRS):
        page = book[form.name]
        for row in range(2, page.max_row + 1):
            cells = {header: page.cell(row, at + 1).value for at, header in enumerate(form.headers)}
            if cells["要您定"] != "请定":
                continue
            count += 1
            if form is PAIRS:
                answer = SAME if stem(cells["写法"]) == stem(cells["企业台账里的企业"]) else OTHER
            else:
                answer = COLUMNS_MEAN.get(cells.get("表头"), "不读")
            page.cell(row, form.headers.index(form.answer) + 1).value = answer
    book.save(file)
    return count


@pytest.fixture(scope="module")
def truth() -> dict[str, dict[str, str]]:
    """The true facts of each firm by name."""
    with (CITY / "truth.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    """The city's lists mapped, the questions answered, read and planned."""
    file = tmp_path_factory.mktemp("city") / "对照.xlsx"
    ce.map_ledgers(CITY / "raw", file=file)
    answers = fill_in(file)
    snapshot, findings = ce.read_ledgers([CITY / "raw", file])
    return Month(answers, snapshot, ce.plan(snapshot, findings=findings, division="新乡市"))


def must(row: dict[str, str]) -> bool:
    """Whether a firm must establish by section 四 of the notice, (1) or (2)."""
    active = row["nonpub"] == "True" and row["oper"] == "在营" and row["league"] != "own"
    duty = (row["above"] == "True" and row["party"] in ("own", "joint")) or bool(row["soc"])
    return active and int(row["mem"]) >= 3 and duty


def test_few_answers_are_wanted(month: Month) -> None:
    assert 0 < month.answers <= MOST_ANSWERS


def test_every_firm_stands_once_and_unlike_firms_apart(
    month: Month, truth: dict[str, dict[str, str]]
) -> None:
    codes = {row["code"]: name for name, row in truth.items()}
    firms = month.snapshot["enterprises"].select("name", "credit_code").rows()
    named = [codes.get(code) or (name if name in truth else None) for name, code in firms]
    once = [name for name in truth if named.count(name) == 1]
    assert len(once) >= 0.99 * len(truth)
    ghosts = [name for name, code in firms if code is None and name not in truth]
    assert not ghosts, "variants of the names of firms"


def test_names_are_the_registered_ones(month: Month, truth: dict[str, dict[str, str]]) -> None:
    by_code = dict(month.snapshot["enterprises"].select("credit_code", "name").rows())
    assert [row["code"] for name, row in truth.items() if by_code.get(row["code"], name) != name] == []


def test_who_must_is_told_or_asked_and_nobody_else_must(
    month: Month, truth: dict[str, dict[str, str]]
) -> None:
    judged = dict(month.plan["enterprises"].select("name", "obligation").rows())
    bound = {name for name, row in truth.items() if must(row)}
    assert {judged[name] for name in bound} <= {"must_establish", "undetermined"}
    told = {name for name, obligation in judged.items() if obligation == "must_establish"}
    assert told <= bound
    assert len(told) >= 0.7 * len(bound), "the lists tell the facts of most"


def test_who_cannot_be_told_lacks_a_fact_that_no_list_tells(
    month: Month, truth: dict[str, dict[str, str]]
) -> None:
    rows = month.plan["enterprises"].select("name", "obligation", "missing_facts").rows()
    facts = {name: missing for name, obligation, missing in rows if obligation == "undetermined"}
    wrong = [
        name
        for name, row in truth.items()
        if must(row) and name in facts and "团员数" not in (facts[name] or "")
    ]
    assert wrong == []


def test_facts_that_the_lists_tell_are_true(month: Month, truth: dict[str, dict[str, str]]) -> None:
    firms = {row["name"]: row for row in month.snapshot["enterprises"].iter_rows(named=True)}
    for field, said in (("party", "party"), ("league_form", "league"), ("above_scale", "above")):
        wrong = [
            (name, field, firms[name][field], row[said])
            for name, row in truth.items()
            if firms[name][field] is not None and str(firms[name][field]) != row[said]
        ]
        assert wrong == []


def test_every_row_of_every_sheet_is_accounted_for(month: Month) -> None:
    account = pl.sum_horizontal("accepted", "quarantined", "recognised")
    sources = month.snapshot["sources"]
    assert sources.select((pl.col("rows_read") == account).all()).item()
    assert sources["quarantined"].sum() == 0
    assert sources["sheet"].n_unique() >= 30


def test_the_day_is_that_of_the_lists(month: Month) -> None:
    assert month.snapshot.as_of == date(2019, 5, 18), "the latest export"


def test_next_months_lists_of_the_same_form_ask_no_more(month: Month, tmp_path: Path) -> None:
    file = tmp_path / "对照.xlsx"
    ce.map_ledgers(CITY / "raw", file=file)
    fill_in(file)
    assert ce.map_ledgers([CITY / "raw", file]).questions == 0
