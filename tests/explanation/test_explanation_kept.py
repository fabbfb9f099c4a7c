"""An enterprise of a workspace is told from kept results exactly as it is told anew, or it is told anew."""

import json
import random
import shutil
from functools import partial
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest
from click.testing import CliRunner

import coverage_engine as ce
from coverage_engine.cli.commands import coverage_engine
from coverage_engine.errors import WorkspaceError
from coverage_engine.explanation import explaining
from coverage_engine.explanation.explaining import Basis, explain_of_snapshot, explain_of_workspace
from coverage_engine.explanation.judgements import explanations, judged
from coverage_engine.explanation.lines import explanation_text
from coverage_engine.explanation.telling import explanation_of
from coverage_engine.learning.in_use import bytes_in_use
from coverage_engine.policy import load_policy
from coverage_engine.recommend import load_paths
from coverage_engine.workspace import Request as Import
from coverage_engine.workspace import import_ledgers, init_workspace, load_current, open_workspace, undo

FIRMS, ASKED, LINE = 500, 50, 3
SHIFTED = {"name": "learned-0123456789", "shifts": [[1, "base", "", 250_000]], "sets": None}
POLICY = """
version = "虚构口径"
[[value]]
key = "league_members_threshold"
value = {line}
clause = "虚构口径"
valid_from = 2019-05-02
"""


def silent(step):
    """Progress that nobody watches."""


def find(firm, _):
    return firm


def basis(folder, lang="zh", policies=()):
    models = folder / "models"
    return Basis(policies, bytes_in_use(models), partial(ce.load_weights, models), lang, silent)


def kept(folder, firm, lang="zh", policies=()):
    return explain_of_workspace(folder, partial(find, firm), basis(folder, lang, policies)).explained


def anew(folder, firm, lang="zh", policies=()):
    snapshot, _ = load_current(open_workspace(folder))
    return explain_of_snapshot(snapshot, partial(find, firm), basis(folder, lang, policies)).explained


