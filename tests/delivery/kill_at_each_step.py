"""Delivers into a folder and dies at the first, second, third … file operation; tells what was left wrong.

Run as a program of its own: it makes copies of itself (fork), each of which is killed at one operation.
"""

import json
import os
import re
import shutil
import signal
import sys
from pathlib import Path

from coverage_engine.delivery import deliver

OPERATIONS = ("rename", "replace", "unlink", "mkdir", "rmdir", "fsync", "open")
FORMER = {
    "index.html": "old",
    "plan.json": "old",
    "actions/甲.xlsx": "old 甲",
    "actions/乙.xlsx": "old 乙",
    "maps/a.js": "same",
}
LATER = {
    "index.html": "new",
    "plan.json": "new",
    "actions/丙.xlsx": "new 丙",
    "maps/a.js": "same",
    "tables/t.csv": "new",
}
FOREIGN = {"note.txt": "mine", "actions/mine.docx": "mine too"}
EDITED = {"actions/乙.xlsx": "edited by hand"}


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def read(folder):
    return {
        each.relative_to(folder).as_posix(): each.read_text("utf-8")
        for each in folder.rglob("*")
        if each.is_file() and ".coverage-engine" not in each.as_posix().removeprefix(folder.as_posix())
    }


def delivered(folder, files):
    with deliver(folder, "plan") as made:
        write(made.folder, files)


def killing(step, after):
    """Makes the process die at its so manieth file operation."""
    count = 0

    def wrapped(call):
        def operation(*arguments, **named):
            nonlocal count
            count += 1
            if count == step and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                return call(*arguments, **named)
            finally:
                if count == step:
                    os.kill(os.getpid(), signal.SIGKILL)

        return operation

    for name in OPERATIONS:
        setattr(os, name, wrapped(getattr(os, name)))


def child(work):
    """Runs in a copy of this process; whether it ended by itself."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFEXITED(os.waitpid(pid, 0)[1])


def states(foreign, edited):
    """The former folder, and the later one as far as dates in names go."""
    former = {**FORMER, **foreign, **edited}
    later = {**LATER, **foreign}
    return former, later


def undated(files):
    return {re.sub(r"^已改动_[^/]*/", "", name): text for name, text in files.items()}


def wrong_after(folder, foreign, edited):
    """What is wrong in the folder once the next delivery has begun (and stopped for a reason of its own)."""
    former, later = states(foreign, edited)
    in_between = read(folder)
    told = []
    if any(in_between.get(name) != text for name, text in foreign.items()):
        told.append("a foreign file was touched")
    try:
        with deliver(folder, "plan"):
            raise KeyError("stopped")
    except KeyError:
        pass
    found = undated(read(folder))
    if found not in (former, {**later, **edited}):
        told.append(f"neither former nor later: {found}")
    hidden = {each.name for each in folder.iterdir() if each.name.startswith(".")}
    if hidden != {".coverage-engine-manifest.json"}:
        told.append(f"left behind: {hidden}")
    listed = json.loads((folder / ".coverage-engine-manifest.json").read_text("utf-8"))
    if set(listed["deliveries"]["plan"]) != set(FORMER if found == former else LATER):
        told.append("the manifest is not that of the files")
    return told


def main(place, foreign, edited):
    faults, steps = [], 0
    for after in (False, True):
        ended, step = False, 0
        while not ended:
            step += 1
            folder = place / f"{step}{after}"
            delivered(folder, FORMER)
            write(folder, {**foreign, **edited})

            def work(folder=folder, step=step, after=after):
                killing(step, after)
                delivered(folder, LATER)

            ended = child(work)
            steps += not ended
            told = wrong_after(folder, foreign, edited)
            faults += [f"{'after' if after else 'before'} step {step}: {fault}" for fault in told]
            shutil.rmtree(folder)
    print(json.dumps({"steps": steps, "faults": faults}, ensure_ascii=False))  # noqa: T201


if __name__ == "__main__":
    mixed = sys.argv[2] == "mixed"
    main(Path(sys.argv[1]), FOREIGN if mixed else {}, EDITED if mixed else {})
