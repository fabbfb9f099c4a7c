"""Names of registered firms as other offices write them: variants that are really made, by their kind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from random import Random

_PLACE = re.compile(r"^(河南省?)?([一-鿿]{2,3}?[市县区])?")


def _other_form(name: str, rng: Random) -> str:
    if "有限责任公司" in name:
        return name.replace("有限责任公司", "有限公司")
    if "股份有限公司" in name:
        return name
    return name.replace("有限公司", "有限责任公司")


def _province(name: str, rng: Random) -> str:
    if name.startswith("河南省"):
        return "河南" + name[3:]
    return "河南省" + name[2:] if name.startswith("河南") else name


def _city(name: str, rng: Random) -> str:
    cities = "郑州|开封|洛阳|平顶山|安阳|鹤壁|新乡|焦作|濮阳|许昌|漯河|三门峡|南阳|商丘|信阳|周口|驻马店|济源"
    if found := re.match(rf"^({cities})市(?![场政区民内郊容])", name):
        return found[1] + name[found.end() :]
    found = re.match(rf"^({cities})(?!市)", name)
    return found[1] + "市" + name[found.end() :] if found else name


def _brackets(name: str, rng: Random) -> str:
    if any(mark in name for mark in "（）()"):
        return name.translate(str.maketrans({"（": "(", "）": ")"})).replace("(", "").replace(")", "")
    return re.sub("集团(?=.*公司)", "（集团）", name, count=1)


def _former(name: str, rng: Random) -> str:
    return f"{name}（原{_invented(rng)}{rng.choice(['厂', '有限公司', '商店'])}）"


def _as_former(name: str, rng: Random) -> str:
    return f"{_invented(rng)}实业有限公司（原{name}）"


def _invented(rng: Random) -> str:
    """A brand that no firm bears, and none of another draw."""
    return "".join(chr(rng.randrange(0x5000, 0x9000)) for _ in range(4))


def _no_place(name: str, rng: Random) -> str:
    rest = _PLACE.sub("", name)
    if rest == name and name.startswith("河南"):
        rest = name[2:]
    return rest if len(rest) >= 4 else name


def _no_company(name: str, rng: Random) -> str:
    return re.sub(r"(有限责任|有限)公司$", r"\1", name) if rng.random() < 0.3 else re.sub(
        r"(有限责任|有限)?公司$", "", name
    )  # fmt: skip


def _width(name: str, rng: Random) -> str:
    wide = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
    if any(mark in wide for mark in name):
        return "".join(wide.get(mark, mark) for mark in name)
    return unicodedata.normalize("NFKC", name)


def _spaced(name: str, rng: Random) -> str:
    at = rng.randrange(1, len(name))
    return name[:at] + rng.choice([" ", "\u3000", "\u200b", "\u00a0", "\ufeff"]) + name[at:]


VARIANTS: Mapping[str, Callable[[str, Random], str]] = {
    "legal form": _other_form,
    "province": _province,
    "city": _city,
    "brackets": _brackets,
    "former name": _former,
    "as a former name": _as_former,
    "no place": _no_place,
    "no 公司": _no_company,
    "width": _width,
    "spaces": _spaced,
}
"""How a name is written otherwise, by kind; a kind that does not fit gives the name back."""


def another_hand(name: str, rng: Random) -> tuple[str, str]:
    """A kind of variant that changes this name, and the name so written."""
    kinds = list(VARIANTS)
    rng.shuffle(kinds)
    for kind in kinds:
        written = VARIANTS[kind](name, rng)
        if written != name:
            return kind, written
    return "as it is", name
