"""The first lines of `check`: what was joined, on what ground, and how many pairs wait for an answer."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from coverage_engine.cli.commands import coverage_engine

ROWS = [
    "企业名称,所在地区,团员数",
    "郑州澈岚屿食品有限公司,410105,3",
    "郑州市澈岚屿食品有限公司,410105,3",
    "郑州澈岚峪食品有限公司,410105,3",
]


def test_check_says_first_how_many_rows_were_joined_and_how_many_pairs_are_asked(tmp_path: Path) -> None:
    file = tmp_path / "企业台账.csv"
    file.write_text("\n".join(ROWS) + "\n", "utf-8")
    told = CliRunner().invoke(coverage_engine, ["check", str(file)]).stdout.splitlines()
    assert told[0] == ("企业 2 家；合并了 1 行：信用代码相同 0 行，名称和所在地相同 1 行，按您的回答 0 行。")
    assert told[1].startswith("另有 1 对名称拿不准、没有合并，等您回答：企业之间 1 对")
