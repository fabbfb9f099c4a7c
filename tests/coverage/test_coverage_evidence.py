"""Every figure opens the firms behind it, and every firm the ledger cells that decided."""

import random
import re
from datetime import date

import polars as pl
import pytest

from coverage_engine.coverage import assess, figure_evidence, firm_cells
from coverage_engine.coverage.evidence import FIGURES
from coverage_engine.errors import PolicyError
from coverage_engine.ledgers import read_tables
from coverage_engine.policy import load_policy

DAY = date(2019, 6, 15)
POLICY = load_policy(DAY)
HEADERS = ["企业名称", "所在地区", "控股情况", "营业状态", "团员数", "党组织", "团组织", "规模以上"]


def _ledger():
    chance = random.Random(2019)
    places = ["郑州市金水区", "郑州市二七区", "洛阳市涧西区", "济源市"]
    choices = {
        "控股情况": ["私人控股", "私人控股", "国有控股", ""],
        "营业状态": ["在营", "在营", "注销"],
        "团员数": [1, 2, 3, 8, ""],
        "党组织": ["单独", "联合", "无", ""],
        "团组织": ["单独", "联合", "无", "无", ""],
        "规模以上": ["是", "否", ""],
    }
    rows = []
    for number in range(150):
        firm = {"企业名称": f"虚构{number:03d}有限公司", "所在地区": chance.choice(places)}
        rows.append({**firm, **{header: chance.choice(words) for header, words in choices.items()}})
    return rows


@pytest.mark.parametrize(("followed", "firms"), [(30, 8), pytest.param(200, 40, marks=pytest.mark.slow)])
def test_random_figures_lead_back_to_the_input_cells(followed, firms):
    ledger = _ledger()
    snapshot, _ = read_tables({"企业台账": ledger}, as_of=DAY)
    figures = assess(snapshot, POLICY)["coverage"].filter(~pl.col("division").str.contains("未分县"))
    chance = random.Random(7)
    rows = figures.rows(named=True)
    seen = set()
    for _ in range(followed):
        row = chance.choice(rows)
        figure = chance.choice([name for name in FIGURES if row[name]] or FIGURES)
        place = (row["level"], row["division_code"])
        listed = figure_evidence(snapshot, POLICY, category=row["category"], figure=figure, place=place)
        assert listed.height == row[figure], (row, figure)
        assert listed["clause"].null_count() == 0 and (listed["as_of"] == DAY).all()
        if listed.height:
            firm = listed.row(chance.randrange(listed.height), named=True)
            seen.add(_follow(snapshot, ledger, firm))
    assert len(seen) >= firms


def _follow(snapshot, ledger, firm):
    """The firm's address holds its name, and each fact's cell the value that was handed in."""
    assert _at(ledger, firm["address"]) == firm["name"]
    for cells in firm_cells(snapshot, POLICY, firm["enterprise_id"]).values():
        assert cells
        for cell in cells:
            assert str(_at(ledger, cell.address)) == cell.value, cell
    return firm["name"]


def _at(ledger, address):
    letter, row = re.fullmatch(r"企业台账!([A-Z]+)(\d+)", address).groups()
    return ledger[int(row) - 2][HEADERS[ord(letter) - ord("A")]]


def test_an_unknown_figure_is_refused_with_the_known_ones():
    snapshot, _ = read_tables({"企业台账": _ledger()[:3]}, as_of=DAY)
    with pytest.raises(PolicyError, match="denominator_low"):
        figure_evidence(snapshot, POLICY, category="operating", figure="无", place=("city", "410100"))
