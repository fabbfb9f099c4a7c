"""Policy is dated content: a value without its clause is refused, an overlay lays over and never edits."""

from datetime import date

import pytest

from coverage_engine.errors import PolicyError
from coverage_engine.policy import load_policy, scale_rule

DAY = date(2019, 6, 15)


def _overlay(tmp_path, text):
    file = tmp_path / "本省口径.toml"
    file.write_text(text, "utf-8")
    return file


def test_every_duty_and_value_names_its_clause():
    policy = load_policy(DAY)
    assert policy.number("league_members_threshold") == 3
    assert all(value.clause for value in policy.values.values())
    assert all(duty.clause and duty.quote and duty.evidence for duty in policy.duties)
    assert all(
        entry.clause for entry in (*policy.points, *policy.size_steps, *policy.sectors, *policy.ask_costs)
    )


def test_an_overlay_changes_a_value_and_shows_in_the_version(tmp_path):
    file = _overlay(
        tmp_path,
        'version = "豫2020"\n[[value]]\nkey = "joint_satisfies_establishment"\nvalue = true\n'
        'clause = "某省口径"\nvalid_from = 2019-06-01\n',
    )
    policy = load_policy(DAY, [file])
    assert policy.switch("joint_satisfies_establishment") is True
    assert policy.version == "豫青办字〔2019〕17号 2019-05+豫2020"
    assert load_policy(DAY).switch("joint_satisfies_establishment") is False


def test_an_overlay_not_yet_in_force_changes_nothing(tmp_path):
    file = _overlay(
        tmp_path,
        '[[value]]\nkey = "many_youth_count"\nvalue = 80\nclause = "某省口径"\nvalid_from = 2020-01-01\n',
    )
    assert load_policy(DAY, [file]).number("many_youth_count") == 50
    assert load_policy(date(2020, 3, 1), [file]).number("many_youth_count") == 80


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '[[value]]\nkey = "small_base"\nvalue = 5\nvalid_from = 2019-06-01\n',
            "第 1 行 value[1].clause（small_base）：缺少这一项",
        ),
        (
            '[[value]]\nkey = "small_base"\nvalue = 5\nclause = "口径"\n',
            "value[1].valid_from（small_base）：缺少这一项，应为日期",
        ),
        (
            '[[duty]]\nkey = "R28"\nstrength = "must"\ntitle = "试"\nclause = "试"\nquote = "试"\n'
            'condition = "试"\nevidence = "试"\nsubject = "enterprise"\napplies = "in_scope"\n'
            'met = "has_own"\nfrist = 1\n'
            "valid_from = 2019-06-01\n",
            "第 12 行 duty[1].frist（R28）：没有这个键",
        ),
        (
            '[[value]]\nkey = "no_such"\nvalue = 5\nclause = "口径"\nvalid_from = 2019-06-01\n',
            "第 2 行 value[1].key（no_such）：没有这样的参数：no_such",
        ),
        (
            '[[value]]\nkey = "small_base"\nvalue = 5\nclause = "口径"\nvalid_from = 2019-06-01\n'
            '[[value]]\nkey = "small_base"\nvalue = 6\nclause = "口径"\nvalid_from = 2019-06-02\n',
            "有效日期重叠",
        ),
        ("value = = 3", "不是正确的 TOML"),
    ],
)
def test_a_faulty_policy_file_is_refused_with_the_place_and_the_remedy(tmp_path, text, told):
    with pytest.raises(PolicyError) as refusal:
        load_policy(DAY, [_overlay(tmp_path, text)])
    assert told in str(refusal.value)
    assert "下一步" in str(refusal.value)


def test_a_missing_policy_file_is_told(tmp_path):
    with pytest.raises(PolicyError, match="找不到政策文件"):
        load_policy(DAY, [tmp_path / "无.toml"])


def test_a_date_before_the_policy_is_refused():
    with pytest.raises(PolicyError, match="早于政策"):
        load_policy(date(2017, 1, 1))


def test_a_number_that_is_no_number_is_refused(tmp_path):
    file = _overlay(
        tmp_path, '[[value]]\nkey = "small_base"\nvalue = "十"\nclause = "口径"\nvalid_from = 2019-06-01\n'
    )
    with pytest.raises(PolicyError, match="应为整数"):
        load_policy(DAY, [file]).number("small_base")


def test_an_overlap_is_told_with_both_lines_even_before_it_is_in_force(tmp_path):
    file = _overlay(
        tmp_path,
        '[[value]]\nkey = "small_base"\nvalue = 5\nclause = "口径"\nvalid_from = 2021-01-01\n\n'
        '[[value]]\nkey = "small_base"\nvalue = 6\nclause = "口径"\nvalid_from = 2022-01-01\n',
    )
    with pytest.raises(PolicyError, match=r"第 7 行 value\[2\]（small_base）：与第 1 行的有效日期重叠"):
        load_policy(DAY, [file])


def test_values_that_follow_each_other_change_on_their_day(tmp_path):
    file = _overlay(
        tmp_path,
        '[[value]]\nkey = "small_base"\nvalue = 5\nclause = "口径"\nvalid_from = 2019-01-01\n'
        'valid_to = 2019-06-14\n[[value]]\nkey = "small_base"\nvalue = 6\nclause = "口径"\n'
        "valid_from = 2019-06-15\n",
    )
    assert load_policy(date(2019, 6, 14), [file]).number("small_base") == 5
    assert load_policy(DAY, [file]).number("small_base") == 6


