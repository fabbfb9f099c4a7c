"""One explained enterprise put into lines of plain text."""

from __future__ import annotations

from coverage_engine.explanation.explained import Explained, PastCase, PathTold, SignedStep
from coverage_engine.explanation.phrases import phrase

_MILLION = 1_000_000


def explanation_text(explained: Explained, lang: str) -> str:
    """Everything that is known of the enterprise, in lines."""
    lines = [
        phrase("enterprise", lang, name=explained.name, code=explained.code, place=explained.place),
        *explained.state,
    ]
    if explained.paths:
        lines += ["", phrase("paths", lang)]
        lines += [line for path in explained.paths for line in _path_lines(path, lang)]
        lines += ["", *_choice_lines(explained, lang)]
    else:
        lines += ["", phrase("no_paths", lang)]
    lines += ["", phrase("relations", lang), *explained.relations]
    if explained.paths:
        lines += ["", phrase("cases", lang), *_case_lines(explained, lang)]
    return "\n".join(lines)


def signed(millionths: int) -> str:
    """Log-odds with sign, without losing any digit of the stored integer."""
    sign = "-" if millionths < 0 else "+"
    whole, rest = divmod(abs(millionths), _MILLION)
    digits = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{sign}{whole}.{digits}"


# ---------------------------------------------------------------------------------------------- private


def _path_lines(path: PathTold, lang: str) -> list[str]:
    title = phrase("path", lang, number=path.number, title=path.title)
    if path.feasible is False:
        return [phrase("infeasible", lang, title=title, why=path.why_not)]
    figures = {"chance": f"{path.chance:.0%}", "low": f"{path.low:.0%}", "high": f"{path.high:.0%}"}
    head = phrase("scored", lang, title=title, score=signed(path.score), **figures)
    if path.feasible is None:
        head = phrase("untold", lang, title=title, why=path.why_not, score=signed(path.score))
    unknown = [
        phrase("unknown", lang, fact=each.fact, low=signed(each.low), high=signed(each.high))
        for each in path.unknowns
    ]
    return [head, *(_step_line(step, lang) for step in path.steps), *unknown]


def _step_line(step: SignedStep, lang: str) -> str:
    cell = phrase("cell", lang, cell=step.cell) if step.cell else ""
    base = phrase("base", lang) if step.base else ""
    return f"      {signed(step.contribution)}  {base}{step.text}{cell}"


def _choice_lines(explained: Explained, lang: str) -> list[str]:
    if explained.first is None:
        return [phrase("none_feasible", lang)]
    lines = [phrase("first", lang, path=explained.first)]
    if explained.runner_up is not None:
        lines.append(phrase("runner_up", lang, path=explained.runner_up, gap=signed(explained.gap or 0)))
    lines.append(phrase("flip", lang, flip=explained.flip) if explained.flip else phrase("no_flip", lang))
    if explained.open_paths:
        paths = phrase("comma", lang).join(str(number) for number in explained.open_paths)
        key = "ask_first" if explained.ask_first else "open_paths"
        lines.append(phrase(key, lang, fact=explained.ask_first, paths=paths))
    if explained.joint_branch:
        lines.append(phrase("joint_branch", lang, group=explained.joint_branch))
    return lines


def _case_lines(explained: Explained, lang: str) -> list[str]:
    if not explained.cases:
        return [phrase("no_ledger" if explained.cases is None else "no_cases", lang)]
    return [_case_line(case, lang) for case in explained.cases]


def _case_line(case: PastCase, lang: str) -> str:
    comma = phrase("comma", lang)
    days = [day.isoformat() for day in (case.started, case.ended) if day is not None]
    line = phrase(
        "case", lang, name=case.name, place=case.place, path=case.path, result=case.result,
        days=phrase("until", lang).join(days),
    )  # fmt: skip
    alike = phrase("alike", lang, facts=comma.join(case.alike)) if case.alike else ""
    unlike = phrase("unlike", lang, facts=comma.join(case.unlike)) if case.unlike else ""
    return f"{line}{alike}{unlike}"
