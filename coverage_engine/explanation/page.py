"""个案说明: one enterprise on a page that loads and runs nothing, in Chinese or English, printable on A4."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from coverage_engine.content import content_file, read_content_toml
from coverage_engine.explanation.explained import Explained, PathTold
from coverage_engine.explanation.picture import HEIGHT, WIDTH, picture
from coverage_engine.explanation.waterfall import shared_axis, signed, waterfall
from coverage_engine.reporting.plan_json import software_version

_SHOWN_STEPS = 3


def write_explanation(told: Explained, file: Path, as_of: date, policy: str, *, lang: str = "zh") -> None:
    """Write the page into a file; folders above it are made."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(explanation_page(told, as_of, policy, lang=lang).encode())


def explanation_page(told: Explained, as_of: date, policy: str, *, lang: str = "zh") -> str:
    """The page as text; everything from a ledger is escaped."""
    text = read_content_toml("reports", "explanation.toml")[lang]
    style = content_file("reports", "explanation.css").read_text("utf-8").strip()
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= {"signed": signed, "percent": _percent}
    template = environment.from_string(content_file("reports", "explanation.html.j2").read_text("utf-8"))
    page = template.render(
        text=text,
        told=told,
        basis=text["basis"].format(as_of=as_of.isoformat(), policy=policy, software=software_version()),
        style=style,
        style_hash="sha256-" + b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        choice=_choice(told, text),
        charts=_charts(told, text),
        others=[_row(path, text) for path in told.paths],
        drawing=picture(told.drawing, text),
        size=(WIDTH, HEIGHT),
    )
    return f"{page}\n"


# ---------------------------------------------------------------------------------------------- private


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _titled(path: PathTold, text: Any) -> str:
    return str(text["path"].format(number=path.number, title=path.title))


def _choice(told: Explained, text: Any) -> list[str]:
    """What to do, in sentences: first path, runner-up, flip fact, what to ask, the joint branch."""
    first, second = told.path(told.first), told.path(told.runner_up)
    if first is None:
        return [text["none_feasible"]] if told.paths else [text["no_paths"]]
    chances = {name: _percent(getattr(first, name)) for name in ("chance", "low", "high")}
    lines = [text["first"].format(path=_titled(first, text), **chances)]
    if second is not None:
        lines.append(text["runner_up"].format(path=_titled(second, text), gap=signed(told.gap or 0)[1:]))
    lines.append(text["flip"].format(flip=told.flip) if told.flip else text["no_flip"])
    if told.open_paths:
        key = "ask_first" if told.ask_first else "open_paths"
        paths = text["comma"].join(str(number) for number in told.open_paths)
        lines.append(text[key].format(fact=told.ask_first, paths=paths))
    if told.joint_branch:
        lines.append(text["joint_branch"].format(group=told.joint_branch))
    return lines


def _charts(told: Explained, text: Any) -> list[dict[str, Any]]:
    """The waterfalls of first path and runner-up, on one axis."""
    shown = [path for path in (told.path(told.first), told.path(told.runner_up)) if path is not None]
    axis = shared_axis(shown)
    return [
        {
            "title": _titled(path, text),
            "bars": waterfall(path, axis),
            "zero": f"{axis.place(0):.2f}",
            "end": f"{axis.place(path.score):.2f}",
            "path": path,
        }
        for path in shown
    ]


def _row(path: PathTold, text: Any) -> dict[str, Any]:
    """One path in a line: how it stands, and why."""
    supports = [step.text for step in path.steps if step.contribution > 0 and not step.base]
    why = text["semicolon"].join(supports[:_SHOWN_STEPS])
    state = {True: "feasible", False: "infeasible", None: "untold"}[path.feasible]
    return {
        "title": _titled(path, text),
        "state": text[state],
        "key": state,
        "path": path,
        "why": why if path.feasible else path.why_not,
    }
