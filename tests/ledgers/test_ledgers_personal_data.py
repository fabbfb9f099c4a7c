"""Numbers and names of people are hidden at the door; what only looks like them stays to the byte."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_engine.ledgers import read_ledgers, read_tables
from coverage_engine.ledgers.credit_codes import ALPHABET, credit_code_problem, organisation_code_is_valid
from coverage_engine.ledgers.personal_data import MARK, hide_numbers, without_people

AS_OF = date(2019, 6, 15)


def hidden(text: str) -> str:
    return str(hide_numbers(pl.Series([text], dtype=pl.String))[0])


PHONES = st.from_regex(r"\A1[3-9][0-9]{9}\Z")
CARDS = st.from_regex(
    r"\A41[0-9]{4}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]\Z"
).filter(lambda text: credit_code_problem(text) is not None)
AROUND = st.sampled_from(["", "电话", "花园路8号 ", "（", "tel_", "、", "张三", "联系人：李四"])


@given(AROUND, PHONES | CARDS, st.sampled_from(["", "转", "）", "、", " 备用", "_2019"]))
def test_a_number_is_hidden_wherever_it_stands(before: str, number: str, after: str) -> None:
    told = hidden(before + number + after)
    assert number not in told
    assert MARK in told


@pytest.mark.parametrize(
    "text",
    [
        "138 0000 1234", "138-0000-1234", "1380 000 1234", "+86 138 0000 1234", "8613800001234",
        "13,990,000,077", "１３８００００１２３４", "138\u200b00001234", "410105 19880101 0010",
        "410105880101001", "0371-65551234", "(0371)65551234", "6222021001112223334",
        "13800001234/13900001234",
    ],
)  # fmt: skip
def test_every_way_of_writing_a_number_is_seen(text: str) -> None:
    told = hidden(text)
    assert MARK in told
    assert not any(mark.isdigit() for mark in told)


@pytest.mark.parametrize(
    "text",
    [
        "34.13800001234", "113.13800001234", "2019-05-17 13:45:12", "201941000001", "1301-1302-1303",
        "郑州老板王鞋业有限公司",
        "花园路138号1400室", "9.14101E+17", "410105", "410100000012345", "13,14,15,16,17,18", "负责人事工作",
    ],
)  # fmt: skip
def test_what_only_looks_like_one_stays_to_the_byte(text: str) -> None:
    assert hidden(text) == text


@given(st.sampled_from(["91410105", "12410119", "51410120"]), st.from_regex(r"\A[0-9]{8}\Z"))
def test_a_valid_code_of_digits_alone_is_no_identity_card(prefix: str, body: str) -> None:
    inner = next(body + mark for mark in "0123456789X" if organisation_code_is_valid(body + mark))
    code = next(
        prefix + inner + mark for mark in ALPHABET if credit_code_problem(prefix + inner + mark) is None
    )
    assert hidden(code) == code


def test_names_beside_a_number_or_after_a_post_are_hidden() -> None:
    told = hidden("花园路8号 联系人：甄若棠，贾某真13800001234")
    assert "甄若棠" not in told and "贾某真" not in told
    assert told.startswith("花园路8号 联系人：")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("企业台账_甄若棠.xlsx", "企业台账_（像人名，已隐去）.xlsx"),
        ("贾某真13800001234.csv", "（像人名，已隐去）（像手机号，已隐去）.csv"),
        ("企业台账-欧阳锋.xls", "企业台账-（像人名，已隐去）.xls"),
        ("金水区企业台账（2019）.xlsx", "金水区企业台账（2019）.xlsx"),
        ("安阳.xlsx", "安阳.xlsx"),
        ("高新区-企业台账.csv", "高新区-企业台账.csv"),
    ],
)
def test_names_of_files_lose_people_and_keep_places(written: str, kept: str) -> None:
    assert without_people(written) == kept


def firm(**facts: object) -> dict[str, object]:
    return {"企业名称": "郑州某某商贸有限公司", "所在地区": "410105", **facts}


@pytest.mark.parametrize(
    "header",
    ["统一社会信用代码", "所在地区", "党组织", "营业状态", "青年数", "经度", "规模以上", "登记注册类型",
     "行业代码", "业主籍贯地区"],
)  # fmt: skip
@pytest.mark.parametrize("person", ["甄若棠", "13800001234", "410105198801010011"])
def test_a_person_in_a_column_of_facts_is_told_of_and_never_repeated(header: str, person: str) -> None:
    rows = [firm(), firm(企业名称="洛阳某某商贸有限公司", **{header: person})]
    snapshot, findings = read_tables({"企业台账": rows}, as_of=AS_OF)
    assert findings.table.filter(pl.col("cell").str.ends_with("3")).height
    assert person not in findings.table.write_csv()
    for name, table in snapshot.tables.items():
        assert person not in table.write_json(), name


def test_known_words_that_are_surnames_too_stay_words() -> None:
    snapshot, _ = read_tables(
        {"企业台账": [firm(党组织="单独", 团组织="联合", 所在地区="安阳")]}, as_of=AS_OF
    )
    assert snapshot["enterprises"].select("party", "city_code").row(0) == ("own", "410500")


def test_what_was_hidden_is_told_once_a_column(tmp_path: Path) -> None:
    file = tmp_path / "企业台账_贾某真.csv"
    rows = [f"郑州甲{i}商贸有限公司,410105,花园路{i}号 1380000{i:04}" for i in range(40)]
    file.write_text("\n".join(["企业名称,所在地区,详细地址", *rows]), "utf-8")
    snapshot, findings = read_ledgers([file], as_of=AS_OF)
    told = findings.table.filter(pl.col("code") == "personal.masked")
    assert told.height == 1
    assert told["found"].item().startswith("40 处")
    assert "贾某真" not in findings.table.write_csv() + snapshot["sources"].write_csv()
    assert snapshot["enterprises"]["address"].str.contains(MARK, literal=True).all()
