"""A planner's own policy file takes effect in all that is handed in: tables, pages, letters, words."""

import json
import re
from datetime import date
from pathlib import Path

import docx
import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine.explanation.judgements import whole_table
from coverage_engine.face.explanations import explain
from coverage_engine.model.drawing import Drawing
from coverage_engine.planning import draw_map
from coverage_engine.policy import load_policy
from coverage_engine.reporting.letters import LetterOptions, write_letters
from coverage_engine.reporting.overview import overview_page
from coverage_engine.reporting.plan_json import plan_summary

CASES = Path(__file__).parents[3] / "shared" / "cases"
DAY = date(2019, 8, 20)
HEADER = "企业名称,所在地区,控股情况,行业代码,从业人员数,青年数,团员数,规模以上,党组织,团组织,营业状态"
ROWS = (
    "郑州虚构外卖有限公司,郑州市金水区,私人控股,6223,300,250,2,否,无,无,在营",
    "郑州虚构软件有限公司,郑州市金水区,私人控股,6420,300,250,12,是,无,无,在营",
    "郑州虚构网络有限公司,郑州市金水区,私人控股,6421,300,250,12,,无,无,在营",
    "郑州虚构机床有限公司,郑州市中原区,私人控股,3421,300,40,12,是,单独,单独,在营",
    "郑州虚构磨具有限公司,郑州市中原区,私人控股,3421,30,4,12,否,单独,无,在营",
    "郑州虚构面业有限公司,郑州市中原区,私人控股,1311,30,4,1,否,无,无,在营",
)


def shared(name):
    file = CASES / name
    if not file.exists():
        pytest.skip(f"!!! {name} is not tried: ../shared/cases is not here")
    return file


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledgers")
    (folder / "企业台账.csv").write_text("\n".join((HEADER, *ROWS, "")), "utf-8")
    return ce.read_ledgers([folder], as_of=DAY)[0]


def number_of(plan, name):
    return plan["enterprises"].row(by_predicate=pl.col("name").str.contains(name), named=True)


def visible(page):
    return re.sub(r"<[^>]+>", "|", page)


def test_a_sector_laid_over_makes_a_target_everywhere(snapshot, tmp_path):
    file = tmp_path / "本省口径.toml"
    file.write_text(shared("domain/pol2.toml").read_text("utf-8"), "utf-8")
    before, plan = ce.plan(snapshot), ce.plan(snapshot, policy_files=[file])
    was, firm = number_of(before, "外卖"), number_of(plan, "外卖")
    assert (was["sector"], was["is_target"]) == (None, False)
    assert "是否在重点层级待核实" in was["not_listed_reason"]  # no list of a society was handed in
    assert (firm["sector"], firm["tiers"], firm["is_target"]) == ("delivery", "sector", True)
    assert firm["not_listed_reason"] is None
    assert "青年聚集行业6" in firm["priority_reasons"]
    lines = explain(plan, firm["enterprise_id"])
    assert "建团重点：青年聚集行业" in lines and "省团委〔2026〕1号" not in lines
    assert "是否在重点层级待核实" in explain(before, was["enterprise_id"])
    assert plan.policy_version.endswith("+省团委〔2026〕1号 2026-01")
    assert "省团委〔2026〕1号 2026-01" in overview_page(plan)
    assert (
        sum(plan_summary(plan)["totals"]["not_listed"].values())
        == 6 - plan_summary(plan)["totals"]["targets"]
    )
    assert "省团委〔2026〕1号" in plan.policy_version  # what the map's page says of its policy
    assert draw_map(plan, tmp_path / "maps", Drawing()).stat().st_size


