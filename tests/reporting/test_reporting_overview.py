"""index.html: one page that needs no network, escapes every name and tells ranges with denominators."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from coverage_engine.model.plan import Division, Plan
from coverage_engine.reporting import write_overview
from coverage_engine.reporting.overview import overview_page

VOID = {"meta", "br", "img", "link", "input"}


class _Page(HTMLParser):
    """Tags, links, texts and whether every tag is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_asks_nothing_of_the_network_and_runs_no_script(plan: Plan, lang: str) -> None:
    page = _Page(overview_page(plan, lang))
    assert page.open == []
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "link", "iframe", "object", "form"}
    targets = [value for _, attrs in page.tags for key, value in attrs.items() if key in ("href", "src")]
    assert targets
    assert all(not re.match(r"(?i)[a-z]+:|//", value or "") for value in targets)
    assert not any(key.startswith("on") or key == "style" for _, attrs in page.tags for key in attrs)


def test_the_content_policy_allows_only_the_pages_own_style(plan: Plan) -> None:
    page = overview_page(plan)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert style
    assert policy
    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in unescape(policy[1])
    assert "default-src 'none'" in unescape(policy[1])


def test_hostile_names_are_shown_as_text(hostile_plan: Plan) -> None:
    page = overview_page(hostile_plan)
    texts = "".join(_Page(page).texts)
    assert "<script>" not in page
    assert "<img" not in page
    assert "<script>alert(1)</script>" in texts
    assert '=HYPERLINK("http://evil.example","点我")' in texts


def test_a_name_in_double_braces_is_not_evaluated(make_plan: Callable[..., Plan]) -> None:
    page = overview_page(make_plan(names=["{{7*7}}{0}", "乌有", "{% raw %}"]))
    assert "{{7*7}}{0}" in page
    assert "{% raw %}" in page
    assert ">49<" not in page


def test_the_headline_names_denominator_and_both_numerators(plan: Plan) -> None:
    assert (
        "在营非公企业400–412家，其中单独建立团组织的2–4家，占0.5%–1.0%；加上联合覆盖共3–6家，占0.7%–1.5%；"
        "已在智慧团建核验的2家。"
    ) in overview_page(plan)


def test_the_first_ten_targets_come_with_path_reasons_and_lead_unit(plan: Plan) -> None:
    page = overview_page(plan)
    first = plan["enterprises"].filter("is_target").sort("priority_rank").head(10)
    for name in first["name"].to_list():
        assert name in page
    assert page.count("总部已建团委；同一总部7家分支中5家已覆盖；团员6人") == 10
    assert "园区管委会" in page


def test_a_place_with_a_small_base_is_listed_without_a_rank(plan: Plan) -> None:
    text = re.sub(r"<[^>]+>", "|", overview_page(plan))
    league = text[text.index("各地空白") : text.index("先问什么")]
    assert re.search(r"基数小，不排名\|+济源市", league)
    assert re.search(r"\|1\|+郑州市", league)


def test_the_ask_list_counts_what_one_fact_would_settle(make_plan: Callable[..., Plan]) -> None:
    plan = make_plan()
    unknown = plan["enterprises"].filter(missing_facts="党组织;团员数").height
    text = re.sub(r"<[^>]+>", "|", overview_page(plan))
    assert re.search(rf"党组织\|+0\|+{unknown}\|", text)


def test_rows_read_are_shown_as_accounted_for(plan: Plan) -> None:
    text = re.sub(r"<[^>]+>", "|", overview_page(plan))
    assert re.search(r"企业台账\.xlsx\|+企业台账\|+企业台账\|+64\|+60\|+2\|+2\|+相符", text)


def test_every_table_has_a_caption_and_scoped_headers(plan: Plan) -> None:
    page = overview_page(plan)
    assert page.count("<table>") == page.count("<caption>") >= 6
    assert all("scope" in attrs for tag, attrs in _Page(page).tags if tag == "th")
    assert 'class="skip" href="#main"' in page


def test_english_comes_where_it_is_asked_for(plan: Plan) -> None:
    page = overview_page(plan, "en")
    assert '<html lang="en">' in page
    assert "Where to start" in page
    assert "从哪里开始" not in page


def test_a_county_plan_compares_no_places(make_plan: Callable[..., Plan]) -> None:
    page = overview_page(make_plan(division=Division("410105", "金水区", "county")))
    assert "不作各地比较" in page


def test_writing_twice_gives_the_same_bytes(plan: Plan, tmp_path: Path) -> None:
    write_overview(plan, tmp_path / "a")
    write_overview(plan, tmp_path / "b")
    assert (tmp_path / "a/index.html").read_bytes() == (tmp_path / "b/index.html").read_bytes()


@pytest.mark.browser
def test_the_page_opens_offline_without_a_request_or_a_complaint(
    hostile_plan: Plan, tmp_path: Path, chromium: Any
) -> None:
    write_overview(hostile_plan, tmp_path)
    said: list[str] = []
    asked: list[str] = []
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "index.html").as_uri())
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()
    assert said == []
    assert asked == [(tmp_path / "index.html").as_uri()]
    assert width == 0
