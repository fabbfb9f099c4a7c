"""The page of one enterprise: its steps add up in the drawing, names stay text, nothing is loaded or run."""

import re
from dataclasses import replace
from datetime import date

import pytest

from coverage_engine.content import read_content_toml
from coverage_engine.explanation.explained import (
    DrawnEdge,
    DrawnNode,
    Explained,
    Neighbourhood,
    PastCase,
    PathTold,
    SignedStep,
    UnknownFact,
)
from coverage_engine.explanation.page import explanation_page
from coverage_engine.explanation.picture import HEIGHT, WIDTH, picture
from coverage_engine.explanation.waterfall import shared_axis, signed, waterfall

DAY = date(2019, 6, 15)


def step(contribution, text, base=False):
    return SignedStep(contribution, text, "团员数", "5人", "enterprises", "企业台账!O12", "附件6 路径1", base)


def path(number, steps, feasible=True, **more):
    score = sum(each.contribution for each in steps)
    return PathTold(
        number,
        f"虚构路径{number}",
        feasible,
        more.get("why"),
        score,
        0.6,
        0.4,
        0.8,
        steps,
        more.get("unknowns", ()),
    )


FIRST = path(
    1,
    [
        step(400_000, "企业已建立党组织", True),
        step(500_000, "团员5人，够建团条件"),
        step(-250_000, "青年仅占4%"),
    ],
    unknowns=[UnknownFact("上级党组织", 0, 200_000)],
)
SECOND = path(9, [step(-100_000, "是总部的分支", True), step(300_000, "总部已建团组织")])
TOLD = Explained(
    name="虚构甲有限公司",
    code="91410100MA00000000",
    place="郑州市金水区",
    state=["覆盖状态：空白", "应建要求：必须建团"],
    paths=[FIRST, SECOND, path(8, [], feasible=False, why="没有持有或申报团的品牌")],
    first=1,
    runner_up=9,
    gap=450_000,
    flip="若总部建立党组织，改为路径9",
    ask_first="总部党组织",
    open_paths=[1, 9, 11, 5],
    joint_branch="虚构甲等2家联合团支部",
    relations=["总部：虚构集团"],
    drawing=Neighbourhood(
        [
            DrawnNode("enterprise:0", "enterprise", "虚构甲有限公司", 0.5, 0.5, False),
            DrawnNode("headquarters:0", "headquarters", "虚构集团", 0.0, 1.0, None),
            DrawnNode("enterprise:1", "enterprise", "虚构乙有限公司", 1.0, 0.0, True),
            DrawnNode("enterprise:2", "enterprise", "虚构丙有限公司", 0.9, 0.2, None),
        ],
        [
            DrawnEdge("enterprise:0", "headquarters:0", "branch_office_of"),
            DrawnEdge("enterprise:1", "enterprise:0", "near"),
            DrawnEdge("enterprise:2", "enterprise:0", "near"),
        ],
    ),
    cases=[PastCase("虚构丁有限公司", "郑州市", 1, DAY, None, "建成单独团组织", ["党组织"], ["规模以上"])],
)


def page(told=TOLD, lang="zh"):
    return explanation_page(told, DAY, "豫青办字〔2019〕17号", lang=lang)


def test_each_bar_begins_where_the_one_before_ended_and_the_last_ends_at_the_score():
    axis = shared_axis([FIRST, SECOND])
    assert (axis.low, axis.high) == (-100_000, 900_000)
    at = axis.place(0)
    for bar in waterfall(FIRST, axis):
        begin, end = float(bar.x), float(bar.x) + float(bar.width)
        before, after = (end, begin) if bar.way == "down" else (begin, end)
        assert before == pytest.approx(at, abs=0.02)
        at = after
    assert at == pytest.approx(axis.place(FIRST.score), abs=0.03)


@pytest.mark.parametrize(
    ("millionths", "told"),
    [(400_000, "+0.40"), (-1_234_567, "−1.234567"), (0, "+0.00"), (12_000_000, "+12.00")],
)
def test_no_digit_of_a_step_is_lost(millionths, told):
    assert signed(millionths) == told


def test_the_page_says_what_to_do_why_and_what_to_ask_first():
    told = page()
    for words in (
        *(
            "首选 路径1 虚构路径1，成功概率 60%（40%～80%）",
            "总分比首选低 0.45",
            "若总部建立党组织，改为路径9",
        ),
        *("先问清：总部党组织。路径1、9、11、5", "建议编入：虚构甲等2家联合团支部", "没有持有或申报团的品牌"),
        *(
            "团员5人，够建团条件",
            "企业台账!O12",
            "上级党组织（+0.00～+0.20）",
            "虚构丁有限公司",
            "建成单独团组织",
        ),
    ):
        assert words in told, words
    assert told.count("+0.65") == 1


def test_english_has_every_text_and_chinese_only_from_ledgers():
    words = read_content_toml("reports", "explanation.toml")
    assert words["zh"].keys() == words["en"].keys()
    for part in ("relations", "kinds"):
        assert words["zh"][part].keys() == words["en"][part].keys()
    assert "First: Path 1: " in page(lang="en") and "怎么做" not in page(lang="en")


def test_without_past_attempts_the_page_says_so():
    assert "没有建团成果台账" in page(replace(TOLD, cases=None))
    assert "没有已经结束的工作" in page(replace(TOLD, cases=[]))


def test_an_enterprise_that_is_no_target_has_state_and_neighbours_only():
    told = page(Explained("虚构甲", "—", "郑州市", ["覆盖状态：单独建立"], relations=["园区：虚构园区"]))
    assert "不是建团目标" in told and "虚构园区" in told
    assert "首选与次选" not in told and "相似" not in told


def test_hostile_names_stay_text_and_nothing_is_loaded_or_run():
    bad = '<script>alert(1)</script>{{7*7}}"><img src=x onerror=alert(1)>'
    nodes = [replace(node, name=bad) for node in TOLD.drawing.nodes]
    told = page(
        replace(TOLD, name=bad, joint_branch=bad, relations=[bad], drawing=replace(TOLD.drawing, nodes=nodes))
    )
    assert "<script" not in told and "<img" not in told and "49" not in told
    assert not re.search(r"<[^>]*\b(src|href|onerror)\s*=", told)
    assert "default-src 'none'" in told


def test_every_tie_has_its_word_once_and_every_spot_lies_in_the_picture():
    drawn = picture(TOLD.drawing, read_content_toml("reports", "explanation.toml")["zh"])
    assert [line.word for line in drawn.lines] == ["总部", "邻近", ""]
    assert [spot.number for spot in drawn.spots] == [0, 1, 2, 3]
    assert [spot.state for spot in drawn.spots] == ["open", "untold", "covered", "untold"]
    assert all(0 < spot.x < WIDTH and 0 < spot.y < HEIGHT for spot in drawn.spots)
