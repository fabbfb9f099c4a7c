"""Letters and notices: Word documents that keep names as text, follow GB/T 9704 and repeat byte for byte."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from coverage_engine.content import held, read_content_toml
from coverage_engine.errors import ContentError, LedgerError, PolicyError
from coverage_engine.model.plan import Division, Plan
from coverage_engine.reporting.deadline import deadline
from coverage_engine.reporting.layout_shapes import LettersFile
from coverage_engine.reporting.letters import LetterOptions, write_letter_templates, write_letters
from coverage_engine.reporting.letters.blocks import documents
from coverage_engine.reporting.ranges import masked_counts

docx = pytest.importorskip("docx")
pytest.importorskip("docxtpl")

CITY = Division("410100", "郑州市", "city")


def _text(file: Path) -> str:
    document = docx.Document(str(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


@pytest.fixture(scope="module")
def written(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("letters")
    write_letters(plan, folder)
    return folder


def test_every_kind_of_document_is_written(written: Path) -> None:
    kinds = {file.relative_to(written).parts[0] for file in written.rglob("*.docx")}
    assert kinds == {
        "联合通知",
        "商请函",
        "致企业的函",
        "建团申请",
        "批复",
        "任务清单",
        "进展通报（稿）.docx",
        "工作简报.docx",
    }


def test_no_placeholder_is_left_and_names_dates_and_numbers_stay_blank(written: Path) -> None:
    for file in written.rglob("*.docx"):
        text = _text(file)
        assert "{{" not in text and "{%" not in text, file.name
    notice = _text(next((written / "联合通知").iterdir()))
    assert "〔2019〕　　号" in notice
    assert "2019年　　月　　日" in notice
    assert "（联系人及电话：＿＿＿）" in notice


def test_the_page_is_that_of_the_standard(written: Path) -> None:
    section = docx.Document(str(next((written / "批复").iterdir()))).sections[0]
    millimetres = [
        round(each.mm)
        for each in (section.page_width, section.page_height, section.top_margin, section.left_margin)
    ]
    assert millimetres == [210, 297, 37, 28]
    assert round(section.right_margin.mm) == 26


def test_fonts_are_named_with_what_may_stand_in_for_them(written: Path) -> None:
    with zipfile.ZipFile(written / "工作简报.docx") as package:
        fonts = package.read("word/fontTable.xml").decode()
        styles = package.read("word/styles.xml").decode()
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in fonts
    assert 'w:eastAsia="方正小标宋简体"' in styles


def test_a_notice_lists_every_target_of_its_counterpart(plan: Plan, written: Path) -> None:
    steps = plan["bundle_targets"].filter(pl.col("first"))
    served = steps.group_by("path", "counterpart").agg(pl.col("enterprise_id").unique())
    names = dict(plan["enterprises"].select("enterprise_id", "name").iter_rows())
    listed = [
        {row.cells[1].text for row in docx.Document(str(file)).tables[-1].rows[1:]}
        for folder in ("联合通知", "商请函")
        for file in (written / folder).iterdir()
    ]
    for ids in served["enterprise_id"].to_list():
        wanted = {names[number] for number in ids}
        assert len(wanted) == 1 or any(wanted == shown for shown in listed)


def test_an_enterprise_with_fewer_than_three_members_gets_no_founding_form(
    plan: Plan, tmp_path: Path
) -> None:
    short = plan["enterprises"].filter(pl.col("is_target") & (pl.col("member_margin") < 0))
    number = short["enterprise_id"][0]
    files = write_letters(plan, tmp_path, LetterOptions(enterprise_id=number))
    assert [file.parent.name for file in files] == ["致企业的函"]


def test_districts_are_named_with_their_city_and_counties_by_themselves(written: Path) -> None:
    text = "\n".join(_text(file) for file in (written / "致企业的函").iterdir())
    assert "共青团洛阳市涧西区委员会" in text or "共青团郑州市金水区委员会" in text
    assert "共青团郑州市中牟县委员会" not in text


def test_hostile_names_stay_text(
    make_plan: Callable[..., Plan], tmp_path: Path, hostile_names: list[str]
) -> None:
    names = [f"乌有{number}号" for number in range(8 * len(hostile_names))]
    names[::8] = hostile_names
    plan = make_plan(len(names), names=names)
    for number, name in enumerate(hostile_names):
        files = write_letters(plan, tmp_path / str(number), LetterOptions(enterprise_id=8 * number))
        wanted = name.replace("\t", " ").replace("\r", " ").replace("\uffff", " ")
        assert files
        assert all(wanted in _text(file) for file in files)


def test_writing_twice_gives_the_same_bytes(plan: Plan, written: Path, tmp_path: Path) -> None:
    for file in write_letters(plan, tmp_path):
        assert file.read_bytes() == (written / file.relative_to(tmp_path)).read_bytes(), file.name


def test_what_goes_public_shows_no_small_figure(plan: Plan, written: Path) -> None:
    rows = docx.Document(str(written / "进展通报（稿）.docx")).tables[-1].rows[1:]
    cells = [cell.text for row in rows for cell in row.cells[2:]]
    assert cells
    assert not {"1", "2"} & set(cells)
    assert "对外" in _text(written / "进展通报（稿）.docx")


def test_one_masked_figure_takes_another_with_it_so_that_a_total_does_not_tell() -> None:
    assert masked_counts([(2, 2), (9, 9), (5, 5), (0, 0)], 3, "<3", "—") == ["<3", "9", "—", "0"]
    assert masked_counts([(2, 2), (1, 4), (5, 5)], 3, "<3", "—") == ["<3", "<3", "5"]


def test_after_the_deadline_the_day_is_left_blank(plan: Plan, tmp_path: Path) -> None:
    late = replace(plan, as_of=plan.as_of.replace(year=2021))
    files = write_letters(late, tmp_path, LetterOptions(keys=("partner_letter",)))
    assert "2021年　　月　　日前反馈进展" in _text(files[0])


def test_the_last_working_day_before_saturday_the_fifteenth_is_friday() -> None:
    assert deadline().last_working_day.isoformat() == "2019-06-14"


def test_a_unit_may_change_a_template_in_word(plan: Plan, tmp_path: Path) -> None:
    write_letter_templates(tmp_path / "模板")
    own = tmp_path / "模板" / "brief.docx"
    changed = docx.Document(str(own))
    changed.paragraphs[0].runs[0].text = "乌有市自己的简报：{{ division }}"
    changed.save(str(own))
    options = LetterOptions(keys=("brief",), templates=tmp_path / "模板")
    assert "乌有市自己的简报：河南省" in _text(write_letters(plan, tmp_path, options)[0])
    changed.paragraphs[0].runs[0].text = "{{ no_such_fact }}"
    changed.save(str(own))
    with pytest.raises(PolicyError, match="no_such_fact"):
        write_letters(plan, tmp_path, options)


def test_a_template_cannot_reach_the_program(plan: Plan, tmp_path: Path) -> None:
    write_letter_templates(tmp_path)
    own = docx.Document(str(tmp_path / "brief.docx"))
    own.paragraphs[0].runs[0].text = "{{ division.__class__.__mro__ }}"
    own.save(str(tmp_path / "brief.docx"))
    with pytest.raises(PolicyError):
        write_letters(plan, tmp_path, LetterOptions(keys=("brief",), templates=tmp_path))


def test_a_missing_map_is_told(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="找不到地图图片"):
        write_letters(plan, tmp_path, LetterOptions(keys=("brief",), map_image=tmp_path / "none.png"))


def test_a_fault_in_the_content_names_its_place() -> None:
    content = read_content_toml("reports", "letters.toml")
    content["documents"][0]["blocks"][0]["style"] = "colour"
    key = content["documents"][0]["key"]
    with pytest.raises(
        PolicyError, match=rf"documents\[1\]\.blocks\[1\]\.style（{key}）：没有 'colour' 这个词"
    ):
        held(content, LettersFile, "letters.toml", "公文样式", "请修改。")


def test_without_the_extra_the_remedy_is_told(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(ContentError, match=r"不含这一部分（letters）"):
        write_letters(plan, tmp_path)


def _writer_is_there() -> bool:
    found = shutil.which("soffice")
    folder = Path(found).resolve().parent if found else Path()
    return (folder / "libswlo.so").exists()


@pytest.mark.office
@pytest.mark.skipif(
    not _writer_is_there(),
    reason="LIBREOFFICE WRITER IS MISSING: letters were NOT printed; install libreoffice-writer",
)
def test_the_brief_prints_on_one_page(make_plan: Callable[..., Plan], tmp_path: Path) -> None:
    files = write_letters(make_plan(240, division=CITY), tmp_path, LetterOptions(keys=("brief",)))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(shutil.which("soffice")), "--headless", profile, "--convert-to", "pdf"]
    command += ["--outdir", str(tmp_path), str(files[0])]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    told = subprocess.run(
        ["pdfinfo", str(tmp_path / "工作简报.pdf")], check=True, capture_output=True, text=True
    )
    assert "Pages:           1" in told.stdout


def test_every_document_has_a_key_of_its_own() -> None:
    keys = [document.key for document in documents()]
    assert len(keys) == len(set(keys))
