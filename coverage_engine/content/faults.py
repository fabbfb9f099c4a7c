"""What is wrong in a content file: place, problem, what is allowed there and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from coverage_engine.content.positions import Address
from coverage_engine.errors import CoverageEngineError, PolicyError

_ALL_ALLOWED = 40
_NEAREST, _ALIKE = 8, 0.3


@dataclass(frozen=True)
class Fault:
    """内容差错: one fault of a content file.

    `entry` is the name that the entry of a list gives itself, beside its number in `key`; line 0 stands for
    the file as a whole. `allowed` are the words that may stand there, `word` the one that does.
    """

    file: str
    line: int
    key: str
    problem: str
    allowed: tuple[str, ...] = ()
    word: str = ""
    entry: str = ""

    def __str__(self) -> str:
        line = f" 第 {self.line} 行" if self.line else ""
        key = f" {self.key}" if self.key else ""
        entry = f"（{self.entry}）" if self.entry else ""
        return f"{self.file}{line}{key}{entry}：{self.problem}{self._hint()}"

    def _hint(self) -> str:
        parts = []
        if self.allowed:
            parts.append(f"可写 {_listed(self.word, self.allowed)}")
        if guess := meant(self.word, self.allowed):
            parts.append(f"您是不是要写 {guess}？")
        return f"（{'，'.join(parts)}）" if parts else ""


def meant(word: str, known: Iterable[str]) -> str:
    """The known word that is closest to a misspelt one; empty where none is close."""
    close = get_close_matches(word, list(known), 1, 0.6) if word else []
    return close[0] if close else ""


def dotted(address: Address) -> str:
    """An address as planners read it: `evidence[2].text.zh`."""
    words = ""
    for part in address:
        words += f"[{part}]" if isinstance(part, int) else f".{part}" if words else part
    return words


def refuse(
    faults: Sequence[Fault], called: str, remedy: str, error: type[CoverageEngineError] = PolicyError
) -> None:
    """Raises the error with every fault, one a line, in the order of files and lines; nothing where none is.

    Raises:
        CoverageEngineError: there are faults; the class is that of `error`.
    """
    if faults:
        files = list(dict.fromkeys(fault.file for fault in faults))
        ordered = sorted(dict.fromkeys(faults), key=lambda fault: (files.index(fault.file), fault.line))
        raise error(f"{called}有误：\n" + "\n".join(str(fault) for fault in ordered), remedy)


# ---------------------------------------------------------------------------------------------- private


def _listed(word: str, allowed: tuple[str, ...]) -> str:
    """All that is allowed; of very much only what is nearest to the word that stands there."""
    if len(allowed) <= _ALL_ALLOWED:
        return "、".join(allowed)
    near = get_close_matches(word, allowed, _NEAREST, _ALIKE) or list(allowed[:_NEAREST])
    return f"{'、'.join(near)} 等 {len(allowed)} 个"
