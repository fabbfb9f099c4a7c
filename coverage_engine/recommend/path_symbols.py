"""Symbols of paths on maps (路径符号): the rule of `paths/symbols.toml`, read, checked and applied.

Colours are judged by relative luminance and CIE lightness, which colour-vision deficiencies and grey prints
leave in order. Sources: WCAG 2.1 (contrast), IEC 61966-2-1 (sRGB), CIE 15 (L*).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coverage_engine.content import Fault, Place, Written
from coverage_engine.recommend.definitions import PathSymbol
from coverage_engine.recommend.path_shapes import PathFile, SymbolsFile

_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class SymbolRule:
    """符号规则: what may be drawn, and how unlike symbols of one shape must be."""

    shapes: tuple[str, ...]
    colours: tuple[str, ...]
    least_contrast: float
    least_lightness_gap: float

    def faults(self, symbol: PathSymbol, others: Sequence[PathSymbol]) -> list[tuple[str, str]]:
        """Key and fault of everything in which a symbol breaks the rule beside others."""
        breaches = []
        if symbol.shape not in self.shapes:
            breaches.append(("shape", f"没有形状 {symbol.shape!r}"))
        if not _COLOUR.fullmatch(symbol.colour):
            breaches.append(("colour", f'应写成 "#1b7837" 的样子（小写），现为 {symbol.colour!r}'))
        elif (contrast := white_contrast(symbol.colour)) < self.least_contrast:
            breaches.append(
                ("colour", f"太浅：与白色编号的对比度 {contrast:.1f}，应不低于 {self.least_contrast}")
            )
        elif any(self._alike(symbol, other) for other in others):
            breaches.append(
                (
                    "colour",
                    f"形状 {symbol.shape} 已有路径使用，两色的明度应相差 {self.least_lightness_gap:g} 以上",
                )
            )
        return breaches

    def next_symbol(self, others: Sequence[PathSymbol]) -> PathSymbol:
        """The first shape and colour that keep the rule, those used least before others."""
        shapes = _least_used(self.shapes, Counter(other.shape for other in others))
        colours = _least_used(self.colours, Counter(other.colour for other in others))
        pairs = [PathSymbol(shape, colour) for shape in shapes for colour in colours]
        return next((pair for pair in pairs if not self.faults(pair, others)), pairs[0])

    def _alike(self, one: PathSymbol, other: PathSymbol) -> bool:
        gap = abs(lightness(one.colour) - lightness(other.colour))
        return one.shape == other.shape and gap < self.least_lightness_gap


def read_symbol_rule(written: Written[SymbolsFile], faults: list[Fault]) -> SymbolRule:
    """The rule of `paths/symbols.toml`."""
    file = written.value
    rule = SymbolRule(file.shapes, file.colours, file.least_contrast, file.least_lightness_gap)
    for at, colour in enumerate(rule.colours, start=1):
        if white_contrast(colour) < rule.least_contrast:
            faults.append(written.place("colours", at).fault(f"{colour} 与白色的对比度不够高"))
    return rule


def symbols_of(
    written: Sequence[Written[PathFile]], rule: SymbolRule, faults: list[Fault]
) -> dict[str, PathSymbol]:
    """The symbol of each path by its file: as written, checked in order, or else chosen by the rule."""
    chosen: dict[str, PathSymbol] = {}
    for each in written:
        if (part := each.value.symbol) is not None:
            symbol, place = PathSymbol(part.shape, part.colour), each.place("symbol")
            faults += _symbol_faults(symbol, rule, list(chosen.values()), place)
            chosen[each.file] = symbol
    for each in written:
        if each.value.symbol is None:
            chosen[each.file] = rule.next_symbol(list(chosen.values()))
    return chosen


def _symbol_faults(
    symbol: PathSymbol, rule: SymbolRule, others: Sequence[PathSymbol], place: Place
) -> Iterator[Fault]:
    for key, problem in rule.faults(symbol, others):
        allowed = rule.shapes if key == "shape" else ()
        yield place.fault(problem, key, allowed=allowed, word=symbol.shape if allowed else "")


def white_contrast(colour: str) -> float:
    """Contrast of white on a colour, 1 to 21 (WCAG 2.1)."""
    return 1.05 / (_luminance(colour) + 0.05)


def lightness(colour: str) -> float:
    """CIE lightness L* of a colour, 0 (black) to 100 (white)."""
    luminance = _luminance(colour)
    return 116 * luminance ** (1 / 3) - 16 if luminance > 216 / 24389 else luminance * 24389 / 27


# ---------------------------------------------------------------------------------------------- private


def _luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, 0 to 1; that of white where it is no colour."""
    if not _COLOUR.fullmatch(colour):
        return 1.0
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _least_used(words: Sequence[str], counted: Counter[str]) -> list[str]:
    return sorted(words, key=lambda word: counted[word])