DUTY = (
    '[[duty]]\nkey = "R15"\nstrength = "must"\ntitle = "试"\nclause = "某省口径"\nquote = "试"\n'
    'condition = "试"\nevidence = "试"\nsubject = "enterprise"\napplies = "in_scope and top_hundred"\n'
    'met = "satisfied"\nvalid_from = 2019-06-01\n'
)


def test_an_overlay_may_lay_a_whole_duty_over_the_base(tmp_path):
    duty = load_policy(DAY, [_overlay(tmp_path, DUTY)]).duty("R15")
    assert (duty.strength, duty.clause) == ("must", "某省口径")
    assert load_policy(DAY).duty("R15").strength == "should"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("top_hundred", "top_houndred", "第 10 行 duty[1].applies（R15）：没有这样的事实：top_houndred"),
        ("top_hundred", "beyond_five_percent", "没有这样的事实：beyond_five_percent"),
        ("top_hundred", "in_scope", "写了不止一次"),
        ('met = "satisfied"', 'met = "satisfied or"', "条件写法不对"),
        ('clause = "某省口径"\n', "", "第 1 行 duty[1].clause（R15）：缺少这一项"),
        (
            '"must"',
            '"perhaps"',
            """第 3 行 duty[1].strength（R15）：没有 'perhaps' 这个词（可写 encouraged、must、should""",
        ),
        ("valid_from = 2019-06-01", 'valid_from = "六月"', "duty[1].valid_from（R15）：应为日期"),
    ],
)
def test_a_faulty_duty_is_refused_with_line_and_remedy(tmp_path, before, after, told):
    with pytest.raises(PolicyError) as refusal:
        load_policy(DAY, [_overlay(tmp_path, DUTY.replace(before, after))])
    assert told in str(refusal.value)
    assert "下一步" in str(refusal.value)


@pytest.mark.parametrize(
    ("day", "code", "revenue", "staff", "reached"),
    [
        (date(2019, 5, 31), "6420", 100, 50, True),
        (date(2019, 5, 31), "6420", 100, 49, False),
        (date(2019, 5, 31), "6420", None, 50, True),
        (date(2019, 5, 31), "6420", None, 49, None),
        (date(2019, 12, 31), "6420", 1000, 3, True),
        (date(2020, 1, 1), "6420", 1000, 500, False),
        (date(2020, 1, 1), "6420", 2000, 3, True),
        (date(2019, 5, 31), "5211", 500, 3, True),
        (date(2019, 5, 31), "5111", 500, 300, False),
        (date(2019, 5, 31), "4710", 9000, 300, None),
    ],
)
def test_the_above_scale_line_is_that_of_the_day(day, code, revenue, staff, reached):
    section = {"64": "I", "52": "F", "51": "F", "47": "E"}[code[:2]]
    rule = scale_rule(load_policy(day).scale_rules, section, code)
    assert rule.reached(revenue, staff) is reached


def test_industries_without_a_line_have_no_rule():
    assert scale_rule(load_policy(DAY).scale_rules, "J", "6620") is None


@pytest.mark.parametrize(
    ("due", "last"),
    [
        (date(2026, 2, 15), date(2026, 2, 14)),  # a worked Saturday before the Spring Festival
        (date(2026, 5, 3), date(2026, 4, 30)),
        (date(2026, 10, 7), date(2026, 9, 30)),
        (date(2026, 9, 20), date(2026, 9, 20)),  # a worked Sunday
        (date(2023, 12, 31), date(2023, 12, 29)),
        (date(2020, 2, 2), date(2020, 1, 23)),
        (date(2024, 6, 10), date(2024, 6, 7)),
    ],
)
def test_warnings_skip_the_public_holidays_of_later_years(due, last):
    assert load_policy(DAY).working_days.last_before(due) == last


def test_a_year_without_a_holiday_notice_says_so():
    calendar = load_policy(DAY).working_days
    assert calendar.source(date(2026, 6, 15)) == "国办发明电〔2025〕7号"
    assert calendar.source(date(2031, 6, 15)) == "2031年放假安排未录入，按周一至周五计"
    assert calendar.is_working(date(2031, 10, 1))


def test_worked_days_fall_on_weekends_and_no_day_is_both():
    calendar = load_policy(DAY).working_days
    assert all(day.weekday() >= 5 for day in calendar.worked)
    assert not calendar.worked & calendar.holidays
    assert {day.year for day in calendar.holidays} == set(calendar.years) == set(range(2019, 2027))


def test_a_deadline_on_a_saturday_warns_on_the_friday_and_skips_holidays():
    calendar = load_policy(DAY).working_days
    assert calendar.last_before(date(2019, 6, 15)) == date(2019, 6, 14)
    assert calendar.last_before(date(2019, 6, 9)) == date(2019, 6, 6)
    assert calendar.is_working(date(2019, 5, 5))
    assert not calendar.is_working(date(2019, 5, 1))
    assert calendar.left(date(2019, 6, 16), date(2019, 6, 15)) == 0
    assert calendar.left(date(2019, 6, 17), date(2019, 6, 15)) == -1
