"""Typed reading of one table of a content file, collecting every fault under its file, key and line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from coverage_engine.recommend.content_lines import NO_LINES, Address, ContentLines
from coverage_engine.recommend.definitions import Words

_NO_WORDS = Words("", "")


class ContentFields:
    """One TOML table being read; each accessor notes a fault and goes on with a harmless value."""

    def __init__(
        self,
        table: object,
        where: str,
        faults: list[str],
        lines: ContentLines = NO_LINES,
        address: Address = (),
    ) -> None:
        self._table: dict[str, Any] = table if isinstance(table, dict) else {}
        self.where = where
        self.faults = faults
        self._lines, self._address = lines, address
        self._read: set[str] = set()
        if not isinstance(table, dict):
            faults.append(f"{where}：应为一组键值{self._line_of(address)}")

    @property
    def has_nothing(self) -> bool:
        """Whether nothing at all stands in it, as in a file that could not be read."""
        return not self._table

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._table

    def text(self, key: str) -> str:
        """A non-empty text."""
        value = self._take(key)
        if isinstance(value, str) and value.strip():
            return value
        self.fault(key, "应为文字，不能空缺")
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A non-empty list of texts."""
        value = self._take(key)
        if isinstance(value, list) and value and all(isinstance(item, str) and item for item in value):
            return tuple(value)
        self.fault(key, "应为一列文字，不能空缺")
        return ()

    def number(self, key: str) -> float:
        """A number."""
        value = self._take(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        self.fault(key, "应为数字，不能空缺")
        return 0.0

    def numbers(self, key: str) -> tuple[float, ...]:
        """A non-empty list of numbers."""
        value = self._take(key)
        if isinstance(value, list) and value and all(type(item) in (int, float) for item in value):
            return tuple(float(item) for item in value)
        self.fault(key, "应为一列数字，不能空缺")
        return ()

    def integer(self, key: str) -> int:
        """A whole number."""
        value = self._take(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.fault(key, "应为整数，不能空缺")
        return 0

    def pair(self, key: str) -> tuple[int, int]:
        """A list of two whole numbers, the smaller first."""
        value = self._take(key)
        if isinstance(value, list) and [type(item) for item in value] == [int, int] and value[0] <= value[1]:
            return value[0], value[1]
        self.fault(key, "应为 [最小, 最大] 两个整数")
        return 0, 0

    def flag(self, key: str) -> bool:
        """True or false; absent means false."""
        value = self._take(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.fault(key, "应为 true 或 false")
        return False

    def value(self, key: str) -> bool | int:
        """A whole number, or true or false."""
        value = self._take(key)
        if isinstance(value, int):
            return value
        self.fault(key, "应为整数或 true、false")
        return 0

    def words(self, key: str) -> Words:
        """A wording in both languages."""
        value = self._take(key)
        if isinstance(value, dict) and set(value) == {"zh", "en"}:
            zh, en = value["zh"], value["en"]
            if isinstance(zh, str) and isinstance(en, str):
                return Words(zh, en)
        self.fault(key, "应为 { zh = 中文, en = 英文 }，不能空缺")
        return _NO_WORDS

    def maybe_words(self, key: str) -> Words | None:
        """A wording that may be absent."""
        return self.words(key) if self.has(key) else None

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        """A text out of a closed list."""
        value = self._take(key)
        if isinstance(value, str) and value in allowed:
            return value
        self.fault(key, f"应为 {'、'.join(allowed)} 之一，现为 {value!r}")
        return allowed[0]

    def table(self, key: str) -> ContentFields:
        """A table inside this one."""
        address = (*self._address, key)
        return ContentFields(self._take(key), f"{self.where} {key}", self.faults, self._lines, address)

    def tables(self, key: str) -> Iterator[ContentFields]:
        """The tables of a list."""
        value = self._take(key)
        if not isinstance(value, list) or not value:
            self.fault(key, "应为一组 [[…]]，不能空缺")
            return
        for at, item in enumerate(value, start=1):
            address = (*self._address, key, at)
            yield ContentFields(item, f"{self.where} {key}[{at}]", self.faults, self._lines, address)

    def named_tables(self) -> Iterator[tuple[str, ContentFields]]:
        """Every table inside this one, with its name."""
        for key in self._table:
            yield key, self.table(key)

    def fault(self, key: str, problem: str, written_under: str = "") -> None:
        """Notes a fault of one key, or of a word written under a key."""
        line = self._line_of((*self._address, written_under or key))
        self.faults.append(f"{self.where} {key}：{problem}{line}")

    def close(self) -> None:
        """Notes every key that nobody asked for: a typo must not pass quietly."""
        for key in self._table:
            if key not in self._read:
                near = get_close_matches(key, self._read, n=1)
                self.fault(key, "没有这个键" + (f"，是否想写 {near[0]}" if near else ""))

    def _line_of(self, address: Address) -> str:
        line = self._lines.line_of(address)
        return "" if line is None else f"（第 {line} 行）"

    def _take(self, key: str) -> object:
        self._read.add(key)
        return self._table.get(key)
