"""The rows of a place's page: every enterprise that counts, marked with the figures that it counts in."""

from __future__ import annotations

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.model.vocabulary import Answer, CoverageState, Obligation, labels
from coverage_engine.reporting.evidence.cells import escaped, fact_texts
from coverage_engine.reporting.evidence.figures import evidence_words, pages_of_firms
from coverage_engine.reporting.wording import not_listed, translated


def missing_facts(firms: pl.DataFrame) -> list[str]:
    """Every fact that some enterprise lacks, in a fixed order: the overview numbers them alike."""
    lacking = firms.filter(pl.col("missing_facts").fill_null("") != "")["missing_facts"]
    return sorted(set(lacking.str.split(";").explode().to_list()))


def firm_rows(plan: Plan, firms: pl.DataFrame, lang: str) -> dict[str, bytes]:
    """Page of a county → its rows as markup, a line each, in UTF-8."""
    counted = firms.join(_counted(plan, lang), on="enterprise_id", how="inner", maintain_order="left")
    facts = fact_texts(plan, counted, lang)
    joined = counted.join(facts, on="enterprise_id", how="left", maintain_order="left")
    missing = missing_facts(firms)
    marked = joined.with_columns(_marks(missing), _state(plan, lang)).select(
        page=pages_of_firms(joined)["county"], markup=_markup()
    )
    pages = marked.group_by("page", maintain_order=True).agg(pl.col("markup").str.join("\n").cast(pl.Binary))
    return dict(pages.iter_rows())


# ---------------------------------------------------------------------------------------------- private

# An enterprise is outside of a denominator (0), surely in it, perhaps, or in it if what is presumed is so.
_SURELY, _PERHAPS, _PRESUMED, _STATES = 1, 2, 3, 4


def _counted(plan: Plan, lang: str) -> pl.DataFrame:
    """enterprise_id, the marks of the denominators, the denominators in words, own and covered.

    Few sets of denominators occur: each is a number here, and is put into words once.
    """
    categories = evidence_words()["categories"]
    place = {entry["key"]: number for number, entry in enumerate(categories)}
    answers = {answer.value: number for number, answer in enumerate(Answer)}
    order = pl.col("category").replace_strict(place, return_dtype=pl.Int64)
    doubted = pl.when("presumed").then(_PRESUMED).otherwise(_PERHAPS)
    certainty = pl.when(pl.col("inside") == "yes").then(_SURELY).otherwise(doubted)
    own, covered = (
        pl.col(name).replace_strict(answers, return_dtype=pl.Int64) for name in ("own", "covered")
    )
    # Own and covered are told as in the first of the denominators.
    first = pl.col("first")
    firm_sets = (
        plan["counted"]
        .select(
            "enterprise_id",
            (certainty * pl.lit(_STATES, pl.Int64).pow(order)).alias("set"),
            ((order * len(answers) + own) * len(answers) + covered).alias("first"),
            "presumed",
        )
        .group_by("enterprise_id")
        .agg(pl.col("set").sum(), first.min(), pl.col("presumed").any())
    )
    words = {number: text for text, number in answers.items()}
    sets = pl.DataFrame(
        [(number, *_in_words(number, lang)) for number in firm_sets["set"].unique().sort().to_list()],
        schema={"set": pl.Int64, "mark": pl.String, "word": pl.String},
        orient="row",
    )
    return firm_sets.join(sets, on="set", how="left").select(
        "enterprise_id",
        "presumed",
        "mark",
        "word",
        (first // len(answers) % len(answers)).replace_strict(words, return_dtype=pl.String).alias("own"),
        (first % len(answers)).replace_strict(words, return_dtype=pl.String).alias("covered"),
    )


def _in_words(number: int, lang: str) -> tuple[str, str]:
    """Marks and words of a set of denominators, each with whether an enterprise is surely in it."""
    marks, words = [], []
    for place, entry in enumerate(evidence_words()["categories"]):
        certainty = number // _STATES**place % _STATES
        if certainty:
            letter, name = entry["letter"], entry[f"{lang}_short"]
            marks.append(letter if certainty == _PERHAPS else f"{letter} {letter}1")
            words.append(name if certainty == _SURELY else f"{name}？")
    return " ".join(marks), "、".join(words)


def _marks(missing: list[str]) -> pl.Expr:
    duty = pl.col("obligation")
    must, should = duty == Obligation.MUST_ESTABLISH.value, duty == Obligation.SHOULD_ESTABLISH.value
    # Duties are told of firms presumed in scope too, coverage in the national system of the others alone.
    surely = ~pl.col("presumed")
    flags = {
        "O": pl.col("own") != "no",
        "J": pl.col("covered") != "no",
        "V": surely & (pl.col("covered") == "yes") & (pl.col("verified") == "yes"),
        "H": surely & (pl.col("covered") == "yes") & (pl.col("hollow") == "yes"),
        "M": must,
        "S": should,
        "G": must | should,
        "D": duty == Obligation.UNDETERMINED.value,
        "T": pl.col("is_target"),
    }
    lacks = pl.col("missing_facts").fill_null("").str.split(";")
    alone = lacks.list.len() == 1
    for number, fact in enumerate(missing):
        flags[f"k{number}s"] = lacks.list.contains(fact) & alone
        flags[f"k{number}a"] = lacks.list.contains(fact) & ~alone
    parts = [
        pl.when(flag.fill_null(False)).then(pl.lit(f" {mark}")).otherwise(pl.lit(""))
        for mark, flag in flags.items()
    ]
    return pl.concat_str(["mark", *parts]).alias("marks")


def _state(plan: Plan, lang: str) -> pl.Expr:
    """Coverage, obligation with the duties that make it so, and the points of a target or why it is none."""
    words = evidence_words()[lang]
    first, middle, last = str(words["targets_rank"]).replace("{points}", "{rank}").split("{rank}")
    points = pl.concat_str(
        pl.lit("；" + first),
        "priority_rank",
        pl.lit(middle),
        "priority",
        pl.lit(last + "（"),
        escaped(pl.col("priority_reasons").fill_null("")),
        pl.lit("）"),
    )
    ground = pl.when(pl.col("ground_text").fill_null("") != "").then(
        "（" + escaped(pl.col("ground_text")) + "）"
    )
    parts = [
        translated(pl.col("coverage_state"), labels(CoverageState, lang)),
        pl.lit("；") + translated(pl.col("obligation"), labels(Obligation, lang)),
        ground,
        pl.when(pl.col("is_target") & pl.col("priority_rank").is_not_null()).then(points),
        pl.lit("；") + escaped(not_listed(plan, lang)),
    ]
    return pl.concat_str(parts, ignore_nulls=True).alias("state")


def _markup() -> pl.Expr:
    """One table row; the end tags that HTML lets be left out are left out."""
    cells = [f"fact:{fact['key']}" for fact in evidence_words()["facts"]]
    code = pl.when(pl.col("credit_code").is_not_null()).then("<br>" + escaped(pl.col("credit_code")))
    parts: list[pl.Expr] = [
        pl.lit("<tr id=e") + pl.col("enterprise_id").cast(pl.String),
        pl.lit(' class="') + pl.col("marks") + '"><td class=n>',
        pl.col("name_text"),
        code,
        *(pl.lit("<td>") + pl.col(cell).fill_null("") for cell in cells),
        pl.lit("<td>") + pl.col("word"),
        pl.lit("<td>") + pl.col("state"),
        pl.lit("<td>") + escaped(pl.col("missing_facts").fill_null("").str.replace_all(";", "、")),
    ]
    return pl.concat_str(parts, ignore_nulls=True)
