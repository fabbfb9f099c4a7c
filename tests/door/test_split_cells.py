"""Several firms in one cell: in ledgers of links one row for each, in the 企业台账 turned back."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from coverage_engine.ledgers import read_ledgers, read_tables
from coverage_engine.ledgers.kinds import ledger_kinds
from coverage_engine.ledgers.tables.firm_cell import read_firm_cell

AS_OF = date(2019, 6, 15)
NAMES = [
    "郑州澈岚食品有限公司",
    "郑州岚禾机械有限公司",
    "郑州棠里商贸有限公司",
    "郑州昀霁电子有限公司",
    "郑州筠璟塑业厂",
]
FIRMS = [{"企业名称": name, "所在地区": "410105"} for name in NAMES]


def read(tables: dict[str, list[dict[str, object]]]):
    return read_tables({"企业台账": FIRMS, **tables}, as_of=AS_OF)


def names_in(snapshot, table: str) -> list[str]:
    firms = snapshot["enterprises"].select("enterprise_id", firm="name")
    return sorted(snapshot[table].join(firms, on="enterprise_id")["firm"].to_list())


def parties(snapshot) -> dict[str, str | None]:
    return dict(snapshot["enterprises"].select("name", "party").rows())


def test_a_party_branch_of_two_firms_is_joint_and_its_members_are_neithers() -> None:
    row = {
        "企业名称": "、".join(NAMES[:2]),
        "党组织名称": "中共第一支部委员会",
        "党组织形式": None,
        "党员数": 7,
    }
    snapshot, findings = read({"党组织台账": [row]})
    assert names_in(snapshot, "party_organisations") == sorted(NAMES[:2])
    assert snapshot["party_organisations"]["party_members"].to_list() == [None, None]
    assert {parties(snapshot)[name] for name in NAMES[:2]} == {"joint"}
    told = findings.table.filter(pl.col("code") == "name.split")
    assert told["found"].to_list() == ["1 格写了 2 家（第 2 行）"]
    cited = snapshot["fact_sources"].filter(pl.col("field") == "party")["ledger_field"].to_list()
    assert cited == ["enterprise_name", "enterprise_name"]


def test_a_row_that_calls_the_shared_branch_its_own_is_told() -> None:
    row = {"企业名称": "；".join(NAMES[:2]), "党组织名称": "中共第一支部委员会", "党组织形式": "单独组建"}
    snapshot, findings = read({"党组织台账": [row]})
    assert {parties(snapshot)[name] for name in NAMES[:2]} == {"joint"}
    assert findings.table.filter(pl.col("code") == "party.shared_not_own").height == 1


def test_a_joint_branch_with_one_firm_a_row_is_joint_by_its_name() -> None:
    branch = "中共金水区经八路街道第一联合支部委员会"
    rows = [{"企业名称": name, "党组织名称": branch, "党组织形式": None} for name in NAMES[:3]]
    rows.append(
        {"企业名称": NAMES[3], "党组织名称": "中共郑州联合昀霁电子有限公司支部委员会", "党组织形式": None}
    )
    snapshot, _ = read({"党组织台账": rows})
    found = parties(snapshot)
    assert [found[name] for name in NAMES[:4]] == ["joint", "joint", "joint", "own"]


@pytest.mark.parametrize("form", ["联合组建", None])
def test_firms_under_one_merged_branch_are_joint(tmp_path, form: str | None) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "党组织台账"
    sheet.append(["党组织名称", "企业名称", "党组织形式", "党员数"])
    sheet.append(["中共第一支部委员会", NAMES[0], form, 5])
    sheet.append([None, NAMES[1], None, None])
    sheet.append(["中共郑州棠里商贸有限公司支部委员会", NAMES[2], None, 3])
    for column in "ACD":
        sheet.merge_cells(f"{column}2:{column}3")
    firms = book.create_sheet("企业台账")
    firms.append(["企业名称", "所在地区"])
    for name in NAMES:
        firms.append([name, "410105"])
    book.save(tmp_path / "台账.xlsx")
    snapshot, _ = read_ledgers(tmp_path / "台账.xlsx", as_of=AS_OF)
    found = parties(snapshot)
    assert [found[name] for name in NAMES[:3]] == ["joint", "joint", "own"]
    assert snapshot["party_organisations"]["party_members"].to_list().count(None) == 2


def test_each_code_goes_to_the_firm_in_its_place_and_one_code_to_none() -> None:
    codes = ["91410702MADYWDEY9M", "91410711MA3FAR6B2N"]
    rows = [{"企业名称": "、".join(NAMES[:2]), "统一社会信用代码": "、".join(codes), "工会名称": "联合工会"}]
    told = [dict(firm) for firm in FIRMS]
    told[0]["统一社会信用代码"], told[1]["统一社会信用代码"] = codes
    snapshot, findings = read_tables({"企业台账": told, "工会台账": rows}, as_of=AS_OF)
    assert names_in(snapshot, "trade_unions") == sorted(NAMES[:2])
    told_there = findings.table.filter(pl.col("sheet") == "工会台账")["code"]
    assert not any(code.startswith("credit_code") for code in told_there)
    rows[0]["统一社会信用代码"] = codes[0]
    snapshot, _ = read_tables({"企业台账": told, "工会台账": rows}, as_of=AS_OF)
    assert names_in(snapshot, "trade_unions") == sorted(NAMES[:2])


@pytest.mark.parametrize(
    "cell",
    [
        "郑州澈岚食品有限公司、分公司",
        "郑州澈岚食品有限公司、郑州分公司",
        "郑州澈岚食品有限公司郑州岚禾机械有限公司",
        "郑州澈岚食品有限公司、金水区各商户、郑州岚禾机械有限公司",
        "郑州澈岚食品有限公司和泰兴商贸有限公司",
    ],
)
def test_a_cell_of_which_a_part_is_no_whole_name_is_turned_back(cell: str) -> None:
    snapshot, findings = read({"团属社团台账": [{"社团名称": "市青企协", "会员单位": cell}]})
    assert snapshot["society_members"].is_empty()
    codes = findings.table["code"].to_list()
    assert "name.several_firms" in codes or "link.not_found" in codes
    assert "name.split" not in codes


def test_the_enterprise_ledger_turns_a_row_of_several_firms_back() -> None:
    rows = [*FIRMS, {"企业名称": "郑州甲有限公司、郑州乙有限公司", "所在地区": "410105"}]
    snapshot, findings = read_tables({"企业台账": rows}, as_of=AS_OF)
    assert snapshot["enterprises"].height == len(FIRMS)
    assert "name.several_firms" in findings.table["code"].to_list()


def test_every_ledger_of_links_says_that_each_firm_stands_for_itself() -> None:
    each = {kind.kind for kind in ledger_kinds() if any(column.each for column in kind.columns)}
    assert each == {
        "party_organisations", "trade_unions", "joint_coverage", "society_members", "associated_enterprises",
        "association_members", "branch_offices", "brand_programmes",
    }  # fmt: skip


groups = st.lists(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True), min_size=1, max_size=4
)


@settings(max_examples=40, deadline=None)
@given(groups, st.sampled_from(["、", "，", "；", "\n", "/"]), st.randoms(use_true_random=False))
def test_no_firm_is_lost_or_doubled_by_a_split_in_any_order_of_rows(groups, separator, draw) -> None:
    rows = [
        {"社团名称": f"社团{number}", "会员单位": separator.join(names)}
        for number, names in enumerate(groups)
    ]
    snapshot, _ = read({"团属社团台账": rows})
    wanted = sorted(name for names in groups for name in names)
    assert names_in(snapshot, "society_members") == wanted
    source = snapshot["sources"].filter(pl.col("kind") == "society_members").row(0, named=True)
    assert source["rows_read"] == source["accepted"] + source["quarantined"] + source["recognised"]
    draw.shuffle(rows)
    again, _ = read({"团属社团台账": rows})
    columns = ["enterprise_id", "society_id"]
    assert (
        again["society_members"]
        .select(columns)
        .sort(columns)
        .equals(snapshot["society_members"].select(columns).sort(columns))
    )


@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True))
def test_the_names_of_a_cell_are_those_that_were_written(names: list[str]) -> None:
    assert read_firm_cell("、".join(names)).firms == tuple(names)
