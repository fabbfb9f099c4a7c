"""What outputs say in the words of a policy: they draw a plan and know nothing of the policy itself."""

from __future__ import annotations

from coverage_engine.model.plan import DatedDuty, PolicyTerms
from coverage_engine.policy.definitions import Policy

_HANDING_IN = "R22"


def terms_of(policy: Policy) -> PolicyTerms:
    """The terms that a plan takes along."""
    calendar = policy.working_days
    handing_in = [duty.due for duty in policy.duties if duty.key == _HANDING_IN]
    return PolicyTerms(
        numbers="、".join(document.number for document in policy.documents),
        cited="、".join(document.cited for document in policy.documents),
        small_base=policy.number("small_base"),
        members_to_found=policy.number("league_members_threshold"),
        hand_in=handing_in[0] if handing_in else None,
        dated_duties=tuple(
            DatedDuty(
                duty.key,
                duty.title,
                duty.title_en or duty.title,
                duty.clause,
                duty.due,
                calendar.last_before(duty.due),
            )
            for duty in policy.duties_of("enterprise")
            if duty.due is not None
        ),
        english={rule.reason: rule.reason_en for rule in (*policy.targets, policy.elsewhere)},
    )
