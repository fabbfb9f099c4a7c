"""Scenario files: every assumption has its source; a wrong line is refused with its number and remedy."""

import re

import pytest

from coverage_engine.campaigns.scenarios.assumptions import Rate
from coverage_engine.campaigns.scenarios.scenario_files import load_scenarios
from coverage_engine.errors import PolicyError

HEAD = '[scenario]\nkey = "own"\ntitle = "自拟"\nactive = ["headquarters"]\n'


def _file(tmp_path, text, name="自拟.toml"):
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return file


def test_the_shipped_scenarios_state_a_source_for_every_assumption():
    scenarios = load_scenarios()
    assert [entry.key for entry in scenarios] == [
        "do_nothing", "headquarters", "leaders", "both", "two_more_staff",
    ]  # fmt: skip
    for scenario in scenarios:
        assert all(line.source and line.line > 0 for line in scenario.lines)
        assert sum(line.assumed for line in scenario.lines) >= 15
    assert not any(entry.active for entry in scenarios[0].relations)
    assert scenarios[1].relation("headquarters").active
    assert not scenarios[1].relation("leader").active
    assert scenarios[4].starts.hours == 480


def test_a_file_of_ones_own_is_laid_over_the_base(tmp_path):
    text = HEAD + (
        '[relation.headquarters]\ndrives = { value = 0.08, source = "2018年出口数据" }\n'
        '[starts]\nrelations = ["headquarters"]\nnumber = { value = 5, source = "（假设）" }\n'
    )
    (scenario,) = load_scenarios([_file(tmp_path, text)])
    assert scenario.relation("headquarters").drives == Rate(0.0, 0.0, 0.08)
    assert scenario.relation("leader").drives == Rate(1.5, 58.5)
    assert (scenario.starts.number, scenario.starts.hours) == (5, None)
    line = next(line for line in scenario.lines if line.key == "relation.headquarters.drives")
    assert (line.file, line.line, line.assumed) == ("自拟.toml", 6, False)


def _link(relation, driver, target):
    return f'[[link]]\nrelation = "{relation}"\ndriver = "{driver}"\ntarget = "{target}"\n'


CIRCLE = "".join(_link("headquarters", f"虚构{a}", f"虚构{b}") for a, b in ("甲乙", "乙丙", "丙甲"))
FAULTS = [
    (
        "relation.neighbour",
        "drives",
        "value = 0.1",
        "relation.neighbour：没有这个键（可写 headquarters、leader）",
    ),
    ("relation.leader", "drives", "value = 1.2", "drives.value：应在 0 到 1 之间，现为 1.2"),
    ("relation.leader", "drives", "prior = [-1, 9]", "drives.prior[1]：应大于 0，现为 -1"),
    ("relation.leader", "drives", "prior = [1, 9], value = 0.1", "drives：概率要写 prior"),
    ("relation.leader", "attempts", "value = -3", "attempts.value：不能是负数，现为 -3"),
    ("starts", "hours", "value = -8", "hours.value：不能是负数，现为 -8"),
    ("campaign", "months", "value = 0", "months.value：应在 1 到 24 之间，现为 0"),
    ("campaign", "lapze", "value = 0.1", "lapze：没有这个键"),
    (
        "campaign",
        "outside_headquarters",
        "value = 1",
        "outside_headquarters.value：应为 true 或 false，现为 1",
    ),
]


@pytest.mark.parametrize(("section", "key", "stated", "told"), FAULTS)
def test_a_wrong_line_is_refused_with_its_number_and_the_remedy(tmp_path, section, key, stated, told):
    file = _file(tmp_path, HEAD + f'[{section}]\n{key} = {{ {stated}, source = "x" }}\n')
    with pytest.raises(PolicyError) as refusal:
        load_scenarios([file])
    assert re.search(rf"第 [56] 行 [a-z.]*{re.escape(told)}", str(refusal.value))
    assert "下一步" in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            HEAD.replace("headquarters", "friend"),
            "第 4 行 scenario.active[1]：没有 'friend' 这个词（可写 headquarters、leader）",
        ),
        (HEAD + "[campaign]\nlapse = { value = 0.1 }\n", "第 6 行 campaign.lapse.source：缺少这一项"),
        (HEAD + "months = = 3\n", "不是正确的 TOML"),
        ("[campaign]\n", "scenario：缺少这一项，应为一组键值（可写 key、"),
        (HEAD + CIRCLE, "第 13 行 link[3]：总部关系成环"),
        (HEAD + _link("cousin", "甲", "乙"), "第 6 行 link[1].relation：没有 'cousin' 这个词"),
    ],
)
def test_a_faulty_scenario_file_is_refused_with_the_line_and_the_remedy(tmp_path, text, told):
    with pytest.raises(PolicyError) as refusal:
        load_scenarios([_file(tmp_path, text)])
    assert told in str(refusal.value)
    assert "下一步" in str(refusal.value)


def test_more_than_six_scenarios_and_doubled_keys_are_refused(tmp_path):
    files = [_file(tmp_path, HEAD, f"{number}.toml") for number in range(7)]
    with pytest.raises(PolicyError, match="最多并列 6 个"):
        load_scenarios(files)
    with pytest.raises(PolicyError, match="重复"):
        load_scenarios(files[:2])


def test_a_missing_scenario_file_is_told(tmp_path):
    with pytest.raises(PolicyError, match="找不到情景文件"):
        load_scenarios([tmp_path / "无.toml"])
