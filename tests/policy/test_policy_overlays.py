"""Every kind of entry laid over takes effect, or is refused with line, what is allowed and remedy."""

from datetime import date
from pathlib import Path

import pytest

from coverage_engine.errors import PolicyError
from coverage_engine.policy import facts_of, load_policy, scale_rule, terms_of
from coverage_engine.reporting.deadline import deadline

DAY = date(2019, 8, 20)
CASES = Path(__file__).parents[3] / "shared" / "cases"
CLAUSE = 'clause = "某省口径"\nvalid_from = 2019-01-01\n'


def shared(name):
    file = CASES / name
    if not file.exists():
        pytest.skip(f"!!! {name} is not tried: ../shared/cases is not here")
    return file


def laid_over(folder, text, day=DAY):
    file = folder / "本省口径.toml"
    file.write_text(text, "utf-8")
    return load_policy(day, [file])


def test_a_number_laid_over_is_cited_beside_that_of_the_notice():
    policy = load_policy(date(2026, 1, 31), [shared("domain/pol.toml")])
    assert policy.version == "豫青办字〔2019〕17号 2019-05+川青办〔2026〕1号 2026-01"
    terms = terms_of(policy)
    assert terms.numbers == "豫青办字〔2019〕17号、川青办〔2026〕1号"
    assert terms.cited.endswith("（豫青办字〔2019〕17号）、川青办〔2026〕1号")


def test_a_file_with_a_title_of_its_own_is_the_notice(tmp_path):
    terms = terms_of(laid_over(tmp_path, 'name = "川青办〔2026〕1号"\ntitle = "关于推进建团的通知"\n'))
    assert (terms.numbers, terms.cited) == (
        "川青办〔2026〕1号",
        "《关于推进建团的通知》（川青办〔2026〕1号）",
    )


def test_a_sector_laid_over_is_a_sector_and_is_named_with_the_others():
    policy = load_policy(date(2026, 1, 31), [shared("domain/pol2.toml")])
    assert [sector.key for sector in policy.sectors] == ["internet", "courier", "creative", "delivery"]
    assert policy.facts["in_sector"].label == "属互联网、快递服务、文化创意、外卖送餐行业"


def test_a_duty_laid_over_moves_the_day_on_which_annexes_are_due():
    assert terms_of(load_policy(DAY)).hand_in == date(2019, 6, 15)
    policy = load_policy(date(2026, 1, 31), [shared("domain/pol3.toml")])
    assert terms_of(policy).hand_in == policy.duty("R22").due == date(2026, 3, 31)


def test_a_duty_laid_over_narrows_the_notice():
    policy = load_policy(DAY, [shared("house/duty13.toml")])
    assert "above_scale" in facts_of(policy.duty("R13").applies)
    assert policy.duty("R13").founding == "obliges"


def test_a_dated_duty_is_in_force_from_its_day():
    file = shared("house/duty28.toml")
    assert "R28" not in {duty.key for duty in load_policy(date(2019, 6, 30), [file]).duties}
    (dated,) = terms_of(load_policy(date(2019, 7, 1), [file])).dated_duties
    assert (dated.key, dated.due, dated.warn_on) == ("R28", date(2019, 12, 31), date(2019, 12, 31))


def test_a_value_laid_over_counts_from_its_day():
    own, later = shared("house/henan_own.toml"), shared("house/later.toml")
    assert load_policy(date(2019, 6, 15), [own]).number("many_youth_count") == 30
    assert load_policy(date(2019, 6, 15), [later]).number("many_youth_count") == 50
    assert load_policy(date(2019, 7, 1), [later]).number("many_youth_count") == 30


def test_a_value_without_clause_is_refused():
    with pytest.raises(PolicyError, match=r"第 \d 行 value\[1\]\.clause（many_youth_count）：缺少这一项"):
        load_policy(DAY, [shared("house/noclause.toml")])


def test_a_word_for_a_number_is_refused(tmp_path):
    with pytest.raises(
        PolicyError, match=r"第 3 行 value\[1\]\.value（many_youth_count）：应为整数，现为 '三十'"
    ):
        laid_over(tmp_path, f'[[value]]\nkey = "many_youth_count"\nvalue = "三十"\n{CLAUSE}')


