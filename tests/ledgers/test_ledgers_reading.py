"""The whole flow: a Snapshot in its described tables, places, types, presumptions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import prcoords
import pytest

from coverage_engine.ledgers import read_ledgers, read_tables
from coverage_engine.model.tables import FINDINGS_TABLE, SNAPSHOT_TABLES

AS_OF = date(2019, 6, 15)
FIRM = {"企业名称": "甲有限公司", "所在地区": "410105", "团员数": 3}


def _only(**further: object) -> dict[str, object]:
    snapshot, findings = read_tables({"企业台账": [FIRM | further]}, as_of=AS_OF)
    return snapshot["enterprises"].row(0, named=True) | {"findings": findings, "snapshot": snapshot}


def test_every_table_of_the_snapshot_is_there_in_its_described_columns() -> None:
    snapshot, findings = read_tables({"企业台账": [FIRM]}, as_of=AS_OF)
    assert set(snapshot.tables) == set(SNAPSHOT_TABLES)
    for name, table in SNAPSHOT_TABLES.items():
        assert dict(snapshot[name].schema) == {column.name: column.dtype for column in table}
    assert findings.table.columns == [column.name for column in FINDINGS_TABLE]
    assert snapshot.kinds == {"enterprises"}
    assert snapshot["divisions"].height == 1 + 18 + 158


def test_files_and_rows_in_memory_give_the_same_facts(workbook: Callable[..., Path]) -> None:
    rows = [list(FIRM), list(FIRM.values())]
    from_file, _ = read_ledgers([workbook({"企业台账": rows})], as_of=AS_OF)
    from_memory, _ = read_tables({"企业台账": [FIRM]}, as_of=AS_OF)
    assert from_file["enterprises"].equals(from_memory["enterprises"])


def test_the_edition_of_the_divisions_is_that_of_the_date() -> None:
    row = FIRM | {"所在地区": "410322"}
    assert read_tables({"企业台账": [row]}, as_of=AS_OF)[0]["enterprises"]["county_code"][0] == "410322"
    later, findings = read_tables({"企业台账": [row]}, as_of=date(2024, 1, 1))
    assert later["enterprises"]["county_code"][0] == "410308"
    assert "division.mapped" in findings.table["code"].to_list()


def test_jiyuan_is_its_own_city() -> None:
    row = _only(所在地区="济源市")
    assert (row["city_code"], row["county_code"], row["location"]) == ("419001", "419001", "approximate")


@pytest.mark.parametrize(("system", "forward"), [("GCJ02", prcoords.wgs_gcj), ("百度", prcoords.wgs_bd)])
def test_points_become_wgs84(system: str, forward: Callable) -> None:
    shifted = forward(prcoords.Coords(34.8, 113.7))
    row = _only(经度=shifted.lon, 纬度=shifted.lat, 坐标系=system)
    assert row["location"] == "given"
    assert row["longitude"] == pytest.approx(113.7, abs=1e-7)
    assert row["latitude"] == pytest.approx(34.8, abs=1e-7)


@pytest.mark.parametrize(
    ("point", "code", "location"),
    [
        ({}, None, "approximate"),
        ({"经度": 113.7, "纬度": 34.8}, "coordinates.no_system", "approximate"),
        ({"经度": 113.7, "纬度": 34.8, "坐标系": "不详"}, "coordinates.no_system", "approximate"),
        ({"经度": 113.7, "坐标系": "WGS84"}, "coordinates.incomplete", "approximate"),
        ({"经度": 34.8, "纬度": 113.7, "坐标系": "WGS84"}, "coordinates.outside_province", "approximate"),
        ({"经度": 112.0, "纬度": 34.3, "坐标系": "WGS84"}, "coordinates.outside_county", "given"),
        ({"经度": 113.7, "纬度": 34.8, "坐标系": "CGCS2000"}, None, "given"),
    ],
)
def test_a_point_that_cannot_be_used_is_told_and_the_county_stands_in(
    point: dict[str, object], code: str | None, location: str
) -> None:
    row = _only(**point)
    told = [found for found in row["findings"].table["code"] if found.startswith("coordinates")]  # type: ignore[attr-defined]
    assert told == ([code] if code else [])
    assert row["location"] == location
    assert row["longitude"] is not None


@pytest.mark.parametrize(
    ("further", "expected"),
    [
        ({"登记注册类型": "173"}, ("173", 2011)),
        ({"登记注册类型": "112"}, ("112", 2023)),
        ({"登记注册类型": "130"}, (None, None)),
        ({"登记注册类型": "330", "类型表年份": 2011}, ("330", 2011)),
        ({"登记注册类型": "330", "类型表年份": 2023}, ("330", 2023)),
        ({"登记注册类型": "私营有限责任公司"}, ("173", 2011)),
        ({"登记注册类型": "私营有限责任公司", "类型表年份": 2023}, ("112", 2023)),
        ({"登记注册类型": "有限责任公司（自然人投资或控股）"}, ("173", 2011)),
        ({"登记注册类型": "173私营有限责任公司"}, ("173", 2011)),
        ({"登记注册类型": "某种公司"}, (None, None)),
    ],
)
def test_a_registration_type_is_read_with_the_year_of_its_table(
    further: dict[str, object], expected: tuple[str | None, int | None]
) -> None:
    row = _only(**further)
    assert (row["registration_type"], row["registration_year"]) == expected
    assert row["registration_text"] == further["登记注册类型"]


def test_a_code_that_two_tables_read_differently_asks_for_the_year(of_code: Callable) -> None:
    told = of_code(_only(登记注册类型="130")["findings"], "registration.year_missing")
    assert told["cell"].to_list() == ["D2"]


@pytest.mark.parametrize(
    ("further", "code", "section"),
    [
        ({"行业代码": "6020"}, "6020", "G"),
        ({"行业代码": "C1311"}, "1311", "C"),
        ({"行业代码": "64"}, "64", "I"),
        ({"行业代码": "C"}, "C", "C"),
        ({"行业代码": "9999"}, None, None),
        ({"行业": "快递服务"}, "6020", "G"),
        ({"行业": "互联网和相关服务"}, "64", "I"),
        ({"行业": "制造业"}, None, "C"),
        ({"行业": "批发和零售业"}, None, "F"),
        ({"行业": "说不清"}, None, None),
        ({"行业代码": "6020", "行业": "物流"}, "6020", "G"),
    ],
)
def test_industries_are_read_from_code_or_words(
    further: dict[str, object], code: str | None, section: str | None
) -> None:
    row = _only(**further)
    assert (row["industry_code"], row["section"]) == (code, section)
    assert row["industry_text"] == further.get("行业")


@pytest.mark.parametrize(
    ("home", "kept"),
    [("郑州市金水区", "410105"), ("湖北省武汉市", "湖北省武汉市"), ("某某某", None), ("河南", "410000")],
)
def test_a_home_place_is_a_code_or_a_place_elsewhere_and_nothing_else(home: str, kept: str | None) -> None:
    row = _only(业主籍贯地区=home)
    assert row["home_division"] == kept
    if kept is None:
        assert home not in str(row["findings"].table.to_dict(as_series=False))  # type: ignore[attr-defined]


def test_a_ledger_without_type_and_control_is_presumed_non_public_and_says_so(of_code: Callable) -> None:
    row = _only()
    assert _of_firms(row) == [("non_public_by_ledger", 0), ("operating", None)]
    assert of_code(row["findings"], "presumption.non_public").height == 1
    blank = _only(控股情况=None, 营业状态="在营")
    assert _of_firms(blank) == []


def test_a_joint_venture_without_control_is_presumed_non_public_and_told() -> None:
    told = {"营业状态": "在营", "类型表年份": 2011}
    venture = _only(登记注册类型="中外合资经营企业", **told)
    (message,) = venture["snapshot"]["presumptions"].filter(subject="mixed_capital")["message"]  # type: ignore[index]
    assert message.startswith("1 家") and "控股情况" in message
    for sure in ({"登记注册类型": "外资企业"}, {"登记注册类型": "中外合资经营企业", "控股情况": "外商控股"}):
        assert _of_firms(_only(**{**told, **sure})) == []


def _of_firms(row: dict[str, object]) -> list[tuple[str, int | None]]:
    """What is presumed of firms; whether lists were handed in stands beside it."""
    told = row["snapshot"]["presumptions"].select("subject", "source").rows()  # type: ignore[index]
    return [(subject, source) for subject, source in told if ":" not in subject]


def test_blank_is_unknown_and_not_no() -> None:
    row = _only(党组织=None, 工会="不详", 团组织="/", 规模以上="待核实", 团员数="-")
    facts = ("party", "union", "league_form", "above_scale", "league_members")
    assert [row[fact] for fact in facts] == [None] * 5
    told = row["findings"].table  # type: ignore[attr-defined]
    assert set(told.filter(pl.col("severity") != "note")["code"]) <= {"presumption.non_public"}


def test_a_word_of_having_is_read_as_own_and_told_once_for_its_column(of_code: Callable) -> None:
    firms = [FIRM | {"企业名称": f"{name}有限公司", "团组织": "有"} for name in "甲乙丙"]
    snapshot, findings = read_tables({"企业台账": firms}, as_of=AS_OF)
    assert snapshot["enterprises"]["league_form"].to_list() == ["own"] * 3
    assert of_code(findings, "choice.interpreted")["found"].to_list() == ["有（3 行）"]


def test_the_date_is_the_export_day_else_the_day_of_reading() -> None:
    snapshot, _ = read_tables({"企业台账": [FIRM]})
    assert snapshot.as_of == date.today()
    exports = [
        {"团组织全称": "共青团甲", "导出日期": "2019-05-01"},
        {"团组织全称": "共青团乙", "导出日期": "2019-05-20"},
    ]
    snapshot, _ = read_tables({"企业台账": [FIRM], "智慧团建导出": exports})
    assert snapshot.as_of == date(2019, 5, 20)


def test_progress_is_told_and_two_readings_are_equal(text_file: Callable[..., Path]) -> None:
    file = text_file([list(FIRM), list(FIRM.values()), ["乙有限公司", "虚拟县", "x"]])
    told: list[str] = []
    first, first_findings = read_ledgers([file], as_of=AS_OF, progress=told.append)
    second, second_findings = read_ledgers([str(file)], as_of=AS_OF)
    assert told == ["读取 企业台账.csv", "核查台账"]
    assert all(first[name].equals(second[name]) for name in SNAPSHOT_TABLES)
    assert first_findings.table.equals(second_findings.table)


def test_every_finding_ends_with_what_to_do(text_file: Callable[..., Path]) -> None:
    header = ["企业名称", "统一社会信用代码", "所在地区", "团员数", "党组织", "经度", "纬度", "随意"]
    rows = [
        ["甲", "123", "410105", "x", "?!", "113.7", "", "1"],
        ["", "O" * 18, "虚拟县", "-1", "有", "", "", ""],
    ]
    _, findings = read_ledgers([text_file([header, *rows])], as_of=AS_OF)
    assert findings.table["remedy"].str.len_chars().min() > 5  # type: ignore[operator]
    assert not findings.table.filter(pl.col("remedy").str.contains(r"[{}]"))["code"].to_list()
    assert not findings.table.filter(pl.col("wanted").str.contains(r"[{}]"))["code"].to_list()


@pytest.mark.slow
def test_sixty_thousand_rows_are_read_and_checked_within_eight_seconds(tmp_path: Path) -> None:
    import time

    file = tmp_path / "企业台账.csv"
    lines = ["企业名称,所在地区,从业人员数,团员数,党组织,经度,纬度,坐标系"]
    lines += [f"甲{n}有限公司,郑州市金水区,{n % 300 + 20},{n % 9},无,113.7,34.8,GCJ02" for n in range(60_000)]
    file.write_text("\n".join(lines), "utf-8")
    start = time.process_time()
    snapshot, _ = read_ledgers([file], as_of=AS_OF)
    assert snapshot["enterprises"].height == 60_000
    assert time.process_time() - start < 8
