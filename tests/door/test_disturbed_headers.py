"""Headers written as people write them are read all the same; look-alikes of other things never are."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage_engine.ledgers.kinds import (
    LedgerColumn,
    column_under,
    fold_header,
    header_spellings,
    ledger_kind,
    ledger_kinds,
)
from coverage_engine.ledgers.list_forms import list_forms

_FEW = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_HALF_TO_FULL = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_COUNTED = ("employees", "young_employees", "league_members", "party_members", "union_members")
_BEFORE = ["其中：", "现有", "目前", "企业", "2018年", "2018年末", "截至2019年4月底", "现有企业"]
_AFTER = ["（人）", "(名)", "（单位：人）", "情况", "（个）"]
_STATES = ("party", "league_form", "union")
_OTHERWISE: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("look_alikes.toml").read_text("utf-8")
)


def spellings_of(header: str) -> st.SearchStrategy[str]:
    """A header with spaces, line breaks, full-width letters, a star or a hint in brackets."""
    plain = fold_header(header)
    places = st.integers(0, len(header))
    return st.one_of(
        st.just(header.translate(_HALF_TO_FULL)),
        places.map(lambda at: f"{header[:at]}\n{header[at:]}"),
        places.map(lambda at: f"{header[:at]} {header[at:]}"),
        st.just(f"*{header}"),
        st.just(f"{header}："),
        st.just(f"{header}（必填）"),
        st.just(f"【{header}】") if plain == header else st.just(header),
        st.just(f" {header}　"),
    )


@_FEW
@given(data=st.data())
def test_disturbed_headers_of_every_form_are_read_as_before(
    data: st.DataObject, all_forms: Any, lay_out_form: Any, wrongly_read: Any, fields_of: Any
) -> None:
    case = data.draw(st.sampled_from(all_forms))
    headers = [data.draw(spellings_of(header)) for header, _ in case.columns]
    order = data.draw(st.permutations(range(len(case.columns))))
    # Parts (其中…) speak of the number before them: their place is part of what they say.
    if any(header.startswith("其中") for header, _ in case.columns):
        order = list(range(len(case.columns)))
    layout = lay_out_form(case, headers, order)
    assert layout.kind is ledger_kind(case.kind)
    assert wrongly_read(case, layout, order) == {}
    read = fields_of(layout)
    useful = [place for place, index in enumerate(order) if case.columns[index][1]]
    assert set(useful) <= set(read), [case.columns[order[place]] for place in set(useful) - set(read)]


@_FEW
@given(data=st.data())
def test_synonyms_of_the_content_name_the_same_column(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(ledger_kinds()))
    column = data.draw(st.sampled_from(kind.columns))
    synonym = data.draw(st.sampled_from([column.header, *column.aliases]))
    named = kind.column_under(data.draw(spellings_of(synonym)))
    assert named is not None
    assert named.key == column.key


@_FEW
@given(data=st.data())
def test_words_that_change_nothing_name_the_same_number(data: st.DataObject) -> None:
    kind, column = data.draw(st.sampled_from(counted_columns()))
    # 人数 and 企业人数 say nothing of their own once such words are taken off.
    told = [
        each
        for each in (column.header, *column.aliases)
        if any("#count" in s for s in header_spellings(each))
    ]
    header = data.draw(st.sampled_from(told))
    before, after = data.draw(st.sampled_from(_BEFORE)), data.draw(st.sampled_from(_AFTER))
    named = ledger_kind(kind).column_under(f"{before}{header}{after}")
    assert named is not None
    assert named.key == column.key


@pytest.mark.parametrize("key", _STATES)
@pytest.mark.parametrize(
    "about", ["是否建立{}", "{}建立情况", "有无{}", "{}有无", "企业{}情况", "是否成立{}", "{}组建情况"]
)
def test_ways_to_ask_whether_there_is_an_organisation_name_the_same_column(key: str, about: str) -> None:
    words = {"party": "党组织", "league_form": "团组织", "union": "工会"}
    named = ledger_kind("enterprises").column_under(about.format(words[key]))
    assert named is not None
    assert named.key == key


@pytest.mark.parametrize(
    ("key", "header"), [(key, header) for key, headers in _OTHERWISE.items() for header in headers]
)
def test_a_header_that_only_looks_alike_is_never_taken_for_the_column(key: str, header: str) -> None:
    for keys in [ledger_kind("enterprises").header_keys(), *(form.keys() for form in forms_of_enterprises())]:
        named = column_under(header, keys)
        assert named is None or named.key != key or header in ("名次", "排名")
    named = ledger_kind("enterprises").column_under(header)
    assert named is None or named.key != key


@_FEW
@given(data=st.data())
def test_look_alikes_among_true_columns_are_not_read_for_them(
    data: st.DataObject, form_of: Any, lay_out_form: Any, fields_of: Any
) -> None:
    key = data.draw(st.sampled_from([key for key in _OTHERWISE if key not in ("name", "top_hundred_rank")]))
    strange = data.draw(st.sampled_from(_OTHERWISE[key]))
    true = [("企业名称", "name"), ("县区", "division_code"), ("从业人员数", "employees"), (strange, "")]
    true = [(header, field) for header, field in true if field != key]
    order = data.draw(st.permutations(range(len(true))))
    layout = lay_out_form(form_of("企业情况", true), None, order)
    assert key not in fields_of(layout).values()


@pytest.mark.parametrize(
    ("headers", "read"),
    [
        (["企业名称", "县区", "员工总数", "其中35岁以下", "其中团员"], {"young_employees", "league_members"}),
        (["企业名称", "县区", "党员总数", "其中35岁以下", "其中：女性"], set()),
        (["企业名称", "县区", "党员总数", "35岁以下", "大专以上"], set()),
        (["企业名称", "县区", "离退休人员", "其中团员"], set()),
        (["企业名称", "县区", "会员数", "35岁以下人数"], set()),
    ],
)
def test_a_part_is_of_the_number_before_it(
    headers: list[str], read: set[str], form_of: Any, lay_out_form: Any, fields_of: Any
) -> None:
    columns = [(header, "employees" if "岁" in header or "团员" in header else "") for header in headers]
    columns[0] = ("企业名称", "name")
    columns[1] = ("县区", "division_code")
    layout = lay_out_form(form_of("", columns))
    assert set(fields_of(layout).values()) & {"young_employees", "league_members"} == read


# ---------------------------------------------------------------------------------------------- private


def counted_columns() -> list[tuple[str, LedgerColumn]]:
    return [
        (kind.kind, column)
        for kind in ledger_kinds()
        for column in kind.columns
        if column.key in _COUNTED and kind.kind != "schools"
    ]


def forms_of_enterprises() -> list[Any]:
    return [form for form in list_forms() if form.kind == "enterprises"]
