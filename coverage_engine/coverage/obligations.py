"""What the notice asks of every enterprise now: must, should, cultivate, none, or cannot tell yet.

The duties of the policy say it (`founding` in `data/policy/duties.toml`): an obligation is that of the
strongest duty that applies and is not met, told where all that is unknown could not turn it. Where no list of
a society was handed in, a firm that should found one anyway is told so, and the words of its ground say that
it must if it is a member.
"""

from __future__ import annotations

import narwhals as nw

from coverage_engine.coverage.duties import enterprise_facts
from coverage_engine.coverage.founding import OBLIGATIONS, Founding
from coverage_engine.frames.dialect import Lazy, answer, levelled, no, possible, sure, unknown, worded
from coverage_engine.frames.logic import Facts, truth
from coverage_engine.policy import Duty, Policy, facts_of

_SOCIETY = "in_society"


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
    facts, rules = enterprise_facts(policy), Founding.of(policy)
    known = cases.with_columns(
        satisfied.alias("satisfied"),
        (nw.col("in_scope") & nw.col("enough_members")).alias("is_eligible"),
    ).with_columns(_duty_bound(policy, facts).alias("is_duty_bound"), rules.place(facts).alias("known_facts"))
    coded = levelled(known)
    judged = worded(
        worded(coded, "known_facts", rules.words(), "obligation"),
        "known_facts",
        rules.missing(),
        "missing_facts",
    )
    return (
        levelled(judged)
        .with_columns(
            *_grounds(policy, facts),
            answer(nw.col("is_eligible")).alias("eligible"),
            answer(nw.col("is_duty_bound")).alias("duty_bound"),
        )
        .drop("known_facts")
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


def _duty_bound(policy: Policy, facts: Facts) -> nw.Expr:
    """Whether any duty that says must applies."""
    bound = no()
    for duty in policy.founding("obliges"):
        if duty.strength == "must":
            bound = bound | truth(duty.applies, facts)
    return bound


def _demanded(duty: Duty, facts: Facts) -> nw.Expr:
    applies = truth(duty.applies, facts)
    return applies if duty.standing else applies & ~truth(duty.met, facts)


def _grounds(policy: Policy, facts: Facts) -> list[nw.Expr]:
    """The duties that make the obligation so, and their clauses in words; then what may be one besides."""
    grounds: list[tuple[nw.Expr, str]] = []
    texts: list[tuple[nw.Expr, str]] = []
    calls: list[tuple[nw.Expr, str]] = []
    obliging = policy.founding("obliges")
    surely = {word: no() for word in OBLIGATIONS}
    for duty in obliging:
        surely[duty.strength] = surely[duty.strength] | sure(_demanded(duty, facts))
    for duty in policy.founding("obliges", "supports"):
        demanded, words = _demanded(duty, facts), f"{duty.clause} {duty.title}"
        so = nw.col("obligation") == OBLIGATIONS[duty.strength]
        grounds.append((so & sure(demanded), duty.key))
        texts.append((so & sure(demanded), words))
        if duty in obliging:
            # One of several duties surely binds, and nobody can tell which.
            calls.append((so & possible(demanded) & ~surely[duty.strength], f"{words}（或适用，待核实）"))
        if duty in obliging and _SOCIETY in facts_of(duty.applies):
            weaker = nw.col("obligation").is_in(_below(duty))
            open_call = f"{duty.clause} {policy.facts[_SOCIETY].label}待核实"
            calls.append((weaker & possible(demanded) & nw.col(_SOCIETY).is_null(), open_call))
    return [joined_words(grounds).alias("ground"), joined_words([*texts, *calls], "；").alias("ground_text")]


def _below(duty: Duty) -> list[str]:
    """The obligations that are weaker than the duty's."""
    words = list(OBLIGATIONS.values())
    return words[: words.index(OBLIGATIONS[duty.strength])]
