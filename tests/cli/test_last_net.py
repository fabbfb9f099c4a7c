"""Whatever goes wrong ends in words with the next step and an exit code, never in a traceback."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from coverage_engine.cli.commands import coverage_engine
from coverage_engine.delivery import MANIFEST
from coverage_engine.face import intake

CASES = Path(__file__).parents[2].parent / "shared" / "cases"
COMMAND = [sys.executable, "-m", "coverage_engine"]


def run(*arguments):
    return CliRunner().invoke(coverage_engine, [str(each) for each in arguments])


class Panic(BaseException):
    """As a library in another language ends: no Exception."""


@pytest.mark.parametrize(
    ("error", "words", "code"),
    [
        (FileNotFoundError(2, "", "/台账.xlsx"), "找不到 /台账.xlsx", 1),
        (PermissionError(13, "", "/台账.xlsx"), "没有权限读写 /台账.xlsx", 1),
        (FileExistsError(17, "", "/OUT"), "已有 /OUT", 1),
        (IsADirectoryError(21, "", "/OUT"), "是文件夹", 1),
        (NotADirectoryError(20, "", "/OUT"), "是文件", 1),
        (OSError(28, "", "/OUT/a"), "磁盘已满", 1),
        (OSError(30, "", "/OUT/a"), "只读", 1),
        (OSError(5, "", "/OUT/a"), "出错", 1),
        (RuntimeError("No space left on device (os error 28)"), "磁盘已满", 1),
        (RuntimeError(OSError(13, "", "/问题.xlsx")), "没有权限读写 /问题.xlsx", 1),
        (MemoryError(), "内存不够", 1),
        (RecursionError(), "套得太深", 1),
        (KeyError("列"), "程序出了差错", 1),
        (Panic("panicked"), "程序出了差错", 1),
        (KeyboardInterrupt(), "已中断", 130),
    ],
)
def test_every_error_is_told_in_words(monkeypatch, tmp_path, error, words, code):
    monkeypatch.setattr(intake, "see_replaceable", _raising(error))
    result = run("check", tmp_path, "--findings", tmp_path / "问题.xlsx")
    assert result.exit_code == code
    assert words in result.output
    assert "下一步" in result.output
    assert "Traceback" not in result.output


def _raising(error):
    def raising(*_):
        raise error

    return raising


def test_the_log_tells_where_and_repeats_nothing_of_a_ledger(monkeypatch, tmp_path):
    error = ValueError("张三 13990000077 is no number")
    monkeypatch.setattr(intake, "see_replaceable", _raising(error))
    result = run("check", tmp_path, "--findings", tmp_path / "问题.xlsx")
    log = Path(re.search(r"经过记在 (\S+\.log)", result.output)[1])
    text = log.read_text("utf-8")
    log.unlink()
    assert "intake.py" in text
    assert "ValueError" in text and "is no number" in text
    for word in ("张三", "13990000077"):
        assert word not in text + result.output


def test_a_wrong_usage_keeps_its_exit_code():
    assert run("plan").exit_code == 2
    assert run("no-such-command").exit_code == 2


@pytest.mark.parametrize("coding", ["gbk", "cp936", "ascii", "cp1252", "utf-8"])
def test_output_in_any_code_page_ends_in_no_traceback(coding):
    file = CASES / "files" / "rare_characters.xlsx"
    if not file.exists():
        pytest.skip(f"没有检查生僻字：找不到 {file}")
    environment = {**os.environ, "PYTHONIOENCODING": coding, "LANG": "C"}
    done = subprocess.run([*COMMAND, "check", str(file)], capture_output=True, env=environment)
    assert done.returncode in (0, 1)
    assert b"Traceback" not in done.stdout + done.stderr
    assert b"rare_characters" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="没有检查写满的输出：本系统没有 /dev/full")
def test_output_that_cannot_be_written_is_told():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, "--help"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr
    assert "磁盘已满" in done.stderr


def test_a_reader_that_has_gone_ends_the_command_quietly():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*COMMAND, "--help"], stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert done.stderr == b""


def digests(out):
    listed = json.loads((out / MANIFEST).read_text("utf-8"))["deliveries"]["plan"]
    return {name: (out / name).read_bytes() for name in listed}


@pytest.mark.skipif(sys.platform == "win32", reason="没有检查中断：本系统没有 SIGKILL")
@pytest.mark.parametrize("times", [3, pytest.param(200, marks=pytest.mark.slow)])
def test_a_second_plan_killed_at_any_moment_leaves_the_former_output_whole(tmp_path, times):
    ledgers, out, other = tmp_path / "台账", tmp_path / "OUT", tmp_path / "别处"
    assert run("sample", ledgers, "--enterprises", 120).exit_code == 0
    for place, division in ((out, "郑州市"), (other, "洛阳市")):
        assert run("plan", ledgers, "--division", division, "--out", place).exit_code == 0
    (out / "说明.txt").write_text("mine", "utf-8")
    former, later = digests(out), digests(other)
    again = [*COMMAND, "plan", str(ledgers), "--division", "洛阳市", "--out", str(out)]
    started = time.monotonic()
    subprocess.run([*again[:-1], str(other)], check=True, capture_output=True)
    lasting, moments = time.monotonic() - started, random.Random(17)
    for _ in range(times):
        work = subprocess.Popen(again, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            work.wait(moments.uniform(0, 1.1 * lasting))
        except subprocess.TimeoutExpired:
            os.kill(work.pid, signal.SIGKILL)
            work.wait()
        found = digests(out)
        assert found in (former, later)
        assert (out / "说明.txt").read_text("utf-8") == "mine"
        if found == later:
            assert run("plan", ledgers, "--division", "郑州市", "--out", out).exit_code == 0
            assert digests(out) == former
