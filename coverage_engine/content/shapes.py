"""What shapes of content are made of: tables with described keys, texts, numbers, words in both languages.

A shape is a frozen msgspec struct. Three libraries were tried on the eleven path files (best of many runs,
milliseconds of processor time for importing, building the models, reading). pydantic 2.14 takes 85, 8, 1.3;
cattrs 26.2 takes 28, 8, 10, has no JSON Schema and converts types unless forbidden to; msgspec 0.23 takes
12, 1, 0.5, writes JSON Schema, and stops at the first fault. `check` of a small ledger takes about a second,
so that pydantic alone would cost more than the twentieth by which starting may become slower. Hence msgspec
makes the values, and only where it refuses a file does `content.checking` walk its shape for all faults.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar, dataclass_transform

from msgspec import Meta, Struct, StructMeta, field

T = TypeVar("T")


class _Frozen(StructMeta):
    """Makes every shape frozen, with keys in any order and no others than its own."""

    def __new__(mcls, name: str, bases: tuple[type, ...], names: dict[str, Any], **settings: Any) -> _Frozen:
        settings = {"frozen": True, "kw_only": True, "forbid_unknown_fields": True, **settings}
        return super().__new__(mcls, name, bases, names, **settings)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
class Table(Struct, frozen=True, metaclass=_Frozen):
    """键值: a table of content; keys that it does not name are refused."""


def says(meaning: str) -> Meta:
    """What a key means, for schemas and the reference page."""
    return Meta(description=meaning)


def written_as(pattern: str, example: str) -> Meta:
    """A text of one form; `example` shows it where another stands."""
    return Meta(pattern=pattern, extra={"example": example})


Text = Annotated[str, Meta(min_length=1, pattern=r"\S", extra={"example": "文字"})]
"""A text that says something."""

Texts = Annotated[tuple[Text, ...], Meta(min_length=1)]
"""A list of texts that is not empty."""

Number = Annotated[float, Meta(ge=-1e9, le=1e9)]
"""A number; neither infinite nor undefined."""

Share = Annotated[float, Meta(ge=0, le=1)]
"""A share or chance, 0 to 1."""

Weight = Annotated[float, Meta(ge=-100, le=100)]
"""A weight in log-odds (对数几率)."""

Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
"""A whole number of things."""

Whole = Annotated[int, Meta(ge=-1_000_000_000, le=1_000_000_000)]
"""A whole number that may be below zero."""


class Words(Table):
    """中英文字: one wording in both languages."""

    zh: Annotated[str, says("中文")]
    en: Annotated[str, says("英文")]


Length = Annotated[int, Meta(ge=0, le=100_000)] | Annotated[float, Meta(ge=0, le=100_000)]
"""A length or size, kept whole where it is written so."""

Wording = str | tuple[str, ...] | dict[str, str | tuple[str, ...]]
"""A text, a list of texts, or texts by key."""


class BilingualFile(Table):
    """中英文文字: the same texts by key in both languages."""

    zh: Annotated[dict[str, Wording], says("中文，按键")]
    en: Annotated[dict[str, Wording], says("英文，键同中文")]


def alike(kind: type[T], entry: Struct, **more: Any) -> T:
    """A plain frozen value of the product from an entry whose keys are named like its fields."""
    names = kind.__dataclass_fields__  # type: ignore[attr-defined]
    fields = {name: getattr(entry, name) for name in entry.__struct_fields__ if name in names}
    return kind(**{**fields, **more})
