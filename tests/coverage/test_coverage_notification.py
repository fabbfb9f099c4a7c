"""A draft 通报 is fair: no rank for noise, small bases apart, thresholds from the policy."""

from datetime import date

import polars as pl
import pytest

from coverage_engine.coverage import assess, control_sheets, estimates, league_table, notices
from coverage_engine.ledgers import read_tables
from coverage_engine.policy import load_policy

DAY = date(2019, 6, 15)
POLICY = load_policy(DAY)


def _firms(county, number, covered, start=0):
    return [
        {"企业名称": f"虚构{county}{start + n}有限公司", "所在地区": county, "控股情况": "私人控股",
         "团员数": 5, "党组织": "单独", "团组织": "单独" if n < covered else "无"}
        for n in range(number)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def told():
    rows = [
        *_firms("郑州市金水区", 200, 120),
        *_firms("洛阳市涧西区", 200, 112),
        *_firms("南阳市卧龙区", 200, 40),
        *_firms("信阳市固始县", 4, 4),
    ]
    schools = [
        {
            "学校名称": "虚构一中",
            "所在地区": "郑州市金水区",
            "教育统计团员数": 900,
            "系统录入团员数": 700,
            "团组织": "有",
        }
    ]
    segment = {"年度": 2018, "已用编号": 100}
    segments = [
        {
            **segment,
            "单位": "虚构甲团委",
            "起始编号": "201841000001",
            "截止编号": "201841000100",
            "已录入数": 94,
        },
        {
            **segment,
            "单位": "虚构乙团委",
            "起始编号": "201841000101",
            "截止编号": "201841000200",
            "已录入数": 95,
        },
    ]
    tables = {"企业台账": rows, "学校团员数量台账": schools, "发展团员编号台账": segments}
    snapshot, _ = read_tables(tables, as_of=DAY)
    assessed = assess(snapshot, POLICY)
    coverage, sheets = assessed["coverage"], control_sheets(snapshot, POLICY, assessed)
    table = league_table(estimates(snapshot, POLICY), coverage, "city")
    return table, notices(POLICY, coverage, sheets, "city")


def test_differences_within_noise_share_a_rank(told):
    ranks = dict(told[0].select("division", "rank").iter_rows())
    assert ranks["郑州市"] == ranks["洛阳市"] == 1
    assert ranks["南阳市"] == 3


def test_four_firms_of_four_do_not_lead_the_table(told):
    small = told[0].filter(pl.col("division") == "信阳市").row(0, named=True)
    assert small["small_base"] and small["rank"] is None
    assert told[0]["division"].to_list()[-1] == "信阳市"


def test_what_is_claimed_and_not_found_in_the_system_is_shown(told):
    assert dict(told[0].select("division", "claimed").iter_rows())["郑州市"] == 120


def test_lists_hold_what_is_beyond_the_thresholds_of_the_policy(told):
    listed = {(row["kind"], row["name"]) for row in told[1].iter_rows(named=True)}
    assert ("slow_work", "南阳市") in listed
    assert ("slow_work", "郑州市") not in listed
    assert ("missed_members", "郑州市") in listed
    assert ("low_entry", "虚构甲团委") in listed
    assert ("low_entry", "虚构乙团委") not in listed
    assert ("missed_report", "中牟县") in listed
    assert told[1]["clause"].null_count() == 0