def test_a_line_of_the_statistics_office_laid_over_replaces_that_of_its_industries_only(tmp_path):
    text = '[[rule]]\ncodes = ["C"]\nlabel = "制造业"\nkind = "line"\nrevenue = 4000\n' + CLAUSE
    rules = laid_over(tmp_path, text).scale_rules
    assert (scale_rule(rules, "C", "1311").revenue, scale_rule(rules, "B", "0610").revenue) == (4000, 2000)


def test_points_steps_and_asking_laid_over_take_effect(tmp_path):
    policy = laid_over(
        tmp_path,
        '[[points]]\nkey = "park"\napplies = "in_park and above_scale"\npoints = 60\nlabel = "规上园区"\n'
        f'clause = "某省口径"\n[[size]]\nemployees = 300\npoints = 7\nlabel = "大厂"\n{CLAUSE}'
        '[[ask]]\nfact = "党组织"\ncost = 9\nwhom = "两新工委"\nclause = "某省口径"\n'
        '[[year]]\nyear = 2027\nholidays = [2027-01-01]\nworked = []\nclause = "某省口径"\n'
        '[control]\nnon_public = ["private"]\nclause = "某省口径"\n'
        '[[fact]]\nkey = "has_party"\nlabel = "有党支部"\nclause = "某省口径"\n',
    )
    points = {entry.key: entry for entry in policy.points}
    assert (len(points), points["park"].points, points["park"].label) == (10, 60, "规上园区")
    assert facts_of(points["park"].applies) == ["in_park", "above_scale"]
    assert [(step.employees, step.points) for step in policy.size_steps] == [(1000, 9), (300, 7), (100, 3)]
    assert policy.ask_costs[-1].whom == "两新工委"
    assert 2027 in policy.working_days.years
    assert (policy.control_non_public, policy.control_public) == (("private",), ("state", "collective"))
    assert policy.facts["has_party"].label == "有党支部"
    assert policy.facts["has_party"].header == "党组织"


def test_what_is_not_in_force_yet_changes_nothing(tmp_path):
    text = '[[sector]]\nkey = "delivery"\nlabel = "外卖"\nprefixes = ["6223"]\nclause = "某省口径"\n'
    later = laid_over(tmp_path, text + "valid_from = 2020-01-01\n")
    assert [sector.key for sector in later.sectors] == ["internet", "courier", "creative"]


