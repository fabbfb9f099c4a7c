"""The command line: a thin skin, worded errors with the next step, honest exit codes."""

import io
import json
import re
import subprocess
import sys

import msoffcrypto.format.ooxml
import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner

from coverage_engine.cli.commands import coverage_engine

DONE, FOUND, USAGE = 0, 1, 2


def run(*arguments):
    return CliRunner().invoke(coverage_engine, [str(argument) for argument in arguments])


def told(result):
    return result.output + (result.stderr if result.stderr_bytes is not None else "")


def workbook(file, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file


ENTERPRISES = [
    ["企业名称", "所在地区", "团员数", "党组织", "团组织"],
    ["虚构甲有限公司", "郑州市金水区", 3, "单独", "无"],
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli") / "样例"
    assert run("sample", folder, "--enterprises", 400, "--messy").exit_code == DONE
    return folder


@pytest.mark.parametrize("command", sorted(coverage_engine.commands))
def test_every_command_explains_itself(command):
    result = run(command, "--help")
    assert result.exit_code == DONE
    assert coverage_engine.commands[command].help


def test_a_messy_sample_is_planned_for_one_city_from_the_files_alone(sample, tmp_path):
    result = run("plan", sample, "--out", tmp_path / "OUT", "--division", "郑州市")
    assert result.exit_code == DONE, told(result)
    assert "index.html" in result.output
    assert "读入" in result.output
    assert (tmp_path / "OUT" / "index.html").exists()


def test_check_prints_what_matters_most_and_where_the_rest_is(sample, tmp_path):
    result = run("check", sample, "--findings", tmp_path / "问题.xlsx")
    assert result.exit_code == FOUND
    assert "最要紧的" in result.output
    assert "问题.xlsx" in result.output
    assert (tmp_path / "问题.xlsx").exists()


def test_the_template_can_be_handed_in_again(tmp_path):
    file = tmp_path / "台账.xlsx"
    assert run("template", file).exit_code == DONE
    book = openpyxl.load_workbook(file)
    assert {"企业台账", "园区台账", "智慧团建导出"} <= set(book.sheetnames)
    result = run("check", file)
    assert result.exit_code in (DONE, FOUND)
    assert "Traceback" not in told(result)


def test_explain_tells_state_duty_and_every_path(tmp_path):
    file = workbook(tmp_path / "台账.xlsx", {"企业台账": ENTERPRISES})
    result = run("explain", file, "--enterprise", "虚构甲有限公司", "--as-of", "2019-06-15")
    assert result.exit_code == DONE, told(result)
    for words in ("虚构甲有限公司", "必须建团", "通知四（1）", "路径1", "路径11"):
        assert words in result.output, words
    english = run("explain", file, "--enterprise", "虚构甲有限公司", "--as-of", "2019-06-15", "--lang", "en")
    assert "must establish" in english.output


def test_explain_writes_a_page_beside_the_words(tmp_path):
    file = workbook(tmp_path / "台账.xlsx", {"企业台账": ENTERPRISES})
    page = tmp_path / "个案" / "甲.html"
    result = run("explain", file, "--enterprise", "虚构甲有限公司", "--as-of", "2019-06-15", "--html", page)
    assert result.exit_code == DONE, told(result)
    assert "没有建团成果台账" in result.output and str(page) in result.output
    written = page.read_text("utf-8")
    assert "建团个案说明：虚构甲有限公司" in written and "必须建团" in written


def test_explain_names_similar_enterprises_where_none_is_called_so(tmp_path):
    rows = [*ENTERPRISES, ["虚构甲二有限公司", "郑州市金水区", 3, "单独", "无"]]
    file = workbook(tmp_path / "台账.xlsx", {"企业台账": rows})
    result = run("explain", file, "--enterprise", "虚构甲")
    assert result.exit_code == FOUND
    assert "虚构甲有限公司" in told(result)
    assert "下一步" in told(result)


def _empty(tmp_path):
    return workbook(tmp_path / "空.xlsx", {"Sheet1": []})


def _unknown_kind(tmp_path):
    return workbook(tmp_path / "食堂.xlsx", {"食堂菜单": [["菜名", "价格"], ["烩面", 12]]})


def _missing_column(tmp_path):
    rows = [["企业名称", "团员数"], ["虚构甲有限公司", 3]]
    return workbook(tmp_path / "缺列.xlsx", {"企业台账": rows})


def _picture_named_xlsx(tmp_path):
    file = tmp_path / "假.xlsx"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    return file


def _with_password(tmp_path):
    plain = workbook(tmp_path / "明.xlsx", {"企业台账": ENTERPRISES}).read_bytes()
    file = tmp_path / "加密.xlsx"
    with file.open("wb") as stream:
        msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(plain)).encrypt("秘密", stream)
    (tmp_path / "明.xlsx").unlink()
    return file


def _folder_without_ledgers(tmp_path):
    folder = tmp_path / "照片"
    folder.mkdir()
    (folder / "合影.jpg").write_bytes(b"\xff\xd8\xff")
    return folder


def _not_there(tmp_path):
    return tmp_path / "没有.xlsx"


BAD = [
    _empty,
    _unknown_kind,
    _missing_column,
    _picture_named_xlsx,
    _with_password,
    _folder_without_ledgers,
    _not_there,
]


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__.strip("_"))
@pytest.mark.parametrize("command", ["check", "plan"])
def test_bad_input_gets_words_and_a_next_step(make, command, tmp_path):
    source = make(tmp_path)
    arguments = ["--out", str(tmp_path / "OUT")] if command == "plan" else []
    done = subprocess.run(
        [sys.executable, "-m", "coverage_engine", command, str(source), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    words = done.stdout + done.stderr
    assert done.returncode in (FOUND, USAGE), words
    assert "Traceback" not in words
    assert source.name in words or source.parent.name in words, words
    assert "下一步" in words or "请" in words, words


def test_an_unknown_division_is_a_usage_error(sample, tmp_path):
    result = run("plan", sample, "--out", tmp_path, "--division", "不存在市")
    assert result.exit_code == USAGE
    assert "不存在市" in told(result)


def test_a_faulty_policy_file_is_a_usage_error(sample, tmp_path):
    file = tmp_path / "口径.toml"
    file.write_text('[[value]]\nkey = "small_base"\nvalue = 5\nvalid_from = 2019-05-01\n', "utf-8")
    result = run("plan", sample, "--out", tmp_path / "OUT", "--policy", file)
    assert result.exit_code == USAGE
    assert "clause" in told(result)


def test_a_good_ledger_beside_an_unusable_sheet_is_planned_and_the_exit_code_says_so(tmp_path):
    sheets = {"企业台账": ENTERPRISES, "食堂菜单": [["菜名", "价格"], ["烩面", 12]]}
    file = workbook(tmp_path / "台账.xlsx", sheets)
    result = run("plan", file, "--out", tmp_path / "OUT")
    assert result.exit_code == FOUND
    assert "食堂菜单" in told(result)
    assert (tmp_path / "OUT" / "plan.json").exists()


def test_simulate_plays_the_headquarters_campaign_beside_doing_nothing(sample, tmp_path):
    result = run(
        "simulate", sample, "--path", "9", "--seeds", "2", "--months", "6", "--out", tmp_path / "OUT"
    )
    assert result.exit_code == DONE, told(result)
    assert (tmp_path / "OUT" / "index.html").exists()
    scenarios = pl.read_csv(tmp_path / "OUT" / "tables" / "scenarios.csv")
    assert scenarios.height == 2
    assumptions = pl.read_csv(tmp_path / "OUT" / "tables" / "assumptions.csv", infer_schema=False)
    stated = assumptions.filter(pl.col("source") == "本次运行给定")
    assert set(stated["key"]) == {"campaign.months", "starts.number"}
    page = (tmp_path / "OUT" / "maps" / "coverage.html").read_text("utf-8")
    periods = json.loads(re.search(r'id="coverage-data">(.*?)</script>', page).group(1))["periods"]
    assert [period["simulated"] for period in periods] == [True, True]
    assert all(period["name"].endswith("6个月后") for period in periods)
    assert "coverage.html" in told(result)


def test_a_wrong_description_of_an_online_base_map_ends_with_the_next_step(sample, tmp_path):
    result = run("plan", sample, "--out", tmp_path / "OUT", "--tiles", tmp_path / "none.toml")
    assert result.exit_code != DONE
    assert "--tiles" in told(result)
    assert "Traceback" not in told(result)


def test_simulate_holds_its_bands_against_what_came_after_an_earlier_ledger(sample, tmp_path):
    result = run(
        "simulate", sample, "--path", "9", "--seeds", "2", "--measure", "duty",
        "--earlier", sample, "--earlier-as-of", "2019-01-15", "--out", tmp_path / "OUT",
    )  # fmt: skip
    assert result.exit_code == DONE, told(result)
    table = pl.read_csv(tmp_path / "OUT" / "tables" / "backtest.csv")
    assert set(table["scenario"]) == {"do_nothing", "headquarters"}
    assert table["since"].unique().to_list() == ["2019-01-15"]
    whole = table.filter(pl.col("county_code").is_null() | (pl.col("county_code") == ""))
    assert (whole["q05"] <= whole["q95"]).all() and (whole["firms"] > 0).all()


def test_simulate_refuses_an_earlier_ledger_that_is_not_earlier(sample, tmp_path):
    result = run("simulate", sample, "--earlier", sample, "--out", tmp_path / "OUT")
    assert result.exit_code != DONE
    assert "请核对两期的时点" in told(result)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('[relation.neighbour]\ndrives = { value = 0.1, source = "x" }\n', "neighbour"),
        ('[relation.leader]\ndrives = { value = 1.2, source = "x" }\n', "现为 1.2"),
        ('[relation.leader]\nattempts = { value = -3, source = "x" }\n', "不能是负数"),
        ('[campaign]\nmonths = { value = 0, source = "x" }\n', "1 到 24"),
        (
            "".join(
                f'[[link]]\nrelation = "headquarters"\ndriver = "{one}"\ntarget = "{other}"\n'
                for one, other in ("甲乙", "乙甲")
            ),
            "第 8 行 link[2]：总部关系成环",
        ),
    ],
)
def test_simulate_refuses_a_bad_scenario_file_with_its_line_and_the_remedy(sample, tmp_path, lines, words):
    file = tmp_path / "自拟.toml"
    file.write_text('[scenario]\nkey = "own"\ntitle = "自拟"\n' + lines, "utf-8")
    result = run("simulate", sample, "--scenario", file, "--out", tmp_path / "OUT")
    assert result.exit_code not in (DONE, None) and result.exception.__class__ is SystemExit
    assert words in told(result) and "行" in told(result) and "下一步" in told(result)


@pytest.mark.parametrize("seeds", ["0", "几家", "-1"])
def test_a_number_of_starts_that_is_none_is_a_usage_error(sample, tmp_path, seeds):
    result = run("simulate", sample, "--seeds", seeds, "--out", tmp_path / "OUT")
    assert result.exit_code == USAGE
    assert "--seeds" in told(result)


def test_a_check_without_one_usable_row_still_writes_findings_and_account(tmp_path):
    ledger, findings = tmp_path / "企业台账.csv", tmp_path / "问题.xlsx"
    ledger.write_text("企业名称,统一社会信用代码\n甲有限公司,\n", encoding="utf-8")
    result = run("check", ledger, "--findings", findings)
    assert result.exit_code == 1
    assert "读入 2 行 = 采用 0 + 隔离 1" in result.output
    assert "缺少必填列 所在地区" in result.output
    assert findings.exists()
