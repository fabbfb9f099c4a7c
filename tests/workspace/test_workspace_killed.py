"""kill -9 at random moments of import, undo and restore: the last published snapshot is always whole."""

import csv
import random
import signal
import subprocess
import sys
import time

import pytest

from coverage_engine.workspace import Request, history, import_ledgers, init_workspace, load_current

CHILD = """
import sys
from pathlib import Path
from coverage_engine.workspace import Request, import_ledgers, open_workspace, restore, undo
workspace = open_workspace(Path(sys.argv[1]))
sources = [Path(each) for each in sys.argv[2:]]
print("ready", flush=True)
while True:
    for source in sources:
        import_ledgers(workspace, Request([source], only=True))
        undo(workspace)
        restore(workspace, "1")
"""


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory):
    """Two ledgers of 400 firms each."""
    folder = tmp_path_factory.mktemp("ledgers")
    files = []
    for start in (0, 200):
        file = folder / f"企业台账{start}.csv"
        with file.open("w", encoding="utf-8-sig", newline="") as stream:
            rows = [[f"虚构{start + each}号有限公司", "410105", each] for each in range(400)]
            csv.writer(stream).writerows([["企业名称", "所在地区", "团员数"], *rows])
        files.append(file)
    return files


def kill_at_random(workspace, ledgers, moment):
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(workspace.folder), *map(str, ledgers)], stdout=subprocess.PIPE
    )
    assert child.stdout.readline() == b"ready\n"
    time.sleep(moment)
    assert child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("times", [5, pytest.param(200, marks=pytest.mark.slow)])
def test_the_last_published_snapshot_opens_and_the_command_can_be_run_again(tmp_path, ledgers, times):
    workspace = init_workspace(tmp_path / "工作目录")
    # Two versions: undoing an only one leaves nothing to open, which is no loss.
    for ledger in reversed(ledgers):
        import_ledgers(workspace, Request([ledger], only=True))
    chance = random.Random(2019)
    for number in range(times):
        kill_at_random(workspace, ledgers, chance.uniform(0, 0.9))
        done = history(workspace)
        snapshot, _ = load_current(workspace)
        assert snapshot["enterprises"].height == 400, number
        again = import_ledgers(workspace, Request([ledgers[number % 2]], only=True))
        assert again.snapshot["enterprises"].height == 400
        assert len(history(workspace)) >= len(done)
        left = [folder.name for folder in workspace.snapshots.iterdir() if folder.name.startswith(".")]
        assert again.entry is None or left == []
