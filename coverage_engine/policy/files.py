"""Reads policy files and collects every fault of a file with its line before refusing it.

A file is a list of TOML tables (`[[value]]`, `[[duty]]` …: `policy.kinds`). Each entry needs its clause, most
need a first day in force; entries of one identity must not overlap in time.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from coverage_engine.errors import PolicyError
from coverage_engine.policy.kinds import HEAD, KINDS, SINGLE, Kind, ill_typed

Entry = dict[str, Any]
_REMEDY = (
    "每一项都要写依据（clause），同一项的日期不能重叠，日期写成 2019-06-15。写法见 data/policy 里的同类文件。"
)


@dataclass(frozen=True)
class Written:
    """条目: an entry with the file and the line on which it stands."""

    entry: Entry
    file: str
    line: int
    identity: object

    def fault(self, problem: str) -> str:
        """A fault of the entry with its place."""
        name = "、".join(self.identity) if isinstance(self.identity, tuple) else self.identity
        return f"第 {self.line} 行 {'（无键名）' if name in (None, '') else name} {problem}"


@dataclass(frozen=True)
class PolicyFile:
    """政策文件: the entries of one file by their table, and what the file says of itself."""

    name: str
    content: Entry
    entries: Mapping[str, Sequence[Written]]

    def in_force(self, table: str, as_of: date) -> list[Written]:
        """The entries of one table in force on a day (both ends included)."""
        return [each for each in self.entries.get(table, ()) if _from(each.entry) <= as_of <= _to(each.entry)]


def read_policy_file(file: Path, *, overlay: bool) -> PolicyFile:
    """A policy file with its entries checked for form.

    Raises:
        PolicyError: not there, not TOML in UTF-8; or it names each fault with its line, and the remedy.
    """
    content, lines = toml_of(file, "政策文件", "data/policy")
    faults = list(_head_faults(content, lines, overlay))
    entries = {}
    for kind in KINDS:
        if isinstance(listed := content.get(kind.table, []), list):
            entries[kind.table] = _written(listed, kind, file.name, lines)
            faults += _form_faults(entries[kind.table], kind, lines, overlay)
    refuse(file.name, faults)
    return PolicyFile(file.name, content, entries)


def refuse(name: str, faults: Sequence[str], remedy: str = _REMEDY) -> None:
    """Raises PolicyError where there are faults."""
    if faults:
        raise PolicyError(f"政策文件 {name} 有误：" + "；".join(faults), remedy)


def meant(word: str, known: Iterable[str]) -> str:
    """`，您是不是要写 …？` where a known word is close; else nothing."""
    close = get_close_matches(word, list(known), 1, 0.6)
    return f"，您是不是要写 {close[0]}？" if close else ""


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


# ---------------------------------------------------------------------------------------------- private


def _head_faults(content: Entry, lines: Sequence[str], overlay: bool) -> Iterator[str]:
    """Whatever stands outside the entries: unknown tables, words about the file, tables that stand once."""
    tables = [kind.table for kind in KINDS]
    for name, value in content.items():
        line = _first(lines, name)
        if name in tables:
            entries_only = isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
            if not entries_only:
                yield f"第 {line} 行 {name} 要写成 [[{name}]]"
        elif name in SINGLE:
            yield from _single_faults(name, value, line, overlay)
        elif name in HEAD:
            if not isinstance(value, str) or not value:
                yield f"第 {line} 行 {name} 应为文字，放在引号里"
        else:
            known = [*HEAD, *SINGLE, *tables]
            allowed = "、".join([*HEAD, *(f"[{one}]" for one in SINGLE), *(f"[[{one}]]" for one in tables)])
            yield f"第 {line} 行没有这样的项：{name}（可写 {allowed}{meant(name, known)}）"


def _single_faults(name: str, single: object, line: int, overlay: bool) -> Iterator[str]:
    fields = SINGLE[name]
    if not isinstance(single, dict):
        yield f"第 {line} 行 {name} 要写成 [{name}]"
        return
    needed = ("clause",) if overlay else fields
    if lacking := [field for field in needed if single.get(field) in (None, "")]:
        yield f"第 {line} 行 {name} 缺少 {'、'.join(lacking)}"
    for field, value in single.items():
        if field not in fields:
            may = f"可写 {'、'.join(fields)}{meant(field, fields)}"
            yield f"第 {line} 行 {name} 没有这样的项：{field}（{may}）"
        elif wanted := ill_typed(field, value):
            yield f"第 {line} 行 {name} 的 {field} 应为{wanted}：{value!r}"


def _written(listed: list[Any], kind: Kind, name: str, lines: Sequence[str]) -> list[Written]:
    if not listed:
        return []
    heads = [at for at, line in enumerate(lines) if line.lstrip().startswith(f"[[{kind.table}]]")]
    written = []
    for number, entry in enumerate(each for each in listed if isinstance(each, dict)):
        # An entry that is not written under a heading of its own stands on the first line.
        line = _line_in(lines, heads[number], kind.identity) if number < len(heads) else 1
        identity = entry.get(kind.identity)
        if isinstance(identity, list):
            identity = tuple(str(part) for part in identity)
        written.append(Written(entry, name, line, identity))
    return written


def _form_faults(written: Sequence[Written], kind: Kind, lines: Sequence[str], overlay: bool) -> list[str]:
    required, allowed = kind.required(overlay=overlay), kind.allowed(overlay=overlay)
    faults = []
    for each in written:
        if lacking := [field for field in required if each.entry.get(field) in (None, "")]:
            faults.append(each.fault(f"缺少 {'、'.join(lacking)}"))
        for field, value in each.entry.items():
            if field not in allowed:
                may = f"（可写 {'、'.join(allowed)}{meant(field, allowed)}）"
                faults.append(each.fault(f"没有这样的项：{field}{may}"))
            elif value != "" and (wanted := ill_typed(field, value)):
                what = "不是日期" if wanted.startswith("日期") else f"应为{wanted}"
                faults.append(each.fault(f"的 {field} {what}：{value!r}"))
    return faults or _overlaps(written)


def _overlaps(written: Sequence[Written]) -> list[str]:
    return [
        f"第 {later.line} 行 {later.identity} 与第 {earlier.line} 行的有效日期重叠"
        for number, later in enumerate(written)
        for earlier in written[:number]
        if earlier.identity == later.identity and _meet(earlier.entry, later.entry)
    ]


def _meet(one: Entry, other: Entry) -> bool:
    return _from(one) <= _to(other) and _from(other) <= _to(one)


def _from(entry: Entry) -> date:
    first: date = entry.get("valid_from", date.min)
    return first


def _to(entry: Entry) -> date:
    last: date = entry.get("valid_to", date.max)
    return last


def _first(lines: Sequence[str], name: str) -> int:
    """The line on which a table or a word about the file stands first."""
    heads = (f"[[{name}]]", f"[{name}]")
    for at, line in enumerate(lines, start=1):
        word = line.strip()
        if word.startswith(heads) or word.partition("=")[0].strip() == name:
            return at
    return 1


def _line_in(lines: Sequence[str], head: int, field: str) -> int:
    """The line of a field of the entry that begins at `head` (from 0); else that of the heading."""
    for at in range(head + 1, len(lines)):
        word = lines[at].strip()
        if word.startswith("["):
            break
        if word.partition("=")[0].strip() == field:
            return at + 1
    return head + 1
