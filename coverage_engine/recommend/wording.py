"""Templates of `paths/` as expressions: names are shortened so that a sentence keeps its length.

A template is text with slots such as `{park}`; the slot `{park}` is filled from column `name_park`, except
`{value}`, which is the value of the fact that the sentence is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import narwhals as nw

from coverage_engine.frames.dialect import Lazy
from coverage_engine.recommend.definitions import Fact

NAMES: tuple[str, ...] = (
    "division",
    "park",
    "place",
    "site",
    "gathering",
    "department",
    "party_superior",
    "union_superior",
    "association",
    "society",
    "headquarters",
    "leader",
    "brand",
    "home",
    "neighbour",
    "neighbours",
    "group_sum",
)
"""Slots that a template may use besides `value`."""

ACTION_NAMES: tuple[str, ...] = (*NAMES, "group")
"""Slots that the text of an action may use: `group` is the joint branch proposed."""

_SLOT = re.compile(r"\{(\w+)\}")
# Room kept for a figure such as 100000人 or 37%.
_FIGURE_ROOM = 8
_FIGURES = frozenset({"value", "group_sum"})
# Spelt out: whole words are found in half the time that optional ones take.
LEGAL_FORM = "|".join(
    f"{group}{shares}有限{liability}公司"
    for group in ("集团", "")
    for shares in ("股份", "")
    for liability in ("责任", "")
)
_ANSWERS = {"zh": ("是", "否", "待核实"), "en": ("yes", "no", "to verify")}


def slots(template: str) -> list[str]:
    """The slots of a template, in order."""
    return _SLOT.findall(template)


def fixed_length(template: str) -> int:
    """Characters of a template without its names, with room for its figures."""
    figures = sum(1 for slot in slots(template) if slot in _FIGURES)
    return len(_SLOT.sub("", template)) + figures * _FIGURE_ROOM


def name_room(template: str, length: int) -> int:
    """Characters that each name may take so that the whole keeps to `length`."""
    names = sum(1 for slot in slots(template) if slot not in _FIGURES)
    return (length - fixed_length(template)) // names if names else length


def sentence(
    template: str,
    length: int,
    value: nw.Expr | None = None,
    named: Callable[[str, int], nw.Expr] | None = None,
) -> nw.Expr:
    """The template filled per row, at most `length` characters; `value` fills the slot `{value}`.

    `named` tells the name of a slot within its room: `short_name` where the frame has these names already.
    """
    room, named = name_room(template, length), named or _shortened
    parts: list[nw.Expr] = []
    for at, part in enumerate(_SLOT.split(template)):
        if at % 2 == 0:
            parts += [nw.lit(part)] if part else []
        elif part == "value":
            parts.append(value if value is not None else nw.lit(""))
        else:
            parts.append(nw.col(f"name_{part}") if part in _FIGURES else named(part, room))
    return nw.concat_str(parts, separator="")


def with_short_names(frame: Lazy, templates: Iterable[str], length: int) -> Lazy:
    """Adds the names of these templates within their rooms (`short_name`), each shortened once."""
    rooms: dict[str, set[int]] = {}
    for template in templates:
        for slot in (each for each in slots(template) if each not in _FIGURES):
            rooms.setdefault(slot, set()).add(name_room(template, length))
    bare = {
        slot: bared(nw.col(f"name_{slot}"), min(widths)).alias(f"bare_{slot}")
        for slot, widths in rooms.items()
    }
    return frame.with_columns(*bare.values()).with_columns(
        shortened(nw.col(f"name_{slot}"), nw.col(f"bare_{slot}"), room).alias(_short(slot, room))
        for slot, widths in rooms.items()
        for room in sorted(widths)
    )


def short_name(slot: str, room: int) -> nw.Expr:
    """The name of a slot within its room, of a frame that has it (`with_short_names`)."""
    return nw.col(_short(slot, room))


def shortened(name: nw.Expr, bare: nw.Expr, room: int) -> nw.Expr:
    """The name within `room` characters, else without its legal form (`bared`), else cut with an ellipsis."""
    cut = nw.concat_str([bare.str.slice(0, room - 1), nw.lit("…")], separator="")
    short = nw.when(bare.str.len_chars() <= room).then(bare).otherwise(cut)
    return nw.when(name.str.len_chars() <= room).then(name).otherwise(short)


def bared(name: nw.Expr, room: int) -> nw.Expr:
    """The name without its legal form; null where it fits into `room` characters anyway.

    Most names fit: only of the others is the legal form looked for, which takes long.
    """
    return nw.when(name.str.len_chars() > room).then(name).str.replace_all(LEGAL_FORM, "")


def value_text(fact: Fact, plus: int, lang: str = "zh") -> nw.Expr:
    """The fact's value as a planner reads it: 是, 5人, 35%; 待核实 where unknown."""
    value = nw.col(fact.key)
    yes, no, unknown = _ANSWERS[lang]
    if fact.kind == "flag":
        known = nw.when(value).then(nw.lit(yes)).otherwise(nw.lit(no))
    elif fact.kind == "class":
        known = value
    elif fact.kind == "share":
        known = nw.concat_str([(value // 10).cast(nw.String), nw.lit("%")], separator="")
    else:
        shown = (value + plus).cast(nw.String)
        unit = fact.unit.of(lang)
        known = nw.concat_str([shown, nw.lit(unit)], separator="") if unit else shown
    return nw.when(value.is_null()).then(nw.lit(unknown)).otherwise(known)


def value_word(fact: Fact, value: int, plus: int, lang: str = "zh") -> str:
    """One value of a count or share as a planner reads it."""
    return f"{value // 10}%" if fact.kind == "share" else f"{value + plus}{fact.unit.of(lang)}"


# ---------------------------------------------------------------------------------------------- private


def _short(slot: str, room: int) -> str:
    return f"short_{slot}_{room}"


def _shortened(slot: str, room: int) -> nw.Expr:
    name = nw.col(f"name_{slot}")
    return shortened(name, bared(name, room), room)
