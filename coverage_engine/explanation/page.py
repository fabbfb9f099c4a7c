"""个案说明: one enterprise on a page that loads and runs nothing, in Chinese or English, printable on A4."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from coverage_engine.content import BilingualFile, checked_content, content_file
from coverage_engine.explanation.explained import Explained, PathTold
from coverage_engine.explanation.picture import HEIGHT, WIDTH, picture
from coverage_engine.explanation.waterfall import shared_axis, signed, waterfall
from coverage_engine.reporting.plan_json import software_version

_SHOWN_STEPS = 3


def write_explanation(
    explained: Explained, file: Path, as_of: date, policy: str, *, lang: str = "zh"
) -> None:
    """Write the page into a file; folders above it are made."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(explanation_page(explained, as_of, policy, lang=lang).encode())


def explanation_page(explained: Explained, as_of: date, policy: str, *, lang: str = "zh") -> str:
    """The page as text; everything from a ledger is escaped."""
    text = checked_content(BilingualFile, "reports", "explanation.toml")[lang]
    style = content_file("reports", "explanation.css").read_text("utf-8").strip()
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= {"signed": signed, "percent": _percent}
    template = environment.from_string(content_file("reports", "explanation.html.j2").read_text("utf-8"))
    page = template.render(
        text=text,
        told=explained,
        basis=text["basis"].format(as_of=as_of.isoformat(), policy=policy, software=software_version()),
        style=style,
        style_hash="sha256-" + b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        choice=_choice(explained, text),
        charts=_charts(explained, text),
        others=[_row(path, text) for path in explained.paths],
        drawing=picture(explained.drawing, text),
        size=(WIDTH, HEIGHT),
    )
    return f"{page}\n"


# ---------------------------------------------------------------------------------------------- private


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _titled(path: PathTold, text: Any) -> str:
    return str(text["path"].format(number=path.number, title=path.title))


def _choice(explained: Explained, text: Any) -> list[str]:
    """What to do, in sentences: first path, runner-up, flip fact, what to ask, the joint branch."""
    first, second = explained.path(explained.first), explained.path(explained.runner_up)
    if first is None:
        return [text["none_feasible"]] if explained.paths else [text["no_paths"]]
    chances = {name: _percent(getattr(first, name)) for name in ("chance", "low", "high")}
    lines = [text["first"].format(path=_titled(first, text), **chances)]
    if second is not None:
        lines.append(text["runner_up"].format(path=_titled(second, text), gap=signed(explained.gap or 0)[1:]))
    lines.append(text["flip"].format(flip=explained.flip) if explained.flip else text["no_flip"])
    if explained.open_paths:
        key = "ask_first" if explained.ask_first else "open_paths"
        paths = text["comma"].join(str(number) for number in explained.open_paths)
        lines.append(text[key].format(fact=explained.ask_first, paths=paths))
    if explained.joint_branch:
        lines.append(text["joint_branch"].format(group=explained.joint_branch))
    return lines


def _charts(explained: Explained, text: Any) -> list[dict[str, Any]]:
    """The waterfalls of first path and runner-up, on one axis."""
    shown = [
        path
        for path in (explained.path(explained.first), explained.path(explained.runner_up))
        if path is not None
    ]
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