def test_letters_cite_the_numbers_in_force(snapshot, tmp_path):
    file = tmp_path / "川.toml"
    file.write_text(
        'name = "川青办〔2026〕1号"\ntitle = "关于推进非公企业建团的通知"\n'
        '[[value]]\nkey = "small_base"\nvalue = 7\nclause = "某省口径"\nvalid_from = 2019-01-01\n',
        "utf-8",
    )
    plan = ce.plan(snapshot, policy_files=[file])
    options = LetterOptions(keys=("enterprise_letter", "circular"))
    texts = "".join(text_of(letter) for letter in write_letters(plan, tmp_path / "letters", options))
    assert "《关于推进非公企业建团的通知》（川青办〔2026〕1号）" in texts
    assert "基数不足7家的不列覆盖率" in texts
    assert "豫青办字" not in texts
    assert "不足7家的只列数" in overview_page(plan)


def text_of(file):
    opened = docx.Document(str(file))
    cells = (cell.text for table in opened.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])


def test_a_dated_duty_of_enterprises_is_counted_in_overview_and_plan_json(snapshot, tmp_path):
    plan = ce.plan(snapshot, policy_files=[shared("house/duty28.toml")])
    (dated,) = plan_summary(plan)["dated_duties"]
    assert (dated["duty"], dated["due"], dated["open"], dated["unclear"]) == ("R28", "2019-12-31", 2, 1)
    undone = plan["duties"].filter((pl.col("duty") == "R28") & (pl.col("met") != "yes"))
    assert undone.height == dated["open"]
    page = visible(overview_page(plan))
    assert re.search(
        r"R28 100人以上互联网企业年底前建团\|+某省团委〔2019〕5号\|+2019-12-31\|+2019-12-31\|+2\|+1\|", page
    )
    assert "Internet firms of 100 and more" in overview_page(plan, "en")
    assert number_of(plan, "软件")["ground"] == "R27;R28" or "R28" in number_of(plan, "软件")["ground"]
    reviewed = ce.review(snapshot, policy_files=[shared("house/duty28.toml")])
    assert reviewed["deadlines"].filter(duty="R28").select("open", "unclear").rows() == [(2, 1)]
    elsewhere = ce.plan(snapshot, division="410102", policy_files=[shared("house/duty28.toml")])
    assert plan_summary(elsewhere)["dated_duties"][0]["open"] == 0


def test_without_a_dated_duty_of_enterprises_nothing_is_said_of_any(snapshot):
    plan = ce.plan(snapshot)
    assert plan_summary(plan)["dated_duties"] == []
    assert "有期限的企业要求" not in overview_page(plan)


def test_a_plan_of_one_division_is_explained_by_the_policy_it_was_made_with(snapshot):
    file = shared("house/duty13.toml")
    plan = ce.plan(snapshot, division="410102", policy_files=[file])
    firm = number_of(plan, "磨具")
    assert (firm["obligation"], firm["ground"]) == ("none", "") or firm["ground"] != "R13"
    policy = load_policy(plan.as_of, plan.policy_files)
    everybody = whole_table(plan, policy).filter(pl.col("name").str.contains("磨具"))
    assert everybody["obligation"].to_list() == [firm["obligation"]]
    lines = explain(plan, firm["enterprise_id"])
    assert ("本轮不列入" in lines) != firm["is_target"]
    assert "必须同步建" not in lines
    assert "必须同步建" in explain(ce.plan(snapshot, division="410102"), firm["enterprise_id"])


def test_every_enterprise_is_a_target_or_has_its_reason_on_the_pages(snapshot):
    plan = ce.plan(snapshot)
    lines = plan["enterprises"].select("name", "is_target", "not_listed_reason")
    assert (lines["is_target"] == lines["not_listed_reason"].is_null()).all()
    reasons = plan_summary(plan)["totals"]["not_listed"]
    page = visible(overview_page(plan))
    for reason, count in reasons.items():
        assert re.search(rf"{re.escape(reason)}\|+{count}\|", page)
    assert json.dumps(reasons, ensure_ascii=False).count("本轮不列入：") == len(reasons)
    assert "Not listed this round: has a League organisation of its own" in overview_page(plan, "en")
