"""From a snapshot to the page: a small invented province whose answer is known."""

import re
import zipfile
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import numpy as np
import polars as pl
import pytest

from coverage_engine.campaigns.campaign import CampaignOptions, run_campaign
from coverage_engine.campaigns.engine.draws import CampaignConfig
from coverage_engine.campaigns.learning import Effort, updated
from coverage_engine.campaigns.network.snapshot_graph import snapshot_network
from coverage_engine.campaigns.report.output import write_campaign
from coverage_engine.campaigns.scenarios.assumptions import Rate
from coverage_engine.campaigns.scenarios.scenario_files import load_scenarios
from coverage_engine.campaigns.starts.starters import SearchEffort
from coverage_engine.errors import PolicyError
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.model.tables import PLAN_TABLES, conform

DAY = date(2019, 6, 15)
OPTIONS = CampaignOptions(CampaignConfig(8, 64), SearchEffort(1 << 11, 1 << 12))
SCENARIOS = load_scenarios()


def _province(shuffled=False):
    """Firm 0: uncovered headquarters of 1–20; 21: covered headquarters of 22–25; 26: leader of 27–40."""
    rows = [
        {
            "enterprise_id": number,
            "credit_code": f"91{number:016d}",
            "name": f"虚构企业{number}<b>",
            "county_code": ("410105", "410102", None)[number % 3],
            "county": ("金水区", "中原区", None)[number % 3],
            "city": "郑州市",
            "coverage_state": "own" if number == 21 else "uncovered",
            "eligible": "yes" if number % 10 != 9 else "no",
            "league_members": {0: 0, 9: 2}.get(number % 10, 5) if number % 10 == 9 else 5,
            "obligation": "should_establish",
            "young_employees": 10 + number,
        }
        for number in range(41)
    ]
    rows[39]["league_members"] = 0
    links = [(n, 0) for n in range(1, 21)] + [(n, 1) for n in range(22, 26)] + [(4, 2)]
    pairs = [(n, 0) for n in range(27, 41)]
    if shuffled:
        links, pairs = links[::-1], pairs[::-1]
    tables = {
        "headquarters": pl.DataFrame(
            {
                "headquarters_id": [0, 1, 2],
                "name": ["虚构企业0<b>", "虚构企业21<b>", "省外虚构总部"],
                "enterprise_id": [0, 21, None],
                "outside_province": [False, False, True],
            }
        ),
        "branch_offices": pl.DataFrame(links, schema=["enterprise_id", "headquarters_id"], orient="row"),
        "leaders": pl.DataFrame({"leader_id": [0], "name": ["虚构企业26<b>"], "enterprise_id": [26]}),
        "associated_enterprises": pl.DataFrame(pairs, schema=["enterprise_id", "leader_id"], orient="row"),
        "outcomes": pl.DataFrame(
            {
                "enterprise_id": [2, 3],
                "path": [9, 9],
                "started": [date(2019, 1, 1), date(2019, 2, 1)],
                "ended": [date(2019, 2, 20), None],
                "result": ["own", "ongoing"],
            }
        ),
    }
    return build_snapshot(DAY, tables, frozenset()), conform(pl.DataFrame(rows), PLAN_TABLES["enterprises"])


@pytest.fixture(scope="module")
def result():
    return run_campaign(*_province(), SCENARIOS, OPTIONS)


def test_the_network_tells_gaps_starts_and_headquarters_outside_the_province():
    snapshot, enterprises = _province()
    network = snapshot_network(snapshot, enterprises, SCENARIOS[1])
    graph = network.graph
    assert graph.size == 42 and len(graph.source) == 20 + 4 + 1 + 14
    assert int(graph.gaps.sum()) == 39  # all but the covered one and the one without a member
    assert not graph.firms.counted[41] and not graph.firms.covered[41]
    assert "不在企业台账里" in "".join(network.notes)
    driving = snapshot_network(snapshot, enterprises, replace(SCENARIOS[1], outside_headquarters=True)).graph
    assert driving.firms.covered[41] and not driving.firms.counted[41]
    alone = snapshot_network(snapshot, enterprises, replace(SCENARIOS[1], joint_below_three=False)).graph
    assert int(alone.gaps.sum()) == 36


def test_the_headquarters_with_the_most_branches_comes_first_and_beats_leaders(result):
    starts = result["starts"].filter(pl.col("scenario") == "headquarters")
    assert starts["enterprise_id"].to_list()[0] == 0
    assert result.outcome("headquarters").gain_mean > result.outcome("leaders").gain_mean
    assert result.outcome("do_nothing").hours_mean == 0
    assert result.best == "both"
    assert result.outcome("both").starters.certificate > 0.8


