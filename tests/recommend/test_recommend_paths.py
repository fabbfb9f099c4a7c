"""The eleven path files: as in Annex 6, and every fault named by file and key."""

import shutil
from pathlib import Path

import pytest

from coverage_engine.content import content_file
from coverage_engine.errors import PolicyError
from coverage_engine.recommend import load_paths, read_paths
from coverage_engine.recommend.definitions import facts_of

TITLES = [
    "借助党建工作格局和工作成果建团",
    "依托行政部门力量建团",
    "借助工会组织网络和工作力量建团",
    "依托行业协会建团",
    "依托开发区、高新区等企业聚集区域建团",
    "借助团属社团推进会员单位建团",
    "发挥编制外团干部和青年志愿者等群体作用推动建团",
    "借助团的品牌工作促进建团",
    "依托企业总部推动分支机构建团",
    "依托龙头企业推动关联企业建团",
    "根据青年沟通、联系和聚集的新方式灵活建团等方式",
]
KEYS = [
    "party_building",
    "government_agencies",
    "trade_unions",
    "industry_associations",
    "parks",
    "affiliated_societies",
    "adjunct_cadres",
    "brand_programmes",
    "headquarters",
    "leader_enterprises",
    "flexible_gathering",
]


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(content_file("paths"), tmp_path / "paths")
    return tmp_path / "paths"


def damage(folder: Path, name: str, old: str, new: str) -> str:
    file = folder / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PolicyError) as caught:
        read_paths(folder)
    return str(caught.value)


def test_the_eleven_paths_stand_in_the_order_and_with_the_titles_of_annex_6():
    book = load_paths()
    assert [path.title.zh for path in book.paths] == TITLES
    assert [path.number for path in book.paths] == list(range(1, 12))
    assert [path.key for path in book.paths] == KEYS
    assert [path.clause for path in book.paths] == [f"附件6 路径{number}" for number in range(1, 12)]


def test_every_registered_fact_serves_some_path():
    book = load_paths()
    used = {fact.key for path in book.paths for fact in facts_of(path)}
    assert used | {path.relation.key for path in book.paths} == set(book.facts)


def test_every_path_begins_at_once_and_names_documents_and_units():
    for path in load_paths().paths:
        assert path.actions[0].day == 0
        assert path.documents and path.partners and path.staff_hours > 0
        assert all(action.document and action.responsible for action in path.actions)


def test_an_unregistered_fact_is_refused_by_file_and_key(folder):
    told = damage(folder, "05_parks.toml", 'fact = "park_work_committee"', 'fact = "park_pizza"')
    assert (
        "05_parks.toml 第 41 行 evidence[1].fact（park_pizza）：事实 park_pizza 未在 facts.toml 登记" in told
    )
    assert "您是不是要写 park_party？" in told
    assert "下一步" in told


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        pytest.param(
            "03_trade_unions.toml", 'clause = "附件6 路径3"\n', "",
            "03_trade_unions.toml 第 1 行 clause：缺少这一项",
            id="a missing clause",
        ),
        pytest.param(
            "08_brand_programmes.toml", "when_true = 0.5", 'when_true = "很多"',
            "evidence[1].when_true（brand_holder）：应为数字，现为 '很多'",
            id="a weight of the wrong type",
        ),
        pytest.param(
            "09_headquarters.toml", "when_true = -0.8", "when_true = 0.8",
            "headquarters_outside 登记为越高越不利，权重却上升", id="a weight against its fact's direction",
        ),
        pytest.param(
            "03_trade_unions.toml", "{ from = 25,", "{ from = 250,", "各档的 from 应由小到大",
            id="steps out of order",
        ),
        pytest.param(
            "02_government_agencies.toml", "day = 14", "day = 0", "第0天有两步",
            id="two steps of one day that do not exclude each other",
        ),
        pytest.param(
            "06_affiliated_societies.toml", 'zh = "是{society}', 'zh = "是{group}', "{group}",
            id="a reason that names the joint branch, which only steps may",
        ),
    ],
)  # fmt: skip
def test_a_wrong_path_file_is_refused_with_the_place(folder, name, old, new, told):
    assert told in damage(folder, name, old, new)


def test_a_weight_without_source_is_refused(folder):
    told = damage(folder, "01_party_building.toml", 'source = "附件6 路径1', 'sorce = "附件6 路径1')
    assert " evidence[3].source（party_superior）：缺少这一项，应为文字" in told
    assert " evidence[3].sorce（party_superior）：没有这个键" in told
    assert "您是不是要写 source？" in told


def test_a_sentence_too_long_for_sixty_characters_is_refused(folder):
    told = damage(
        folder, "06_affiliated_societies.toml", 'zh = "是{society}', f'zh = "{"很" * 60}{{society}}'
    )
    assert " relation.text.zh：文字过长" in told


def test_an_unknown_slot_is_refused(folder):
    told = damage(folder, "06_affiliated_societies.toml", 'zh = "是{society}', 'zh = "是{club}')
    assert "{club}" in told


def test_a_missing_path_and_unreadable_toml_are_told_together(folder):
    (folder / "07_adjunct_cadres.toml").unlink()
    told = damage(folder, "10_leader_enterprises.toml", "number = 10", "number = = 10")
    assert "缺少路径7：编号应从 1 起连续" in told
    assert "10_leader_enterprises.toml 第 3 行：不是正确的 TOML" in told
