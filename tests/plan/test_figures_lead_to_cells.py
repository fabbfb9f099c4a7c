"""Every number of the overview and of the annexes opens its evidence; 200 random ones are followed.

Only delivered files are used: overview, evidence pages, annexes with their traces, and the ledgers. Each
figure is counted again from the ledger cells that the pages name, by rules written down a second time.
"""

import csv
import random
import re
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import polars as pl
import pytest
from delivered import CELL, HEADERS, Delivered
from ledger_oracle import Firm

import coverage_engine as ce
from coverage_engine.reporting import write_evidence, write_overview
from coverage_engine.reporting.traces import write_traces

FIRMS, FOLLOWED = 900, 200
BLANKED = {"团员数": 0.3, "控股情况": 0.1, "团组织": 0.15, "规模以上": 0.1, "营业状态": 0.1}
ROWS_READ = re.compile(
    r"(.+) · (.+)：读入 (\d+) 行（.*），表头在第 (\d+) 行，采用 (\d+)，隔离 (\d+)，识别 (\d+)。"
    r"SHA-256 [0-9a-f]{64}"
)


def _blanked(folder):
    """Facts are missing as in life: cells of the enterprise ledger are emptied by chance."""
    chance, file = random.Random(4), folder / "企业台账.csv"
    table = pl.read_csv(file, infer_schema=False, encoding="utf8-lossy")
    for header, share in BLANKED.items():
        kept = [None if chance.random() < share else value for value in table[header]]
        table = table.with_columns(pl.Series(header, kept, dtype=pl.String))
    table.write_csv(file, include_bom=True)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("delivered")
    ce.write_sample(folder / "ledgers", enterprises=FIRMS, seed=11)
    _blanked(folder / "ledgers")
    snapshot, findings = ce.read_ledgers([folder / "ledgers"])
    plan = ce.plan(snapshot, findings=findings)
    ce.write_plan(plan, folder / "out")
    write_traces(plan, folder / "out" / "annexes")
    return Delivered(folder / "ledgers", folder / "out")


def _counties(delivered, page):
    """The pages of enterprises behind a page: its own, or those that its sums link to."""
    below = {
        link.get("href").partition("#")[0]
        for link in delivered.page(f"evidence/{page}").xpath(".//div[contains(@class, 'sums')]//a")
    }
    return {county for name in below for county in _counties(delivered, unquote(name))} if below else {page}


def _words(low, high):
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def _percent(part, whole):
    tenths = int(part / whole * 1000 + 0.5)
    return f"{tenths // 10}.{tenths % 10}%"


def _rate(firms, category, covered):
    """The lowest and the highest rate that the unknown facts allow."""
    pairs = [(firm.inside(category), covered(firm)) for firm in firms]
    held = sum(inside is True for inside, _ in pairs)
    if not held:
        return "分母可能为空，不能算"
    low = _percent(
        sum(pair == (True, True) for pair in pairs),
        held + sum(inside is None and fact is not True for inside, fact in pairs),
    )
    high = _percent(
        sum(inside is not False and fact is not False for inside, fact in pairs),
        held + sum(inside is None and fact is not False for inside, fact in pairs),
    )
    return low if low == high else f"{low}–{high}"


def _counted_again(delivered, page, anchor):
    """A figure of a place, counted from the cells of its enterprises; the marks must say the same."""
    category, _, figure = anchor.partition("-")
    rows = [row for county in _counties(delivered, page) for row in delivered.firms(county)]
    firms = [firm for _, _, firm in rows]
    if figure in ("rate", "joint_rate"):
        return _rate(firms, category, lambda firm: firm.own if figure == "rate" else firm.covered)
    low = sum(firm.counts(category, figure)[0] for firm in firms)
    high = sum(firm.counts(category, figure)[1] for firm in firms)
    return _words(low, high)


def _lacking(delivered, page, anchor):
    """Enterprises that lack a fact: all are undetermined by their cells, and say what is missing."""
    mark = anchor.replace("-single", "s").replace("-among", "a")
    rows = [row for county in _counties(delivered, page) for row in delivered.firms(county)]
    found = [(row, firm) for marks, row, firm in rows if mark in marks]
    for row, firm in found:
        assert firm.obligation == "undetermined"
        missing = row.findall("td")[-1].text_content().strip()
        assert missing and ("、" in missing) == mark.endswith("a")
    return f"{len(found):,}"


def _explained(delivered, page, anchor):
    """The words over a followed figure: its value, its clause and its date."""
    section = delivered.page(f"evidence/{page}").get_element_by_id(anchor)
    title, text = section.find("h2").text_content(), section.text_content()
    assert "依据：通知" in text or "依据：支部工作条例" in text
    assert "时点 2019-" in text
    return title.rpartition("：")[2]


