"""The answer of every enterprise to every duty: does it apply, and is it met; yes, no or unknown."""

from __future__ import annotations

import narwhals as nw

from coverage_engine.coverage.frames import Frames, Lazy, answer, sure, unknown, yes


def duty_answers(enterprises: Lazy, frames: Frames) -> Lazy:
    """The table `duties`: one row per enterprise and duty that applies or may apply."""
    told = enterprises.join(_appraisals(frames), left_on="enterprise_id", right_on="appraised_id", how="left")
    answers = [
        told.select(
            "enterprise_id",
            nw.lit(duty).alias("duty"),
            answer(applies).alias("applies"),
            answer(met).alias("met"),
        )
        for duty, (applies, met) in _rules().items()
    ]
    return nw.concat(answers).filter(nw.col("applies") != "no")


def _rules() -> dict[str, tuple[nw.Expr, nw.Expr]]:
    """For each duty: whether it applies and whether it is met."""
    scope, members, party = nw.col("in_scope"), nw.col("enough_members"), nw.col("has_party")
    society, own, joint = nw.col("in_society"), nw.col("has_own"), nw.col("has_joint")
    met = nw.col("satisfied")
    listed = nw.col("tier_top_hundred") | nw.col("above_scale")
    work = own | joint | nw.col("youth_organisation")
    claimed = sure(nw.col("coverage_state").is_in(["own", "joint"]))
    return {
        "R13": (scope & members & party, met),
        "R14": (scope & ~members & ~own & ~joint, nw.col("youth_organisation")),
        "R15": (scope & listed, met),
        "R16": (scope & nw.col("above_scale") & nw.col("many_youth"), met),
        "R17": (scope & members & society, met),
        "R18": (scope & society & nw.col("takes_part"), own),
        "R19": (scope & (nw.col("tier_park") | nw.col("tier_sector")), work),
        "R20": (claimed, _in_system()),
        "R27": (scope & members & ~party & ~society, met),
    }


def _in_system() -> nw.Expr:
    verified = nw.col("verified")
    return nw.when(verified == "unknown").then(unknown()).otherwise(verified == "yes")


def _appraisals(frames: Frames) -> Lazy:
    """Whether the enterprise takes part in this year's awards: yes, else unknown if any blank, else no."""
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
    return counted.select("appraised_id", fact.alias("takes_part"))
