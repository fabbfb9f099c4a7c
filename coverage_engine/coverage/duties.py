"""The answer of every enterprise to every duty: does it apply, and is it met; yes, no or unknown.

The conditions are policy content (`data/policy/duties.toml`); this module supplies the facts they name.
"""

from __future__ import annotations

import narwhals as nw

from coverage_engine.frames.dialect import Frames, Lazy, answer, levelled, sure, unknown, yes
from coverage_engine.frames.logic import Facts, truth
from coverage_engine.policy import Policy


def duty_answers(enterprises: Lazy, frames: Frames, policy: Policy) -> Lazy:
    """The table `duties`: one row per enterprise and duty that applies or may apply."""
    appraised = levelled(with_appraisals(enterprises, frames))
    facts = enterprise_facts(policy)
    answers = []
    for duty in policy.duties_of("enterprise"):
        applies = truth(duty.applies, facts)
        row = appraised.select(
            "enterprise_id",
            nw.lit(duty.key).alias("duty"),
            answer(applies).alias("applies"),
            answer(truth(duty.met, facts)).alias("met"),
        )
        answers.append(row.filter(nw.col("applies") != "no"))
    return nw.concat(answers)


def enterprise_facts(policy: Policy) -> Facts:
    """The facts that duties of enterprises may name, over the assessed enterprises with appraisals.

    All but `takes_part` are told by the cases as well. A firm without a park in the ledgers is in none.
    """
    names = [name for name, fact in policy.facts.items() if fact.subject == "enterprise"]
    facts = {name: nw.col(name) for name in names}
    facts["claimed"] = nw.col("has_own") | nw.col("has_joint")
    facts["in_system"] = _in_system()
    facts["listed_in_society"] = sure(nw.col("in_society"))
    return facts


def with_appraisals(enterprises: Lazy, frames: Frames) -> Lazy:
    """Adds `takes_part` in this year's awards: yes, else unknown if any blank, else no."""
    rows = frames["society_members"].select(
        nw.col("enterprise_id").alias("appraised_id"),
        sure(nw.col("appraisal")).cast(nw.Int64).alias("taking"),
        nw.col("appraisal").is_null().cast(nw.Int64).alias("blank"),
    )
    counted = rows.group_by("appraised_id").agg(nw.col("taking").sum(), nw.col("blank").sum())
    fact = (
        nw.when(nw.col("taking") > 0)
        .then(yes())
        .otherwise(nw.when(nw.col("blank") > 0).then(unknown()).otherwise(nw.lit(False)))
    )
    appraisals = counted.select("appraised_id", fact.alias("takes_part"))
    return enterprises.join(appraisals, left_on="enterprise_id", right_on="appraised_id", how="left")


def _in_system() -> nw.Expr:
    verified = nw.col("verified")
    return nw.when(verified == "unknown").then(unknown()).otherwise(verified == "yes")