def _follow_not_listed(delivered, text, anchor):
    """Counties add up to the figure, which is the number of enterprises with that reason in the table."""
    section = delivered.page("evidence/not_listed.html").get_element_by_id(anchor)
    reason, _, shown = section.find("h2").text_content().rpartition("：")
    rows = [[data.text_content() for data in row.findall("td")] for row in section.findall(".//tbody/tr")]
    assert shown == text == f"{sum(int(count.replace(',', '')) for *_, count in rows):,}"
    enterprises = pl.read_csv(delivered.out / "tables" / "enterprises.csv", infer_schema_length=None)
    assert (enterprises["not_listed_reason"] == reason).sum() == int(shown.replace(",", "")) > 0


def _follow(delivered, text, link):
    page, _, anchor = link.removeprefix("evidence/").partition("#")
    page, anchor = unquote(page), unquote(anchor)
    if page == "findings.html":
        return _follow_findings(delivered, text, anchor)
    if page == "sources.html":
        return _follow_rows_read(delivered, text, anchor)
    if page == "not_listed.html":
        return _follow_not_listed(delivered, text, anchor)
    if page == "start.html":
        return _follow_reasons(delivered, text, anchor)
    if re.fullmatch(r"e\d+", anchor):
        return _follow_target(delivered, text, page, anchor)
    shown = _explained(delivered, page, anchor)
    again = (_lacking if anchor.startswith("k") else _counted_again)(delivered, page, anchor)
    if "rate" in anchor and "不能算" in again:
        assert "不能算" in shown and "不能算" in text
    elif "家" in text:
        assert again in text or again.replace(",", "") in text, (text, again)
    else:
        assert text == shown == again, (link, text, shown, again)
    return None


def _follow_findings(delivered, text, anchor):
    page = delivered.page("evidence/findings.html")
    rows = page.get_element_by_id(anchor).xpath(".//tbody/tr") if anchor else page.xpath(".//tbody/tr")
    assert re.sub(r"\D", "", text.split("条")[0]) == str(len(rows))
    for row in rows[:5]:
        _, file, sheet, cell, found, *_ = (data.text_content() for data in row.findall("td"))
        if CELL.fullmatch(cell) and found:
            assert delivered.cell(file, sheet, cell).strip()[:20] in found or found in delivered.cell(
                file, sheet, cell
            )


def _follow_rows_read(delivered, text, anchor):
    title = delivered.page("evidence/sources.html").get_element_by_id(anchor).find("h2").text_content()
    file, sheet, read, header, *became = ROWS_READ.fullmatch(title).groups()
    assert int(read) == len(delivered.sheet(file, sheet)) == sum(map(int, became))
    assert any(delivered.sheet(file, sheet)[int(header) - 1])
    assert text.replace(",", "") in (read, *became)


def _follow_reasons(delivered, text, anchor):
    rows = delivered.page("evidence/start.html").get_element_by_id(anchor).xpath(".//tbody/tr")
    told = [[data.text_content() for data in row.findall("td")] for row in rows]
    assert all(reason in [row[-1] for row in told] for reason in text.split("；"))
    for fact, value, _, address, clause, _ in told:
        found = CELL.fullmatch(address)
        if found:
            assert "附件6" in clause or "通知" in clause
            written = delivered.cell(*delivered.files[found["sheet"]], f"{found['column']}{found['row']}")
            if fact == "member_margin":
                assert value == f"{written}人"


def _follow_target(delivered, text, page, anchor):
    row = delivered.page(f"evidence/{page}").get_element_by_id(anchor)
    state = row.findall("td")[-2].text_content()
    rank, points = re.search(r"优先第(\d+)位，(\d+)分", state).groups()
    assert text in (rank, points)
    listed = [int(number) for number in re.findall(r"\D(\d+)(?=；|）)", state[state.index("分（") :])]
    assert sum(listed) == int(points)


def _annex_numbers(delivered):
    """Annex, its trace line and the number that stands in the annex."""
    # Annex 4 counts many ledger cells in one of its own: its traces are a matter of their own test.
    for number in (3, 5):
        file = delivered.out / "annexes" / f"annex_{number}_出处.csv"
        with file.open(encoding="utf-8-sig", newline="") as stream:
            for line in csv.DictReader(stream):
                if re.fullmatch(r"\d+", line["内容"]) and line["列"] != "统一社会信用代码":
                    yield number, line


