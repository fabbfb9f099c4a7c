"""What nobody handed in is not known, in every room alike; what was turned back stands in every range."""

from datetime import date
from pathlib import Path

import pytest

from coverage_engine.coverage import assess, bridge
from coverage_engine.divisions.table import succeeded_by
from coverage_engine.explanation.trace import traces
from coverage_engine.ledgers import read_ledgers, read_tables
from coverage_engine.policy import load_policy

DAY = date(2019, 6, 15)
POLICY = load_policy(DAY)
SHARED = Path(__file__).parents[3] / "shared" / "cases" / "truth"
FIRM = {"企业名称": "虚构甲有限公司", "所在地区": "郑州市金水区", "控股情况": "私人控股", "营业状态": "在营",
        "团员数": 10, "党组织": "无", "团组织": "无"}  # fmt: skip
MEMBER = {"社团名称": "虚构青联", "会员单位": "虚构别家有限公司", "社团类别": "青联"}


def answers(tables):
    snapshot, _ = read_tables({"企业台账": [FIRM], **tables}, as_of=DAY)
    told = assess(snapshot, POLICY)
    duty = told["duties"].filter(duty="R17")["applies"].to_list()
    traced = traces(snapshot, POLICY, 0)["R17"].applies.answer.value
    bound = told["coverage"].filter(level="province", category="duty_bound")
    return duty, traced, bound.select("denominator_low", "denominator_high").row(0), told


@pytest.mark.parametrize(
    "tables",
    [{}, {"团属社团台账": [dict.fromkeys(MEMBER, "")]}, {"团属社团台账": [MEMBER | {"会员单位": ""}]}],
    ids=["never handed in", "blank", "turned back whole"],
)
def test_without_a_list_of_members_the_duty_of_members_is_unknown_everywhere(tables):
    duty, traced, bound, told = answers(tables)
    assert (duty, traced, bound) == (["unknown"], "unknown", (0, 1))
    firm = told["enterprises"].row(0, named=True)
    assert (firm["obligation"], firm["ground"], firm["duty_bound"]) == ("should_establish", "R27", "unknown")
    assert "待核实" in firm["ground_text"]


def test_a_list_of_members_with_a_row_tells_who_is_none():
    duty, traced, bound, _ = answers({"团属社团台账": [MEMBER]})
    assert (duty, traced, bound) == ([], "no", (0, 0))


def test_a_template_with_only_enterprises_filled_gives_the_plan_of_the_enterprises_alone():
    folder = SHARED / "blank_template_sheets"
    if not folder.exists():
        pytest.skip(f"没有核对空白模板的例子：缺 {folder}")
    alone, among = (
        read_ledgers([folder / f"{name}.xlsx"], as_of=DAY)[0] for name in ("只有企业", "我的台账")
    )
    assert alone.kinds == among.kinds
    first, second = assess(alone, POLICY), assess(among, POLICY)
    for name in ("enterprises", "duties", "coverage"):
        kept = [column for column in first[name].columns if column not in ("source", "row")]
        assert first[name].select(kept).equals(second[name].select(kept)), name


def test_a_row_turned_back_is_one_firm_more_at_most_where_it_lies():
    rows = [FIRM, FIRM | {"企业名称": ""}, FIRM | {"企业名称": "", "所在地区": "洛阳市涧西区"}]
    snapshot, _ = read_tables({"企业台账": rows}, as_of=DAY)
    told = assess(snapshot, POLICY)["coverage"].filter(category="operating")
    ranges = told.select("division_code", "denominator_low", "denominator_high", "set_aside").rows()
    assert ("410000", 1, 3, 2) in ranges
    assert ("410105", 1, 2, 1) in ranges
    assert ("410305", 0, 1, 1) in ranges


def test_no_firm_moves_when_only_the_division_edition_changed():
    moved_name = FIRM | {"所在地区": "偃师市"}
    before, _ = read_tables({"企业台账": [moved_name]}, as_of=date(2019, 5, 10))
    after, _ = read_tables({"企业台账": [moved_name | {"所在地区": "偃师区"}]}, as_of=date(2022, 5, 10))
    assert before["enterprises"]["county_code"].item() != after["enterprises"]["county_code"].item()
    told = bridge(before, after, (POLICY, POLICY))
    assert told["movements"].is_empty()
    assert succeeded_by("2024")["410381"] == "410307"
