"""Policy is dated content: a value without its clause is refused, an overlay lays over and never edits."""

from datetime import date

import pytest

from coverage_engine.errors import PolicyError
from coverage_engine.policy import load_policy

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
            "第 2 行 small_base 缺少 clause",
        ),
        ('[[value]]\nkey = "small_base"\nvalue = 5\nclause = "口径"\n', "缺少 valid_from"),
        (
            '[[value]]\nkey = "no_such"\nvalue = 5\nclause = "口径"\nvalid_from = 2019-06-01\n',
            "没有这样的参数：第 2 行 no_such",
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
