"""智慧团建 from end to end: matches held against truth; units that only a person can tell are asked."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from coverage_engine.ledgers import read_ledgers
from coverage_engine.ledgers.identity.firm_names import plain_name
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.samples import write_sample
from coverage_engine.samples.province import draw_province
from coverage_engine.samples.streams import Streams

_PRECISION, _RECALL = 1.0, 0.98
_SEED = 2019
_SUPERIOR = "共青团郑州市委员会"


def _ambiguous(count: int) -> tuple[list[dict[str, str]], list[str]]:
    """Enterprises and League organisations of which nobody can say from the ledgers whose they are.

    In turn: one full name in two counties; a brand without trade, of two trades; a letter between two firms.
    """
    firms: list[dict[str, str]] = []
    asked: list[str] = []
    letters = "甪甬甭甯町画甸甹亇亍仂仃仄仉仝仞仡仫"
    for number in range(count):
        first, second = letters[number % len(letters)], letters[number // len(letters)]
        brand = f"{first}{second}玥"
        twins = (f"郑州{brand}泰食品有限公司", f"郑州{brand}泰食品有限公司")
        trades = (f"郑州{brand}祥食品有限公司", f"郑州{brand}祥物流有限公司")
        near = (f"郑州{brand}瑞福机械有限公司", f"郑州{brand}瑞禄机械有限公司")
        names, unit = (
            (twins, twins[0]),
            (trades, f"郑州{brand}祥有限公司"),
            (near, f"郑州{brand}瑞寿机械有限公司"),
        )[number % 3]
        places = ("410105", "410104") if number % 3 == 0 else ("410105", "410105")
        firms += [
            {"企业名称": name, "所在地区": place, "团员数": str(3 + number % 20)}
            for name, place in zip(names, places, strict=True)
        ]
        asked.append(f"共青团{unit}支部委员会")
    return firms, asked


def _plant(folder: Path, count: int) -> list[str]:
    """Hands in the ambiguous ones as a further 企业台账 and export beside the sample."""
    firms, asked = _ambiguous(count)
    rows = [{"团组织全称": name, "上级组织": _SUPERIOR, "所属行业类别": "非公企业"} for name in asked]
    more = folder / "补报"
    more.mkdir()
    pl.DataFrame(firms).write_csv(more / "企业台账.csv", include_bom=True)
    pl.DataFrame(rows).write_csv(more / "智慧团建导出.csv", include_bom=True)
    return asked


def _judged(snapshot: Snapshot, enterprises: int) -> tuple[float, float]:
    """Precision, and recall (asked ones counted) over organisations whose enterprise stands in the ledger."""
    province = draw_province(enterprises, Streams(_SEED))
    plain = plain_name(pl.col("full_name")).alias("plain_full")
    true = province.firms.select(true_plain=plain_name(pl.col("name")), true_code="credit_code")
    own = province.smart_league.filter(pl.col("firm") >= 0).select(plain, pl.col("firm").cast(pl.UInt32))
    own = own.join(true.with_row_index("firm"), on="firm")
    listed = snapshot["enterprises"].select("enterprise_id", "credit_code", plain=plain_name(pl.col("name")))
    known = pl.col("true_code").is_in(listed["credit_code"].drop_nulls().implode())
    wanted = own.filter(known | pl.col("true_plain").is_in(listed["plain"].implode()))
    organisations = snapshot["league_organisations"].select("league_organisation_id", plain)
    found = (
        snapshot["league_matches"]
        .join(organisations, on="league_organisation_id")
        .join(listed, on="enterprise_id")
        .join(own, on="plain_full", how="left")
    )
    same = (pl.col("credit_code") == pl.col("true_code")) | (pl.col("plain") == pl.col("true_plain"))
    right = found.filter(same)
    candidates = snapshot["league_candidates"].join(organisations, on="league_organisation_id")
    right = pl.concat([right.select("plain_full"), candidates.select("plain_full")])
    missed = wanted.join(right, on="plain_full", how="anti")
    return found.filter(same).height / found.height, 1 - missed.height / wanted.height


@pytest.mark.parametrize(
    ("enterprises", "planted", "messy"),
    [(3000, 60, False), pytest.param(20_000, 300, True, marks=pytest.mark.slow)],
    ids=["3,000 enterprises", "20,000 disturbed enterprises"],
)
def test_matches_hold_against_the_truth_and_what_is_ambiguous_is_asked(
    tmp_path: Path, enterprises: int, planted: int, messy: bool
) -> None:
    write_sample(tmp_path, enterprises=enterprises, seed=_SEED, messy=messy, layout="csv")
    asked = _plant(tmp_path, planted)
    snapshot, findings = read_ledgers([tmp_path])
    states = snapshot["league_organisations"].filter(pl.col("full_name").is_in(asked))
    assert states.height == planted
    assert states["match"].to_list() == ["ambiguous"] * planted
    matched = snapshot["league_matches"].join(states, on="league_organisation_id", how="semi")
    assert matched.is_empty()
    told = findings.table.filter(pl.col("code") == "league.ambiguous")
    assert set(asked) <= set(told["found"])
    assert told.filter(pl.col("found").is_in(asked))["remedy"].str.contains("郑州").all()
    precision, recall = _judged(snapshot, enterprises)
    assert precision >= _PRECISION and recall >= _RECALL
