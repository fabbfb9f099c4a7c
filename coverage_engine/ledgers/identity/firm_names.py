"""What a firm's name consists of: place, brand, trade, legal form, and the office it may be of.

河南省郑州市澈岚屿食品有限公司郑东分公司 is the office 郑东分公司 of a firm with the places 河南 and 郑州, the
core 澈岚屿食品 (brand 澈岚屿, trade 食品) and the form of a company. Legal forms are cut as anchored endings
before anything is compared; 股份 and 集团 are kept as marks of their own.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from coverage_engine.content import checked_content
from coverage_engine.divisions.outside_shape import OutsideFile
from coverage_engine.divisions.table import EDITIONS, JIYUAN, divisions
from coverage_engine.ledgers.word_shapes import FirmNamesFile

_SPACES = r"[\s\p{Cf}{}【】〔〕<>《》“”‘’\"'·•.,，。、\-—_]+"
_NOT_HAN = r"[^\u4E00-\u9FFF]"
_TELLS_FORMER = r"\((?:原名?称?|曾用名|前身)[为是:]?"
_FORMER = (
    rf"{_TELLS_FORMER}((?:[^()]|\([^()]*\))*(?:公司|[厂社店场部院所]|企业|中心|集团)(?:\([^()]*\))?)\)"
    rf"|{_TELLS_FORMER}((?:[^()]|\([^()]*\)){{4,}})\)$"
)
"""A former name told in brackets behind the present one."""
_LEADING_PLACES = 3
_PROVINCE = "410000"
_SHORTEST_BRAND = 2

PARTS = (
    "plain",
    "spelled",
    "worded",
    "former",
    "core",
    "brand",
    "trade",
    "office",
    "form",
    "group",
    "stock",
    "name_city",
    "name_county",
    "place_word",
    "legal_form",
    "bracketed",
)


def plain_name(name: pl.Expr) -> pl.Expr:
    """A firm's full name for comparing: half-width, without spaces, brackets, quotes and a former name."""
    return name.map_batches(_plain, return_dtype=pl.String, is_elementwise=True)


def without_former_name(name: pl.Expr) -> pl.Expr:
    """A name as it is written, without the note of a former one in brackets at its end."""
    return name.str.replace(r"[（(](?:原|曾用名|前身)[^（(]*(?:[（(][^（()）]*[）)][^（()）]*)*[）)]$", "")


def one_form(names: pl.Series) -> pl.Series:
    """有限责任公司 as 有限公司."""
    return names.str.replace_all("有限责任公司", "有限公司", literal=True)


def one_spelling_of_places(names: pl.Series) -> pl.Series:
    """河南省 as 河南, and leading 郑州市, 中牟县 as 郑州, 中牟, where the short word means the same place."""
    may_change = names.str.contains_any(["市", "县", "河南省"]).fill_null(False).arg_true()
    if not len(may_change):
        return names
    cities, counties = _short_places()
    spelled = names.gather(may_change).str.replace(r"^河南省", "河南")
    for _ in range(2):
        # 郑州市场… and 郑州市政… speak of no city.
        spelled = spelled.str.replace(
            rf"^((?:河南)?(?:{cities})?(?:{cities}))市([^场政区民内郊容商])", "$1$2"
        )
    return names.clone().scatter(
        may_change, spelled.str.replace(rf"^((?:河南)?(?:{cities})?(?:{counties}))县", "$1")
    )


