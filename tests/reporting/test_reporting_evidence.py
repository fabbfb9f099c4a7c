"""Evidence pages show every name as text, ask nothing of the network, and pick rows without a script."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import coverage_engine as ce
from coverage_engine.policy import load_policy
from coverage_engine.reporting import write_evidence
from coverage_engine.reporting.evidence.figures import evidence_words

DAY = date(2019, 6, 15)
HOSTILE = ["<script>alert(1)</script>有限公司", '"><img src=x onerror=alert(1)>', "{{7*7}}{% raw %}有限公司"]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a county with hostile names."""
    rows = [
        {
            "企业名称": name, "所在地区": "郑州市金水区", "控股情况": "私人控股", "团员数": 3 + number,
            "党组织": "单独", "团组织": "无", "所属园区": f"{name}园区", "营业状态": "在营",
        }
        for number, name in enumerate([*HOSTILE, "乌有有限公司"])
    ]  # fmt: skip
    society = [{"社团名称": f"{HOSTILE[0]}青联", "会员单位": "乌有有限公司"}]
    snapshot, findings = ce.read_tables({"企业台账": rows, "团属社团台账": society}, as_of=DAY)
    folder = tmp_path_factory.mktemp("evidence")
    write_evidence(ce.plan(snapshot, findings=findings), folder)
    return folder / "evidence" / "county-410105.html"


def test_hostile_names_are_shown_as_text(page: Path) -> None:
    for file in page.parent.iterdir():
        text = file.read_text("utf-8")
        assert "<script" not in text
        assert "<img" not in text
    shown = page.read_text("utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;有限公司" in shown
    assert "{{7*7}}{% raw %}有限公司" in shown


def test_the_clauses_on_the_pages_are_those_of_the_policy() -> None:
    duties = {duty.clause for duty in load_policy(DAY).duties}
    for category in evidence_words()["categories"]:
        first = category["clause"].replace("（1）（2）", "（1）").split("；")[0].split("“")[0]
        assert first in duties, category


@pytest.mark.browser
def test_a_followed_figure_shows_its_rows_alone_offline(page: Path, chromium: Any) -> None:
    context = chromium.new_context(offline=True)
    opened, asked, said = context.new_page(), [], []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    visible = "[...document.querySelectorAll('.firms tbody tr')].filter(r => r.offsetParent).length"
    shown = {}
    for anchor in ("operating-base", "operating-own", "operating-must", "society-must", "e2"):
        opened.goto("about:blank")
        opened.goto(f"{page.as_uri()}#{anchor}")
        shown[anchor] = opened.evaluate(visible)
        boxes = opened.evaluate("document.querySelectorAll('section.figure:target').length")
        assert boxes == (0 if anchor == "e2" else 1)
    context.close()
    assert shown == {"operating-base": 4, "operating-own": 0, "operating-must": 4, "society-must": 1, "e2": 4}
    assert said == []
    assert all(url.startswith(("file:", "about:")) for url in asked)