def test_two_hundred_random_figures_lead_back_to_the_ledger_cells(delivered):
    chance = random.Random(200)
    of_annexes = chance.sample(list(_annex_numbers(delivered)), FOLLOWED // 2)
    for text, link in chance.sample(delivered.figures, FOLLOWED - len(of_annexes)):
        _follow(delivered, text, link)
    annexes = delivered.out / "annexes"
    books = {number: openpyxl.load_workbook(annexes / f"annex_{number}.xlsx") for number in (3, 4, 5)}
    for number, line in of_annexes:
        written = books[number][line["工作表"]][line["单元格"]].value
        said = delivered.cell(line["台账文件"], line["台账工作表"], line["台账单元格"])
        assert str(written) == line["内容"] == said, line


def test_every_figure_of_the_overview_is_counted_again(delivered):
    for text, link in delivered.figures:
        _follow(delivered, text, link)


def test_no_number_of_the_overview_stands_without_its_evidence(delivered):
    page = delivered.page("index.html")
    bare = [
        data.text_content()
        for data in page.xpath(".//td[@class='number']")
        if re.search(r"\d", data.text_content()) and not data.xpath(".//a[contains(@class, 'figure')]")
    ]
    assert bare == []
    ranked = [link.getparent().getparent() for link in page.xpath(".//a[@class='figure rank']")]
    told = [[int(data.text_content()) for data in row.findall("td")[:2]] for row in ranked if _is_ranked(row)]
    assert [rank for rank, _ in told] == list(range(1, len(told) + 1))
    assert [gap for _, gap in told] == sorted((gap for _, gap in told), reverse=True)
    for _, link in delivered.figures:
        file, _, anchor = link.partition("#")
        target = delivered.page(unquote(file))
        assert not anchor or target.get_element_by_id(unquote(anchor)) is not None, link


def _is_ranked(row):
    return row.find("td").text_content().isdigit()


def test_every_enterprise_that_may_count_is_on_a_page_and_no_other(delivered):
    pages = sorted(page.name for page in (delivered.out / "evidence").glob("county-*.html"))
    listed = set()
    for page in pages:
        for marks, row, firm in delivered.firms(page):
            listed.add(row.find("td").find("i").text)
            for category, letter in (
                ("operating", "o"),
                ("eligible", "e"),
                ("duty_bound", "d"),
                ("park", "p"),
            ):
                taken = firm.taken(category)
                assert (letter in marks, f"{letter}1" in marks) == (taken is not False, taken is True)
    rows = delivered.sheet("企业台账.csv", "企业台账")
    place = {header: number for number, header in enumerate(rows[0])}
    expected = set()
    for number, row in enumerate(rows[1:], 2):
        told = {HEADERS[header]: row[at] for header, at in place.items() if header in HEADERS}
        is_enterprise = row[place["统一社会信用代码"]][:2] in ("91", "")
        if is_enterprise and Firm(**told).in_scope is not False:
            expected.add(f"企业台账!A{number}")
    assert listed == expected


@pytest.mark.parametrize("division", ["郑州市", "郑州市金水区", "济源市"])
def test_a_plan_of_one_place_opens_its_own_evidence_in_english(delivered, division, tmp_path):
    snapshot, findings = ce.read_ledgers([delivered.ledgers])
    plan = ce.plan(snapshot, findings=findings, division=division)
    write_overview(plan, tmp_path, lang="en")
    write_evidence(plan, tmp_path, lang="en")
    told = Delivered(delivered.ledgers, tmp_path)
    places = {page.name for page in (tmp_path / "evidence").iterdir()} - {
        "start.html", "findings.html", "sources.html"
    }  # fmt: skip
    linked = set()
    for text, link in told.figures:
        file, _, anchor = link.partition("#")
        linked.add(file.removeprefix("evidence/"))
        target = told.page(file).get_element_by_id(unquote(anchor)) if anchor else None
        if target is not None and target.get("class") == "figure" and "家" not in text and " " not in text:
            assert target.find("h2").text_content().endswith(f"：{text}"), link
    assert places >= linked - {"start.html", "findings.html", "sources.html"}
    assert not any(page.startswith("province") for page in places)


def test_the_pages_repeat_byte_for_byte_and_carry_no_script(delivered, tmp_path: Path):
    snapshot, findings = ce.read_ledgers([delivered.ledgers])
    write_evidence(ce.plan(snapshot, findings=findings), tmp_path)
    pages = sorted((tmp_path / "evidence").iterdir())
    assert [page.name for page in pages] == sorted(
        page.name for page in (delivered.out / "evidence").iterdir()
    )
    for page in pages:
        text = page.read_bytes()
        assert text == (delivered.out / "evidence" / page.name).read_bytes()
        assert b"<script" not in text
        assert b"default-src 'none'" in text
