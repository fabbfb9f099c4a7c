"""A trace as a planner reads it: one line a fact, indented by depth, in Chinese or English.

Quotations, clauses, ledger headings and what stands in a cell stay as they are written.
"""

from __future__ import annotations

from collections.abc import Iterator

from coverage_engine.arguments import LANGUAGE, checked, instance
from coverage_engine.explanation.trace import DutyTrace, Question, TraceNode
from coverage_engine.model.vocabulary import label

_WORDS = {
    "zh": (
        "适用",
        "做到",
        "先问：{header}（{whom}）",
        "也可能要问：{header}（{whom}）",
        "（空）",
        "：",
        "；",
    ),
    "en": (
        "Applies",
        "Met",
        "Ask first: {header} ({whom})",
        "Perhaps also: {header} ({whom})",
        "(blank)",
        ": ",
        "; ",
    ),
}


@checked(why=instance(DutyTrace, "trace 说明的依据（DutyTrace）"), lang=LANGUAGE)
def trace_lines(why: DutyTrace, lang: str = "zh") -> list[str]:
    """The lines of one duty: the rule, whether it applies and is met with cells and clauses, what to ask.

    Raises:
        ArgumentError: an argument of the wrong kind.

    Example:
        >>> trace_lines(trace(snapshot, policy, 0, "R13"))[0][:3]
        'R13'
    """
    applies, met, first, also, *_ = _WORDS[lang]
    duty, notes = why.duty, why.notes_en if lang == "en" else why.notes
    title = duty.title_en or duty.title if lang == "en" else duty.title
    lines = [f"{duty.key} {title}（{duty.clause}）：“{duty.quote}”"]
    lines += [applies, *_lines(why.applies, 1, lang), met, *_lines(why.met, 1, lang)]
    lines += [_question_line(first, ask, lang) for ask in why.deciding[:1]]
    lines += [_question_line(also, ask, lang) for ask in why.deciding[1:]]
    return lines + list(notes)


# ---------------------------------------------------------------------------------------------- private


def _question_line(form: str, ask: Question, lang: str) -> str:
    return form.format(header=ask.header, whom=ask.whom_en or ask.whom if lang == "en" else ask.whom)


def _lines(node: TraceNode, depth: int, lang: str) -> Iterator[str]:
    *_, blank, colon, between = _WORDS[lang]
    cells = between.join(f"{cell.address} {cell.header}={cell.value or blank}" for cell in node.cells)
    clause = f"（{node.clause}）" if node.clause else ""
    words = node.english if lang == "en" else node.words
    yield f"{'　' * depth}{words}{colon}{label(node.answer, lang)}{clause}{'　' + cells if cells else ''}"
    for part in node.parts:
        yield from _lines(part, depth + 1, lang)
