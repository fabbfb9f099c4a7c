"""What most commands are asked with: the ledgers or the workspace, the date, the division, the policy.

`reads_ledgers` and `plans` are decorators that add the options and hand the command one `Request`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coverage_engine.arguments import FIRST_DAY, LAST_DAY, is_possible_day
from coverage_engine.errors import WorkspaceError

if TYPE_CHECKING:
    from coverage_engine.cli.speech import Steps
    from coverage_engine.model.findings import Findings
    from coverage_engine.model.plan import Plan
    from coverage_engine.model.snapshot import Snapshot
    from coverage_engine.recommend.definitions import PathBook

READ_STEPS, PLAN_STEPS, WRITE_STEPS = 1, 2, 5

Command = Callable[..., Any]

lang_option = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language"
)
out_option = click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="输出文件夹"
)


class Day(click.DateTime):
    """A day of which ledgers can tell, written YYYY-MM-DD."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The day, refused where no plan can be made of it."""
        day: datetime = super().convert(value, param, ctx)
        if not is_possible_day(day.date()):
            self.fail(
                f"{value} 不可能是台账的时点，请给出 {FIRST_DAY} 到 {LAST_DAY} 之间的日期。", param, ctx
            )
        return day


DAY = Day(["%Y-%m-%d"])
_READING = (
    click.argument("ledgers", nargs=-1, type=click.Path(path_type=Path)),
    click.option(
        "--workspace",
        type=click.Path(path_type=Path, file_okay=False),
        default=None,
        help="用工作目录里保存的台账（不再给出台账文件）",
    ),
    click.option(
        "--mapping",
        "mappings",
        multiple=True,
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="填好的表头对照（coverage-engine map 写出的工作簿；与台账放在一起的不必再给）",
    ),
    click.option(
        "--as-of",
        "as_of",
        type=DAY,
        default=None,
        help="时点 YYYY-MM-DD（默认取导出日期，其次文件名、标题、表尾的日期；都没有的，暂按今天并提醒）",
    ),
    click.option(
        "--complete",
        "complete",
        multiple=True,
        help="齐全的名单（党组织台账、工会台账、四上单位名录）：没有列入的企业按没有算（可多次给出）",
    ),
    click.option(
        "--no-clean",
        "no_clean",
        multiple=True,
        metavar="规则",
        help="不用某条清洗规则（编号、记号、备注、状态、曾用名、职务、电话、分开、单位、约数、万、千分号），可多次给出",
    ),
)
_POLICY = click.option(
    "--policy",
    "policies",
    multiple=True,
    type=click.Path(path_type=Path),
    help="叠加的政策参数文件（可多次给出）",
)
paths_option = click.option(
    "--paths",
    "own_paths",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="本省自定的建团路径文件夹：12_….toml 起为新增，与附件6同名的文件替换原文件",
)
_MODELS = click.option(
    "--models",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="存放学得权重的文件夹（默认：工作目录里的 models；都没有就用专家权重）",
)
division_option = click.option(
    "--division", default=None, help="只做一个市或县（市、区），如 郑州市、郑州市金水区"
)


@dataclass(frozen=True)
class Request:
    """What the planner asks with; reading and planning follow from it."""

    ledgers: tuple[Path, ...]
    lang: str
    workspace: Path | None = None
    as_of: datetime | None = None
    division: str | None = None
    policies: tuple[Path, ...] = ()
    models: Path | None = None
    own_paths: Path | None = None
    rank_by: str | None = None
    engine: str = "polars"
    master: str = "local[*]"
    mappings: tuple[Path, ...] = ()
    no_clean: tuple[str, ...] = ()
    complete: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Path, ...]:
        """The ledgers and the workbooks that say how they are read."""
        return (*self.ledgers, *self.mappings)

    def models_folder(self) -> Path | None:
        """Where learned weights are kept: the folder given, or the one inside the workspace."""
        if self.models is None and self.workspace is not None:
            return self.workspace / "models"
        return self.models

    def book(self) -> PathBook:
        """The paths, a province's own among them, with the weights in use."""
        from coverage_engine.face.lessons import load_weights

        return load_weights(self.models_folder(), self.own_paths)

    def day(self) -> date | None:
        """The day given."""
        return self.as_of.date() if self.as_of is not None else None

    def refuse_nothing(self) -> None:
        """Sees that ledgers or a workspace are given, and not both, and that mappings are such."""
        for file in self.mappings:
            refuse_other_than_mapping(file)
        if self.workspace is not None:
            workspace_alone(self.workspace, self.sources, self.as_of, (*self.no_clean, *self.complete))
        elif not self.ledgers:
            raise click.UsageError("请给出台账文件或文件夹，或用 --workspace 指定工作目录。")

    def read(self, steps: Steps) -> tuple[Snapshot, Findings]:
        """The snapshot of the ledgers given, or the one that the workspace keeps."""
        self.refuse_nothing()
        if self.workspace is not None:
            from coverage_engine.face.workspaces import read_workspace

            steps("打开工作目录")
            return read_workspace(self.workspace)
        from coverage_engine.ledgers import read_ledgers

        steps("读取台账")
        read = read_ledgers(
            self.sources,
            as_of=self.day(),
            no_clean=self.no_clean,
            complete=self.complete,
            progress=steps.part,
        )
        tell_date(read[0], self.lang)
        return read

    def plan(self, read: tuple[Snapshot, Findings], steps: Steps) -> Plan:
        """The plan of what was read, for the division and policy asked for."""
        from coverage_engine.planning import plan

        snapshot, findings = read
        return plan(
            snapshot,
            findings=findings,
            division=self.division,
            policy_files=self.policies,
            book=self.book(),
            **({"rank_by": self.rank_by} if self.rank_by else {}),
            progress=steps,
            engine=self.engine,
            master=self.master,
        )


