"""The files of a sample: same seed same bytes, every ledger of the contract, canonical headers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from coverage_engine.errors import CoverageEngineError
from coverage_engine.samples.sample import write_sample
from coverage_engine.samples.vocabularies import fault_vocabulary
from coverage_engine.samples.writing import KINDS, Sheet, column_letter, write_workbook

Grids = dict[str, list[list[str]]]
Reader = Callable[[Path], Grids]


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("layout", ["mixed", "csv", "xlsx"])
@pytest.mark.parametrize("messy", [False, True])
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, layout: str, messy: bool) -> None:
    for name in ("first", "second"):
        write_sample(tmp_path / name, enterprises=200, seed=5, messy=messy, layout=layout)
    assert _bytes(tmp_path / "first") == _bytes(tmp_path / "second")


def test_another_seed_gives_other_firms(tmp_path: Path, read_grids: Reader) -> None:
    for seed in (5, 6):
        write_sample(tmp_path / str(seed), enterprises=50, seed=seed, layout="csv")
    names = [read_grids(tmp_path / str(seed))["企业台账"][1][0] for seed in (5, 6)]
    assert names[0] != names[1]


@pytest.mark.parametrize("layout", ["mixed", "csv", "xlsx"])
def test_every_ledger_of_the_contract_is_there_in_every_layout(
    tmp_path: Path, layout: str, read_grids: Reader
) -> None:
    write_sample(tmp_path, enterprises=300, layout=layout)
    assert set(read_grids(tmp_path)) == set(KINDS)


def test_files_hold_the_rows_and_canonical_headers_of_the_sheets(
    clean_folder: Path, sheets: dict[str, pl.DataFrame], read_grids: Reader
) -> None:
    grids = read_grids(clean_folder)
    for kind, frame in sheets.items():
        assert grids[kind][0] == frame.columns
        assert len(grids[kind]) == frame.height + 1
        assert frame.height > 0


@pytest.mark.parametrize("count", [1, 2, 25])
@pytest.mark.parametrize("messy", [False, True])
def test_a_province_may_be_as_small_as_one_firm(tmp_path: Path, count: int, messy: bool) -> None:
    write_sample(tmp_path, enterprises=count, messy=messy)
    assert pl.read_parquet(tmp_path / "truth" / "enterprises.parquet").height == count


def test_a_smaller_sample_replaces_a_larger_one_of_another_layout(tmp_path: Path) -> None:
    write_sample(tmp_path, enterprises=60, layout="csv", messy=True)
    write_sample(tmp_path, enterprises=40, layout="xlsx")
    written = sorted(file.name for file in tmp_path.iterdir() if not file.name.startswith("."))
    assert written == ["truth", "台账.xlsx"]
    assert not (tmp_path / "truth" / "planted.parquet").exists()


def test_a_planners_own_file_is_never_removed(tmp_path: Path) -> None:
    own = tmp_path / "园区台账.csv"
    own.write_text("园区名称\n", "utf-8")
    write_sample(tmp_path, enterprises=40, layout="xlsx")
    assert own.exists()


@pytest.mark.parametrize("wrong", [{"enterprises": 0}, {"layout": "ods"}])
def test_a_wrong_wish_is_answered_in_chinese_with_the_next_step(
    tmp_path: Path, wrong: dict[str, object]
) -> None:
    with pytest.raises(CoverageEngineError, match="下一步"):
        write_sample(tmp_path, **wrong)  # type: ignore[arg-type]


def test_a_merged_header_is_merged_in_the_workbook(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    columns = ["所在地区", "专职团干部", "兼职团干部", "驻外团工委"]
    body = pl.DataFrame({"a": ["410102"], "b": [3], "c": [5], "d": ["有"]})
    groups = ["", "团干部", "团干部", ""]
    file = tmp_path / "merged.xlsx"
    write_workbook([Sheet("属地力量台账", body, columns, columns, [["标题"]], groups)], file)
    page = load_workbook(file)["属地力量台账"]
    assert {str(area) for area in page.merged_cells.ranges} == {"A2:A3", "B2:C2", "D2:D3"}
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows[1] == ["所在地区", "团干部", None, "驻外团工委"]
    assert rows[2] == [None, "专职团干部", "兼职团干部", None]
    assert rows[3] == ["410102", 3, 5, "有"]


def test_column_letters_are_those_of_excel() -> None:
    assert [column_letter(number) for number in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_the_readme_says_that_the_enterprises_are_invented(clean_folder: Path) -> None:
    assert "本样例企业均为虚构" in (clean_folder / "truth" / "README.md").read_text("utf-8")


def test_header_variants_belong_to_real_columns(sheets: dict[str, pl.DataFrame]) -> None:
    for part in ("headers", "personal"):
        assert set(fault_vocabulary()[part]) <= set(KINDS)
    for kind, variants in fault_vocabulary()["headers"].items():
        assert set(variants) <= set(sheets[kind].columns)
