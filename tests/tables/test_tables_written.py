"""What is written stands as described: columns, key and order; what is not described is refused in words."""

import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine.dictionary.table_files import write_table
from coverage_engine.errors import UnknownTableError
from coverage_engine.model.columns import Column, Order, Table, columns, in_described_order, orders
from coverage_engine.model.tables import DUTY_TABLES, SNAPSHOT_TABLES, plan_files
from coverage_engine.reviewing import review, write_review

THINGS = Table(
    "things",
    "东西：每样一行",
    "Things: one row for each",
    columns(
        """
    code text code 代码：某样东西的代码
        code of some one thing
    p_* real chance 可能：每个情景一列的可能
        chance in each of the scenarios
    """
    ),
    key=("code",),
    sort=orders("code"),
)


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    made = []
    for seed in (1, 2):
        ce.write_sample(folder / str(seed), enterprises=150, seed=seed, messy=True)
        made.append(ce.read_ledgers([folder / str(seed)]))
    return made


@pytest.fixture(scope="module")
def planned(snapshots):
    return ce.plan(snapshots[0][0], findings=snapshots[0][1])


@pytest.fixture(scope="module")
def plan_folder(planned, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan")
    ce.write_plan(planned, folder)
    return folder


@pytest.fixture(scope="module")
def review_folder(snapshots, tmp_path_factory):
    folder = tmp_path_factory.mktemp("review")
    write_review(review(snapshots[1][0], before=snapshots[0][0]), folder)
    return folder


@pytest.mark.parametrize("name", plan_files())
def test_a_table_of_a_plan_stands_as_described(plan_folder, name):
    written = pl.read_parquet(plan_folder / "tables" / f"{name}.parquet")
    stands_as_described(written, plan_files()[name])


@pytest.mark.parametrize("name", DUTY_TABLES)
def test_a_table_of_a_review_stands_as_described(review_folder, name):
    table = DUTY_TABLES[name]
    kinds = {column.name: column.dtype for column in table.written}
    stands_as_described(pl.read_csv(review_folder / "tables" / f"{name}.csv", schema_overrides=kinds), table)


@pytest.mark.parametrize("name", SNAPSHOT_TABLES)
def test_a_table_of_a_snapshot_stands_as_described(snapshots, name):
    stands_as_described(snapshots[0][0][name], SNAPSHOT_TABLES[name], SNAPSHOT_TABLES[name].names)


def stands_as_described(frame, table, names=None):
    assert frame.columns == list(names or (column.name for column in table.written))
    if table.key:
        assert frame.select(table.key).is_unique().all(), table.key
    ranks = [of_order(frame, table, order) for order in table.sort if order.column in frame.columns]
    rows = pl.DataFrame({str(at): rank for at, rank in enumerate(ranks)})
    assert rows.equals(rows.sort(rows.columns, nulls_last=True, maintain_order=True)) if ranks else True


def of_order(frame, table, order: Order) -> pl.Series:
    """Numbers that rise as the order says."""
    values, way = frame[order.column], order.way
    if way == "descending":
        return -values
    if way == "ascending":
        return values
    column = next(each for each in table if each.name == order.column)
    first = [word.word for word in column.words] if way == "words" else list(dict.fromkeys(values))
    return values.replace_strict(first, list(range(len(first))), default=len(first), return_dtype=pl.Int64)


def test_the_overview_leads_from_each_table_to_its_entry(plan_folder):
    page = (plan_folder / "index.html").read_text("utf-8")
    for name in plan_files():
        assert f'href="tables/{name}.csv"' in page
        assert f'href="tables/%E5%AD%97%E5%85%B8.html#{name}"' in page
    assert {"字典.html", "字典.csv"} < {file.name for file in (plan_folder / "tables").iterdir()}


def test_a_second_plan_takes_the_place_of_the_first_with_its_dictionary(planned, plan_folder):
    ce.write_plan(planned, plan_folder, lang="en")
    assert "Dictionary of the tables" in (plan_folder / "tables" / "字典.html").read_text("utf-8")
    assert not list(plan_folder.glob("已改动_*"))


def test_blank_keys_come_last_and_what_stands_in_order_is_left_alone():
    frame = pl.DataFrame({"code": ["b", None, "a"], "p_one": [0.1, 0.2, 0.3]})
    ordered = in_described_order(frame, THINGS)
    assert ordered["code"].to_list() == ["a", "b", None]
    sound = ordered.head(2)
    assert in_described_order(sound, THINGS) is sound


def test_one_column_stands_for_all_scenarios(tmp_path):
    write_table(pl.DataFrame({"p_one": [0.1], "code": ["a"], "p_two": [0.2]}), THINGS, tmp_path)
    assert pl.read_parquet(tmp_path / "things.parquet").columns == ["code", "p_one", "p_two"]


@pytest.mark.parametrize(
    ("frame", "word"), [({"code": ["a"], "secret": [1]}, "secret"), ({"p_one": [0.5]}, "code")]
)
def test_a_column_too_many_or_too_few_is_refused_in_words(tmp_path, frame, word):
    with pytest.raises(UnknownTableError, match=word):
        write_table(pl.DataFrame(frame), THINGS, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_result_without_such_a_table_says_which_there_are(planned):
    for held in (planned, planned.snapshot):
        with pytest.raises(UnknownTableError, match="enterprises"):
            held["enterprise"]


def test_a_column_is_told_by_name_and_kind():
    assert Column("n", "count", "数：有多少个东西", "how many things there are", "things").dtype == pl.Int64
