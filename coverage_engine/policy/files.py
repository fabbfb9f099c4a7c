"""Reads policy files and collects every fault of a file with its line before refusing it.

A file is a list of TOML tables (`[[value]]`, `[[duty]]` …). Each entry needs its clause, most need a first
day in force; entries of one key must not overlap in time.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from coverage_engine.errors import PolicyError

Entry = dict[str, Any]


def parse(file: Path) -> Entry:
    """A policy file as parsed TOML.

    Raises:
        PolicyError: not there, or not TOML in UTF-8.
    """
    return toml_of(file, "政策文件", "data/policy")[0]


def toml_of(file: Path, called: str, example: str) -> tuple[Entry, list[str]]:
    """The content of a TOML file and its lines; a refusal calls it `called` and points to an `example`.

    Raises:
        PolicyError: not there, or not TOML in UTF-8.
    """
    try:
        text = file.read_text("utf-8-sig")
        return tomllib.loads(text), text.splitlines()
    except FileNotFoundError as error:
        raise PolicyError(f"找不到{called}：{file}", "请检查文件名和所在文件夹。") from error
    except OSError as error:
        raise PolicyError(
            f"打不开{called}：{file}", "请给出一个 .toml 文件（不是文件夹），并核对您有权读取它。"
        ) from error
    except RecursionError as error:
        raise PolicyError(
            f"{called} {file.name} 里括号套得太深", f"请对照 {example} 里的写法修改。"
        ) from error
    except ValueError as error:
        raise PolicyError(
            f"{called} {file.name} 不是正确的 TOML：{error}", f"请对照 {example} 里的写法修改，存为 UTF-8。"
        ) from error


def checked_entries(content: Entry, table: str, file: Path, needed: Sequence[str]) -> list[Entry]:
    """The entries of one table; every one has the needed fields, and no two of a key overlap in time.

    Raises:
        PolicyError: names each fault with its line, and the remedy.
    """
    entries: list[Entry] = content.get(table, [])
    lines = _lines(file, table, len(entries))
    faults = [
        f"第 {line} 行 {entry.get('key', '（无键名）')} 缺少 {'、'.join(lacking)}"
        for entry, line in zip(entries, lines, strict=True)
        if (lacking := [field for field in needed if entry.get(field) in (None, "")])
    ]
    faults += [
        f"第 {line} 行 {entry.get('key', '（无键名）')} 的 {field} 不是日期：{entry[field]!r}"
        for entry, line in zip(entries, lines, strict=True)
        for field in ("valid_from", "valid_to", "due")
        if field in entry and type(entry[field]) is not date
    ]
    if not faults and "valid_from" in needed:
        faults = _overlaps(entries, lines)
    if faults:
        raise PolicyError(
            f"政策文件 {file.name} 有误：" + "；".join(faults),
            f"每一项都要写 {'、'.join(needed)}（clause 是依据），同一键的日期不能重叠，日期写成 2019-06-15。",
        )
    return entries


def in_force(entries: Iterable[Entry], as_of: date) -> list[Entry]:
    """The entries in force on a day (both ends included)."""
    return [
        entry
        for entry in entries
        if entry["valid_from"] <= as_of and (entry.get("valid_to") is None or as_of <= entry["valid_to"])
    ]


def line_of(file: Path, table: str, number: int) -> int:
    """The line on which the key of the n-th entry of a table stands (n from 0)."""
    return _lines(file, table, number + 1)[number]


def _lines(file: Path, table: str, entries: int) -> list[int]:
    """The lines of the first entries of a table; the first line for one that is not written so."""
    lines = file.read_text("utf-8").splitlines()
    heads = [at for at, line in enumerate(lines) if line.strip() == f"[[{table}]]"]
    starts = []
    for head, end in pairwise([*heads, len(lines)]):
        keyed = (at for at in range(head, end) if lines[at].lstrip().startswith("key"))
        starts.append(next(keyed, head) + 1)
    return starts[:entries] + [1] * (entries - len(starts))


def _overlaps(entries: Sequence[Entry], lines: Sequence[int]) -> list[str]:
    faults = []
    for number, (later, line) in enumerate(zip(entries, lines, strict=True)):
        for earlier, before in zip(entries[:number], lines[:number], strict=True):
            if _identity(earlier) == _identity(later) and _meet(earlier, later):
                faults.append(f"第 {line} 行 {later.get('key', '')} 与第 {before} 行的有效日期重叠")
    return faults


def _identity(entry: Entry) -> object:
    return entry.get("key") or tuple(entry.get("codes", ()))


def _meet(one: Entry, other: Entry) -> bool:
    last = date.max
    return bool(
        one["valid_from"] <= other.get("valid_to", last) and other["valid_from"] <= one.get("valid_to", last)
    )
