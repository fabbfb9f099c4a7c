"""Whose a League body is, and what it is worth: the cases from outside, and more of their kinds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from coverage_engine.coverage import assess
from coverage_engine.ledgers import read_ledgers, read_tables
from coverage_engine.model.findings import Findings
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.policy import load_policy

_CASES = Path(__file__).parents[2].parent / "shared/cases"
_FIRM = "郑州澈岚屿食品有限公司"
_STATE = ("coverage_state", "verified", "hollow")


def _case(name: str) -> tuple[Snapshot, Findings]:
    folder = _CASES / name
    if not folder.exists():
        pytest.skip(f"!!! SHARED MATERIAL IS MISSING: {folder}")
    return read_ledgers([folder])


def _states(snapshot: Snapshot) -> dict[str, tuple[str | None, ...]]:
    firms = assess(snapshot, load_policy(snapshot.as_of))["enterprises"]
    return {row["name"]: tuple(row[key] for key in _STATE) for row in firms.iter_rows(named=True)}


def _codes(findings: Findings) -> set[str]:
    return {code for code in findings.table["code"] if code.startswith("league.")}


def _told(firm: dict[str, object], *bodies: dict[str, object], **ledgers: list[dict[str, object]]):
    row = {"企业名称": _FIRM, "所在地区": "410105", "控股情况": "私人控股", "团员数": 8, **firm}
    handed = {"企业台账": [row], **({"智慧团建导出": list(bodies)} if bodies else {}), **ledgers}
    snapshot, findings = read_tables(handed, as_of=date(2019, 6, 15))
    return _states(snapshot)[_FIRM], findings


def test_a_firm_one_character_away_is_asked_about_and_not_covered() -> None:
    snapshot, findings = _case("truth/league_of_another_firm")
    assert _states(snapshot) == {"漯河市华岭起重有限公司": ("unknown", "unknown", None)}
    assert snapshot["doubtful_pairs"].height == 1
    assert _codes(findings) == {"league.resembles"}


def test_a_joint_branchs_name_is_joint_and_a_townships_is_to_be_verified() -> None:
    snapshot, findings = _case("truth/joint_name")
    states = {name: state[0] for name, state in _states(snapshot).items()}
    assert states == {"名一有限公司": "joint", "名二有限公司": "unknown", "名三有限公司": "joint"}
    assert _codes(findings) == {"league.joint_body", "league.other_body"}


def test_a_township_a_park_and_another_firms_branch_are_nobodys_own() -> None:
    snapshot, _ = _case("truth/township")
    states = {name[0]: state[0] for name, state in _states(snapshot).items()}
    assert states == {
        **dict.fromkeys("甲丁戊", "joint"),
        **dict.fromkeys("乙丙己庚", "unknown"),
    }


def test_a_body_without_members_is_hollow_and_counted_apart() -> None:
    snapshot, findings = _case("domain/hollow")
    states = _states(snapshot)
    assert states["郑州样例空壳有限公司"] == ("own", "no", "yes")
    assert states["郑州样例实有限公司"] == ("own", "yes", "no")
    assert {"league.hollow", "league.members_gap"} <= _codes(findings)
    figures = assess(snapshot, load_policy(snapshot.as_of))["coverage"]
    counted = figures.filter((pl.col("level") == "province") & (pl.col("category") == "operating"))
    assert counted.select("own_low", "verified", "hollow", "own_hollow").row(0) == (2, 1, 1, 1)


@pytest.mark.parametrize(
    "name",
    [
        f"共青团{_FIRM}支部委员会", "团支部", "公司团支部", "共青团支部", "本公司团委", "共青团澈岚屿支部",
        "澈岚屿食品团支部", "共青团郑州澈岚屿集团委员会", "共青团郑州市澈岚屿食品有限责任公司总支部委员会",
        f"共青团{_FIRM}机关支部委员会", f"{_FIRM}第一团支部", "生产车间团支部", "澈岚屿公司团支部",
    ],
)  # fmt: skip
def test_what_planners_write_for_their_own_body_is_own(name: str) -> None:
    state, findings = _told({"团组织": "有", "团组织名称": name})
    assert state[0] == "own"
    assert _codes(findings) == set()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("共青团金水区非公企业联合支部委员会", "joint"),
        (f"共青团{_FIRM}、郑州屹叡隽机械有限公司联合支部委员会", "joint"),
        ("共青团金水区兴达路街道工作委员会", "unknown"),
        ("共青团柘城县朱襄镇委员会", "unknown"),
        ("共青团郑州高新区产业园工作委员会", "unknown"),
        ("共青团洛阳澈岚屿食品有限公司支部委员会", "unknown"),
        ("共青团郑州澈岚峪食品有限公司支部委员会", "unknown"),
        ("共青团郑州市餐饮协会支部委员会", "unknown"),
    ],
)
def test_somebody_elses_body_is_never_the_firms_own(name: str, wanted: str) -> None:
    state, findings = _told({"团组织": "有", "团组织名称": name})
    assert state[0] == wanted
    assert _codes(findings) == {"league.joint_body" if wanted == "joint" else "league.other_body"}


def test_a_firm_called_joint_has_a_body_of_its_own() -> None:
    name = "郑州联合食品有限公司"
    body = {"团组织全称": f"共青团{name}支部委员会", "团员数": 4}
    for claimed in (body["团组织全称"], "共青团联合食品支部"):
        row = {"企业名称": name, "所在地区": "410105", "控股情况": "私人控股", "团组织名称": claimed}
        snapshot, _ = read_tables({"企业台账": [row], "智慧团建导出": [body]}, as_of=date(2019, 6, 15))
        assert _states(snapshot)[name] == ("own", "yes", "no")


@pytest.mark.parametrize("form", ["有", "单独", None])
def test_the_ledger_of_joint_coverage_wins_over_the_flag(form: str | None) -> None:
    joint = [{"团组织全称": "共青团金水区餐饮业联合支部委员会", "覆盖企业": _FIRM}]
    assert _told({"团组织": form}, 联合团组织覆盖台账=joint)[0][0] == "joint"
    own = {"团组织": form, "团组织名称": f"共青团{_FIRM}支部委员会"}
    assert _told(own, 联合团组织覆盖台账=joint)[0][0] == "own"


@pytest.mark.parametrize(
    ("members", "state", "codes"),
    [
        ([0], ("own", "no", "yes"), {"league.hollow", "league.members_gap"}),
        ([None], ("own", "yes", "unknown"), set()),
        ([2], ("own", "yes", "no"), {"league.few_members", "league.members_gap"}),
        ([6], ("own", "yes", "no"), set()),
        ([0, 8], ("own", "yes", "no"), {"league.hollow", "league.several_units"}),
        ([None, 0], ("own", "yes", "unknown"), {"league.hollow", "league.several_units"}),
    ],
)
def test_hollow_is_three_valued(members: list[int | None], state: tuple[str, ...], codes: set[str]) -> None:
    endings = ("委员会", "支部委员会")
    bodies = [
        {"团组织全称": f"共青团{_FIRM}{ending}", "团员数": count}
        for ending, count in zip(endings, members, strict=False)
    ]
    found, findings = _told({"团组织": "单独"}, *bodies)
    assert found == state
    assert _codes(findings) == codes


def test_a_hollow_joint_body_verifies_nothing_either() -> None:
    name = "共青团金水区餐饮业联合支部委员会"
    joint = [{"团组织全称": name, "覆盖企业": _FIRM}]
    for members, wanted in ((0, ("joint", "no", "yes")), (9, ("joint", "yes", "no"))):
        state, _ = _told({}, {"团组织全称": name, "团员数": members}, 联合团组织覆盖台账=joint)
        assert state == wanted


def test_a_body_that_fits_two_firms_leaves_both_unknown() -> None:
    name = "澈岚屿食品有限公司"
    firms = [
        {"企业名称": name, "所在地区": place, "控股情况": "私人控股", "团组织": "无"}
        for place in ("410105", "410305")
    ]
    body = {"团组织全称": f"共青团{name}支部委员会", "团员数": 5}
    snapshot, findings = read_tables({"企业台账": firms, "智慧团建导出": [body]}, as_of=date(2019, 6, 15))
    told = assess(snapshot, load_policy(snapshot.as_of))["enterprises"]
    assert told.select("coverage_state", "verified").rows() == [("uncovered", "unknown")] * 2
    assert _codes(findings) == {"league.ambiguous"}
    placed = {**body, "上级组织": "共青团洛阳市涧西区委员会"}
    snapshot, _ = read_tables({"企业台账": firms, "智慧团建导出": [placed]}, as_of=date(2019, 6, 15))
    found = snapshot["league_matches"].join(snapshot["enterprises"], on="enterprise_id")
    assert found["county_code"].to_list() == ["410305"]


def test_a_namesake_of_another_city_is_asked_about() -> None:
    firm = {"企业名称": "澈岚屿食品有限公司", "所在地区": "410105"}
    body = {"团组织全称": "共青团澈岚屿食品有限公司支部委员会", "上级组织": "共青团洛阳市涧西区委员会"}
    snapshot, _ = read_tables({"企业台账": [firm], "智慧团建导出": [body]}, as_of=date(2019, 6, 15))
    assert snapshot["league_matches"].is_empty()
    assert snapshot["league_organisations"]["match"].to_list() == ["ambiguous"]


@pytest.mark.parametrize("state", ["注销", "停业"])
def test_a_closed_firm_that_still_has_a_body_is_told(state: str) -> None:
    body = {"团组织全称": f"共青团{_FIRM}支部委员会", "团员数": 8}
    _, findings = _told({"营业状态": state}, body)
    told = findings.table.filter(pl.col("code") == "league.closed_firm").row(0, named=True)
    assert (told["sheet"], told["cell"]) == ("智慧团建导出", "A2")
    assert state in told["remedy"]


@pytest.mark.parametrize(
    "scope",
    [{"控股情况": ""}, {"控股情况": "不详", "登记注册类型": "其他有限责任公司", "类型表年份": 2011}],
    ids=["control left blank", "a type that says nothing"],
)
@pytest.mark.parametrize(("flag", "covered_by"), [("单独", "own"), ("联合", "joint"), ("无", "uncovered")])
def test_a_firm_that_may_be_out_of_scope_has_no_certain_state(
    scope: dict[str, object], flag: str, covered_by: str
) -> None:
    sure = {"企业名称": "郑州样例实有限公司", "所在地区": "410105", "控股情况": "私人控股", "团组织": flag}
    maybe = {**sure, "企业名称": _FIRM, **scope}
    snapshot, _ = read_tables({"企业台账": [sure, maybe]}, as_of=date(2019, 6, 15))
    told = assess(snapshot, load_policy(snapshot.as_of))["enterprises"]
    states = {row["name"]: (row["coverage_state"], row["covered_by"]) for row in told.iter_rows(named=True)}
    assert states == {sure["企业名称"]: (covered_by, covered_by), _FIRM: ("unknown", covered_by)}


def test_a_body_of_a_firm_that_may_be_out_of_scope_still_verifies() -> None:
    body = {"团组织全称": f"共青团{_FIRM}支部委员会", "团员数": 5}
    state, _ = _told({"控股情况": "", "登记注册类型": "其他有限责任公司", "类型表年份": 2011}, body)
    assert state == ("unknown", "yes", "no")