def test_tables_add_up_and_every_assumption_has_its_source(result):
    final = result["monthly"].filter((pl.col("scenario") == "both") & (pl.col("month") == 12))
    whole = final.filter(pl.col("county_code") == "")["mean"].item()
    assert final.filter(pl.col("county_code") != "")["mean"].sum() == pytest.approx(whole)
    assert result["assumptions"].filter(pl.col("source").str.len_chars() == 0).is_empty()
    learnt = result["assumptions"].filter(
        (pl.col("key") == "relation.headquarters.drives") & (pl.col("scenario") == "both")
    )
    assert not learnt["assumed"].item() and "成效台账：1 成" in learnt["source"].item()


def test_the_same_province_in_another_row_order_gives_the_same_result(result):
    again = run_campaign(*_province(shuffled=True), SCENARIOS, OPTIONS)
    for name, table in result.tables.items():
        assert table.equals(again[name]), name


def test_a_start_that_is_locked_in_or_excluded_is_so():
    snapshot, enterprises = _province()
    rule = replace(SCENARIOS[1].starts, excluded=("虚构企业0<b>",))
    told = run_campaign(snapshot, enterprises, [replace(SCENARIOS[1], starts=rule)], OPTIONS)
    assert 0 not in told["starts"]["enterprise_id"].to_list()
    wrong = replace(SCENARIOS[1], starts=replace(rule, excluded=("没有这家",)))
    with pytest.raises(PolicyError, match="没有这家"):
        run_campaign(snapshot, enterprises, [wrong], OPTIONS)


@pytest.mark.parametrize(
    ("driver", "target", "told"),
    [
        ("虚构企业1<b>", "虚构企业0<b>", "第 5 行：与台账合起来，总部关系成环"),
        ("无", "虚构企业0<b>", "第 5 行：台账里没有“无”"),
    ],
)
def test_a_link_that_closes_a_circle_or_names_nobody_is_refused_with_its_line(tmp_path, driver, target, told):
    file = tmp_path / "加一条.toml"
    file.write_text(
        '[scenario]\nkey = "own"\ntitle = "自拟"\nactive = ["headquarters"]\n'
        f'[[link]]\nrelation = "headquarters"\ndriver = "{driver}"\ntarget = "{target}"\n',
        "utf-8",
    )
    with pytest.raises(PolicyError) as refusal:
        run_campaign(*_province(), load_scenarios([file]), OPTIONS)
    assert told in str(refusal.value)


class _Requests(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.text = [], []

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name in ("src", "href") and value[:1] != "#"]
        assert tag not in ("script", "link", "iframe", "b")

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_asks_for_nothing_outside_and_says_what_is_assumed(result, tmp_path, lang):
    write_campaign(result, tmp_path, lang)
    text = (tmp_path / "index.html").read_text("utf-8")
    page = _Requests()
    page.feed(text)
    assert all(link.startswith("tables/") for link in page.found) and "url(" not in text
    assert not re.search(r"(https?:)?//(?!www\.w3)", text)
    shown = "".join(page.text)
    assert "虚构企业0<b>" in shown
    assert ("不是实测" if lang == "zh" else "not measured") in shown
    assert f"{int(result.outcome('both').starters.certificate * 100)}" in shown
    assert "Undefined" not in text and "{" not in shown.split("}")[-1]


def test_the_same_result_gives_the_same_files(result, tmp_path):
    for name in ("one", "two"):
        write_campaign(result, tmp_path / name)
    files = sorted(file.relative_to(tmp_path / "one") for file in (tmp_path / "one").rglob("*.*"))
    assert len(files) == 2 + 2 * len(result.tables) + len(["字典.html", "字典.csv"])
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file
    with zipfile.ZipFile(tmp_path / "one" / "campaign.xlsx") as book:
        assert sum(name.startswith("xl/worksheets/sheet") for name in book.namelist()) == 8
    assert (tmp_path / "one" / "tables" / "starts.csv").read_bytes()[:3] == b"\xef\xbb\xbf"


def test_learning_adds_successes_and_months_at_risk_and_shares_credit():
    prior = Rate(4, 36)
    assert updated(prior, []) is prior and updated(Rate(0, 0, 0.1), [Effort(1, 2, True)]).fixed == 0.1
    alone = updated(prior, [Effort(1, 5, True), Effort(1, 7, False)])
    assert (alone.a, alone.b) == pytest.approx((5, 36 + 11))
    chance = np.random.default_rng(3)
    efforts = []
    for _ in range(4000):
        drivers = int(chance.integers(1, 4))
        month = int(chance.geometric(1 - 0.93**drivers))
        efforts.append(Effort(drivers, min(month, 6), month <= 6))
    assert updated(prior, efforts).mean == pytest.approx(0.07, rel=0.06)
