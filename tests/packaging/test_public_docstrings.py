"""Every public function says what goes wrong, and its example runs as it stands."""

import doctest
import inspect
import os
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest

import coverage_engine as ce
from coverage_engine.cli.commands import coverage_engine
from coverage_engine.face import COMMANDS

FUNCTIONS = sorted(name for name in ce.__all__ if inspect.isfunction(getattr(ce, name)))
HEADER = "企业名称,所在地区,团员数,党组织,团组织\n"
FIRM = "郑州澈岚屿食品有限公司"
HEADINGS = ["序号", "企业名称", "统一社会信用代码", "团员数", "备注"]


def test_every_command_has_a_function_and_no_function_is_named_for_a_command_that_is_gone():
    assert set(COMMANDS) == set(coverage_engine.commands)
    assert set(COMMANDS.values()) <= set(FUNCTIONS)


def test_a_function_is_named_as_its_command_unless_python_reserves_the_word():
    other = {command: name for command, name in COMMANDS.items() if name != command.replace("-", "_")}
    assert other == {"import": "import_ledgers", "map": "map_ledgers"}, "and the names of Python itself"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_is_typed_and_says_what_goes_wrong(name):
    function = getattr(ce, name)
    signature = inspect.signature(function)
    assert signature.return_annotation is not inspect.Signature.empty
    assert all(each.annotation is not inspect.Parameter.empty for each in signature.parameters.values())
    told = inspect.getdoc(function)
    assert "Raises:\n" in told and "    ArgumentError: " in told
    assert "Example:\n    >>> " in told


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A folder with ledgers, a workspace of two versions, learned weights and a blank form."""
    here = tmp_path_factory.mktemp("examples")
    for day, members in ((date(2019, 5, 31), 2), (date(2019, 6, 15), 3)):
        ledgers = here / "台账"
        ledgers.mkdir(exist_ok=True)
        (ledgers / "企业台账.csv").write_text(f"{HEADER}{FIRM},410105,{members},单独,无\n", "utf-8")
        (ledgers / "工会台账.csv").write_text("企业名称,工会会员数\n澈岚屿食品有限公司,9\n", "utf-8")
        if not (here / "底数").exists():
            ce.init(here / "底数")
        ce.import_ledgers(here / "底数", ledgers, apply=True, as_of=day)
    (here / "权重").mkdir()
    (here / "权重" / "CURRENT").write_text("learned-812", "utf-8")
    lesson = '{"what": "lesson", "before": "expert", "after": "learned-812"}\n'
    (here / "权重" / "decisions.jsonl").write_text(lesson, "utf-8")
    (here / "交回").mkdir()
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    book.save(here / "附件3.xlsx")
    return here


@pytest.fixture(scope="module")
def names(prepared):
    """What an example may name: all that is public, and what was made before of the ledgers."""
    snapshot, findings = ce.read_ledgers(prepared / "台账", as_of=date(2019, 6, 15))
    made = ce.plan(snapshot, findings=findings)
    public = {name: getattr(ce, name) for name in ce.__all__}
    result = ce.simulate(made, ce.load_scenarios(path=9, starts=1, months=2))
    returned = ce.returns(snapshot, prepared / "交回")
    known = {"snapshot": snapshot, "findings": findings, "policy": ce.load_policy(snapshot.as_of)}
    return {**public, **known, "date": date, "Path": Path, "result": result, "returned": returned}, made


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_of_a_public_function_runs_as_it_stands(name, prepared, names, tmp_path, monkeypatch):
    shutil.copytree(prepared, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("PATH", os.defpath)
    monkeypatch.setattr("shutil.which", lambda program: None)
    told, made = names
    # `plan` is the function in its own example, and a plan in the others.
    known = {**told, "plan": ce.plan if name == "plan" else made}
    example = doctest.DocTestParser().get_doctest(inspect.getdoc(getattr(ce, name)), known, name, None, None)
    assert example.examples
    output = []
    doctest.DocTestRunner().run(example, out=output.append)
    assert not output, "".join(output)
