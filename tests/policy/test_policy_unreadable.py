"""Policy and scenario files that are none at all: a folder, a missing file, brackets without end."""

from datetime import date

import pytest

from coverage_engine.campaigns import load_scenarios
from coverage_engine.errors import PolicyError
from coverage_engine.policy import load_policy

DAY = date(2019, 6, 15)


@pytest.mark.parametrize("load", [lambda file: load_policy(DAY, [file]), lambda file: load_scenarios([file])])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "找不到"),
        ("a folder", "打不开"),
        (b"x=" + b"[" * 5_000 + b"]" * 5_000, "括号套得太深"),
        (b"x=" + b"9" * 5_000, "TOML"),
        (b"\xff\xfe", "TOML"),
    ],
)
def test_what_is_no_policy_file_is_told_in_words(tmp_path, load, content, words):
    file = tmp_path / "own.toml"
    if content == "a folder":
        file.mkdir()
    elif content is not None:
        file.write_bytes(content)
    with pytest.raises(PolicyError, match=words) as told:
        load(file)
    assert told.value.remedy
