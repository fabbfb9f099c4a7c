"""League bodies of really registered firms: none is given to another firm, nearly all find their own.

The names are read from `../shared/data/registry` and never kept here.
"""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from coverage_engine.ledgers import read_tables

_REGISTRY = Path(__file__).parents[2].parent / "shared/data/registry/henan_registered_firms.csv.gz"
_SAMPLE, _WHOLE = 4000, 100_000
_ENDINGS = ("支部委员会", "委员会", "总支部委员会", "支部", "团支部", "工作委员会")


def _registry() -> pl.DataFrame:
    if not _REGISTRY.exists():
        pytest.skip(f"{_REGISTRY} is not there: real names are read from it alone")
    rows = pl.read_csv(_REGISTRY, infer_schema=False).select(
        name=pl.col("企业名称"), code=pl.col("统一社会信用代码"), place=pl.col("地区") + "市"
    )
    return rows.drop_nulls().unique("name", maintain_order=True).sort("code", "name")


def _written(name: str, rng: random.Random) -> str:
    """A full name as offices write it: width, brackets, spaces, invisible characters, legal form."""
    hands = (
        lambda text: text,
        lambda text: text.replace("(", "（").replace(")", "）"),
        lambda text: text.replace("（", "(").replace("）", ")"),
        lambda text: text.replace("公司", " 公司 "),
        lambda text: text[:2] + "\u200b" + text[2:],
        lambda text: text.replace("有限责任公司", "有限公司"),
    )
    return rng.choices(hands, weights=(12, 2, 2, 2, 1, 2))[0](name)


def _body(name: str, rng: random.Random) -> str:
    ending = rng.choice(_ENDINGS)
    wrapper = "" if ending == "团支部" else rng.choice(("共青团", "共青团", "中国共产主义青年团"))
    return f"{wrapper}{_written(name, rng)}{ending}"


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "size",
    [_SAMPLE, pytest.param(_WHOLE, marks=pytest.mark.slow)],
    ids=["a sample of the registry", "the whole registry"],
)
def test_bodies_of_firms_not_in_the_register_are_never_attributed(seed: int, size: int) -> None:
    rng, firms = random.Random(seed), _registry()
    # A stretch of names in order holds the look-alikes together.
    start = rng.randrange(max(firms.height - size, 0) + 1)
    rows = firms.sort("name").slice(start, size).rows(named=True)
    listed = [rng.random() < 0.5 for _ in rows]
    ledger = [
        {"企业名称": row["name"], "统一社会信用代码": row["code"], "所在地区": row["place"]}
        for row, held in zip(rows, listed, strict=True)
        if held
    ]
    bodies = {_body(row["name"], rng): (row["name"], held) for row, held in zip(rows, listed, strict=True)}
    places = {row["name"]: row["place"] for row in rows}
    export = [
        {"团组织全称": body, "上级组织": f"共青团{places[name]}委员会"} for body, (name, _) in bodies.items()
    ]
    snapshot, _ = read_tables({"企业台账": ledger, "智慧团建导出": export}, as_of=date(2019, 6, 15))
    firms = snapshot["enterprises"].select("enterprise_id", "name")
    names = snapshot["league_organisations"].select("league_organisation_id", "full_name")
    matched = (
        snapshot["league_matches"].join(firms, on="enterprise_id").join(names, on="league_organisation_id")
    )
    given = {_formed(row["full_name"]): row["name"] for row in matched.iter_rows(named=True)}
    found = {body: given[_formed(body)] for body in bodies if _formed(body) in given}
    foreign = [(body, firm) for body, firm in found.items() if _formed(firm) != _formed(bodies[body][0])]
    assert foreign == []
    known = set(firms["name"])
    rest = [body for body, (name, held) in bodies.items() if held and name in known]
    assert sum(body in found for body in rest) >= 0.99 * len(rest)


def _formed(name: str) -> str:
    """Two legal forms of one name are one firm's to everybody who has no other ground."""
    return name.replace("有限责任公司", "有限公司").replace("\u200b", "").strip()
