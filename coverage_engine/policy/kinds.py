"""The kinds of entries of policy files: which file has them, what each says, what may be laid over.

One description for the shipped files and for the planners' own: the reader refuses what stands in neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_DATES = ("valid_from", "valid_to")


@dataclass(frozen=True)
class Kind:
    """政策条目: one table of policy files, `called` so in messages.

    `identity` names an entry: one laid over replaces that of the same identity. `adds`: an overlay may bring
    new ones. `overlaid` are the fields that an overlay may write where they are not all; the rest stays.
    """

    table: str
    called: str
    file: str
    identity: str
    needed: tuple[str, ...]
    more: tuple[str, ...] = ()
    adds: bool = True
    overlaid: tuple[str, ...] = ()

    def required(self, *, overlay: bool) -> tuple[str, ...]:
        """The fields that every entry must say."""
        every = (self.identity, *self.needed)
        return tuple(name for name in every if name in self.overlaid) if overlay and self.overlaid else every

    def allowed(self, *, overlay: bool) -> tuple[str, ...]:
        """The fields that an entry may say."""
        if overlay and self.overlaid:
            return self.overlaid
        return tuple(dict.fromkeys((self.identity, *self.needed, *self.more, *_DATES)))


KINDS: tuple[Kind, ...] = (
    Kind(
        *("value", "参数", "notice_2019_17.toml", "key", ("value", "clause", "valid_from")),
        more=("unit", "note"),
        adds=False,
    ),
    Kind(
        *("duty", "要求", "duties.toml", "key"),
        needed=(
            *("strength", "title", "clause", "quote", "condition", "evidence", "subject"),
            *("applies", "met", "valid_from"),
        ),
        more=("due", "title_en", "founding", "standing"),
    ),
    Kind(
        *("tier", "重点层级", "targets.toml", "key", ("applies", "clause", "valid_from")),
        more=("unknown_counts",),
        adds=False,
    ),
    Kind(
        *("target", "列入规则", "targets.toml", "key", ("order", "listed", "clause", "valid_from")),
        more=("applies", "words", "words_en"),
    ),
    Kind("points", "优先分", "priority.toml", "key", ("applies", "points", "label", "clause")),
    Kind("size", "规模分", "priority.toml", "employees", ("points", "label", "clause")),
    Kind(
        *("registration", "登记注册类型表", "scope.toml", "year"),
        needed=("clause", "non_public", "non_public_prefixes", "public", "mixed"),
    ),
    Kind(
        *("sector", "行业", "scope.toml", "key", ("label", "prefixes", "clause")),
        more=("label_en",),
    ),
    Kind(
        *("ask", "核实事项", "scope.toml", "fact", ("cost", "whom", "clause")),
        more=("whom_en",),
        adds=False,
    ),
    Kind(
        *("fact", "事实", "facts.toml", "key", ("subject", "label", "clause")),
        more=(
            *("label_en", "label_with_joint", "label_with_joint_en"),
            *("header", "columns", "manual", "deciding"),
        ),
        adds=False,
        overlaid=("key", "label", "label_en", "clause"),
    ),
    Kind(
        *("rule", "规模以上标准", "above_scale.toml", "codes", ("label", "kind", "clause", "valid_from")),
        more=("revenue", "staff"),
    ),
    Kind("year", "工作日历", "working_days.toml", "year", ("clause", "holidays", "worked")),
)

SINGLE: dict[str, tuple[str, ...]] = {
    "control": ("clause", "non_public", "public"),
    "elsewhere": ("clause", "words", "words_en"),
}
"""Tables that stand once in a file, with what they must say."""

HEAD = ("name", "title", "version")
"""What a file says of itself: the number of the document, its title, the version."""

_TYPES: dict[type, tuple[str, tuple[str, ...]]] = {
    int: ("整数", ("order", "points", "employees", "cost", "year", "revenue", "staff")),
    bool: (" true 或 false", ("listed", "standing", "unknown_counts", "manual", "deciding")),
    date: ("日期，写成 2019-06-15", (*_DATES, "due")),
    list: (
        '一列，写成 ["…", "…"]',
        (
            *("prefixes", "codes", "columns", "non_public", "non_public_prefixes", "public", "mixed"),
            *("holidays", "worked"),
        ),
    ),
}
_DAYS = ("holidays", "worked")
_TYPE_OF = {name: (kind, words) for kind, (words, names) in _TYPES.items() for name in names}


def ill_typed(field: str, value: object) -> str | None:
    """What a field should be, in words, where its value is not; None where it is right."""
    kind, words = _TYPE_OF.get(field, (str, "文字，放在引号里"))
    if field == "value":
        return None
    if type(value) is not kind:
        return words
    inner = date if field in _DAYS else str
    if isinstance(value, list) and not all(type(part) is inner for part in value):
        return "一列日期" if field in _DAYS else words
    return None