def spellings(plain: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Plain names `worded` (one spelling of places, the form as written) and `spelled` (one form too)."""
    worded = one_spelling_of_places(plain).alias("worded")
    return worded, one_form(worded).alias("spelled")


def firm_parts(names: pl.Series) -> pl.DataFrame:
    """Each distinct name with its parts.

    Columns: `name`; `plain`; `spelled` (plain with one spelling of places and of 有限公司) and `worded` (the
    same, but the legal form as written); `former` (the former name told in brackets, spelled so, or null);
    `core` (brand and trade), `brand`, `trade` (empty where none is known);
    `office` (null where the name is of no branch office); `form` (company | partnership | ''), `group`,
    `stock` flags;
    `name_city`, `name_county` (codes, or the word of a place outside the province; null where not named);
    `place_word` (the most exact place named, '' for none); `legal_form` as written; `bracketed` (the place).
    """
    distinct = pl.DataFrame({"name": names.drop_nulls().unique(maintain_order=True)})
    headed = _with_form(_with_office(_with_spellings(distinct)))
    return _with_trade(_with_places(headed)).select("name", *PARTS)


@cache
def name_words() -> dict[str, list[str]]:
    """Offices, partnerships and trades of `data/ledgers/words/firm_names.toml`."""
    words: dict[str, list[str]] = checked_content(
        FirmNamesFile, "data", "ledgers", "words", "firm_names.toml"
    )["names"]
    return words


# ---------------------------------------------------------------------------------------------- private


def _plain(names: pl.Series) -> pl.Series:
    return _folded(names, r"[()\[\]]|" + _SPACES)


def _folded(names: pl.Series, dropped: str) -> pl.Series:
    """Half-width capitals without the marks that a pattern drops; names of Han characters alone have none."""
    if not len(names):
        return names
    odd = names.str.contains(_NOT_HAN).fill_null(False).arg_true()
    if not len(odd):
        return names
    folded = names.gather(odd).str.normalize("NFKC").str.to_uppercase().str.replace_all(_SPACES, "")
    present = folded.str.replace(_FORMER, "")
    return names.clone().scatter(odd, present.str.replace_all(dropped, ""))


def _with_spellings(names: pl.DataFrame) -> pl.DataFrame:
    plain = _plain(names["name"])
    worded, spelled = spellings(plain)
    may_tell = names["name"].str.contains_any(["原", "曾用名", "前身"]).arg_true()
    telling = names["name"].gather(may_tell).str.normalize("NFKC").str.replace_all(_SPACES, "")
    former = pl.DataFrame({"name": telling}).select(
        pl.coalesce(pl.col("name").str.extract(_FORMER, 1), pl.col("name").str.extract(_FORMER, 2))
    )
    _, former_spelled = spellings(_plain(former.to_series()))
    nothing = pl.Series("former", [None], dtype=pl.String).new_from_index(0, names.height)
    return names.with_columns(
        plain=plain,
        worded=worded,
        spelled=spelled,
        former=nothing.scatter(may_tell, former_spelled),
    )


def _with_office(names: pl.DataFrame) -> pl.DataFrame:
    """Few names are of offices: only those that end like one are taken apart.

    What is an office of no company is told from others by its core; only the word of its kind is cut.
    """
    # 郑东分 is 郑东分公司 with its end forgotten.
    text = _folded(names["name"], _SPACES).str.replace(r"(公司.{1,10}[分支])$", "${1}公司")
    endings = _either(name_words()["offices"])
    ending = text.str.contains(rf"(?:{endings})$").arg_true()
    of_company = rf"^(.*?公司(?:\([^)]*\))?)(.+(?:{endings}))$"
    offices = pl.DataFrame({"text": text.gather(ending)}).select(
        head=pl.coalesce(pl.col("text").str.extract(of_company, 1), "text"),
        office=pl.coalesce(
            pl.col("text").str.extract(of_company, 2), pl.col("text").str.extract(rf"({endings})$", 1)
        ),
    )
    nowhere = pl.Series("office", [None], dtype=pl.String).new_from_index(0, names.height)
    return names.with_columns(
        office=nowhere.scatter(ending, offices["office"]),
        _text=text.clone().scatter(ending, offices["head"]),
    )


def _with_form(names: pl.DataFrame) -> pl.DataFrame:
    partners = f"(?:合伙企业|企业|中心)?(?:{_either([f'({word})' for word in name_words()['partnerships']])})"
    group = r"(?:\(集团\)|集团)?"
    # 有限 alone is 有限公司 with its end forgotten.
    cut = rf"{group}股份有限|{group}有限责任|{group}有限|{group}股份"
    company = rf"{group}(?:股份)?(?:有限责任公司|有限公司|总公司|公司)|\(集团\)|集团|{cut}"
    ending = rf"({partners}|{company})$"
    form = pl.col("_text").str.extract(rf"(?:{ending})", 1).fill_null("")
    return names.with_columns(_form=form).with_columns(
        form=pl.when(pl.col("_form").str.contains("公司|集团|有限|股份"))
        .then(pl.lit("company"))
        .when(pl.col("_form").str.contains("合伙"))
        .then(pl.lit("partnership"))
        .otherwise(pl.lit("")),
        legal_form=pl.col("_form"),
        group=pl.col("_text").str.contains("集团", literal=True),
        stock=pl.col("_form").str.contains("股份", literal=True),
        _text=pl.col("_text").str.strip_suffix(pl.col("_form")).str.replace_all(r"\(集团\)|集团", ""),
    )


def _with_places(names: pl.DataFrame) -> pl.DataFrame:
    """Places in brackets, and up to three at the start as long as a brand is left behind them."""
    frame = _with_bracketed(names)
    for number in range(1, _LEADING_PLACES + 1):
        frame = _with_leading(frame, number)
    several = [f"_found{number}" for number in range(1, _LEADING_PLACES + 1)]
    place_columns = ["_found0", *(column for column in several if frame[column].count())]
    frame = frame.with_columns(
        pl.col(column).replace_strict(_places(), default=None, return_dtype=pl.String).alias(f"_code{column}")
        for column in place_columns
    )
    codes = [pl.col(f"_code{column}") for column in place_columns]
    county = pl.coalesce(
        pl.when(code.str.starts_with("county ")).then(code.str.slice(7, 6)) for code in codes
    )
    city = pl.coalesce(pl.when(code.str.starts_with("county ")).then(code.str.slice(14, 6)) for code in codes)
    own_city = pl.coalesce(pl.when(code.str.starts_with("city ")).then(code.str.slice(5)) for code in codes)
    province = pl.any_horizontal((code == f"province {_PROVINCE}").fill_null(False) for code in codes)
    return frame.with_columns(
        name_county=county, bracketed=pl.col("_found0").is_not_null(), name_city=pl.coalesce(own_city, city)
    ).with_columns(
        place_word=pl.coalesce(
            "name_county", "name_city", pl.when(province).then(pl.lit(_PROVINCE)), pl.lit("")
        ),
        core=pl.when(pl.col("_text").str.contains(_only_trades()))
        .then(pl.coalesce("_found3", "_found2", "_found1", pl.lit("")) + pl.col("_text"))
        .otherwise("_text"),
    )


def _with_leading(frame: pl.DataFrame, number: int) -> pl.DataFrame:
    """The place at the start as `_found<number>`; looked for where one was found before it."""
    before = (
        frame[f"_found{number - 1}"].is_not_null()
        if number > 1
        else pl.repeat(True, frame.height, eager=True)
    )
    looked = before.arg_true()
    text = frame["_text"].gather(looked)
    place = text.str.extract(rf"^({_any_place()}).{{{_SHORTEST_BRAND}}}", 1)
    nowhere = pl.Series(f"_found{number}", [None], dtype=pl.String).new_from_index(0, frame.height)
    return frame.with_columns(
        nowhere.scatter(looked, place),
        _text=frame["_text"].clone().scatter(looked, text.str.strip_prefix(place.fill_null(""))),
    )


def _with_bracketed(names: pl.DataFrame) -> pl.DataFrame:
    """The first place in brackets as `_found0`, and the names without brackets, which few have."""
    places, text = _any_place(), names["_text"]
    bracketed = text.str.contains_any(list("()[]")).arg_true()
    parts = pl.DataFrame({"text": text.gather(bracketed)}).select(
        found=pl.col("text").str.extract(rf"\(({places})\)", 1),
        bare=pl.col("text").str.replace(rf"\((?:{places})\)", "").str.replace_all(r"[()\[\]]", ""),
    )
    nowhere = pl.Series("_found0", [None], dtype=pl.String).new_from_index(0, names.height)
    return names.with_columns(
        nowhere.scatter(bracketed, parts["found"]), _text=text.clone().scatter(bracketed, parts["bare"])
    )


def _only_trades() -> str:
    """中原物流: the place word is the brand there."""
    return rf"^(?:{_any_trade()})+$"


def _with_trade(names: pl.DataFrame) -> pl.DataFrame:
    trades = _any_trade()
    parts = rf"^.{{{_SHORTEST_BRAND},}}?((?:{trades})+)$"
    trade = pl.col("core").str.extract(parts, 1).fill_null("")
    return names.with_columns(trade.alias("trade")).with_columns(
        brand=pl.col("core").str.strip_suffix(pl.col("trade"))
    )


def _either(words: list[str]) -> str:
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(word.replace("(", r"\(").replace(")", r"\)") for word in ordered)


@cache
def _any_place() -> str:
    return _either(list(_places()))


@cache
def _any_trade() -> str:
    return _either(name_words()["trades"])


@cache
def _short_places() -> tuple[str, str]:
    """Cities and counties whose name without its last character means the same place."""
    known = _places()
    same = [word for word, meaning in known.items() if known.get(word[:-1]) == meaning]
    cities, counties = ([word[:-1] for word in same if word.endswith(end)] for end in "市县")
    return _either(cities), _either(counties)


@cache
def _places() -> dict[str, str]:
    """Place words and what they mean: `province 410000`, `city <code or word>`, `county <code> <city>`."""
    elsewhere = checked_content(OutsideFile, "data", "divisions", "elsewhere.toml")
    meanings: dict[str, str] = {}
    for word in (*elsewhere["provinces"], *elsewhere["short_provinces"], *elsewhere["cities"]):
        short = next((w for w in elsewhere["short_provinces"] if word.startswith(w)), word.removesuffix("市"))
        meanings.setdefault(word, f"city {short}")
        meanings.setdefault(f"{short}市", f"city {short}")
    rows = [row for edition in EDITIONS for row in divisions(edition)]
    for level in ("county", "city"):
        for row in rows:
            if row.level != level or (level == "county" and row.code == JIYUAN):
                continue
            meaning = f"city {row.code}" if level == "city" else f"county {row.code} {row.parent_code}"
            meanings[row.name] = meaning
            if len(row.name) > _SHORTEST_BRAND:
                meanings[row.name[:-1]] = meaning
    return {**meanings, "河南省": f"province {_PROVINCE}", "河南": f"province {_PROVINCE}"}
