"""One cell that names an enterprise, freed of what is no part of its name.

Lists carry numbers (③ 1. （2）), marks (★ *), remarks in brackets (已停产、原…), posts and telephone numbers
beside a name. They are taken off and told, each by a rule of its own that can be switched off. A cell that
names several enterprises is taken apart only where each of its parts is a whole name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from coverage_engine.ledgers.kinds import fold_text, ledger_kind, reading_words
from coverage_engine.ledgers.personal_data import MARK

SEVERAL = "name.several_firms"
SPLIT = "name.split"
MARKS = r"★☆●○◆◇■□▲△▼▽※＊*#√✓✔●•·▪►▶◎⊙"
NO_RULES: frozenset[str] = frozenset()

_NUMBER = (
    r"[(（\[【]\s*\d{1,5}\s*[)）\]】]|\d{1,5}\s*(?:[、．]|\.(?!\d)|[)）])"
    r"|[\u2460-\u249b\u24eb-\u24fe\u2776-\u2793\u3251-\u325f\u32b1-\u32bf]"
)
_NUMBERED = re.compile(rf"^(?:{_NUMBER}|\s)+")
_MARKED = re.compile(rf"^(?:(?!\*ST)[{MARKS}]|\s)+")
_TRAILING = re.compile(rf"(?:[{MARKS}，,、;；。]|\s)+$")
_BRACKET = re.compile(
    r"\s*[(（\[【〔]([^()（）\[\]【】〔〕]*(?:[(（][^()（）]*[)）][^()（）]*)?)[)）\]】〕]$"
)
_PHONE = re.compile(r"[\s,，:：;；]*(?:电话|手机)?[:：]?\s*(?:1\d{10}|0\d{2,3}[-—]?\d{7,8})$")
_BETWEEN = re.compile(r"[、,，;；/／|\r\n]+")
_JOINED = re.compile(r"(?<=公司)(?:以及|及|和|与|\s+)(?=\S{3,}公司$)")
_JOINED_SURELY = re.compile(r"(?<=公司)(?:(?:以及|及|与|\s+)|和(?=河南|\S{1,3}[省市县区]))(?=\S{3,}公司$)")
"""和 also begins names (和泰); before a place it joins two firms."""
_GLUED = re.compile(r"有限(?:责任)?公司.{4,}有限(?:责任)?公司[)）]?$")
_HIDDEN_WORDS = "（其后的职务、姓名或电话未显示）"
_PEOPLE = frozenset({"post", "phone"})


@dataclass(frozen=True)
class FirmCell:
    """A cell read: its `name`, what is to be told (code and words), and the state of operation it states.

    `former` is the note of a former name, in brackets as it stood behind the name; `rules` are those by which
    something was taken off; `firms` are the names of a cell of several firms, none where a part is no name.
    """

    name: str
    findings: tuple[tuple[str, str], ...] = ()
    shown: str = ""
    status: str | None = None
    former: str = ""
    rules: tuple[str, ...] = ()
    firms: tuple[str, ...] = ()


def read_firm_cell(text: str, without: frozenset[str] = NO_RULES) -> FirmCell:
    """One cell; a name that stands alone is told nothing of. It is read `without` some of the rules."""
    rest, taken = bare_name(text.strip(), without)
    rules = tuple(dict.fromkeys(rule for rule, _ in taken))
    parts = _parts(rest, _BETWEEN, _JOINED)
    if _several(parts) or (_GLUED.search(rest) and not rest.endswith("分公司")):
        surely = _parts(rest, _BETWEEN, _JOINED_SURELY)
        firms = _whole_names(surely, without)
        return FirmCell(text, ((SEVERAL, ""),), _shown(text, taken), rules=rules, firms=firms)
    findings: list[tuple[str, str]] = []
    status = next((word for rule, word in taken if rule == "status"), None)
    state = _states().get(status) if status else None
    if state:
        findings.append(("name.status", rest))
    former = next((words for rule, words in taken if rule == "former"), "")
    if former:
        findings.append(("name.former", rest))
    if not findings and rest != text.strip() and rest:
        findings.append(("name.cleaned", rest))
    note = f"（{former}）" if former else ""
    if not findings:
        return FirmCell(text)
    return FirmCell(rest, tuple(findings), _shown(text, taken), state, note, rules)


def bare_name(text: str, without: frozenset[str] = NO_RULES) -> tuple[str, list[tuple[str, str]]]:
    """What is left of a cell, and what was taken off: by which rule, and the words."""
    rest, taken = text, list[tuple[str, str]]()
    while True:
        before = rest
        for rule, take in _TAKERS:
            if rule in without:
                continue
            shorter = take(rest)
            if shorter is not None and shorter[0] and shorter[0] != rest:
                rest = shorter[0]
                taken.append(shorter[1] or (rule, ""))
        if rest == before:
            # Spaces alone are no rule's work.
            return (rest.strip() or text), [each for each in taken if each[0] not in without]


# ---------------------------------------------------------------------------------------------- private

_Taken = tuple[str, tuple[str, str] | None]


def _numbering(rest: str) -> _Taken:
    return _NUMBERED.sub("", rest), None


def _mark(rest: str) -> _Taken:
    return _TRAILING.sub("", _MARKED.sub("", rest)), None


def _phone(rest: str) -> _Taken | None:
    match = _PHONE.search(rest)
    return (rest[: match.start()], None) if match else None


def _in_brackets(rule: str) -> Callable[[str], _Taken | None]:
    """Takes off what stands in brackets after a name, where it is of a rule."""

    def take(rest: str) -> _Taken | None:
        match = _BRACKET.search(rest)
        remark = _remark(match[1]) if match else None
        return (rest[: match.start()], remark) if match and remark and remark[0] == rule else None

    return take


def _status(rest: str) -> _Taken | None:
    if match := _bare_status().search(rest):
        return rest[: match.start(1)], ("status", match[2])
    return _in_brackets("status")(rest)


def _posts(rest: str) -> _Taken | None:
    if match := _post().search(rest):
        return rest[: match.start(1)], None
    return _in_brackets("post")(rest)


_TAKERS: tuple[tuple[str, Callable[[str], _Taken | None]], ...] = (
    ("numbering", _numbering),
    ("mark", _mark),
    ("phone", _phone),
    ("former", _in_brackets("former")),
    ("remark", _in_brackets("remark")),
    ("post", _posts),
    ("status", _status),
)
"""The rules of `data/ledgers/words/cleaning.toml` for names, and how each takes something off."""


def _remark(words: str) -> tuple[str, str] | None:
    """What stands in brackets after a name, where it is no part of the name."""
    folded = re.sub(r"\s+", "", fold_text(words))
    bare = re.sub(r"^(?:现已|已经|已|现)|(?:中|了|状态|企业)$", "", folded)
    if bare in _states():
        return "status", bare
    if ended := _ended_since().fullmatch(folded):
        return "status", ended[1]
    if _former().match(folded):
        return "former", folded
    if _post_words().match(folded) or _only_posts().fullmatch(folded) or _PHONE.search(folded):
        return "post", ""
    if folded.startswith(MARK[1:]):
        return "post", ""
    if folded in reading_words()["names"]["remarks"] or bare in reading_words()["names"]["remarks"]:
        return "remark", folded
    return None


def _parts(rest: str, *separators: re.Pattern[str]) -> list[str]:
    """What stands between separators; a post between two of them goes with the firm before it."""
    parts = [rest]
    for separator in separators:
        parts = [piece.strip() for part in parts for piece in _cut(part, separator)]
    return [part for part in parts if part and not _only_posts().fullmatch(part)]


def _cut(part: str, separator: re.Pattern[str]) -> list[str]:
    """A branch office is called by its firm's name and its own, with a space between."""
    return [part] if separator is not _BETWEEN and part.endswith("分公司") else separator.split(part)


