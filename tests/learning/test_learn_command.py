"""`learn` on the command line: too few results change nothing, and the way back is told."""

import pytest
from click.testing import CliRunner

from coverage_engine.cli.commands import coverage_engine as command
from coverage_engine.learning import learn
from coverage_engine.learning.models_folder import keep, name_in_use
from coverage_engine.recommend import load_paths
from coverage_engine.samples import write_sample


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledgers")
    write_sample(folder, enterprises=300, seed=3)
    return folder


def _run(*words):
    return CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False)


def test_a_handful_of_results_leaves_the_expert_weights_in_use(ledgers, tmp_path):
    told = _run("learn", ledgers, "--models", tmp_path)
    assert told.exit_code == 0
    assert "不足100次" in told.output
    assert name_in_use(tmp_path) == "expert"


def test_one_command_goes_back_to_the_weights_before(tmp_path, otherwise):
    keep(tmp_path, learn(otherwise.attempts(2000), load_paths()))
    assert name_in_use(tmp_path).startswith("learned-2000-")
    told = _run("learn", "--models", tmp_path, "--revert")
    assert told.exit_code == 0
    assert name_in_use(tmp_path) == "expert"
    again = _run("learn", "--models", tmp_path, "--revert")
    assert again.exit_code != 0
    assert "下一步" in again.output


def test_learning_needs_a_folder_for_the_weights(ledgers):
    told = _run("learn", ledgers)
    assert told.exit_code == 2
    assert "--models" in told.output