def refuse_other_than_mapping(file: Path) -> None:
    """Sees that a file given as a mapping workbook is one, as a wrong usage otherwise."""
    from coverage_engine.ledgers.files.own_outputs import is_mapping_file

    if not is_mapping_file(file):
        raise click.UsageError(f"不是表头对照：{file.name}。请给出 coverage-engine map 写出、填好的工作簿。")


def workspace_alone(
    folder: Path, ledgers: tuple[Path, ...], as_of: datetime | None, no_clean: tuple[str, ...] = ()
) -> None:
    """Sees that nothing is given that the workspace has already.

    Raises:
        WorkspaceError: ledgers or a date were given beside it.
    """
    if no_clean:
        raise WorkspaceError(
            "--workspace 不能与 --no-clean、--complete 同时使用",
            "工作目录里的台账已经读入；请对台账文件直接用，名录完整也可写在表头对照里一起导入。",
        )
    if ledgers or as_of is not None:
        raise WorkspaceError(
            "--workspace 不能与台账文件或 --as-of 同时使用",
            f"先导入：coverage-engine import 台账 --workspace {folder} --apply，再用 --workspace。",
        )


def is_dated(snapshot: Snapshot) -> bool:
    """Whether the day was given or found in the ledgers, not taken for want of one."""
    return "as_of_today" not in snapshot["presumptions"]["subject"].to_list()


def tell_date(snapshot: Snapshot, lang: str) -> None:
    """Where a date that nobody gave was taken from, on standard error; a missing one first of all."""
    from coverage_engine.cli.speech import say

    subjects = snapshot["presumptions"]["subject"].to_list()
    if not is_dated(snapshot):
        click.echo(say("undated", lang, day=snapshot.as_of.isoformat()), err=True)
    elif "as_of" in subjects:
        message = snapshot["presumptions"]["message"][subjects.index("as_of")]
        words = message if lang == "zh" else say("dated", lang, day=snapshot.as_of.isoformat())
        click.echo(words, err=True)


def reads_ledgers(command: Command) -> Command:
    """The command takes ledgers or a workspace, a date and a language."""
    return _packed(command, _READING)


def judges_ledgers(command: Command) -> Command:
    """The command takes policy files besides."""
    return _packed(command, (*_READING, _POLICY))


def weighs_paths(command: Command) -> Command:
    """The command takes policy files and the folder of learned weights besides."""
    return _packed(command, (*_READING, _POLICY, paths_option, _MODELS))


def plans(command: Command) -> Command:
    """The command takes a division and policy files besides."""
    return _packed(command, (*_READING, division_option, _POLICY, paths_option, _MODELS))


def _packed(command: Command, options: tuple[Command, ...]) -> Command:
    @functools.wraps(command)
    def with_request(
        ledgers: tuple[Path, ...],
        lang: str,
        workspace: Path | None,
        as_of: datetime | None,
        no_clean: tuple[str, ...] = (),
        complete: tuple[str, ...] = (),
        division: str | None = None,
        policies: tuple[Path, ...] = (),
        models: Path | None = None,
        own_paths: Path | None = None,
        mappings: tuple[Path, ...] = (),
        **rest: Any,
    ) -> Any:
        """Calls the command with the options that all such commands share packed into one request."""
        request = Request(
            ledgers,
            lang,
            workspace,
            as_of,
            division,
            policies,
            models,
            own_paths,
            mappings=mappings,
            no_clean=no_clean,
            complete=complete,
        )
        return command(request, **rest)

    for option in reversed((*options, lang_option)):
        with_request = option(with_request)
    return with_request
