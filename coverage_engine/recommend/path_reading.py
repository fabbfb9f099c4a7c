"""Makes a path of one file of `paths/`, and tells what its shape cannot: facts, slots, lengths, order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from coverage_engine.content import Fault, Place, Words, Written
from coverage_engine.recommend import definitions
from coverage_engine.recommend.definitions import (
    MILLION,
    Condition,
    Evidence,
    Fact,
    FirstAction,
    HandedIn,
    PathDefinition,
    PathLetter,
    PathSymbol,
    Step,
)
from coverage_engine.recommend.fact_registry import stand_in, words
from coverage_engine.recommend.path_shapes import (
    ActionPart,
    ConditionPart,
    EvidencePart,
    HandedInPart,
    PathFile,
    StepPart,
)
from coverage_engine.recommend.wording import ACTION_NAMES, NAMES, fixed_length, slots

# Shortest room that still lets a reader recognise a firm.
_LEAST_NAME = 6
_JOINT_SETTINGS = ("radius_metres", "group_limit")
_UNDRAWN = PathSymbol("", "")


@dataclass(frozen=True)
class PathReader:
    """读路径: what paths are read against, and where their faults are gathered."""

    facts: Mapping[str, Fact]
    length: int
    faults: list[Fault]

    def path(self, written: Written[PathFile]) -> PathDefinition:
        """One path from its file, without a symbol yet."""
        file, top = written.value, written.place()
        title, relation = words(file.title), file.relation
        path = PathDefinition(
            number=file.number,
            key=file.key,
            title=title,
            short_title=words(file.short_title) if file.short_title is not None else title,
            symbol=_UNDRAWN,
            clause=file.clause,
            quote=file.quote,
            lead_unit=words(file.lead_unit),
            partners=file.partners,
            documents=file.documents,
            bundle=file.bundle,
            base=_millionths(file.base),
            doubt=_millionths(file.model_doubt),
            staff_hours=file.staff_hours,
            relation=self._fact(relation.fact, top.inside("relation"), "fact"),
            relation_text=self._fitting(relation.text, top, "relation", "text"),
            relation_unknown=self._perhaps_fitting(relation.text_unknown, top, "relation", "text_unknown"),
            relation_missing=self._perhaps_fitting(relation.text_missing, top, "relation", "text_missing"),
            conditions=tuple(
                self._condition(part, top.inside("conditions", at))
                for at, part in enumerate(file.conditions, start=1)
            ),
            evidence=tuple(
                self._evidence(part, top.inside("evidence", at))
                for at, part in enumerate(file.evidence, start=1)
            ),
            actions=tuple(
                self._action(part, top.inside("actions", at)) for at, part in enumerate(file.actions, start=1)
            ),
            settings={key: setting.value for key, setting in file.settings.items()},
            file=written.file,
            letter=self._letter(file, top),
            founds_jointly=file.founds_jointly,
        )
        self._check_joint(path, top)
        self._check_slots(top, ("lead_unit",), path.lead_unit.zh, path.lead_unit.en)
        self._check_slots(top, ("bundle",), path.bundle or "")
        self._check_days(path.actions, top)
        return path

    # -------------------------------------------------------------------------------------- private

    def _letter(self, file: PathFile, top: Place) -> PathLetter | None:
        """What is written to counterparts; needed where one call to such serves many targets."""
        if file.letter is None:
            if file.bundle is not None:
                problem = "一次联系多家的路径要写 [letter]（joint、title、basis、duties），公文据此起草"
                self.faults.append(top.fault(problem, "bundle"))
            return None
        letter = file.letter
        for at, duty in enumerate(letter.duties, start=1):
            if ";" in duty:
                self.faults.append(top.fault("不得含分号 ;（用于分隔各项）", "letter", "duties", at))
        return PathLetter(letter.joint, letter.title, letter.basis, letter.duties)

    def _condition(self, part: ConditionPart, place: Place) -> Condition:
        facts = tuple(self._fact(key, place, "any", at, kind="flag") for at, key in enumerate(part.any, 1))
        return Condition(facts, words(part.why_not), words(part.cannot_tell), part.allow_unknown)

    def _evidence(self, part: EvidencePart, place: Place) -> Evidence:
        fact = self._fact(part.fact, place, "fact")
        flag = fact.kind == "flag"
        self._check_weights(part, flag, place)
        text = self._fitting(part.text, place, "text")
        piece = Evidence(
            fact=fact,
            when_true=_millionths(part.when_true or 0.0) if flag else 0,
            when_false=_millionths(part.when_false or 0.0) if flag else 0,
            steps=() if flag else self._steps(part.steps, fact, place),
            source=part.source,
            text=text,
            text_against=self._perhaps_fitting(part.text_against, place, "text_against") or text,
        )
        self._check_direction(piece, place)
        return piece

    def _check_weights(self, part: EvidencePart, flag: bool, place: Place) -> None:
        """A flag has two weights, a count or share has steps, and neither has what the other needs."""
        weights = {"when_true": part.when_true, "when_false": part.when_false}
        for key, weight in weights.items():
            if flag and weight is None:
                self.faults.append(place.fault("缺少这一项，是/否的事实要写两个权重", key))
            if not flag and weight is not None:
                self.faults.append(place.fault("这个事实不是是/否，请改写 steps", key))
        if flag and part.steps:
            self.faults.append(place.fault("是/否的事实不分档，请改写 when_true、when_false", "steps"))
        if not flag and not part.steps:
            self.faults.append(place.fault("缺少这一项，个数和比例的事实要分档写权重", "steps"))

    def _steps(self, parts: Sequence[StepPart], fact: Fact, place: Place) -> tuple[Step, ...]:
        starts = [part.start for part in parts]
        if starts != sorted(set(starts)):
            self.faults.append(place.fault("各档的 from 应由小到大，不得重复", "steps"))
        for at, start in enumerate(starts, start=1):
            if not fact.low <= start <= fact.high:
                problem = f"应在 {fact.low} 到 {fact.high} 之间，现为 {start}"
                self.faults.append(place.fault(problem, "steps", at, "from"))
        return tuple(Step(part.start, _millionths(part.weight)) for part in parts)

    def _check_direction(self, piece: Evidence, place: Place) -> None:
        weights = [step.weight for step in piece.steps]
        rising = [piece.when_false, piece.when_true] if piece.fact.kind == "flag" else weights
        if piece.fact.direction == "up" and rising != sorted(rising):
            self.faults.append(place.fault(f"{piece.fact.key} 登记为越高越有利，权重却下降", "fact"))
        if piece.fact.direction == "down" and rising != sorted(rising, reverse=True):
            self.faults.append(place.fault(f"{piece.fact.key} 登记为越高越不利，权重却上升", "fact"))

    def _action(self, part: ActionPart, place: Place) -> FirstAction:
        action = FirstAction(
            day=part.day,
            text=words(part.text),
            responsible=part.responsible,
            document=part.document,
            shared=part.shared,
            when=self._fact(part.when, place, "when", kind="flag") if part.when is not None else None,
            unless=self._fact(part.unless, place, "unless", kind="flag") if part.unless is not None else None,
            joint=part.joint,
            handed_in=self._handed_in(part.handed_in, place) if part.handed_in is not None else None,
        )
        self._check_slots(place, ("text",), action.text.zh, action.text.en, names=ACTION_NAMES)
        if also := action.handed_in:
            self._check_slots(place, ("handed_in", "text"), also.text.zh, also.text.en, names=ACTION_NAMES)
        self._check_slots(place, ("responsible",), action.responsible, names=ACTION_NAMES)
        return action

    def _handed_in(self, part: HandedInPart, place: Place) -> HandedIn:
        known = sorted({fact.ledger for fact in self.facts.values()})
        if part.ledger not in known:
            problem = f"没有这种台账：{part.ledger}，可用：{'、'.join(known)}"
            self.faults.append(place.fault(problem, "handed_in", "ledger"))
        return HandedIn(part.ledger, words(part.text))

    def _check_joint(self, path: PathDefinition, top: Place) -> None:
        """Joint branches need to know how far their firms may be apart and how many they may be."""
        lacking = [key for key in _JOINT_SETTINGS if key not in path.settings]
        if path.founds_jointly and lacking:
            needed = "、".join(f"[settings.{key}]" for key in lacking)
            self.faults.append(top.fault(f"联合团支部要有设定 {needed}", "founds_jointly"))

    def _check_days(self, actions: tuple[FirstAction, ...], top: Place) -> None:
        """Steps of one day must exclude each other, so that nobody is told two things at once."""
        for at, (first, second) in enumerate(pairwise(actions), start=2):
            if first.day > second.day:
                self.faults.append(top.fault("各步的 day 应由小到大", "actions", at, "day"))
            if first.day == second.day and not _exclusive(first, second):
                problem = f"第{first.day}天有两步，须用 when、unless 分开"
                self.faults.append(top.fault(problem, "actions", at, "day"))

    def _fact(self, key: str, place: Place, *under: str | int, kind: str | None = None) -> Fact:
        if key not in self.facts:
            problem = f"事实 {key} 未在 facts.toml 登记"
            self.faults.append(place.fault(problem, *under, allowed=tuple(self.facts), word=key))
            return stand_in(key, kind or "flag")
        if kind and self.facts[key].kind != kind:
            self.faults.append(place.fault("可行条件只能用是/否的事实", *under))
        return self.facts[key]

    def _perhaps_fitting(self, written: Words | None, place: Place, *keys: str) -> definitions.Words | None:
        return None if written is None else self._fitting(written, place, *keys)

    def _fitting(self, written: Words, place: Place, *keys: str) -> definitions.Words:
        for lang in ("zh", "en"):
            text, address = getattr(written, lang), (*keys, lang)
            self._check_slots(place, address, text)
            if fixed_length(text) + _LEAST_NAME * len(slots(text)) > self.length:
                problem = f"文字过长，插入名称后会超过 {self.length} 字：{text}"
                self.faults.append(place.fault(problem, *address))
            if ";" in text:
                self.faults.append(place.fault(f"不得含分号 ;（用于分隔各条理由）：{text}", *address))
        return words(written)

    def _check_slots(
        self, place: Place, keys: tuple[str, ...], *templates: str, names: Sequence[str] = NAMES
    ) -> None:
        for slot in (slot for template in templates for slot in slots(template)):
            if slot not in names and slot != "value":
                problem = f"没有可插入的名称 {{{slot}}}"
                self.faults.append(place.fault(problem, *keys, allowed=tuple(names), word=slot))


# ---------------------------------------------------------------------------------------------- private


def _exclusive(first: FirstAction, second: FirstAction) -> bool:
    return (
        (first.when is not None and first.when == second.unless)
        or (first.unless is not None and first.unless == second.when)
        or (first.joint is not None and second.joint is not None and first.joint != second.joint)
    )


def _millionths(weight: float) -> int:
    return round(weight * MILLION)
