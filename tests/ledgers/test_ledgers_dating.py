"""The date of ledgers: found where offices write it, told with its ground, never today in silence."""

from datetime import date
from pathlib import Path

import pytest

from coverage_engine.ledgers import read_ledgers, read_tables
from coverage_engine.ledgers.tables.dating import dates_in

ROW = "虚构甲有限公司,郑州市金水区,私人控股,5"
HEADER = "企业名称,所在地区,控股情况,团员数"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("企业台账20190510", [date(2019, 5, 10)]),
        ("2019年5月企业台账", [date(2019, 5, 31)]),
        ("2019年一季度", [date(2019, 3, 31)]),
        ("2018年下半年", [date(2018, 12, 31)]),
        ("201902", [date(2019, 2, 28)]),
        ("2019.5.10", [date(2019, 5, 10)]),
        ("2019年", []),
        ("410105", []),
        ("20191340", []),
        ("91410105201905107X", []),
    ],
)
def test_a_text_names_the_days_that_a_reader_would_see(text, days):
    assert sorted(set(dates_in(text))) == days


@pytest.mark.parametrize(
    ("name", "lines", "day", "place"),
    [
        ("企业台账20190510", [HEADER, ROW], date(2019, 5, 10), "文件名"),
        ("企业台账", ["2019年5月非公企业统计表,,,", HEADER, ROW], date(2019, 5, 31), "表头上方"),
        ("企业台账", [HEADER, ROW, "填报日期：2019年5月10日,,,"], date(2019, 5, 10), "表尾"),
    ],
)
def test_a_date_in_name_title_or_footer_is_taken_and_told(
    tmp_path: Path, name: str, lines: list[str], day: date, place: str
) -> None:
    file = tmp_path / f"{name}.csv"
    file.write_text("\n".join(lines), "utf-8")
    snapshot, findings = read_ledgers([file])
    assert snapshot.as_of == day
    told = findings.table.filter(code="as_of.taken")
    assert place in told["found"].item()
    assert any(place in message for message in snapshot["presumptions"]["message"])


def test_ledgers_without_a_date_are_warned_of_and_a_given_date_is_not() -> None:
    firm = dict(zip(HEADER.split(","), ROW.split(","), strict=True))
    undated, findings = read_tables({"企业台账": [firm]})
    assert undated.as_of == date.today()
    assert findings.table.filter(code="as_of.undated")["severity"].to_list() == ["warning"]
    _, findings = read_tables({"企业台账": [firm]}, as_of=date(2019, 5, 10))
    assert findings.table.filter(code="as_of.undated").is_empty()
