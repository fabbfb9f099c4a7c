"""A new plain fact is one column of the ledger and one entry of the registry: tried in a copy."""

import json
from pathlib import Path

import pytest
from product_copy import ProductCopy

COLUMN = """
[[columns]]
header = "新就业群体人数"
key = "platform_workers"
type = "count"
unit = "人"
low = 0
high = 500000
band = "不会多于最大平台的注册人数"
description = "平台企业的骑手、网约车司机等新就业群体"
"""
FACTS = """
[[fact]]
key = "platform_workers"
kind = "count"
measure = "people"
zh = "新就业群体人数：平台企业的骑手、网约车司机等"
en = "couriers, drivers and others who work through the platform"
needed_by = ["plan", "ranking", "paths"]
label = { zh = "新就业群体人数", en = "platform workers" }

[fact.path]
unit = { zh = "人", en = "" }
range = [0, 500000]
direction = "up"
found = { zh = "新就业群体有{value}", en = "it has {value} platform workers" }

[fact.sample]
blank = 0.3
none = 0.6
median = 60
sigma = 1.5

[[fact]]
key = "platform_firm"
kind = "flag"
measure = "flag"
zh = "平台企业：有新就业群体"
en = "whether anybody works through its platform"
of = "platform_workers"
label = { zh = "平台企业", en = "platform firm" }

[fact.duty]
clause = "新就业群体建团（示例）"
ask = { cost = 4, whom = "企业", whom_en = "the firm" }

[fact.path]
direction = "up"
"""
EVIDENCE = """
[[evidence]]
fact = "platform_workers"
steps = [{ from = 0, weight = -0.1 }, { from = 50, weight = 0.9 }, { from = 500, weight = 1.9 }]
source = "(assumed)"
text = { zh = "新就业群体{value}", en = "{value} platform workers" }
text_against = { zh = "新就业群体只有{value}", en = "only {value} platform workers" }

[[evidence]]
fact = "platform_firm"
when_true = 0.3
when_false = -0.1
source = "(assumed)"
text = { zh = "平台企业", en = "a platform firm" }
text_against = { zh = "不是平台企业", en = "no platform firm" }
"""
DUTY = """
[[duty]]
key = "R28"
strength = "must"
title = "平台企业建团"
clause = "新就业群体建团（示例）"
quote = "平台企业应建立团组织"
condition = "在营的平台企业"
evidence = "企业台账：新就业群体人数"
subject = "enterprise"
applies = "in_scope and platform_firm"
met = "satisfied"
valid_from = 2019-01-01
"""


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    copy = ProductCopy(tmp_path_factory.mktemp("house"))
    additions = {
        "data/ledgers/enterprises.toml": COLUMN,
        "data/facts/enterprises.toml": FACTS,
        "paths/11_flexible_gathering.toml": EVIDENCE,
    }
    for file, text in additions.items():
        copy.append(file, text)
    overlay = copy.folder / "duty.toml"
    overlay.write_text(DUTY, encoding="utf-8")
    script = Path(__file__).with_name("fact_tried.py")
    return json.loads(copy.python(script, copy.folder / "sample", overlay))


def test_the_sample_fills_the_new_column(tried):
    assert 0 < tried["blank"] < 600
    assert {"0"} < set(tried["ledger"])


def test_snapshot_and_plan_carry_it(tried):
    assert tried["snapshot"] == tried["plan"] == sum(map(int, tried["ledger"])) > 0


def test_a_duty_may_depend_on_it_known_or_not(tried):
    applies = {(workers is None, bool(workers)): answer for answer, workers in tried["duties"]}
    assert applies[(False, True)] == "yes"
    assert applies[(True, False)] == "unknown"
    assert all(workers is None or workers > 0 for _, workers in tried["duties"])


def test_the_obligation_depends_on_it_too_and_asks_for_what_is_blank(tried):
    assert tried["grounds"] > 0
    assert tried["missing"] > 0


def test_a_path_weighs_it_and_says_so(tried):
    assert tried["reasons"]
    assert all(str(workers) in text for text, workers in tried["reasons"])


def test_the_core_ranks_by_it_on_every_engine(tried):
    assert tried["engines"]
    assert tried["best"]