def _several(parts: Sequence[str]) -> bool:
    return sum(_firm_end().search(bare_name(part)[0]) is not None for part in parts) > 1


def _whole_names(parts: Sequence[str], without: frozenset[str]) -> tuple[str, ...]:
    """The names of the parts, each once; none where a part is no whole name of a firm."""
    names = [bare_name(part, without)[0] for part in parts]
    whole = len(names) > 1 and all(map(_is_whole, names))
    return tuple(dict.fromkeys(names)) if whole else ()


def _is_whole(name: str) -> bool:
    if not _firm_end().search(name) or _GLUED.search(name) or _JOINED.search(name):
        return False
    end = next((part for part in _offices_of_firms() if name.endswith(part)), None)
    if end is not None:
        return _firm_end().search(name.removesuffix(end)) is not None
    return name not in reading_words()["names"]["parts_of_firms"]


def _shown(text: str, taken: Sequence[tuple[str, str]]) -> str:
    """The cell as it may be shown: no person, no telephone."""
    line = re.sub(r"\s*[\r\n]+\s*", " ", text.strip())
    parts = _BETWEEN.split(line)
    if any(rule in _PEOPLE for part in parts for rule, _ in bare_name(part.strip())[1]):
        bare = [bare_name(part.strip())[0] for part in parts if not _only_posts().fullmatch(part.strip())]
        return "、".join(bare) + _HIDDEN_WORDS
    if any(rule in _PEOPLE for rule, _ in taken):
        return bare_name(text.strip())[0] + _HIDDEN_WORDS
    return line


