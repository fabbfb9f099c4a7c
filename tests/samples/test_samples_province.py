"""The invented province: codes valid, names unique and unreal, points inside, published rates met."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from stdnum.cn import uscc

from coverage_engine.divisions import table
from coverage_engine.samples import geography
from coverage_engine.samples.credit_codes import ALPHABET
from coverage_engine.samples.pace import county_pace, paced
from coverage_engine.samples.province import Province
from coverage_engine.samples.streams import Streams
from coverage_engine.samples.vocabularies import name_parts, rates, sectors


def _organisation_check(code: str) -> str:
    """GB 11714, written again by hand."""
    rest = sum(
        int(letter, 36) * weight for letter, weight in zip(code, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    return "0X987654321"[rest % 11] if rest % 11 else "0"


def test_credit_codes_are_valid_with_both_check_digits(sheets: dict[str, pl.DataFrame]) -> None:
    codes = sheets["企业台账"]["统一社会信用代码"].to_list()
    codes += sheets["行业协会台账"]["协会信用代码"].to_list()
    codes += sheets["总部分支台账"]["总部信用代码"].drop_nulls().to_list()
    for code in codes:
        assert uscc.is_valid(code), code
        assert set(code) <= set(ALPHABET)
        assert _organisation_check(code[8:16]) == code[16]


def test_the_hand_written_check_digit_knows_a_published_example() -> None:
    assert _organisation_check("D2143569") == "X"


def test_codes_and_names_are_unique(large_province: Province) -> None:
    firms = large_province.firms
    for column in ("name", "credit_code"):
        assert firms[column].n_unique() == firms.height
    assert firms["credit_code"].str.slice(8, 9).n_unique() == firms.height


def test_brands_are_made_of_the_sample_s_own_syllables(province: Province) -> None:
    syllables = set(name_parts()["syllables"])
    assert all(len(brand) == 3 and set(brand) <= syllables for brand in province.firms["brand"])


def test_the_kind_of_code_follows_the_kind_of_firm(province: Province) -> None:
    kinds = province.firms.select(pl.col("entity"), pl.col("credit_code").str.head(2).alias("kind")).unique()
    assert set(kinds.iter_rows()) == {("enterprise", "91"), ("individual", "92"), ("cooperative", "93")}


def test_every_firm_stands_inside_its_county(large_province: Province) -> None:
    firms = large_province.firms
    county = firms["county"].to_numpy()
    x, y = firms["longitude"].to_numpy(), firms["latitude"].to_numpy()
    assert geography.in_county(county, x, y).all()


def test_written_coordinates_name_their_system(sheets: dict[str, pl.DataFrame], province: Province) -> None:
    ledger, firms = sheets["企业台账"], province.firms
    assert set(ledger["坐标系"].drop_nulls()) == {"WGS84", "GCJ02", "BD09"}
    metres = (
        ((ledger["经度"] - firms["longitude"]) * 91_000) ** 2
        + ((ledger["纬度"] - firms["latitude"]) * 111_000) ** 2
    ) ** 0.5
    shift = pl.DataFrame({"system": ledger["坐标系"], "metres": metres}).drop_nulls()
    mean = dict(shift.group_by("system").agg(pl.col("metres").mean()).iter_rows())
    assert mean["WGS84"] < 0.2
    assert 500 < mean["GCJ02"] < 620
    assert 1_150 < mean["BD09"] < 1_400


def test_every_county_has_a_park_and_the_national_zones_are_there(province: Province) -> None:
    parks = province.relations.parks
    assert set(parks["county"]) >= set(range(158))
    zones = {row["name"] for row in table.zones() if row["level"].startswith("national")}
    assert zones <= set(parks["name"])
    assert parks["name"].n_unique() == parks.height


def test_divisions_are_those_of_the_edition_of_may_2019(sheets: dict[str, pl.DataFrame]) -> None:
    rows = table.divisions("2019-05")
    codes = {row.code for row in rows}
    full = set(geography.counties().full_name)
    for kind, frame in sheets.items():
        if "所在地区" in frame.columns:
            assert set(frame["所在地区"]) <= codes | full, kind


@pytest.mark.parametrize(
    ("column", "above", "rate"),
    [
        ("party", True, "party_above_scale"),
        ("party", False, "party_other"),
        ("union", True, "union_above_scale"),
        ("union", False, "union_other"),
    ],
)
def test_party_and_union_rates_are_met(large_province: Province, column: str, above: bool, rate: str) -> None:
    firms = large_province.firms.filter(pl.col("above_scale") == above)
    has = (firms["party"] != "无") if column == "party" else firms["union"]
    assert has.mean() == pytest.approx(rates()[rate], abs=0.02)


@pytest.mark.parametrize(("above", "rate"), [(True, "own_party_above_scale"), (False, "own_party_other")])
def test_league_rates_are_met_but_for_past_attempts(large_province: Province, above: bool, rate: str) -> None:
    firms = large_province.firms.filter(
        pl.col("above_scale") == above,
        pl.col("party") != "无",
        pl.col("members") >= 3,
        pl.col("control") == "私人控股",
    )
    assert (firms["league"] == "单独").mean() == pytest.approx(rates()[rate], abs=0.03 if above else 0.12)


def test_counties_are_ahead_and_behind_in_clusters_and_the_province_as_published() -> None:
    places, pace = geography.counties(), county_pace(Streams(2019))
    assert np.average(pace, weights=places.weight) == pytest.approx(0, abs=1e-9)
    assert pace.std() == pytest.approx(rates()["county_pace"], rel=0.2)
    apart = np.hypot(places.longitude[:, None] - places.longitude, places.latitude[:, None] - places.latitude)
    nearest = np.argsort(apart + np.where(np.eye(len(pace)), 99.0, 0.0), axis=1)[:, :3]
    assert np.corrcoef(pace, pace[nearest].mean(axis=1))[0, 1] > 0.2
    assert (pace == county_pace(Streams(2019))).all()


def test_a_pace_moves_no_certainty() -> None:
    moved = paced(np.array([0.0, 0.5, 1.0]), np.array([2.0, np.log(3.0), -2.0]))
    assert moved.tolist() == pytest.approx([0.0, 0.75, 1.0])


def test_city_shares_and_members_follow_the_published_figures(large_province: Province) -> None:
    firms, places = large_province.firms, geography.counties()
    city = places.city_code[places.city[firms["county"].to_numpy()]]
    for code, share in (("410100", 0.27), ("411300", 0.085), ("410300", 0.072)):
        assert np.mean(city == code) == pytest.approx(share, abs=0.02)
    members = firms["members"].sum() / firms["employees"].sum()
    assert 0.009 < members < 0.018


def test_the_three_member_line_cuts_through_the_above_scale_firms(large_province: Province) -> None:
    above = large_province.firms.filter("above_scale")
    assert 0.15 < (above["members"] >= 3).mean() < 0.45
    assert 0.5 < large_province.firms["above_scale"].mean() < 0.9


def test_sizes_have_a_heavy_tail(large_province: Province) -> None:
    size = np.sort(large_province.firms["employees"].to_numpy())
    tail = size[size >= 1_500]
    hill = len(tail) / np.log(tail / 1_500).sum()
    assert 0.7 < hill < 1.6


def test_groups_are_heavy_tailed_cross_counties_and_have_no_circle(large_province: Province) -> None:
    firms = large_province.firms
    parent = firms["parent"].to_numpy()
    tied = np.flatnonzero(parent >= 0)
    county = firms["county"].to_numpy()
    assert (county[tied] != county[parent[tied]]).mean() > 0.5
    sizes = np.unique(parent[tied], return_counts=True)[1]
    assert sizes.max() > 8 * np.median(sizes)
    top = tied
    for _ in range(3):
        top = np.where(parent[top] >= 0, parent[top], top)
    assert (parent[top] < 0).all()
    assert (firms["outside"] >= 0).sum() > 0


def test_leader_links_are_a_power_law_and_mostly_local(large_province: Province) -> None:
    links, places = large_province.relations.leaders, geography.counties()
    city = places.city[large_province.firms["county"].to_numpy()]
    assert np.mean(city[links["leader"].to_numpy()] == city[links["firm"].to_numpy()]) > 0.7
    degree = links.group_by("leader").len()["len"]
    assert degree.max() > 10 * degree.median()
    assert links.select("leader", "firm").is_duplicated().sum() == 0


def test_the_sectors_that_the_notice_names_are_there(large_province: Province) -> None:
    found = set(sectors().code[large_province.firms["sector"].to_numpy()])
    assert {"6020", "6429", "7251"} <= found
    assert any(code.startswith("64") for code in found)


def test_out_of_scope_firms_exist(truth: pl.DataFrame) -> None:
    outside = truth.filter(~pl.col("in_scope"))
    assert (outside["coverage_state"] == "out_of_scope").all()
    assert (outside["obligation"] == "none").all()
    assert (~truth["non_public"]).any()
    assert (~truth["operating"]).any()
    assert {"individual", "cooperative"} <= set(truth["entity_kind"])


def test_outcomes_ended_before_the_export_and_have_known_words(sheets: dict[str, pl.DataFrame]) -> None:
    outcomes = sheets["建团成果台账"]
    assert set(outcomes["结果"]) <= {"建成单独", "建成联合", "成立青年组织", "未成", "进行中"}
    assert outcomes["路径"].is_between(1, 11).all()
    assert outcomes["结束日期"].drop_nulls().max() < date(2019, 5, 20)
    assert (outcomes["结束日期"].is_null() == (outcomes["结果"] == "进行中")).all()


def test_every_rate_states_its_source() -> None:
    assert len(rates()) > 50
