"""A review of an invented province: every workbook and table is there, nothing differs between two runs."""

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner

from coverage_engine.cli.commands import coverage_engine
from coverage_engine.samples import write_sample

BOOKS = ["ask_lists.xlsx", "bridge.xlsx", "control_sheets.xlsx", "notice_draft.xlsx"]


@pytest.fixture(scope="module")
def months(tmp_path_factory):
    folder = tmp_path_factory.mktemp("months")
    for name, seed in (("五月", 1), ("六月", 2)):
        write_sample(folder / name, enterprises=400, seed=seed, messy=True, layout="csv")
    return folder


def _reviewed(months, out):
    arguments = ["review", str(months / "六月"), "--before", str(months / "五月"), "--out", str(out)]
    return CliRunner().invoke(coverage_engine, arguments)


@pytest.fixture(scope="module")
def out(months, tmp_path_factory):
    folder = tmp_path_factory.mktemp("review")
    told = _reviewed(months, folder)
    assert told.exit_code == 0, told.output
    assert "下一步：打开" in told.output
    return folder


def test_every_workbook_and_table_is_written(out):
    for book in BOOKS:
        assert openpyxl.load_workbook(out / book).sheetnames
    tables = {file.stem for file in (out / "tables").glob("*.csv")}
    assert {"asks", "bridge", "deadlines", "estimates", "league_table", "schools", "segments"} <= tables


def test_the_same_ledgers_give_the_same_bytes(months, out, tmp_path):
    assert _reviewed(months, tmp_path).exit_code == 0
    for file in sorted(out.rglob("*.*")):
        assert (tmp_path / file.relative_to(out)).read_bytes() == file.read_bytes(), file.name


def test_the_bridge_of_the_province_adds_up(out):
    told = pl.read_csv(out / "tables" / "bridge.csv", infer_schema_length=None).filter(
        pl.col("level") == "province"
    )
    counts = ["denominator", "own", "covered", "verified"]
    assert set(told["category"]) == {"operating", "eligible", "duty_bound"}
    for (_,), part in told.partition_by("category", as_dict=True).items():
        _adds_up(part, counts)


def _adds_up(told, counts):
    steps = told.filter(~pl.col("cause").is_in(["before", "after"])).select(pl.col(counts).sum()).row(0)
    before, after = (
        told.filter(pl.col("cause") == side).select(counts).row(0) for side in ("before", "after")
    )
    assert [b + s for b, s in zip(before, steps, strict=True)] == list(after)


def test_the_enterprises_to_ask_are_those_that_the_ask_list_counts(out):
    tables = {
        name: pl.read_csv(out / "tables" / f"{name}.csv", infer_schema=False)
        for name in ("asks", "ask_firms")
    }
    listed = tables["ask_firms"].group_by("division_code", "header").len(name="enterprises")
    counted = tables["asks"].select("division_code", "header", pl.col("enterprises").cast(pl.UInt32))
    order = ["division_code", "header"]
    assert listed.sort(order).equals(counted.sort(order))
    blank = tables["ask_firms"].filter(pl.col("header") == "团员数")
    assert blank["address"].str.contains(r"^企业台账!Q\d+$").all()


def test_school_readiness_adds_up_from_county_to_province(out):
    told = pl.read_csv(out / "tables" / "readiness.csv", infer_schema_length=None)
    counts = ["schools", "not_ready", "to_confirm"]
    sums = {
        level: told.filter(pl.col("level") == level).select(pl.col(counts).sum()).row(0)
        for level in ("city", "province")
    }
    assert sums["city"] == sums["province"]
    whole = told.filter(pl.col("level") == "province").row(0, named=True)
    assert whole["schools"] == whole["not_ready"] + whole["to_confirm"]
    assert whole["due"] == "2019-05-17"


def test_the_estimate_stands_within_its_range(out):
    told = pl.read_csv(out / "tables" / "estimates.csv", infer_schema_length=None).drop_nulls(
        ["rate_low", "rate_high", "point"]
    )
    slack = 1e-6
    assert (told["interval_low"] >= told["rate_low"] - slack).all()
    assert (told["interval_high"] <= told["rate_high"] + slack).all()
    assert (told["point"] >= told["rate_low"] - slack).all()
    assert (told["point"] <= told["rate_high"] + slack).all()


def test_a_trace_of_one_duty_names_cells_and_clauses(tmp_path):
    ledger = tmp_path / "企业台账.csv"
    ledger.write_text("企业名称,所在地区,控股情况,团员数\n虚构甲有限公司,郑州市金水区,私人控股,5\n", "utf-8")
    ask = ["trace", str(ledger), "--as-of", "2019-06-15", "--enterprise", "虚构甲有限公司", "--duty"]
    told = CliRunner().invoke(coverage_engine, [*ask, "R13"])
    assert told.exit_code == 0, told.output
    assert "企业台账!D2 团员数=5" in told.output
    assert "通知四（1）" in told.output
    assert "先问：团组织" in told.output or "先问：党组织" in told.output
    english = CliRunner().invoke(coverage_engine, [*ask, "R13", "--lang", "en"])
    assert "3 League members or more: yes" in english.output
    assert "企业台账!D2 团员数=5" in english.output
    refused = CliRunner().invoke(coverage_engine, [*ask, "R99"])
    assert refused.exit_code == 2
    assert "下一步" in refused.output