@cache
def _states() -> dict[str, str]:
    return dict(ledger_kind("enterprises").column("operating").words or {})


def _alternatives(*keys: str) -> str:
    words = [word for key in keys for word in reading_words()["names"][key]]
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@cache
def _offices_of_firms() -> tuple[str, ...]:
    """分公司、分店: with these ends a name that has a firm before them."""
    return tuple(word for word in reading_words()["names"]["parts_of_firms"] if word.startswith(("分", "门")))


@cache
def _former() -> re.Pattern[str]:
    return re.compile(f"(?:{_alternatives('former')})[:：为是]?.{{2,}}")


@cache
def _firm_end() -> re.Pattern[str]:
    return re.compile(f"(?:{_alternatives('firms')})$")


@cache
def _post_words() -> re.Pattern[str]:
    return re.compile(f"(?:{_alternatives('posts')})(?:[:：].*|.{{0,4}}$)")


def _sequence() -> str:
    """Posts one after the other: 执行董事兼总经理, 党支部书记、总经理."""
    post = f"(?:{_alternatives('post_before')})*(?:{_alternatives('posts', 'end_posts')})"
    return f"{post}(?:(?:{_alternatives('post_joins')}|\\s)+{post})*"


@cache
def _only_posts() -> re.Pattern[str]:
    return re.compile(_sequence())


@cache
def _post() -> re.Pattern[str]:
    department = f"(?:[\\u4e00-\\u9fff]{{0,8}}(?:{_alternatives('departments')}))?"
    hidden = f"(?:{re.escape(MARK)}[^（）]*）)?"
    # After the usual posts the name of a person may follow; the others must end the cell.
    named = (
        f"(?:{_alternatives('posts')})[:：\\s]*(?:(?!{_alternatives('offices')})[\\u4e00-\\u9fff·]){{0,4}}"
    )
    return re.compile(
        f"(?:{_alternatives('firms', 'units')})([\\s,，:：—-]*(?:{named}|{department}{_sequence()}){hidden})$"
    )


@cache
def _bare_status() -> re.Pattern[str]:
    states = "|".join(sorted(map(re.escape, ended_states()), key=len, reverse=True))
    return re.compile(f"(?:{_alternatives('firms')})([\\s,，:：—-]*(?:现已|已经|已)?({states}))$")


@cache
def _ended_since() -> re.Pattern[str]:
    """A state with a day or a length of time: 2023年已停产, 停产两年."""
    states = "|".join(sorted(map(re.escape, ended_states()), key=len, reverse=True))
    return re.compile(f"(?:[\\d.年月日/-]{{4,11}})?(?:现已|已经|已|现)?({states})[^公司]{{0,6}}")


@cache
def ended_states() -> frozenset[str]:
    """Words for a state of operation other than operating."""
    return frozenset(word for word, state in _states().items() if state != "operating")