TARGET = '[[target]]\nkey = "{key}"\norder = {order}\nlisted = {listed}\n{more}\n' + CLAUSE


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ('nmae = "某省"\n', ["第 1 行 nmae：没有这个键", "、duty、", "您是不是要写 name？"]),
        ("\n[[valu]]\nkey = 1\n", ["第 2 行 valu：没有这个键", "您是不是要写 value？"]),
        ("[value]\nkey = 1\n", ["第 1 行 value：应为一组 [[…]]"]),
        ("version = 3\n", ["第 1 行 version：应为文字，放在引号里，现为 3"]),
        (
            '[[value]]\nkey = "many_youth_cont"\nvalue = 3\n' + CLAUSE,
            ["第 2 行 value[1].key（many_youth_cont）", "many_youth_count？"],
        ),
        (
            '[[value]]\nkey = "small_base"\nvalue = true\n' + CLAUSE,
            ["第 3 行 value[1].value（small_base）：应为整数，现为 True"],
        ),
        (
            '[[sector]]\nkey = "a"\nlabel = "甲"\nprefix = ["1"]\n' + CLAUSE,
            ["sector[1].prefixes（a）：缺少", "第 4 行 sector[1].prefix（a）：没有这个键", "写 prefixes？"],
        ),
        (
            '[[sector]]\nkey = "a"\nlabel = "甲"\nprefixes = "1"\n' + CLAUSE,
            ["第 4 行 sector[1].prefixes（a）：应为一列"],
        ),
        (
            '[[tier]]\nkey = "parks"\napplies = "in_park"\n' + CLAUSE,
            ["第 2 行 tier[1].key（parks）：没有这样的重点层级：parks", "写 park？"],
        ),
        (
            '[[tier]]\nkey = "park"\napplies = "in_prak"\n' + CLAUSE,
            ["第 3 行 tier[1].applies（park）", "in_prak", "写 in_park？"],
        ),
        ('[[tier]]\nkey = "park"\napplies = "cultivate"\n' + CLAUSE, ["没有这样的事实：cultivate"]),
        (
            '[[points]]\nkey = "x"\npoints = "3"\napplies = "in_park"\nlabel = "x"\nclause = "x"\n',
            ["第 3 行 points[1].points（x）：应为整数，现为 '3'"],
        ),
        (
            '[[points]]\nkey = "x"\npoints = 3\napplies = "takes_part"\nlabel = "x"\nclause = "x"\n',
            ["takes_part"],
        ),
        (
            '[[ask]]\nfact = "天气"\ncost = 1\nwhom = "x"\nclause = "x"\n',
            ["第 2 行 ask[1].fact（天气）：没有这样的核实事项：天气"],
        ),
        (
            '[[fact]]\nkey = "has_party"\nlabel = "x"\nheader = "y"\nclause = "x"\n',
            ["第 4 行 fact[1].header（has_party）：没有这个键（可写 key、label"],
        ),
        ('[control]\npublic = "state"\nclause = "x"\n', ["第 2 行 control.public：应为一列"]),
        ('[elsewhere]\nwords = "x"\n', ["第 1 行 elsewhere.clause：缺少这一项"]),
        (
            TARGET.format(key="a", order=95, listed="true", more='applies = "in_park"'),
            ["第 3 行 target[1].order（a）：排在最后"],
        ),
        (
            TARGET.format(key="a", order=95, listed="false", more='words = "x"'),
            ["第 3 行 target[1].order（a）：排在 otherwise 之后，永远轮不到"],
        ),
        (
            TARGET.format(key="a", order=20, listed="true", more='applies = "in_park"'),
            ["第 3 行 target[1].order（a）：与 required 的 order 相同"],
        ),
        (
            TARGET.format(key="a", order=5, listed="false", more='applies = "in_park"'),
            ["target[1].words（a）：缺少这一项（为什么不列入）"],
        ),
        (TARGET.format(key="a", order=5, listed="true", more=""), ["target[1].applies（a）：没有写 applies"]),
        (
            '[[duty]]\nkey = "R30"\nsubjct = "x"\n',
            [
                "duty[1].strength（R30）：缺少",
                "第 3 行 duty[1].subjct（R30）：没有这个键",
                "您是不是要写 subject？",
            ],
        ),
    ],
)
def test_what_could_not_take_effect_is_refused(tmp_path, text, problems):
    with pytest.raises(PolicyError, match="下一步") as refusal:
        laid_over(tmp_path, text)
    for words in (*problems, "本省口径.toml"):
        assert words in str(refusal.value)


def test_every_fault_of_a_file_is_told_at_once(tmp_path):
    with pytest.raises(PolicyError) as refusal:
        laid_over(tmp_path, 'nmae = "x"\n[[value]]\nkey = "small_base"\n[[sector]]\nlabel = "x"\n')
    faults = refusal.value.problem.splitlines()[1:]
    assert [fault.split(" 行 ")[1].split("（")[0].split("：")[0] for fault in faults] == [
        *("nmae", "value[1].value", "value[1].clause", "value[1].valid_from"),
        *("sector[1].key", "sector[1].prefixes", "sector[1].clause"),
    ]


def test_the_shipped_files_have_no_entry_twice_and_every_reason_a_clause():
    policy = load_policy(DAY)
    rules = [*policy.targets, *policy.tiers, policy.elsewhere]
    assert all(rule.clause for rule in rules)
    assert all(rule.words.startswith("本轮不列入：") for rule in policy.targets if not rule.listed)
    assert all(rule.words_en for rule in policy.targets if not rule.listed)


def test_what_counts_as_founded_is_named_as_the_policy_has_it(tmp_path):
    text = f'[[value]]\nkey = "joint_satisfies_establishment"\nvalue = true\n{CLAUSE}'
    assert load_policy(DAY).facts["satisfied"].label == "已单独建立团组织"
    assert laid_over(tmp_path, text).facts["satisfied"].label == "已单独建立团组织或联合覆盖"


def test_the_day_of_handing_in_stands_in_the_reports_as_in_the_notice():
    assert deadline().due == terms_of(load_policy(DAY)).hand_in
