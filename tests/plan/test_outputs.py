"""The output folder: every promised file, nothing lost on the way, the same bytes on every run."""

import csv
import hashlib
import json
import re

import openpyxl
import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine.model.drawing import Drawing

PROMISED = [
    "index.html",
    "plan.json",
    "maps/coverage.html",
    "annexes/annex_3.xlsx",
    "annexes/annex_4.xlsx",
    "annexes/annex_5.xlsx",
    *(
        f"tables/{name}.{kind}"
        for name in (
            "enterprises",
            "recommendations",
            "reasons",
            "coverage",
            "parks",
            "societies",
            "findings",
        )
        for kind in ("csv", "parquet")
    ),
]

CONTRACT = {
    "enterprises": [
        *(
            "enterprise_id",
            "credit_code",
            "name",
            "division_code",
            "city",
            "county",
            "coverage_state",
            "verified",
        ),
        *("obligation", "ground", "missing_facts", "member_margin", "tiers", "priority", "priority_rank"),
    ],
    "recommendations": [
        *("enterprise_id", "rank", "path", "path_key", "score", "probability", "probability_low"),
        *("probability_high", "lead_unit", "reasons", "runner_up_gap", "flip_fact"),
    ],
    "reasons": ["enterprise_id", "path", "step", "fact", "value", "contribution", "ledger", "cell", "clause"],
}


@pytest.mark.parametrize("name", PROMISED)
def test_a_promised_file_is_there(written, name):
    assert (written / name).stat().st_size > 0


def test_there_is_an_action_list_for_every_county_with_targets(written, small_province):
    targets = small_province.plan["enterprises"].filter("is_target")
    counties = targets.select("city", "county").unique().height
    assert len(list((written / "actions").glob("*.xlsx"))) == counties


