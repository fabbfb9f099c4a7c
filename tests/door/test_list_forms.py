"""Lists in the forms of departments are read as the ledgers that they are, and no column as another."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from coverage_engine.content import content_files
from coverage_engine.ledgers.files.raw_sheets import open_sources
from coverage_engine.ledgers.kinds import fold_header, ledger_kind
from coverage_engine.ledgers.list_forms import ListForm, list_forms
from coverage_engine.ledgers.reading import lay_out_all
from coverage_engine.ledgers.tables.column_proposals import column_proposals

CITY = Path(__file__).parents[3] / "shared" / "cases" / "city" / "raw"
_LEAST_FORMS = 25
_LEAST_SHARE = 0.95


def test_a_list_is_read_as_its_kind_of_ledger_without_being_renamed(
    form_case: Any, lay_out_form: Any
) -> None:
    assert lay_out_form(form_case).kind is ledger_kind(form_case.kind)


def test_no_column_of_a_list_is_read_as_another(form_case: Any, lay_out_form: Any, wrongly_read: Any) -> None:
    assert wrongly_read(form_case, lay_out_form(form_case)) == {}


def test_nearly_all_useful_columns_of_many_forms_are_read_unaided(
    all_forms: Any, lay_out_form: Any, fields_of: Any
) -> None:
    assert len(all_forms) >= _LEAST_FORMS
    for case in all_forms:
        read = set(fields_of(lay_out_form(case)))
        useful = [index for index, (_, field) in enumerate(case.columns) if field]
        assert len(read.intersection(useful)) / len(useful) >= _LEAST_SHARE, case.name


def test_a_proposal_says_of_every_column_what_is_done_with_it_and_why(
    form_case: Any, lay_out_form: Any, fields_of: Any
) -> None:
    layout = lay_out_form(form_case)
    proposals = {proposal.index: proposal for proposal in column_proposals(layout)}
    assert list(proposals) == list(range(len(form_case.columns)))
    assert all(proposal.reason for proposal in proposals.values())
    read = {index for index, each in proposals.items() if each.certainty == "certain" and each.field}
    assert read == set(fields_of(layout))


@pytest.mark.parametrize("form", list_forms(), ids=lambda form: form.form)
def test_every_form_names_its_ledger_its_fields_and_where_it_is_known_from(form: ListForm) -> None:
    kind = ledger_kind(form.kind)
    keys = {column.key for column in kind.columns}
    assert form.source
    assert form.headers
    assert set(form.columns.values()) <= keys
    assert set(form.words) <= keys
    for key, words in form.words.items():
        known = {value.rstrip("?!") for value in (kind.column(key).words or {}).values()}
        assert {value.rstrip("?!") for value in words.values()} - {""} <= known


def test_every_form_is_one_file_called_like_it() -> None:
    files = content_files("data", "ledgers", "forms", suffix=".toml")
    assert [file.stem for file in files] == [form.form for form in list_forms()]
    assert all(tomllib.loads(file.read_text("utf-8"))["form"] == file.stem for file in files)


def test_no_form_means_another_field_by_a_canonical_header_of_an_enterprise_ledger() -> None:
    canonical = {fold_header(column.header): column.key for column in ledger_kind("enterprises").columns}
    for form in list_forms():
        for header, key in form.columns.items():
            if form.kind == "enterprises":
                assert canonical.get(fold_header(header), key) == key, (form.form, header)


@pytest.mark.parametrize(
    ("sheet", "headers", "kind"),
    [
        ("青企协会员名册", ["序号", "姓名", "工作单位及职务", "协会职务"], "society_members"),
        ("建会名册", ["工会组织名称", "所属单位", "上级工会"], "trade_unions"),
        ("红旗区", ["党组织名称", "依托单位", "正式党员数"], "party_organisations"),
        ("经开区入驻企业一览表", ["企业名称", "项目地址", "用工人数"], "enterprises"),
        ("2018年度纳税百强", ["排名", "纳税人名称", "入库税款"], "enterprises"),
        ("市青联第八届委员", ["界别", "姓名", "工作单位", "职务"], "society_members"),
        ("Sheet1", ["序号", "企业名称"], "enterprises"),
    ],
)
def test_a_sheet_need_not_be_called_as_a_ledger(
    sheet: str, headers: list[str], kind: str, form_of: Any, lay_out_form: Any
) -> None:
    layout = lay_out_form(form_of("", [(header, "") for header in headers], kind, sheet))
    assert layout.kind is ledger_kind(kind)


def test_a_plain_list_of_names_is_told_what_it_lacks(form_of: Any, lay_out_form: Any) -> None:
    layout = lay_out_form(form_of("", [("序号", ""), ("企业名称", "name")]))
    assert layout.kind is ledger_kind("enterprises")
    assert [column.header for column in layout.missing] == ["所在地区"]


def test_every_sheet_of_a_city_has_its_kind_and_no_column_is_read_as_another() -> None:
    layouts = lay_out_all(open_sources([CITY], None)[0])
    kinds = {layout.raw.sheet: layout.kind.kind for layout in layouts if layout.kind}
    assert [layout.raw.sheet for layout in layouts if not layout.kind] == ["说明"]
    assert kinds["建会名册"] == "trade_unions"
    assert kinds["青企协"] == kinds["市青联第八届委员"] == "society_members"
    assert not any(layout.doubtful for layout in layouts)
    read = [(place.column.key, place.header) for layout in layouts for place in layout.columns]
    assert not [header for _, header in read if any(word in header for word in ("女性", "预备", "排名"))]
    assert {header for key, header in read if key == "employees"} == {
        "门店员工数",
        "从业人员期末人数", "用工人数", "从业人员数", "职工总数（人）", "员工总人数", "人员情况用工人数",
    }  # fmt: skip
    members = [header for key, header in read if key == "league_members"]
    assert len(members) == 15
    assert not any("党" in header for header in members)
