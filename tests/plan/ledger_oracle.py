"""What the ledger cells of one enterprise say, read as a planner would and without the engine's rules.

A fact is True, False or None (not known); `Firm` holds the texts found in the ledgers by the facts' names.
"""

import re
from dataclasses import dataclass

NON_PUBLIC, PUBLIC = {"私人控股", "港澳台控股", "外商控股"}, {"国有控股", "集体控股"}
PRIVATE_TYPES = {"2011": {"171", "172", "173", "174"}, "2023": {"112", "121", "140", "150"}}
PUBLIC_TYPES = {"2011": {"110", "120", "141", "142", "143", "151"}, "2023": {"111", "131", "132"}}
PRIVATE_WORDS = ("私营", "外资", "外商", "中外", "港澳台", "与港澳台")
PUBLIC_WORDS = ("国有", "集体")
MIXED_WORDS = ("合资", "合作", "股份", "其他")
MIXED_TYPES = {
    "2011": {"210", "220", "240", "290", "310", "320", "340", "390"},
    "2023": {"210", "220", "230", "290", "310", "320", "330", "390"},
}
YOUTH_RICH = ("64", "602", "725", "7291", "7484", "7491", "7492", "86", "87", "88", "90", "243")


def both(*facts):
    return False if False in facts else None if None in facts else True


def either(*facts):
    return True if True in facts else None if None in facts else False


def no(fact):
    return None if fact is None else not fact


@dataclass(frozen=True)
class Firm:
    """The texts in the ledger cells that an evidence page names for one enterprise."""

    name: str = ""
    control: str = ""
    registration: str = ""
    year: str = ""
    operating: str = ""
    members: str = ""
    party: str = ""
    society: bool = False
    form: str = ""
    kind: str = ""
    named: str = ""
    listed_jointly: bool = False
    alone_in_system: bool = False
    jointly_in_system: bool = False
    alone_members: tuple[str, ...] = ()
    joint_members: tuple[str, ...] = ()
    above_scale: str = ""
    ranked: bool = False
    park: bool = False
    industry: str = ""

    @property
    def non_public(self):
        if self.control:
            return self.control in NON_PUBLIC if self.control in NON_PUBLIC | PUBLIC else None
        if self.registration.startswith(PRIVATE_WORDS):
            return True
        if self.registration.startswith(PUBLIC_WORDS):
            return False
        if self.registration in PRIVATE_TYPES.get(self.year, ()) or (
            self.year and self.registration[:1] in ("2", "3")
        ):
            return True
        return False if self.registration in PUBLIC_TYPES.get(self.year, ()) else None

    @property
    def in_scope(self):
        return both(self.non_public, self.operating not in ("注销", "停业"))

    @property
    def presumed(self):
        """In scope only because a blank 营业状态 is taken as 在营, or mixed capital as non-public."""
        foreign = self.registration.startswith(("外资", "外商", "中外", "港澳台", "与港澳台"))
        mixed = self.registration in MIXED_TYPES.get(self.year, ()) or (
            foreign and any(word in self.registration for word in MIXED_WORDS)
        )
        return self.in_scope is True and (not self.operating or (not self.control and mixed))

    @property
    def enough(self):
        return int(self.members) >= 3 if self.members else None

    @property
    def called(self):
        return either(self.party in ("单独", "联合") if self.party else None, self.society)

    @property
    def names_itself(self):
        """Every letter of the unit named stands in the firm's own name, in order."""
        letters = iter(self.name)
        return all(letter in letters for letter in re.sub(r"^共青团|(总?支部|工作)?委员会$", "", self.named))

    @property
    def foreign(self):
        return bool(self.named) and "联合" not in self.named and not self.names_itself

    @property
    def joint(self):
        if self.listed_jointly or self.jointly_in_system:
            return True
        if "联合" in self.named and self.form in ("", "单独"):
            return True
        if self.form == "单独" and self.foreign:
            return None
        return self.form in ("联合", "依托") if self.form else None

    @property
    def own(self):
        if self.alone_in_system:
            return True
        if self.form not in ("", "单独"):
            return False
        if not (self.form or self.named or self.kind):
            return False if self.joint else None
        if self.joint and not (self.named and self.names_itself):
            return False
        return None if self.foreign else True

    @property
    def covered(self):
        return either(self.own, self.joint)

    @property
    def bodies(self):
        """The members that the system counts in the bodies that the state speaks of."""
        return self.alone_members if self.own else self.alone_members + self.joint_members

    @property
    def verified(self):
        return any(members != "0" for members in self.bodies)

    @property
    def hollow(self):
        return bool(self.bodies) and not self.verified

    @property
    def scale(self):
        return {"是": True, "否": False}.get(self.above_scale)

    def inside(self, category):
        """As ranges take it: of a firm that is presumed in scope it is not known."""
        taken = self.taken(category)
        return None if taken and self.presumed else taken

    def taken(self, category):
        return {
            "operating": self.in_scope,
            "eligible": both(self.in_scope, self.enough),
            "duty_bound": both(self.in_scope, self.enough, self.called),
            "top_hundred": both(self.in_scope, self.ranked),
            "above_scale": both(self.in_scope, self.scale),
            "park": both(self.in_scope, self.park),
            "society": both(self.in_scope, self.society),
            "sector": both(self.in_scope, self.industry.startswith(YOUTH_RICH)),
        }[category]

    @property
    def obligation(self):
        """must, should, cultivate, none, or undetermined where two of them are possible."""
        must = both(self.in_scope, self.enough, self.called, no(self.own))
        should = both(self.in_scope, self.enough, no(self.called), no(self.own))
        cultivate = both(self.in_scope, no(self.enough), no(self.own), no(self.joint))
        for word, fact in (("must", must), ("should", should), ("cultivate", cultivate)):
            if fact:
                return word
        return "undetermined" if None in (must, should, cultivate) else "none"

    @property
    def target(self):
        tiered = self.ranked or self.scale is True or self.park or self.society
        tiered = tiered or self.industry.startswith(YOUTH_RICH)
        return self.obligation in ("must", "should", "undetermined") or (
            self.obligation == "cultivate" and tiered
        )

    def counts(self, category, figure):
        """(surely, possibly) counted in a figure."""
        inside = self.inside(category)
        fact = {
            "base": True,
            "own": self.own,
            "joint": self.covered,
            "verified": self.covered is True and self.verified,
            "hollow": self.covered is True and self.hollow,
            "must": self.obligation == "must",
            "should": self.obligation == "should",
            "gap": self.obligation in ("must", "should"),
            "undetermined": self.obligation == "undetermined",
            "targets": self.target,
        }[figure]
        if figure in ("base", "own", "joint"):
            held = both(inside, fact)
            return held is True, held is not False
        if figure in ("undetermined", "targets"):
            return (inside is not False and fact,) * 2
        if figure in ("must", "should", "gap"):
            return (self.taken(category) is True and fact,) * 2
        return (inside is True and fact,) * 2
