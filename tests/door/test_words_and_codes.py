"""Words and codes of the lists: what they mean in their form, and that they mean nothing elsewhere."""

from __future__ import annotations

import time
from typing import Any

import polars as pl
import pytest

from coverage_engine.ledgers import read_tables
from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.files.text_files import grid_of
from coverage_engine.ledgers.kinds import LedgerColumn, ledger_kind
from coverage_engine.ledgers.list_forms import list_form
from coverage_engine.ledgers.tables.column_proposals import column_proposals, doubtful_columns
from coverage_engine.ledgers.tables.column_values import contradiction
from coverage_engine.ledgers.tables.sheets import lay_out
from coverage_engine.ledgers.tables.values import cast_column

_MOST_SECONDS = 3.0


def meant(column: LedgerColumn, word: str) -> tuple[Any, Any]:
    cast = cast_column(pl.Series([word]), column)
    return cast.values[0], cast.problems[0]


def sheet_of(*rows: list[str], sheet: str = "Sheet1") -> Any:
    return lay_out(RawSheet("资料.xlsx", "0" * 64, sheet, grid_of(rows)), 0)


@pytest.mark.parametrize(
    ("word", "form", "problem"),
    [
        ("党支部", "own", "choice.interpreted"),
        ("党总支", "own", "choice.interpreted"),
        ("已单独建立党支部", "own", None),
        ("单独组建", "own", None),
        ("联合支部", "joint", None),
        ("联合党支部", "joint", None),
        ("联合组建", "joint", None),
        ("×", "none", None),
        ("否", "none", None),
        ("拟建", "none", "choice.not_yet"),
        ("不详", None, None),
    ],
)
def test_what_a_survey_says_of_a_party_organisation(word: str, form: str | None, problem: str | None) -> None:
    assert meant(ledger_kind("enterprises").column("party"), word) == (form, problem)


@pytest.mark.parametrize(
    ("word", "form", "problem"),
    [
        ("团支部", "own", "choice.interpreted"),
        ("联合团支部", "joint", None),
        ("联建", "joint", None),
        ("未建", "none", None),
        ("×", "none", None),
        ("拟建", "none", "choice.not_yet"),
        ("正在筹建", "none", "choice.not_yet"),
    ],
)
def test_a_league_organisation_that_is_planned_is_not_there_yet(
    word: str, form: str, problem: str | None
) -> None:
    assert meant(ledger_kind("enterprises").column("league_form"), word) == (form, problem)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("存续（在营、开业、在册）", "operating"),
        ("存续", "operating"),
        ("在业", "operating"),
        ("正常运营", "operating"),
        ("歇业", "suspended"),
        ("停业（歇业）", "suspended"),
        ("筹建", "suspended"),
        ("吊销，未注销", "closed"),
        ("当年注销", "closed"),
        ("迁出", None),
    ],
)
def test_states_of_operation_as_registers_write_them(word: str, state: str | None) -> None:
    value, problem = meant(ledger_kind("enterprises").column("operating"), word)
    assert value == state
    assert problem in (None, "choice.not_yet")


@pytest.mark.parametrize(
    ("code", "control", "operating"),
    [
        ("1", "state", "operating"),
        ("2", "collective", "suspended"),
        ("3", "private", "suspended"),
        ("4", "hk_macao_taiwan", "closed"),
        ("5", "foreign", "closed"),
        ("9", None, None),
    ],
)
def test_codes_mean_something_in_the_form_that_defines_them_only(
    code: str, control: str | None, operating: str | None
) -> None:
    keys = list_form("statistics_directory").keys()
    assert meant(keys["企业控股情况"], code)[0] == control
    assert meant(keys["运营状态"], code)[0] == operating
    plain = ledger_kind("enterprises")
    for key in ("control", "operating"):
        assert meant(plain.column(key), code) == (None, "choice.unknown_word")


@pytest.mark.parametrize(
    ("written", "number", "problem"),
    [
        ("612余人", 612, "count.approximate"),
        ("1372 余人", 1372, "count.approximate"),
        ("约600", 600, "count.approximate"),
        ("近600人", 600, "count.approximate"),
        ("600人左右", 600, "count.approximate"),
        ("600多人", 600, "count.approximate"),
        ("1.2万", 12_000, None),
        ("1.2万余人", 12_000, "count.approximate"),
        ("15名", 15, None),
        ("多", None, "count.not_a_number"),
    ],
)
def test_numbers_as_people_write_them(written: str, number: int | None, problem: str | None) -> None:
    assert meant(ledger_kind("enterprises").column("employees"), written) == (number, problem)