def results(folder):
    return sorted((folder / "results").iterdir())


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A workspace of messy ledgers whose results are kept."""
    place = tmp_path_factory.mktemp("filled")
    ce.write_sample(place / "ledgers", enterprises=FIRMS, seed=11, messy=True)
    import_ledgers(init_workspace(place / "底数"), Import((place / "ledgers",)))
    kept(place / "底数", 0)
    return place / "底数"


@pytest.fixture
def workspace(filled, tmp_path):
    """The same workspace to be changed."""
    return Path(shutil.copytree(filled, tmp_path / "底数"))


@pytest.fixture
def nothing_computed(monkeypatch):
    """Fails whoever computes."""
    monkeypatch.setattr(explaining, "_computed", lambda *_: pytest.fail("computed anew"))


def some_firms(folder, asked):
    """Firms of the workspace by lot."""
    snapshot, _ = load_current(open_workspace(folder))
    return snapshot, random.Random(3).sample(snapshot["enterprises"]["enterprise_id"].to_list(), asked)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_kept_tells_what_tables_made_for_other_firms_tell(filled, lang):
    snapshot, firms = some_firms(filled, ASKED)
    wanted = nw.col("enterprise_id").is_in(firms)
    known = judged(snapshot, load_policy(snapshot.as_of), load_paths(), wanted)
    made = explanations(known, wanted, lang)
    told = [kept(filled, firm, lang) for firm in firms]
    for firm, each in zip(firms, told, strict=True):
        assert each == explanation_of(firm, made, snapshot.tables)
        assert explanation_text(each, lang) == explanation_text(
            explanation_of(firm, made, snapshot.tables), lang
        )
    assert sum(bool(each.paths) for each in told) > ASKED // 3
    assert any(each.cases for each in told) and any(not each.paths for each in told)


@pytest.mark.parametrize("asked", [3, pytest.param(ASKED, marks=pytest.mark.slow)])
def test_what_is_kept_tells_what_is_told_of_one_firm_alone(filled, asked):
    for firm in some_firms(filled, asked)[1]:
        assert kept(filled, firm) == anew(filled, firm)


def test_the_second_firm_is_told_without_computing_anything(filled, nothing_computed):
    assert kept(filled, FIRMS // 2).name and kept(filled, FIRMS // 3).name


def test_the_page_is_the_same_from_what_is_kept_and_anew(workspace, tmp_path):
    names = load_current(open_workspace(workspace))[0]["enterprises"]["name"].to_list()
    for firm in random.Random(4).sample(range(len(names)), 2):
        pages = []
        for turn in ("anew", "kept"):
            if turn == "anew":
                shutil.rmtree(workspace / "results")
            page = tmp_path / f"{turn}{firm}.html"
            asked = ["explain", "--workspace", workspace, "--enterprise", names[firm], "--html", page]
            assert CliRunner().invoke(coverage_engine, list(map(str, asked))).exit_code == 0
            pages.append(page.read_bytes())
        assert pages[0] == pages[1]


def cut_short(file):
    file.write_bytes(file.read_bytes()[:-7])


def other_byte(file):
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))


def gone(file):
    file.unlink()


def emptied(file):
    file.write_bytes(b"")


@pytest.fixture
def computed(filled, monkeypatch):
    """Counts the computations. What they give is known: that of the ledgers as they were first imported."""
    known = explain_of_workspace(filled, partial(find, 7), basis(filled)).known
    made = []
    monkeypatch.setattr(explaining, "_computed", lambda *_: made.append(1) or known)
    return made


@pytest.mark.parametrize(
    ("harm", "file"),
    [
        (cut_short, "steps.parquet"),
        (other_byte, "paths.parquet"),
        (gone, "states.parquet"),
        (emptied, "words.json"),
        (gone, "manifest.json"),
    ],
)
def test_damaged_results_are_computed_again_and_then_whole(workspace, computed, harm, file):
    told = kept(workspace, 7)
    assert computed == []
    for folder in results(workspace):
        harm(folder / file)
    assert kept(workspace, 7) == told and len(computed) == 1
    assert kept(workspace, 7) == told and len(computed) == 1


def test_a_manifest_that_names_no_words_or_tables_counts_as_nothing(workspace, computed):
    told = kept(workspace, 7)
    for folder in results(workspace):
        (folder / "manifest.json").write_text("{}", "utf-8")
    assert kept(workspace, 7) == told and len(computed) == 1


def test_results_that_cannot_be_written_are_told_all_the_same(workspace, computed):
    told = kept(workspace, 7)
    shutil.rmtree(workspace / "results")
    (workspace / "results").write_text("in the way", "utf-8")
    assert kept(workspace, 7) == told and len(computed) == 1


def test_another_policy_gives_results_of_its_own(workspace, tmp_path):
    overlay = tmp_path / "口径.toml"
    members = load_current(open_workspace(workspace))[0]["enterprises"]
    targets = members.filter(pl.col("league_members") == LINE, pl.col("league_form") == "none")
    firm = targets["enterprise_id"][0]
    told = kept(workspace, firm)
    for line in (LINE + 1, LINE + 2):
        overlay.write_text(POLICY.format(line=line), "utf-8")
        other = kept(workspace, firm, policies=(overlay,))
        assert other != told
        told = other
    assert told == anew(workspace, firm, policies=(overlay,))


def test_other_weights_give_results_of_their_own(workspace):
    firm = next(each for each in range(FIRMS) if (kept(workspace, each).path(1) or 0))
    before = kept(workspace, firm).path(1)
    (workspace / "models").mkdir()
    (workspace / "models" / f"{SHIFTED['name']}.json").write_text(json.dumps(SHIFTED), "utf-8")
    (workspace / "models" / "CURRENT").write_text(SHIFTED["name"], "utf-8")
    assert kept(workspace, firm).path(1).score == before.score + 250_000
    assert kept(workspace, firm) == anew(workspace, firm)
    # The model's own file counts too, not only its name.
    twice = {**SHIFTED, "shifts": [[1, "base", "", 500_000]]}
    (workspace / "models" / f"{SHIFTED['name']}.json").write_text(json.dumps(twice), "utf-8")
    assert kept(workspace, firm).path(1).score == before.score + 500_000


def test_a_changed_ledger_is_told_and_its_undoing_finds_the_former_results(workspace, monkeypatch, tmp_path):
    place = open_workspace(workspace)
    firm = load_current(place)[0]["enterprises"].row(5, named=True)
    told = kept(workspace, 5)
    sheet = tmp_path / "企业增补台账.csv"
    sheet.write_text(f"企业名称,所在地区,团员数\n{firm['name']}甲乙丙丁号店,410105,12\n", "utf-8")
    import_ledgers(place, Import((sheet,)))
    for each in (5, 6):
        assert kept(workspace, each) == anew(workspace, each)
    undo(place)
    monkeypatch.setattr(explaining, "_computed", lambda *_: pytest.fail("computed anew"))
    assert kept(workspace, 5) == told


def test_changed_content_gives_results_of_its_own(workspace, computed, monkeypatch, tmp_path):
    for folder in ("paths", "data"):
        shutil.copytree(explaining.content_root() / folder, tmp_path / folder)
    monkeypatch.setattr(explaining, "content_root", lambda: tmp_path)
    before = len(results(workspace))
    kept(workspace, 5)
    assert len(results(workspace)) == before and computed == []
    with (tmp_path / "paths" / "01_party_building.toml").open("a", encoding="utf-8") as stream:
        stream.write("# changed")
    kept(workspace, 5)
    assert len(results(workspace)) == before + 1 and len(computed) == 1


def test_a_version_that_older_software_described_is_loaded_whole(filled, monkeypatch):
    told = kept(filled, 7)
    monkeypatch.setattr(explaining, "_described", lambda *_: False)
    assert kept(filled, 7) == told


def test_a_damaged_version_is_told_of_although_results_are_kept(workspace):
    other_byte(workspace / "snapshots" / "000001" / "enterprises.parquet")
    with pytest.raises(WorkspaceError, match="000001"):
        kept(workspace, 7)


def test_results_of_long_ago_are_let_go(workspace, computed):
    for folder in results(workspace):
        shutil.rmtree(folder)
    for number in range(12):
        (workspace / "results" / f"former{number}").mkdir()
    kept(workspace, 7)
    assert len(results(workspace)) <= 8 and len(computed) == 1
    assert any((folder / "words.json").exists() for folder in results(workspace))
