"""What ships: the wheel holds exactly the tracked code and content, and runs in any folder."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTENT = {
    "paths/": "coverage_engine/_content/paths/",
    "data/": "coverage_engine/_content/data/",
    "maps/": "coverage_engine/_content/maps/",
    "reports/": "coverage_engine/_content/reports/",
}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def _tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in listed.splitlines() if (ROOT / name).exists()]


def _shipped_name(name):
    for folder, place in CONTENT.items():
        if name.startswith(folder):
            return place + name.removeprefix(folder)
    return name


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only a checkout knows its tracked files")
def test_the_wheel_holds_the_tracked_files_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = {
        _shipped_name(name)
        for name in _tracked()
        if name.startswith(("coverage_engine/", *CONTENT)) and name != "data/README.md"
    }
    assert shipped == wanted


@pytest.mark.slow
def test_an_installed_wheel_runs_the_demo_beside_a_planners_own_files(wheel, tmp_path):
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-q", "-c", str(ROOT / "constraints.txt"), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    own = tmp_path / "planner"
    for name in ("data", "reports"):
        (own / name).mkdir(parents=True)
        (own / name / "私人文件.txt").write_text("与软件无关", "utf-8")
    (own / "paths.py").write_text(
        "raise RuntimeError('the planner\\'s own file must not be imported')\n", "utf-8"
    )
    command = [str(environment / "bin" / "coverage-engine"), "demo", "--enterprises", "800", "--out", "OUT"]
    done = subprocess.run(
        command, cwd=own, capture_output=True, text=True, env={**os.environ, "PYTHONUTF8": "1"}
    )
    assert done.returncode == 0, done.stderr
    assert (own / "OUT" / "index.html").exists()
    assert "index.html" in done.stdout
