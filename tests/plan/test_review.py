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
    steps = told.filter(~pl.col("cause").is_in(["before", "after"])).select(pl.col(counts).sum()).row(0)
    before, after = (
        told.filter(pl.col("cause") == side).select(counts).row(0) for side in ("before", "after")
    )
    assert [b + s for b, s in zip(before, steps, strict=True)] == list(after)


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
    refused = CliRunner().invoke(coverage_engine, [*ask, "R99"])
    assert refused.exit_code == 2
    assert "下一步" in refused.output
