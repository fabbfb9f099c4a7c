"""The commands `review` (control sheets, ask lists, draft 通报, bridge) and `trace` (why one duty)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coverage_engine.cli.request import (
    DAY,
    READ_STEPS,
    Request,
    division_option,
    is_dated,
    judges_ledgers,
    out_option,
)
from coverage_engine.cli.speech import Steps, plain_errors, say, tell_set_aside
from coverage_engine.errors import LedgerError

if TYPE_CHECKING:
    from coverage_engine.model.snapshot import Snapshot

_REVIEW_STEPS = 3


@click.command()
@judges_ledgers
@out_option
@click.option("--before", type=click.Path(path_type=Path), default=None, help="前一期的台账（文件或文件夹）")
@click.option(
    "--before-as-of",
    type=DAY,
    default=None,
    help="前一期的时点 YYYY-MM-DD（前一期台账没有写明日期时必填）",
)
@division_option
@click.option(
    "--level", type=click.Choice(["city", "county"]), default="city", show_default=True, help="排到市或县"
)
def review(
    request: Request,
    out: Path,
    before: Path | None,
    before_as_of: datetime | None,
    level: str,
) -> None:
    """核查与督导：控制表、期限、待核实清单、通报草稿，以及两期变动说明。"""
    from coverage_engine.reviewing import review as made_review
    from coverage_engine.reviewing import write_review

    with plain_errors():
        steps = Steps((READ_STEPS if before is None else 2 * READ_STEPS) + _REVIEW_STEPS)
        earlier = None if before is None else Request((before,), request.lang, as_of=before_as_of)
        former = None if earlier is None else earlier.read(steps)[0]
        snapshot, _ = request.read(steps)
        if former is not None:
            _refuse_undated(former, snapshot)
        made = made_review(
            snapshot,
            before=former,
            policy_files=request.policies,
            level=level,
            division=request.division,
            progress=steps,
        )
        delivered = write_review(made, out, lang=request.lang)
        steps.close()
        tell_set_aside(delivered, request.lang)
        warned = made["deadlines"].filter(made["deadlines"]["status"] != "ahead").height
        click.echo(say("reviewed", request.lang, folder=out, asks=made["asks"].height, warned=warned))


def _refuse_undated(before: Snapshot, after: Snapshot) -> None:
    """Two dates are compared only where both are known.

    Raises:
        LedgerError: one of the two sets of ledgers has no date.
    """
    for snapshot, words, option in (
        (before, "前一期台账", "--before-as-of"),
        (after, "本期台账", "--as-of"),
    ):
        if not is_dated(snapshot):
            raise LedgerError(
                f"{words}没有写明日期，两期不能对照",
                f"请用 {option} 写明，如 {option} 2019-05-10；或把日期写进文件名，如 企业台账20190510.xlsx。",
            )


@click.command()
@judges_ledgers
@click.option("--enterprise", required=True, help="企业全称或统一社会信用代码")
@click.option("--duty", default=None, help="只说一项要求，如 R13（默认各项都说）")
def trace(request: Request, enterprise: str, duty: str | None) -> None:
    """说清一家企业各项要求的依据：事实、单元格、条款，定不下来的先问什么、问谁。"""
    from coverage_engine.explanation.trace import trace as trace_of
    from coverage_engine.explanation.trace import traces
    from coverage_engine.explanation.trace_lines import trace_lines
    from coverage_engine.face.enterprises import find_enterprise
    from coverage_engine.policy import load_policy

    with plain_errors():
        steps = Steps(READ_STEPS)
        snapshot, _ = request.read(steps)
        steps.close()
        policy = load_policy(snapshot.as_of, request.policies)
        enterprise_id = find_enterprise(snapshot, enterprise, request.lang)
        duty_traces = (
            traces(snapshot, policy, enterprise_id).values()
            if duty is None
            else [trace_of(snapshot, policy, enterprise_id, duty)]
        )
        for why in duty_traces:
            click.echo("\n".join(trace_lines(why, request.lang)) + "\n")
