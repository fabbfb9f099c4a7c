"""Variants of a firm's name as other hands write it: legal form swapped, place in brackets, spaces."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

_SWAPS = (
    ("有限责任公司", "有限公司"),
    ("集团有限公司", "有限公司"),
    ("有限公司", "有限责任公司"),
    ("股份有限公司", "有限公司"),
)
_FORMS = ("集团股份有限公司", "集团有限公司", "股份有限公司", "有限公司")


def name_variants(rng: np.random.Generator, names: Sequence[str]) -> list[str]:
    """A different writing for each name."""
    writers: tuple[Callable[[str], str], ...] = (_swap_form, _place_in_brackets, _half_brackets, _spaced)
    choice = rng.integers(0, len(writers), len(names))
    written = []
    for name, number in zip(names, choice, strict=True):
        variant = writers[number](name)
        written.append(variant if variant != name else _spaced(name))
    return written


def _swap_form(name: str) -> str:
    for ending, other in _SWAPS:
        if name.endswith(ending):
            return name.removesuffix(ending) + other
    return name


def _place_in_brackets(name: str) -> str:
    """河南某某食品有限公司 -> 某某食品（河南）有限公司.

    The whole form stays behind the place: 某某集团（河南）有限公司 is a group's firm in Henan, another firm.
    """
    form = next((form for form in _FORMS if name.endswith(form)), None)
    if form is None or not name.startswith("河南"):
        return name
    return name.removeprefix("河南").removesuffix(form) + f"（河南）{form}"


def _half_brackets(name: str) -> str:
    return name.replace("（", "(").replace("）", ")")


def _spaced(name: str) -> str:
    return f"{name[:2]} {name[2:]} "