@pytest.mark.parametrize("table", CONTRACT)
def test_tables_begin_with_the_columns_of_the_contract(written, table):
    wanted = CONTRACT[table]
    raw = (written / "tables" / f"{table}.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert next(csv.reader(raw.decode("utf-8-sig").splitlines()))[: len(wanted)] == wanted
    assert pl.read_parquet(written / "tables" / f"{table}.parquet").columns[: len(wanted)] == wanted


def digests(folder):
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_a_second_run_writes_the_same_bytes(written, small_province, tmp_path):
    snapshot, findings = ce.read_ledgers([small_province.ledgers])
    ce.write_plan(ce.plan(snapshot, findings=findings), tmp_path)
    assert digests(tmp_path) == digests(written)


def test_rows_read_are_accepted_quarantined_or_recognised(small_province):
    sources = small_province.plan.snapshot["sources"]
    sums = sources["accepted"] + sources["quarantined"] + sources["recognised"]
    assert (sources["rows_read"] == sums).all()
    assert sources.filter(pl.col("kind") == "enterprises")["accepted"].sum() == small_province.truth.height


def cached_totals(file, first_cell="合计"):
    """The cached values of the total row on the first sheet, by header of the lower header row."""
    sheet = openpyxl.load_workbook(file, data_only=True).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    return next(
        row
        for row in rows
        if any(str(cell or "").replace(" ", "").startswith(first_cell) for cell in row[:3])
    )


def test_annex_3_totals_equal_a_count_of_the_ledger(written, small_province):
    ledger = small_province.enterprise_ledger()
    listed = ledger.filter(
        ((pl.col("规模以上") == "是") | pl.col("百强位次").str.len_chars().gt(0))
        & pl.col("控股情况").is_in(["私人控股", "港澳台控股", "外商控股"])
        & (pl.col("营业状态") == "在营")
        & pl.col("统一社会信用代码").str.starts_with("91")
    )
    totals = cached_totals(written / "annexes" / "annex_3.xlsx")
    numbers = {cell for cell in totals if isinstance(cell, int | float)}
    for header in ("从业人员数", "青年数", "团员数"):
        assert listed[header].cast(pl.Int64).sum() in numbers, header


def test_a_city_plan_lists_only_its_own_targets(small_province, tmp_path):
    snapshot = small_province.plan.snapshot
    city = ce.plan(snapshot, division="郑州市")
    assert set(city["enterprises"]["city"]) == {"郑州市"}
    ids = set(city["enterprises"]["enterprise_id"])
    assert set(city["recommendations"]["enterprise_id"]) <= ids
    ce.write_plan(city, tmp_path)
    assert json.loads((tmp_path / "plan.json").read_text("utf-8"))["division"]["name"] == "郑州市"
    assert all(file.name.startswith("郑州市") for file in (tmp_path / "actions").glob("*.xlsx"))


def test_a_county_is_told_the_same_whether_planned_alone_or_with_the_province(small_province):
    snapshot = small_province.plan.snapshot
    county = ce.plan(snapshot, division="郑州市金水区")
    ids = county["enterprises"].select("enterprise_id")
    whole = small_province.plan["recommendations"].join(ids, on="enterprise_id", how="semi")
    alone = county["recommendations"]
    # The order of work counts the plan's own targets: its numbers differ, its sequence does not.
    assert alone.drop("work_order").equals(whole.drop("work_order"))
    sequences = [
        plan.drop_nulls("work_order").sort("work_order")["enterprise_id"].to_list() for plan in (alone, whole)
    ]
    assert sequences[0] == sequences[1]


def test_an_unknown_division_is_told_with_the_next_step(small_province):
    with pytest.raises(ce.DivisionError, match="下一步"):
        ce.plan(small_province.plan.snapshot, division="无此市")


def test_every_county_of_a_city_gets_a_map_of_its_own_on_request(small_province, tmp_path):
    snapshot, findings = ce.read_ledgers([small_province.ledgers])
    plan = ce.plan(snapshot, findings=findings, division="郑州市")
    ce.write_plan(plan, tmp_path, drawing=Drawing(maps="counties"))
    names = {file.name for file in (tmp_path / "maps").glob("*.html")}
    assert len(names) == 13
    assert {"coverage.html", "郑州市中牟县.html", "郑州市金水区.html"} <= names
    page = (tmp_path / "maps" / "郑州市中牟县.html").read_text("utf-8")
    assert "中牟县非公企业团组织覆盖地图" in page


def in_scope(ledger):
    return ledger.filter(
        pl.col("控股情况").is_in(["私人控股", "港澳台控股", "外商控股"])
        & (pl.col("营业状态") == "在营")
        & pl.col("统一社会信用代码").str.starts_with("91")
    )


def numbers_of(totals):
    """Every number of a total row, also those written with a unit such as 20个."""
    texts = " ".join(str(cell) for cell in totals if cell is not None)
    return {int(number) for number in re.findall(r"\d+", texts)}


def test_annex_4_totals_equal_a_count_of_the_ledgers(written, small_province):
    housed = small_province.enterprise_ledger().filter(pl.col("所属园区").str.len_chars().gt(0))
    inside = in_scope(housed)
    numbers = numbers_of(cached_totals(written / "annexes" / "annex_4.xlsx"))
    own = inside.filter(pl.col("团组织") == "单独").height
    joint = inside.filter(pl.col("团组织").is_in(["联合", "依托"])).height
    eligible = inside.filter(pl.col("团员数").cast(pl.Int64) >= 3).height
    staff = inside["从业人员数"].cast(pl.Int64).sum()
    wanted = {housed.height, inside.height, staff, own, joint, own + joint, eligible}
    assert wanted <= numbers, wanted - numbers


def test_annex_5_totals_equal_a_count_of_the_ledgers(written, small_province):
    book = openpyxl.load_workbook(small_province.ledgers / "其他台账.xlsx", read_only=True)
    rows = list(book["团属社团台账"].iter_rows(values_only=True))
    codes = [row[rows[0].index("会员单位")] for row in rows[1:]]
    scope = {
        code: int(staff)
        for code, staff in in_scope(small_province.enterprise_ledger())
        .select("企业名称", "从业人员数")
        .iter_rows()
    }
    listed = [code for code in codes if code in scope]
    file = written / "annexes" / "annex_5.xlsx"
    rows_counted, firms_counted = cached_totals(file), cached_totals(file, "合计（企业")
    assert {len(listed), sum(scope[code] for code in listed)} <= numbers_of(rows_counted)
    assert {len(set(listed)), sum(scope[code] for code in set(listed))} <= numbers_of(firms_counted)