def firms(*texts: str, year: int | None = None) -> list[dict[str, object]]:
    return [
        {
            "企业名称": f"郑州市澈{sign}商贸有限公司",
            "所在地区": "410105",
            "登记注册统计类别": text,
            "类型表年份": year,
        }
        for sign, text in zip("岚衡岫溪禾朗棠珂", texts, strict=False)
    ]


def test_a_list_is_written_by_one_table_of_registration_types() -> None:
    snapshot, findings = read_tables({"企业台账": firms("173", "174", "160", "110", "310")})
    years = dict(snapshot["enterprises"].select("registration_type", "registration_year").rows())
    assert years == dict.fromkeys(("173", "174", "160", "110", "310"), 2011)
    assert findings.table.filter(pl.col("code") == "registration.year_of_list").height == 1


@pytest.mark.parametrize("texts", [("173", "174", "110"), ("173", "174", "160", "112", "110")])
def test_few_codes_or_codes_of_both_tables_tell_no_table(texts: tuple[str, ...]) -> None:
    snapshot, findings = read_tables({"企业台账": firms(*texts)})
    assert snapshot["enterprises"]["registration_type"].null_count() == 1
    assert findings.table.filter(pl.col("code") == "registration.year_missing").height == 1


@pytest.mark.parametrize(
    ("kind", "key", "values"),
    [
        ("enterprises", "league_members", ["赵岚", "钱衡", "孙溪", "李禾", "周朗", "吴棠"]),
        ("enterprises", "employees", ["13800000000"] * 6),
        ("enterprises", "credit_code", ["0371-5550000"] * 6),
        ("enterprises", "name", ["赵岚", "钱衡", "孙溪", "李禾", "周朗", "吴棠"]),
        ("enterprises", "party", ["2016年5月"] * 6),
        ("party_organisations", "form", ["私营企业", "合资企业", "其他"] * 3),
    ],
)
def test_cells_may_contradict_a_header(kind: str, key: str, values: list[str]) -> None:
    assert contradiction(values, ledger_kind(kind).column(key))
    assert not contradiction(values[:3], ledger_kind(kind).column(key))


def test_a_column_whose_cells_contradict_its_header_is_not_read_but_asked_about() -> None:
    names = ["赵岚", "钱衡", "孙溪", "李禾", "周朗", "吴棠"]
    rows = [
        [f"郑州市{sign}商贸有限公司", "金水区", name]
        for sign, name in zip("岚衡岫溪禾朗", names, strict=True)
    ]
    layout = sheet_of(["企业名称", "所在地区", "团员数"], *rows)
    assert "league_members" not in layout.rows.columns
    (asked,) = doubtful_columns(layout)
    assert (asked.header, asked.field, asked.candidates) == ("团员数", None, ("league_members",))
    assert "像人名" in asked.reason


def test_likely_columns_are_proposed_but_not_read() -> None:
    rows = [[f"郑州市{sign}商贸有限公司", "金水区", str(at)] for at, sign in enumerate("岚衡岫溪禾朗")]
    layout = sheet_of(["甲方", "片区名", "参保人数"], *rows, sheet="企业台账")
    proposals = column_proposals(layout)
    assert [(each.field, each.certainty) for each in proposals] == [
        ("name", "likely"),
        ("division_code", "likely"),
        ("employees", "likely"),
    ]
    assert all(each.to_ask for each in proposals)


def test_a_hundred_thousand_rows_of_forty_unknown_columns_are_proposed_in_three_seconds() -> None:
    rows = pl.int_range(100_000, eager=True)
    columns = {
        f"c{index}": pl.concat([pl.Series([f"某列{index}"]), (rows * 7_919 % (997 + index)).cast(pl.String)])
        for index in range(40)
    }
    raw = RawSheet("资料.csv", "0" * 64, "Sheet1", pl.DataFrame(columns))
    began = time.process_time()
    proposals = column_proposals(lay_out(raw, 0))
    assert time.process_time() - began <= _MOST_SECONDS
    assert [proposal.field for proposal in proposals] == [None] * 40


@pytest.mark.parametrize(
    ("group", "header", "field"),
    [
        ("党员情况", "35岁以下", None),
        ("党员情况", "人数", None),
        ("股东情况", "人数", None),
        ("人员情况", "35岁以下", "young_employees"),
        ("职工情况", "总数", "employees"),
        ("团员情况", "总数", "league_members"),
    ],
)
def test_the_group_above_says_whose_number_it_is(group: str, header: str, field: str | None) -> None:
    rows = [[f"郑州市{sign}商贸有限公司", "金水区", str(7 + at)] for at, sign in enumerate("岚衡岫溪禾朗")]
    layout = sheet_of(["企业情况", "", group], ["企业名称", "所在地区", header], *rows)
    read = {place.column.key for place in layout.columns}
    assert read == {"name", "division_code", *([field] if field else [])}
