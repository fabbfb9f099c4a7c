"""What the notice asks of every enterprise now: must, should, cultivate, none, or cannot tell yet.

Facts: S in scope, M three League members or more, P Party organisation, A member of an affiliated society,
L listed as such in a ledger, O own League organisation, J jointly covered. Each three-valued (L two-valued),
combined with Kleene's logic; every formula names each fact once, so its answer is unknown exactly when the
unknown facts could turn it.

    must       S ∧ M ∧ (P ∨ A) ∧ ¬O        R13 通知四（1）, R17 通知四（2）
    should     S ∧ M ∧ ¬(P ∨ L) ∧ ¬O       R27 支部工作条例第四条
    cultivate  S ∧ ¬M ∧ ¬O ∧ ¬J            R14 通知四（1）
    none       all three surely not

Where no list of a society was handed in, A is unknown and L is no: a firm of three members then surely
should, and the words of its ground say that it must if it is a member.
"""

from __future__ import annotations

import narwhals as nw

from coverage_engine.coverage.frames import Lazy, answer, possible, sure, unknown
from coverage_engine.policy import Policy

ASKABLE: dict[str, str] = {
    "控股情况": "open_scope",
    "团组织": "open_own",
    "党组织": "open_party",
    "团员数": "open_members",
}
"""Ledger column that would decide → the flag that says it is open and matters."""


def with_facts(enterprises: Lazy, policy: Policy) -> Lazy:
    """Adds the facts `enough_members`, `has_party`, `many_youth`, and `member_margin`."""
    threshold = policy.number("league_members_threshold")
    party_words = ["own", "joint"] if policy.switch("joint_party_organisation_counts") else ["own"]
    return enterprises.with_columns(
        (nw.col("league_members") >= threshold).alias("enough_members"),
        (nw.col("league_members") - threshold).alias("member_margin"),
        _party(party_words).alias("has_party"),
        _many_youth(policy).alias("many_youth"),
    )


def with_obligations(cases: Lazy, policy: Policy) -> Lazy:
    """Adds `obligation`, `ground`, `ground_text`, `missing_facts`, `eligible` and `duty_bound`.

    The facts `satisfied`, `is_eligible` and `is_duty_bound` are added too.
    """
    satisfied = nw.col("has_own")
    if policy.switch("joint_satisfies_establishment"):
        satisfied = satisfied | nw.col("has_joint")
    eligible = nw.col("in_scope") & nw.col("enough_members")
    enterprises = cases.with_columns(
        satisfied.alias("satisfied"),
        eligible.alias("is_eligible"),
        (eligible & (nw.col("has_party") | nw.col("in_society"))).alias("is_duty_bound"),
    )
    scope, members = nw.col("in_scope"), nw.col("enough_members")
    called = nw.col("has_party") | nw.col("in_society")
    must = scope & members & called & ~nw.col("satisfied")
    listed = nw.col("has_party") | sure(nw.col("in_society"))
    should = scope & members & ~listed & ~nw.col("satisfied")
    cultivate = scope & ~members & ~nw.col("satisfied") & ~nw.col("has_joint")
    return (
        enterprises.with_columns(must.alias("must"), should.alias("should"), cultivate.alias("cultivate"))
        .with_columns(_obligation().alias("obligation"))
        .with_columns(*_open_facts())
        .with_columns(
            *_grounds(policy),
            _missing(policy).alias("missing_facts"),
            answer(nw.col("is_eligible")).alias("eligible"),
            answer(nw.col("is_duty_bound")).alias("duty_bound"),
        )
    )


def joined_words(parts: list[tuple[nw.Expr, str]], separator: str = ";") -> nw.Expr:
    """The words whose flag is true, joined in order; an empty text where none is."""
    pieces = [
        nw.when(sure(flag)).then(nw.lit(separator + word)).otherwise(nw.lit("")) for flag, word in parts
    ]
    text = nw.concat_str(pieces)
    return text.str.slice(len(separator))


def _party(words: list[str]) -> nw.Expr:
    return nw.when(nw.col("party").is_null()).then(unknown()).otherwise(nw.col("party").is_in(words))


def _many_youth(policy: Policy) -> nw.Expr:
    """R16: so many young employees, or so large a share of them (通知四（1）; the numbers are settings)."""
    young = nw.col("young_employees")
    by_count = young >= policy.number("many_youth_count")
    by_share = young * 1000 >= nw.col("employees") * policy.number("many_youth_permille")
    return by_count | (by_share & (nw.col("employees") > 0))


def _obligation() -> nw.Expr:
    word = nw.lit("undetermined")
    surely_none = ~(possible(nw.col("must")) | possible(nw.col("should")) | possible(nw.col("cultivate")))
    word = nw.when(surely_none).then(nw.lit("none")).otherwise(word)
    for flag, name in (
        ("cultivate", "cultivate"),
        ("should", "should_establish"),
        ("must", "must_establish"),
    ):
        word = nw.when(sure(nw.col(flag))).then(nw.lit(name)).otherwise(word)
    return word


def _open_facts() -> list[nw.Expr]:
    """Which unknown facts could still turn the obligation, where it cannot be told."""
    undetermined = nw.col("obligation") == "undetermined"
    members_may_suffice = possible(nw.col("enough_members"))
    return [
        (undetermined & nw.col("in_scope").is_null()).alias("open_scope"),
        (undetermined & nw.col("satisfied").is_null()).alias("open_own"),
        (undetermined & nw.col("enough_members").is_null()).alias("open_members"),
        (
            undetermined & nw.col("has_party").is_null() & ~sure(nw.col("in_society")) & members_may_suffice
        ).alias("open_party"),
    ]


def _missing(policy: Policy) -> nw.Expr:
    ordered = [ask.fact for ask in policy.ask_costs if ask.fact in ASKABLE]
    return joined_words([(nw.col(ASKABLE[fact]), fact) for fact in ordered])


def _grounds(policy: Policy) -> list[nw.Expr]:
    """The duties that make the obligation so, and their clauses in words."""
    must, should = sure(nw.col("must")), sure(nw.col("should"))
    listed = nw.col("tier_top_hundred") | sure(nw.col("above_scale"))
    crowded = sure(nw.col("above_scale")) & sure(nw.col("many_youth"))
    grounds = [
        (must & sure(nw.col("has_party")), "R13"),
        (sure(nw.col("cultivate")), "R14"),
        (should & listed, "R15"),
        (should & crowded, "R16"),
        (must & sure(nw.col("in_society")), "R17"),
        (should, "R27"),
    ]
    texts = [(flag, f"{policy.duty(key).clause} {policy.duty(key).title}") for flag, key in grounds]
    open_call = f"{policy.duty('R17').clause} {policy.facts['in_society'].label}待核实"
    texts.append((should & nw.col("in_society").is_null(), open_call))
    return [joined_words(grounds).alias("ground"), joined_words(texts, "；").alias("ground_text")]
