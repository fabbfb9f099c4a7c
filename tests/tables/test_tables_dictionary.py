"""The dictionary: a page and a file beside the tables that say what every column means."""

import polars as pl
import pytest
from lxml import html

from coverage_engine.dictionary.dictionary_page import dictionary_page, dictionary_rows, write_dictionary
from coverage_engine.dictionary.reference_page import reference_page
from coverage_engine.ledgers.files.own_outputs import is_output
from coverage_engine.model.columns import Column, Table, Tables
from coverage_engine.model.tables import CAMPAIGN_TABLES, DICTIONARY, DUTY_TABLES, plan_files

FOLDERS = {"plan": plan_files(), "review": DUTY_TABLES, "simulate": CAMPAIGN_TABLES}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("tables", FOLDERS.values(), ids=FOLDERS)
def test_the_page_shows_each_column_with_meaning_and_unit_or_words(tables, lang):
    page = html.fromstring(dictionary_page(tables, lang))
    shown = {row.get("id"): row.text_content() for row in page.xpath("//tr[@id]")}
    wanted = {f"{table.name}.{column.name}": column for table in tables.values() for column in table.written}
    assert list(shown) == list(wanted)
    for anchor, column in wanted.items():
        assert column.title in shown[anchor] and column.meaning(lang) in shown[anchor]
        words = [part for word in column.words for part in (word.word, word.sense(lang))]
        assert all(part in shown[anchor] for part in (words or [column.unit(lang)])), anchor
    assert {link.get("href") for link in page.xpath("//nav//a")} == {f"#{name}" for name in tables}


def test_the_page_asks_for_nothing_and_runs_nothing():
    page = html.fromstring(dictionary_page(plan_files()))
    assert page.xpath("//script | //link | //img | //iframe") == []
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv]/@content")[0]


def test_what_a_description_says_is_shown_as_text():
    column = Column("<b>", "text", "<script>：<img src=x> 是文字", "<img src=x> is no picture here", "text")
    page = dictionary_page(Tables((Table("<i>", "<u>：<s>一行", "<u>: <s> a row", (column,)),)))
    assert "<img" not in page and "<script" not in page and "&lt;img src=x&gt;" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_file_has_a_row_for_each_column_as_it_is_described_itself(tmp_path, lang):
    write_dictionary(plan_files(), tmp_path, lang)
    rows = pl.read_csv(tmp_path / "字典.csv", infer_schema=False)
    assert tuple(rows.columns) == DICTIONARY.names
    wanted = [(table.name, column.name) for table in plan_files().values() for column in table.written]
    assert rows.select("table", "column").rows() == wanted
    assert rows.null_count().drop("words").sum_horizontal().item() == 0


def test_the_files_are_known_as_our_own_whatever_they_are_called(tmp_path):
    write_dictionary(plan_files(), tmp_path)
    assert is_output((tmp_path / "字典.csv").read_bytes(), "字典.csv")
    assert is_output((tmp_path / "字典.html").read_bytes(), "我的.html")


@pytest.mark.parametrize("name", ["schools", "reached", "asks", "enterprises"])
def test_a_table_of_a_plan_a_review_or_a_campaign_is_known_by_its_columns(name):
    for tables in FOLDERS.values():
        if name in tables:
            names = [each.name.replace("*", "leaders") for each in tables[name].written]
            assert is_output(",".join(f'"{each}"' for each in names).encode("utf-8-sig"), f"{name}.csv")
    assert not is_output(b"name,phone\n", f"{name}.csv")


def test_rows_say_the_words_with_their_sense():
    rows = dictionary_rows(plan_files()).filter(column="coverage_state")
    assert "own 单独建立；joint 联合覆盖" in rows["words"][0]


def test_the_reference_page_is_as_the_descriptions_have_it(pytestconfig):
    file = pytestconfig.rootpath / "docs" / "tables.md"
    stale = "python -m coverage_engine.dictionary.reference_page docs/tables.md"
    assert file.read_text("utf-8") == reference_page(), stale
