"""Type, then code, then name tell what kind of firm it is; a public name is never presumed private."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from coverage_engine.ledgers import read_ledgers, read_tables
from coverage_engine.ledgers.assembling.entity_kinds import sounds_public
from coverage_engine.ledgers.credit_codes import ALPHABET, credit_code_problem, organisation_code_is_valid
from coverage_engine.planning import plan

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
REGISTER = SHARED / "data" / "registry" / "henan_registered_firms.csv.gz"
AS_OF = date(2019, 6, 15)
OUTSIDE = {"individual", "cooperative"}


def a_code(kind: str, body: str = "MA000000") -> str:
    """A code that begins with 91, 92 or 93, right in both check digits."""
    inner = next(body + mark for mark in "0123456789X" if organisation_code_is_valid(body + mark))
    begun = f"{kind}410105{inner}"
    return next(begun + mark for mark in ALPHABET if credit_code_problem(begun + mark) is None)


def firm(name: str, **facts: object) -> dict[str, object]:
    return {"企业名称": name, "所在地区": "410105", "团员数": 5, "党组织": "联合", "团组织": "无", **facts}


def kinds_of(*firms: dict[str, object]) -> dict[str, str]:
    snapshot, _ = read_tables({"企业台账": list(firms)}, as_of=AS_OF)
    return dict(snapshot["enterprises"].select("name", "entity_kind").rows())


def needs(folder: Path) -> Path:
    if not folder.exists():
        pytest.skip(f"SHARED MATERIAL IS MISSING: {folder}")
    return folder


def test_individuals_and_cooperatives_are_outside_whatever_their_code_is() -> None:
    folder = needs(SHARED / "cases" / "truth" / "individual")
    snapshot, findings = read_ledgers([folder], as_of=AS_OF)
    told = plan(snapshot, findings=findings)["enterprises"]
    assert told["coverage_state"].unique().to_list() == ["out_of_scope"]
    assert told["obligation"].unique().to_list() == ["none"]


@pytest.mark.parametrize(
    "written", ["个体工商户", "个体户", "个体", "个体经营", "500", "500.0", "500 个体工商户"]
)
@pytest.mark.parametrize("code", [None, a_code("91"), a_code("92")])
@pytest.mark.parametrize("year", [None, 2011, 2023])
def test_a_persons_business_is_outside_by_its_type(written: str, code: str | None, year: int | None) -> None:
    told = firm("郑州某某商贸有限公司", 登记注册类型=written, 类型表年份=year, 统一社会信用代码=code)
    assert kinds_of(told) == {"郑州某某商贸有限公司": "individual"}


@pytest.mark.parametrize(
    "written", ["农民专业合作社", "400", "农民专业合作社分支机构", "农民专业合作社联合社"]
)
def test_a_cooperative_is_outside_by_its_type(written: str) -> None:
    told = firm("郑州某某农业有限公司", 登记注册类型=written, 统一社会信用代码=a_code("91"))
    assert kinds_of(told) == {"郑州某某农业有限公司": "cooperative"}


def test_a_type_against_the_code_is_told_with_both_cells() -> None:
    told = firm("某某商行", 登记注册类型="个体工商户", 统一社会信用代码=a_code("91"))
    _, findings = read_tables({"企业台账": [told]}, as_of=AS_OF)
    row = findings.table.filter(pl.col("code") == "registration.kind_differs").row(0, named=True)
    assert (row["severity"], row["cell"], row["found"]) == ("warning", "F2", "个体工商户")
    assert "企业台账!G2" in row["remedy"]


def test_a_private_trading_house_stays_inside_by_its_type_or_code() -> None:
    assert kinds_of(
        firm("郑州甲某经营部", 登记注册类型="私营独资企业"),
        firm("郑州乙某经营部", 登记注册类型="171"),
        firm("郑州丙某商行", 统一社会信用代码=a_code("91")),
    ) == dict.fromkeys(("郑州甲某经营部", "郑州乙某经营部", "郑州丙某商行"), "enterprise")


def test_a_name_that_both_kinds_bear_leaves_the_scope_unknown_and_is_told_once() -> None:
    names = ["郑州甲某经营部", "郑州乙某商行", "郑州丙某工作室"]
    told = [firm(name, 登记注册类型="", 控股情况="私人控股") for name in names]
    snapshot, findings = read_tables({"企业台账": told}, as_of=AS_OF)
    assert snapshot["enterprises"]["entity_kind"].unique().to_list() == ["unclear"]
    assert findings.table.filter(pl.col("code") == "registration.kind_unclear").height == 1
    decided = plan(snapshot, findings=findings)["enterprises"]
    assert decided["obligation"].unique().to_list() == ["undetermined"]


def test_a_supply_cooperative_is_no_farmers_cooperative() -> None:
    assert kinds_of(firm("某县城关供销合作社"), firm("某县种植专业合作社")) == {
        "某县城关供销合作社": "enterprise",
        "某县种植专业合作社": "cooperative",
    }


def test_every_type_in_the_register_of_henan_is_understood() -> None:
    register = pl.read_csv(gzip.decompress(needs(REGISTER).read_bytes()), infer_schema=False)
    types = register["企业类型"].unique().sort().to_list()
    told = [firm(f"某某{number}厂", 登记注册类型=text) for number, text in enumerate(types)]
    snapshot, findings = read_tables({"企业台账": told}, as_of=AS_OF)
    assert findings.table.filter(pl.col("code") == "registration.unrecognised").is_empty()
    scope = plan(snapshot, findings=findings)["enterprises"].select("registration_text", "non_public")
    public = scope.filter(pl.col("registration_text").str.contains("集体|国有"))
    assert public.height >= 6
    assert public["non_public"].unique().to_list() == ["no"]
    undecided = scope.filter(pl.col("registration_text").is_in(["有限责任公司", "股份合作制"]))
    assert undecided["non_public"].unique().to_list() == ["unknown"]


@pytest.mark.parametrize(
    ("written", "non_public"),
    [
        ("有限责任公司 国有企业", "no"),
        ("股份有限公司　国有企业", "no"),
        ("有限责任公司（国有控股）", "no"),
        ("全民所有制分支机构（非法人）", "no"),
        ("集体经营单位(非法人)", "no"),
        ("有限责任公司 外商投资企业", "yes"),
        ("股份有限公司(台港澳与境内合资、未上市)", "yes"),
        ("有限责任公司分公司(自然人投资或控股)", "yes"),
        ("个人独资企业分支机构", "yes"),
        ("有限责任公司(非自然人投资或控股的法人独资)", "unknown"),
        ("其他股份有限公司(非上市)", "unknown"),
        ("非国有企业", "unknown"),
        ("内资企业", "unknown"),
    ],
)
@pytest.mark.parametrize("day", [AS_OF, date(2024, 6, 15)])
def test_the_registrys_own_words_are_understood(written: str, non_public: str, day: date) -> None:
    snapshot, findings = read_tables(
        {"企业台账": [firm("某某实业有限公司", 登记注册类型=written)]}, as_of=day
    )
    assert plan(snapshot, findings=findings)["enterprises"]["non_public"].to_list() == [non_public]


def test_control_decides_over_a_foreign_type() -> None:
    told = firm("某某汽车有限公司", 登记注册类型="中外合资经营企业", 控股情况="国有控股")
    snapshot, findings = read_tables({"企业台账": [told]}, as_of=AS_OF)
    assert plan(snapshot, findings=findings)["enterprises"]["non_public"].to_list() == ["no"]


PUBLIC = [
    "某县城关供销社", "某县粮管所", "国营某某机械厂", "某市邮政局", "某县供电公司", "中国农业银行某县支行",
    "某县水务局", "某县农机监理站", "某市烟草公司", "某县集体福利厂", "某市国有资产经营有限公司",
    "某县城市建设投资有限公司", "河南省某县新华书店", "某县自来水公司",
]  # fmt: skip
PRIVATE = [
    "郑州某某商贸有限公司", "洛阳某某机械制造有限公司", "某某食品股份有限公司", "郑州某某加油站有限公司",
    "河南某某律师事务所", "郑州某某电力设备有限公司", "某某快递有限公司", "洛阳某某大药房有限公司",
]  # fmt: skip


def test_without_the_columns_public_names_stay_unknown_and_private_ones_are_presumed() -> None:
    told = [firm(name) for name in PUBLIC + PRIVATE]
    snapshot, findings = read_tables({"企业台账": told}, as_of=AS_OF)
    decided = plan(snapshot, findings=findings)
    by_name = dict(decided["enterprises"].select("name", "non_public").rows())
    assert {name: by_name[name] for name in PUBLIC} == dict.fromkeys(PUBLIC, "unknown")
    assert {name: by_name[name] for name in PRIVATE} == dict.fromkeys(PRIVATE, "yes")
    row = findings.table.filter(pl.col("code") == "presumption.non_public").row(0, named=True)
    assert row["severity"] == "warning"
    assert f"{len(PRIVATE)} 家按非公企业处理，{len(PUBLIC)} 家" in row["remedy"]
    assert any(f"{len(PUBLIC)} 家" in text for text in decided.snapshot["presumptions"]["message"])


def test_a_ledger_that_asks_for_control_presumes_nothing() -> None:
    told = [firm("郑州某某商贸有限公司", 控股情况="")]
    told += [firm("洛阳某某商贸有限公司", 控股情况="私人控股")]
    snapshot, findings = read_tables({"企业台账": told}, as_of=AS_OF)
    by_name = dict(plan(snapshot, findings=findings)["enterprises"].select("name", "non_public").rows())
    assert by_name == {"郑州某某商贸有限公司": "unknown", "洛阳某某商贸有限公司": "yes"}
    assert snapshot["enterprises"]["public_name"].to_list() == [None, None]


def test_nearly_every_collective_and_state_firm_of_henan_sounds_public() -> None:
    """All but a few, whose names (某某机械厂) tell nothing; of the other firms most are presumed."""
    register = pl.read_csv(gzip.decompress(needs(REGISTER).read_bytes()), infer_schema=False)
    judged = register.with_columns(
        sounds=sounds_public(register["企业名称"]), public=pl.col("企业类型").str.contains("集体|国有")
    )
    shares = dict(judged.group_by("public").agg(pl.col("sounds").mean()).rows())
    assert shares[True] > 0.96
    assert shares[False] < 0.25


@pytest.mark.parametrize("component", ["集体", "国有", "外商投资", "私营"])
@pytest.mark.parametrize("ending", ["(非法人)", " ", "（分支机构）", ""])
def test_a_sign_is_found_wherever_it_stands(component: str, ending: str) -> None:
    snapshot, findings = read_tables(
        {"企业台账": [firm("某某厂", 登记注册类型=f"有限责任公司 {component}企业{ending}")]}, as_of=AS_OF
    )
    wanted = "no" if component in ("集体", "国有") else "yes"
    assert plan(snapshot, findings=findings)["enterprises"]["non_public"].to_list() == [wanted]
