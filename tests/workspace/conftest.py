"""Small ledgers for the workspace."""

import csv

import pytest

from coverage_engine.workspace import init_workspace

HEADER = ["企业名称", "所在地区", "团员数", "党组织", "团组织", "联系电话"]


@pytest.fixture
def ledger(tmp_path):
    """Writes a folder with one 企业台账 of firms named after the letters given."""

    def write(folder, letters, members=3):
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        with (place / "企业台账.csv").open("w", encoding="utf-8-sig", newline="") as stream:
            rows = [
                [f"虚构{each}有限公司", "410105", members, "单独", "无", "00000000000"] for each in letters
            ]
            csv.writer(stream).writerows([HEADER, *rows])
        return place

    return write


@pytest.fixture
def workspace(tmp_path):
    return init_workspace(tmp_path / "工作目录")
