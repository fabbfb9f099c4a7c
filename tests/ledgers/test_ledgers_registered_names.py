"""Identity on names of firms really registered in Henan: what is joined, what is asked, what is found again.

Truth is the code of each firm. The list lies beside the repository; without it these tests skip.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

import polars as pl
import pytest
from office_variants import another_hand

from coverage_engine.ledgers import read_tables
from coverage_engine.model.findings import Findings
from coverage_engine.model.snapshot import Snapshot

REGISTRY = Path(__file__).parents[2].parent / "shared" / "data" / "registry" / "henan_registered_firms.csv.gz"
_BLANKED, _PLANTED = 0.4, 0.05
_ASKED, _FOUND = 0.02, 0.99

pytestmark = pytest.mark.skipif(not REGISTRY.is_file(), reason=f"{REGISTRY} is not beside the repository")


@dataclass
class Ledgers:
    """Sheets of the 企业台账 by year, and whose firm (code) each row is; planted rows by kind."""

    sheets: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    owners: dict[tuple[str, int], str] = field(default_factory=dict)
    planted: dict[tuple[str, int], str] = field(default_factory=dict)

    def add(self, sheet: str, row: dict[str, str], owner: str, kind: str = "") -> None:
        rows = self.sheets.setdefault(sheet, [])
        rows.append(row)
        self.owners[sheet, len(rows) + 1] = owner
        if kind:
            self.planted[sheet, len(rows) + 1] = kind


def registered(seed: int, *, addresses: bool, planted: float = 0.0, every: int = 1) -> Ledgers:
    """The registry by year with part of the codes blanked, and part of the firms written by another hand."""
    rng, ledgers = Random(seed), Ledgers()
    firms = pl.read_csv(REGISTRY, infer_schema=False).filter(pl.col("地区") != "N/A")
    for firm in firms.gather_every(every).iter_rows(named=True):
        place = {"所在地区": firm["地区"].removesuffix("市") + "市"}
        if addresses:
            place["地址"] = firm["注册地址"]
        code = firm["统一社会信用代码"]
        shown = "" if rng.random() < _BLANKED else code
        row = {"企业名称": firm["企业名称"], "统一社会信用代码": shown, **place}
        ledgers.add(f"企业台账{firm['登记年']}", row, code)
        if rng.random() < planted:
            kind, name = another_hand(firm["企业名称"], rng)
            ledgers.add("企业台账补", {"企业名称": name, "统一社会信用代码": "", **place}, code, kind)
    return ledgers


def joined(ledgers: Ledgers, findings: Findings) -> list[tuple[tuple[str, int], tuple[str, int]]]:
    """The two cells of every join that nobody was asked about."""
    told = findings.table.filter(pl.col("code").is_in(["identity.same_code", "identity.same_name"]))
    with_other = told.select(
        "sheet", "row", other=pl.col("remedy").str.extract_groups(r"与 (?:\[.*\])?(.+)!A(\d+) ")
    )
    return [((sheet, row), (other["1"], int(other["2"]))) for sheet, row, other in with_other.iter_rows()]


def asked_of(ledgers: Ledgers, snapshot: Snapshot) -> set[str]:
    """The firms of which a pair of their own rows is asked about."""
    sheets = dict(snapshot["sources"].select("source", "sheet").iter_rows())
    named: dict[str, set[str]] = {}
    for (sheet, row), owner in ledgers.owners.items():
        named.setdefault(ledgers.sheets[sheet][row - 2]["企业名称"], set()).add(owner)
    pairs = snapshot["doubtful_pairs"].select("source", "row", "name_of_firm").iter_rows()
    return {
        owner
        for source, row, other in pairs
        if (owner := ledgers.owners[sheets[source], row]) in named.get(other, set())
    }


@pytest.mark.slow
@pytest.mark.parametrize("addresses", [True, False], ids=["with addresses", "city alone"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_unlike_firms_are_joined_unasked_and_few_pairs_are_asked(seed: int, addresses: bool) -> None:
    ledgers = registered(seed, addresses=addresses)
    snapshot, findings = read_tables(ledgers.sheets, as_of=date(2019, 6, 15))
    assert snapshot["sources"]["accepted"].sum() == len(ledgers.owners)
    false = [pair for pair in joined(ledgers, findings) if len({ledgers.owners[cell] for cell in pair}) > 1]
    assert not false
    assert snapshot["enterprises"].height == len(ledgers.owners)
    assert snapshot["doubtful_pairs"].height <= _ASKED * len(ledgers.owners)


def _found_again(ledgers: Ledgers) -> Counter[bool]:
    snapshot, findings = read_tables(ledgers.sheets, as_of=date(2019, 6, 15))
    pairs = joined(ledgers, findings)
    assert all(ledgers.owners[one] == ledgers.owners[other] for one, other in pairs)
    settled = {cell for pair in pairs for cell in pair}
    asked = asked_of(ledgers, snapshot)
    return Counter(cell in settled or ledgers.owners[cell] in asked for cell in ledgers.planted)


@pytest.mark.slow
@pytest.mark.parametrize("addresses", [True, False], ids=["with addresses", "city alone"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nearly_every_variant_that_offices_write_is_joined_or_asked(seed: int, addresses: bool) -> None:
    found = _found_again(registered(seed, addresses=addresses, planted=_PLANTED))
    assert found[True] >= _FOUND * found.total() > 0


def test_a_sample_of_registered_names_is_told_apart_and_found_again() -> None:
    found = _found_again(registered(7, addresses=True, planted=0.3, every=28))
    assert found[True] >= _FOUND * found.total() > 200
