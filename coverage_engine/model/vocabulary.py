"""The words of the field: every state, duty, relation and kind, with its Chinese and English label."""

from __future__ import annotations

from enum import StrEnum


class Answer(StrEnum):
    """三值判断: yes, no, or not known; unknown is never no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class CoverageState(StrEnum):
    """组织覆盖状态."""

    OWN = "own"
    JOINT = "joint"
    YOUTH_ONLY = "youth_only"
    UNCOVERED = "uncovered"
    UNKNOWN = "unknown"
    OUT_OF_SCOPE = "out_of_scope"


class Obligation(StrEnum):
    """应建要求."""

    MUST_ESTABLISH = "must_establish"
    SHOULD_ESTABLISH = "should_establish"
    CULTIVATE = "cultivate"
    NONE = "none"
    UNDETERMINED = "undetermined"


class Tier(StrEnum):
    """建团重点层级."""

    TOP_HUNDRED = "top_hundred"
    ABOVE_SCALE = "above_scale"
    PARK = "park"
    SOCIETY = "society"
    SECTOR = "sector"


class EstablishedForm(StrEnum):
    """党团组织建立形式: alone, jointly with others, dependent on another body, or none."""

    OWN = "own"
    JOINT = "joint"
    DEPENDENT = "dependent"
    NONE = "none"


class LeagueOrganisationKind(StrEnum):
    """团组织建制."""

    LEAGUE_COMMITTEE = "league_committee"
    WORK_COMMITTEE = "work_committee"
    GENERAL_BRANCH = "general_branch"
    LEAGUE_BRANCH = "league_branch"


class Control(StrEnum):
    """控股情况 (国统字[2005]79)."""

    STATE = "state"
    COLLECTIVE = "collective"
    PRIVATE = "private"
    HK_MACAO_TAIWAN = "hk_macao_taiwan"
    FOREIGN = "foreign"


class Operating(StrEnum):
    """营业状态."""

    OPERATING = "operating"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Severity(StrEnum):
    """核查问题级别: an error quarantines the row, a warning leaves a value unknown, a note informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_LABELS: dict[str, tuple[str, str]] = {
    "Answer.yes": ("是", "yes"),
    "Answer.no": ("否", "no"),
    "Answer.unknown": ("待核实", "to verify"),
    "CoverageState.own": ("单独建立", "own organisation"),
    "CoverageState.joint": ("联合覆盖", "jointly covered"),
    "CoverageState.youth_only": ("仅有青年组织", "youth organisation only"),
    "CoverageState.uncovered": ("空白", "uncovered"),
    "CoverageState.unknown": ("底数不清", "not known"),
    "CoverageState.out_of_scope": ("范围外", "out of scope"),
    "Obligation.must_establish": ("必须建团", "must establish"),
    "Obligation.should_establish": ("应当建团", "should establish"),
    "Obligation.cultivate": ("培育", "cultivate"),
    "Obligation.none": ("无需新建", "none"),
    "Obligation.undetermined": ("待核实", "cannot tell yet"),
    "Tier.top_hundred": ("民营经济100强", "top hundred"),
    "Tier.above_scale": ("规模以上", "above scale"),
    "Tier.park": ("园区企业", "in a park"),
    "Tier.society": ("团属社团会员", "society member enterprise"),
    "Tier.sector": ("青年聚集行业", "youth-rich sector"),
    "EstablishedForm.own": ("单独", "own"),
    "EstablishedForm.joint": ("联合", "joint"),
    "EstablishedForm.dependent": ("依托", "dependent"),
    "EstablishedForm.none": ("无", "none"),
    "LeagueOrganisationKind.league_committee": ("团委", "League committee"),
    "LeagueOrganisationKind.work_committee": ("团工委", "League work committee"),
    "LeagueOrganisationKind.general_branch": ("团总支", "general League branch"),
    "LeagueOrganisationKind.league_branch": ("团支部", "League branch"),
    "Control.state": ("国有控股", "state"),
    "Control.collective": ("集体控股", "collective"),
    "Control.private": ("私人控股", "private"),
    "Control.hk_macao_taiwan": ("港澳台控股", "Hong Kong, Macao, Taiwan"),
    "Control.foreign": ("外商控股", "foreign"),
    "Operating.operating": ("在营", "operating"),
    "Operating.suspended": ("停业", "suspended"),
    "Operating.closed": ("注销", "closed"),
    "Severity.error": ("错误", "error"),
    "Severity.warning": ("警告", "warning"),
    "Severity.note": ("提示", "note"),
}


def label(word: StrEnum, lang: str = "zh") -> str:
    """The label that a planner reads for one word of the vocabulary."""
    chinese, english = _LABELS[f"{type(word).__name__}.{word.value}"]
    return english if lang == "en" else chinese


def labels(words: type[StrEnum], lang: str = "zh") -> dict[str, str]:
    """All words of one vocabulary with their labels, in order of definition."""
    return {word.value: label(word, lang) for word in words}
