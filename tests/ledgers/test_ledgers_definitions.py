"""The descriptions of the ledgers are whole and fit the model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coverage_engine.content import content_file, content_files, read_content_toml
from coverage_engine.ledgers.kinds import COLUMN_TYPES, LedgerKind, fold_header, ledger_kind, ledger_kinds
from coverage_engine.ledgers.tables.headers import kind_by_name
from coverage_engine.model.tables import SNAPSHOT_TABLES
from coverage_engine.model.vocabulary import (
    Control,
    EstablishedForm,
    LeagueOrganisationKind,
    Operating,
)

KINDS = {
    "企业台账": "enterprises",
    "园区台账": "parks",
    "总部分支台账": "branch_offices",
    "产业链台账": "associated_enterprises",
    "行业协会台账": "association_members",
    "工会台账": "trade_unions",
    "党组织台账": "party_organisations",
    "团属社团台账": "society_members",
    "智慧团建导出": "league_organisations",
    "联合团组织覆盖台账": "joint_coverage",
    "行业主管部门台账": "government_agencies",
    "属地力量台账": "local_forces",
    "品牌工作台账": "brand_programmes",
    "青年之家台账": "youth_homes",
    "建团成果台账": "outcomes",
    "学校团员数量台账": "schools",
    "发展团员编号台账": "number_segments",
}
_READ_BY_NAME = {"coordinate_system", "remarks"}
_REFERENCES = re.compile(r"(enterprise|headquarters|leader|association|society)_(name|code)")


def test_every_kind_of_the_contract_is_described() -> None:
    assert {kind.sheet: kind.kind for kind in ledger_kinds()} == KINDS
    assert len(content_files("data", "ledgers", suffix=".toml")) == len(KINDS)


@pytest.mark.parametrize("kind", ledger_kinds(), ids=lambda kind: kind.kind)
def test_every_column_has_a_known_type_a_description_and_a_field_of_the_model(kind: LedgerKind) -> None:
    fields = {column.name for table in SNAPSHOT_TABLES.values() for column in table}
    for column in kind.columns:
        assert column.type in COLUMN_TYPES
        assert column.description
        assert bool(column.words) == (column.type == "choice") or column.type in ("flag", "count")
        known = column.key in fields | _READ_BY_NAME or _REFERENCES.fullmatch(column.key)
        assert known, column.key
        assert set(column.fills) <= fields
    assert kind.required


@pytest.mark.parametrize("kind", ledger_kinds(), ids=lambda kind: kind.kind)
def test_no_header_of_a_kind_means_two_columns(kind: LedgerKind) -> None:
    meant: dict[str, str] = {}
    for column in kind.columns:
        for header in (column.header, *column.aliases):
            assert meant.setdefault(fold_header(header), column.key) == column.key, header


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("party", set(EstablishedForm) - {EstablishedForm.DEPENDENT}),
        ("league_form", set(EstablishedForm)),
        ("league_kind", set(LeagueOrganisationKind)),
        ("control", set(Control)),
        ("operating", set(Operating)),
    ],
)
def test_vocabularies_lead_to_the_words_of_the_model(key: str, words: set[str]) -> None:
    column = ledger_kind("enterprises").column(key)
    assert {value.rstrip("?!") for value in (column.words or {}).values()} - {""} == {str(w) for w in words}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("企业台账", "enterprises"),
        ("2019年非公企业台账（汇总）", "enterprises"),
        ("联合团组织覆盖台账", "joint_coverage"),
        ("党组织台账", "party_organisations"),
        ("企业工会台账", "trade_unions"),
        ("enterprises", "enterprises"),
        ("Sheet1", None),
    ],
)
def test_names_of_sheets_and_files_tell_the_kind(name: str, kind: str | None) -> None:
    found = kind_by_name(name)
    assert (found.kind if found else None) == kind


@pytest.mark.parametrize(
    ("header", "folded"),
    [
        (" 团员数（人） ", "团员数"),
        ("是否规模以上", "规模以上"),
        ("团 员\n数", "团员数"),
        ("百强位次（２０１８）", "百强位次"),
        ("企业名称*", "企业名称"),
        ("３５岁以下青年数", "35岁以下青年数"),
    ],
)
def test_headers_are_folded_before_they_are_compared(header: str, folded: str) -> None:
    assert fold_header(header) == folded


def test_every_finding_has_words_and_every_worded_finding_is_used() -> None:
    content = read_content_toml("data", "ledgers", "words", "findings.toml")
    codes = {
        f"{group}.{name}": words for group, entries in content.items() for name, words in entries.items()
    }
    for words in codes.values():
        assert words["severity"] in ("error", "warning", "note")
        assert words["remedy"]
    package = Path(__file__).parents[2] / "coverage_engine"
    code_text = "".join(file.read_text("utf-8") for file in sorted((package / "ledgers").rglob("*.py")))
    code_text += (package / "divisions" / "resolver.py").read_text("utf-8")
    code_text += content_file("data", "ledgers", "words", "plausibility.toml").read_text("utf-8")
    unused = [
        code for code in codes if f'"{code}"' not in code_text and f'"{code.split(".")[1]}"' not in code_text
    ]
    assert unused == []


def test_the_folder_says_what_it_is_for() -> None:
    assert content_file("data", "ledgers", "README.md").read_text("utf-8")
