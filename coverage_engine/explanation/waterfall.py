"""The waterfall of a path: from base to score, each signed step where the one before ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from coverage_engine.explanation.explained import PathTold, SignedStep

_MILLION = 1_000_000
# Room beyond the outermost bar, in hundredths of the picture.
_MARGIN = 2.0


@dataclass(frozen=True)
class Axis:
    """The range of log-odds that several waterfalls share, in millionths."""

    low: int
    high: int

    def place(self, value: int) -> float:
        """Where a value lies, from 0 to 100."""
        return _MARGIN + (100 - 2 * _MARGIN) * (value - self.low) / max(1, self.high - self.low)


@dataclass(frozen=True)
class Bar:
    """One row of a waterfall: the step, its figure, where its bar begins, how wide it is, and which way."""

    step: SignedStep
    figure: str
    x: str
    width: str
    way: str


def shared_axis(paths: Sequence[PathTold]) -> Axis:
    """An axis on which every step of every path finds room, and zero."""
    reached = [0, *(value for path in paths for value in _levels(path))]
    return Axis(min(reached), max(reached))


def waterfall(path: PathTold, axis: Axis) -> list[Bar]:
    """The steps of a path as bars on the axis."""
    levels = [0, *_levels(path)]
    return [
        _bar(step, before, after, axis)
        for step, before, after in zip(path.steps, levels[:-1], levels[1:], strict=True)
    ]


def signed(millionths: int) -> str:
    """Log-odds with a sign and every digit that is stored, at least two."""
    digits = f"{abs(millionths) % _MILLION:06d}".rstrip("0").ljust(2, "0")
    return f"{'−' if millionths < 0 else '+'}{abs(millionths) // _MILLION}.{digits}"


# ---------------------------------------------------------------------------------------------- private


def _levels(path: PathTold) -> list[int]:
    return list(accumulate(step.contribution for step in path.steps))


def _bar(step: SignedStep, before: int, after: int, axis: Axis) -> Bar:
    left, right = sorted((axis.place(before), axis.place(after)))
    way = "base" if step.base else "up" if step.contribution > 0 else "down"
    return Bar(step, signed(step.contribution), f"{left:.2f}", f"{right - left:.2f}", way)
