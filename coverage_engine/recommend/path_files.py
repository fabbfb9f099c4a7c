"""Which files make up the paths: those shipped in `paths/`, with a province's own folder laid over them.

The folder is the list: `12_platform_enterprises.toml` is path 12. The paths of Annex 6 keep their numbers: an
own file may replace a shipped one of the same name, or go on after the last number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from coverage_engine.content import Fault, Written
from coverage_engine.errors import PolicyError
from coverage_engine.recommend.path_shapes import PathFile

PATTERN = "[0-9][0-9]_*.toml"
_NAME = re.compile(r"\d\d_[a-z][a-z0-9_]*\.toml")


def path_files(shipped: Path, own: Path | None, faults: list[Fault]) -> list[Path]:
    """The path files in order of their numbers, an own one in the place of the shipped one of its name.

    Raises:
        PolicyError: the own folder is not there, or holds no TOML file.
    """
    files = {file.name: file for file in shipped.glob(PATTERN)}
    numbered = {name[:2]: name for name in files}
    for file in _own_files(own) if own is not None else ():
        taken = numbered.get(file.name[:2], file.name)
        if not _NAME.fullmatch(file.name):
            faults.append(_of_file(file.name, "文件名应为 编号_key.toml，如 12_platform_enterprises.toml"))
        elif taken != file.name:
            problem = (
                f"路径{int(file.name[:2])} 已由 {taken} 占用；"
                f"要改它就用同一文件名，要新增就从 {_next_number(files):02d} 起编号"
            )
            faults.append(_of_file(file.name, problem))
        else:
            files[file.name] = file
    faults += _gaps({int(name[:2]) for name in files})
    return [files[name] for name in sorted(files)]


def _own_files(own: Path) -> list[Path]:
    remedy = "请给出放有自定路径文件（如 12_platform_enterprises.toml）的文件夹。"
    if not own.is_dir():
        raise PolicyError(f"找不到路径文件夹：{own}", remedy)
    files = sorted(file for file in own.iterdir() if file.suffix.lower() == ".toml")
    if not files:
        raise PolicyError(f"文件夹里没有路径文件：{own}", remedy)
    return files


def _next_number(files: dict[str, Path]) -> int:
    return max((int(name[:2]) for name in files), default=0) + 1


def _of_file(name: str, problem: str) -> Fault:
    return Fault(name, 0, "", problem)


def _gaps(numbers: set[int]) -> list[Fault]:
    return [
        _of_file(
            "路径文件夹", f"缺少路径{number}：编号应从 1 起连续，请补上 {number:02d}_….toml 或改后面的编号"
        )
        for number in range(1, max(numbers, default=0))
        if number not in numbers
    ]


def faults_together(written: Sequence[Written[PathFile]]) -> list[Fault]:
    """What is wrong with the names, keys and joint roles of all paths together."""
    faults, keys = list[Fault](), [each.value.key for each in written]
    joint = [each for each in written if each.value.founds_jointly]
    for at, each in enumerate(written):
        number, key = int(each.file[:2]), each.file[3:-5]
        if each.value.number != number:
            problem = f"应与文件名一致，写 number = {number}，现为 {each.value.number}"
            faults.append(each.place().fault(problem, "number"))
        if each.value.key != key:
            problem = f'应与文件名一致，写 key = "{key}"，现为 {each.value.key!r}'
            faults.append(each.place().fault(problem, "key"))
        if each.value.key in keys[:at]:
            problem = f"{each.value.key!r} 出现多次：每条路径的 key 不得相同"
            faults.append(each.place().fault(problem, "key"))
    problem = "founds_jointly = true 应恰好写在一条路径里（联合团支部由它提出）"
    if not joint:
        faults.append(_of_file("路径文件夹", f"{problem}，现在没有"))
    faults += [each.place().fault(problem, "founds_jointly") for each in joint if len(joint) > 1]
    return faults
