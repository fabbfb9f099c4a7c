"""The one reader of TOML content: a file becomes frozen values of its shape, or a list of all its faults."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from coverage_engine.content.faults import Fault, dotted, refuse
from coverage_engine.content.positions import Address, Positions
from coverage_engine.content.shipped import content_file
from coverage_engine.errors import ContentError, CoverageEngineError, PolicyError

T = TypeVar("T")

_NAMING = ("key", "fact")
_PLACED = re.compile(r"\(at line (\d+), column \d+\)")
_DAYS = (date,)


@dataclass(frozen=True)
class Written(Generic[T]):
    """所写内容: a file as values of its shape, with the line on which each key stands."""

    file: str
    value: T
    content: Mapping[str, Any]
    text: str

    @cached_property
    def _positions(self) -> Positions:
        return Positions(self.text)

    def line(self, *address: str | int) -> int:
        """The line of a key, or of the table around it."""
        return self._positions.line(address)

    def place(self, *address: str | int) -> Place:
        """A place in the file, from which faults are told."""
        return Place(self, address)


@dataclass(frozen=True)
class Place:
    """所在之处: a table or value of a file."""

    written: Written[Any]
    address: Address = ()

    @property
    def line(self) -> int:
        """The line on which it stands."""
        return self.written.line(*self.address)

    def inside(self, *keys: str | int) -> Place:
        """A place within this one."""
        return Place(self.written, (*self.address, *keys))

    def fault(self, problem: str, *keys: str | int, allowed: tuple[str, ...] = (), word: str = "") -> Fault:
        """A fault of what stands here, or of a key within it."""
        address = (*self.address, *keys)
        return Fault(
            self.written.file,
            self.written.line(*address),
            dotted(address),
            problem,
            allowed,
            word,
            _entry_of(self.written.content, address),
        )


def read(
    file: Path, shape: type[T], called: str, example: str, error: type[CoverageEngineError] = PolicyError
) -> Written[T]:
    """A file as values of a shape; a refusal calls it `called` and points to an `example`.

    Raises:
        CoverageEngineError: of the class `error`; the file is not there or not TOML in UTF-8, or names every
            fault with its line, key and what is allowed.
    """
    faults: list[Fault] = []
    written = attempt(file, shape, called, example, faults, error)
    remedy = f"请按上面的行号和键名逐项改正后重试；写法见 {example}。"
    refuse(faults, f"{called} {file.name} ", remedy, error)
    assert written is not None, "a file that cannot be read has faults"
    return written


def attempt(
    file: Path,
    shape: type[T],
    called: str,
    example: str,
    faults: list[Fault],
    error: type[CoverageEngineError] = PolicyError,
) -> Written[T] | None:
    """The same for one file of several: its faults join those of the others, and nothing comes back.

    Raises:
        CoverageEngineError: of the class `error`; the file is not there, or no text file.
    """
    text = _text_of(file, called, example, error)
    try:
        content = tomllib.loads(text)
    except RecursionError:
        faults.append(Fault(file.name, 0, "", f"括号套得太深，请对照 {example} 里的写法修改"))
        return None
    except ValueError as problem:
        placed = _PLACED.search(str(problem))
        line = int(placed[1]) if placed else 0
        faults.append(Fault(file.name, line, "", f"不是正确的 TOML：{problem}"))
        return None
    return _held(file.name, content, text, shape, faults)


def held(content: Mapping[str, Any], shape: type[T], file: str, called: str, remedy: str) -> Written[T]:
    """Content that is parsed already, as values of a shape.

    Raises:
        PolicyError: names every fault with its key and what is allowed.
    """
    faults: list[Fault] = []
    written = _held(file, content, "", shape, faults)
    refuse(faults, called, remedy)
    assert written is not None, "what is not held has faults"
    return written


def faults_beside(content: Mapping[str, Any], shape: type, file: str) -> list[Fault]:
    """The faults of content that no file holds, such as values given on the spot."""
    from coverage_engine.content.checking import breaches

    return [
        Fault(file, 0, dotted(each.address), each.problem, each.allowed, each.word)
        for each in breaches(content, shape)
    ]


@cache
def read_shipped(shape: type[T], *parts: str) -> T:
    """A shipped content file as values of its shape.

    Raises:
        ContentError: the file is not there, or wrong; every fault at once.
    """
    file = content_file(*parts)
    return read(file, shape, "内容文件", "/".join(parts[:-1]), ContentError).value


def checked_content(shape: type, *parts: str) -> dict[str, Any]:
    """A shipped content file as it is written, after it has been held against its shape.

    For words and texts that code looks up by their keys; every call reads the file anew.

    Raises:
        ContentError: the file is not there, or wrong; every fault at once.
    """
    written: Written[Any] = read(content_file(*parts), shape, "内容文件", "/".join(parts[:-1]), ContentError)
    refuse([*_one_sided(written)], "内容文件", "请在另一种语言里补上同名的一项。", ContentError)
    return dict(written.content)


def read_content_toml(*parts: str) -> dict[str, Any]:
    """A content file in TOML, parsed and nothing more."""
    with content_file(*parts).open("rb") as stream:
        return tomllib.load(stream)


# ---------------------------------------------------------------------------------------------- private


def _held(
    file: str, content: Mapping[str, Any], text: str, shape: type[T], faults: list[Fault]
) -> Written[T] | None:
    try:
        value = msgspec.convert(content, shape, builtin_types=_DAYS)
    except msgspec.ValidationError as problem:
        faults += _faults(file, content, text, shape, problem)
        return None
    return Written(file, value, content, text)


def _text_of(file: Path, called: str, example: str, error: type[CoverageEngineError]) -> str:
    try:
        return file.read_text("utf-8-sig")
    except FileNotFoundError as problem:
        raise error(f"找不到{called}：{file}", "请检查文件名和所在文件夹。") from problem
    except OSError as problem:
        raise error(
            f"打不开{called}：{file}", "请给出一个 .toml 文件（不是文件夹），并核对您有权读取它。"
        ) from problem
    except UnicodeDecodeError as problem:
        raise error(
            f"{called} {file.name} 不是正确的 TOML：{problem}", f"请对照 {example} 里的写法修改，存为 UTF-8。"
        ) from problem


def _faults(
    name: str, content: Mapping[str, Any], text: str, shape: type, refusal: msgspec.ValidationError
) -> list[Fault]:
    from coverage_engine.content.checking import breaches

    written = Written(name, None, content, text)
    every = [
        written.place(*each.address).fault(each.problem, allowed=each.allowed, word=each.word)
        for each in breaches(content, shape)
    ]
    return every or [Fault(name, 0, "", str(refusal))]


def _one_sided(written: Written[Any]) -> Iterator[Fault]:
    """Texts that stand in one language and not in the other."""
    sides = {lang: written.content[lang] for lang in ("zh", "en") if lang in written.content}
    if len(sides) == 2 and all(isinstance(side, dict) for side in sides.values()):
        for lang, other in (("zh", "en"), ("en", "zh")):
            for key in sides[lang]:
                if key not in sides[other]:
                    yield written.place(lang, key).fault(f"{other} 里没有这一项")


def _entry_of(content: object, address: Address) -> str:
    """What the innermost entry of a list around a place calls itself."""
    name, here = "", content
    for part in address:
        if isinstance(here, dict) and isinstance(part, str) and part in here:
            here = here[part]
        elif isinstance(here, list) and isinstance(part, int) and part <= len(here):
            here = here[part - 1]
            if isinstance(here, dict):
                name = next((str(here[key]) for key in _NAMING if isinstance(here.get(key), str)), name)
        else:
            break
    return name
