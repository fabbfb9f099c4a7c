"""What the command line says: progress, errors with their next step, and the two languages."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from coverage_engine.errors import CoverageEngineError

if TYPE_CHECKING:
    from coverage_engine.delivery import Delivery

_TEXTS: dict[str, tuple[str, str]] = {
    "undated": (
        "注意：台账没有日期，暂按今天 {day}；请用 --as-of 写明，如 --as-of 2019-05-10。",
        "Note: the ledgers have no date; today, {day}, is taken. Give another with --as-of YYYY-MM-DD.",
    ),
    "dated": (
        "底数截止日期 {day}",
        "As of {day}, a date found in the ledgers; give another with --as-of if it is wrong.",
    ),
    "rows": (
        "{file} · {sheet}：读入 {rows_read} 行 = 采用 {accepted} + 隔离 {quarantined}"
        " + 识别（标题、合计、空行等）{recognised}",
        "{file} · {sheet}: read {rows_read} rows = accepted {accepted} + quarantined {quarantined}"
        " + recognised (titles, totals, blanks) {recognised}",
    ),
    "identity": (
        "企业 {enterprises} 家；合并了 {joined} 行：信用代码相同 {same_code} 行，"
        "名称和所在地相同 {same_name} 行，按您的回答 {same_by_answer} 行。",
        "{enterprises} enterprises; {joined} rows joined: same code {same_code}, "
        "same name and place {same_name}, by your answer {same_by_answer}.",
    ),
    "identity_asked": (
        "另有 {asked} 对名称拿不准、没有合并，等您回答：企业之间 {among} 对，"
        "其他台账与企业之间 {others} 对。导入工作目录后用 coverage-engine doubts 逐对查看。",
        "{asked} pairs of names are in doubt, were not joined and wait for your answer: {among} among "
        "enterprises, {others} of other ledgers. See them by coverage-engine doubts in a workspace.",
    ),
    "mapped": (
        "{sheets} 张表合为 {forms} 种；有 {questions} 处要您定，写在 {file}（黄底的行）。"
        "\n下一步：填好存盘，与台账放进同一个文件夹，或加 --mapping {file}，再 check、plan。",
        "{sheets} sheets of {forms} forms; {questions} answers are wanted, see {file} (yellow rows)."
        "\nNext: fill it in and put it beside the ledgers, or give it by --mapping {file}; check, plan.",
    ),
    "mapped_whole": (
        "{sheets} 张表合为 {forms} 种，都已认定，没有要您定的；怎么读的见 {file}。"
        "\n下一步：coverage-engine check 台账",
        "{sheets} sheets of {forms} forms, all certain; how they are read: {file}."
        "\nNext: coverage-engine check LEDGERS",
    ),
    "findings": (
        "核查问题：错误 {error} 项，警告 {warning} 项，提示 {note} 项。",
        "Findings: {error} errors, {warning} warnings, {note} notes.",
    ),
    "worst": (
        "最要紧的 {count} 类问题（每类举一处）：",
        "The {count} kinds that matter most (one example each):",
    ),
    "finding": (
        "  [{severity}] {file} {address}：{found}{wanted} → {remedy}（共 {times} 处）",
        "  [{severity}] {file} {address}: {found}{wanted} → {remedy} ({times} in all)",
    ),
    "blank": ("（空）", "(blank)"),
    "wanted": ("，应为：{wanted}", ", wanted: {wanted}"),
    "rest": ("全部问题见 {file}", "All findings: {file}"),
    "rest_hint": (
        "加 --findings 问题清单.xlsx 可导出全部问题和被隔离的行，改好后重新交入。",
        "Add --findings FILE.xlsx to export all findings and quarantined rows; mend them, hand in again.",
    ),
    "mappable": (
        "有的表、列或词看不懂：coverage-engine map 台账 --out 对照.xlsx"
        " 把要您定的列成一张表，填好与台账一起交即可。",
        "Some lists, columns or words are not understood: coverage-engine map LEDGERS --out FILE.xlsx asks "
        "what they are; fill it in and hand it in beside the ledgers.",
    ),
    "clean": ("没有发现问题。", "Nothing found wrong."),
    "planned": (
        "{division}：企业 {enterprises} 家，建团目标 {targets} 家"
        "（必须建团 {must}，应当建团 {should}，待核实 {undetermined}）。",
        "{division}: {enterprises} enterprises, {targets} targets (must {must}, should {should},"
        " cannot tell yet {undetermined}).",
    ),
    "reviewed": (
        "核查完成：待核实 {asks} 项，临近或已过期限 {warned} 项。"
        "\n下一步：打开 {folder} 里的 ask_lists.xlsx 和 control_sheets.xlsx",
        "Reviewed: {asks} questions to ask, {warned} duties due or overdue."
        "\nNext: open ask_lists.xlsx and control_sheets.xlsx in {folder}",
    ),
    "attempts": (
        "已结束的建团工作 {count} 次（另有进行中 {ongoing} 次；与台账关系不符、不作学习的 {unfitting} 次）。",
        "{count} attempts have ended ({ongoing} under way, {unfitting} on paths that the ledgers rule out).",
    ),
    "calibrated": (
        "留出检验：预期成功率 {expected}，实际 {observed}；校准误差 {error}，Brier {brier}。",
        "Left-out check: expected {expected}, observed {observed}; calibration error {error}, Brier {brier}.",
    ),
    "drift": (
        "注意：{group} 预期 {expected}，实际 {observed}（{attempts} 次），请核对台账或工作方式的变化。",
        "Drift: {group} expected {expected}, observed {observed} ({attempts} attempts).",
    ),
    "gain": (
        "与现行权重比较：首选路径成功率相差 {gain}（{low}～{high}），支持度 {support}。",
        "Against the weights in use: success of the first path {gain} ({low} to {high}), support {support}.",
    ),
    "held_back": ("没有上线：{why}。", "Held back: {why}."),
    "kept": (
        "现在使用的权重：{now}；依据和数据哈希记在 {folder}/decisions.jsonl"
        "\n下一步：plan 时加 --models {folder}；退回用 coverage-engine learn --models {folder} --revert",
        "Weights in use: {now}; figures and data hash stand in {folder}/decisions.jsonl"
        "\nNext: plan with --models {folder}; go back with coverage-engine learn --models {folder} --revert",
    ),
    "reverted": (
        "已退回：不再用 {left}，现在使用 {now}。\n下一步：重新运行 plan。",
        "Gone back: {left} no longer used, now {now}.\nNext: run plan again.",
    ),
    "look": ("请打开总览：{file}", "Open the overview: {file}"),
    "set_aside": (
        "您改过的 {count} 个文件没有覆盖，已移到 {folder}。",
        "{count} files that you had edited were not overwritten but moved to {folder}.",
    ),
    "explained": ("这一页已写好：{file}", "The page is written: {file}"),
    "template": (
        "空白台账已写好：{file}\n下一步：填好后运行 coverage-engine check {file}",
        "Blank ledgers written: {file}\nNext: fill them in, then run coverage-engine check {file}",
    ),
    "sample": (
        "虚构样例已写好：{folder}\n下一步：coverage-engine plan {folder} --out 输出文件夹",
        "Invented sample written: {folder}\nNext: coverage-engine plan {folder} --out FOLDER",
    ),
    "simulated": ("请打开测算报告：{file}", "Open the campaign report: {file}"),
    "before_after": (
        "测算前后对照地图（用“时点”滑块切换）：{file}",
        "Map before and after (use its date slider): {file}",
    ),
    "letters": (
        "公文 {count} 份已写好：{folder}\n下一步：核对后填写文号、日期和联系人，再套红、用印。",
        "{count} documents written: {folder}\nNext: check them, fill in number, date and contact, then seal.",
    ),
    "returns": (
        "读回附件 {files} 册：改动 {changes} 处，需要过问的 {findings} 项。结果在 {folder}"
        "\n下一步：先看 回填预览.xlsx，同意的改动请同时记入台账。",
        "{files} annexes read back: {changes} changes, {findings} findings. Results in {folder}"
        "\nNext: look at 回填预览.xlsx first; enter the accepted changes in the ledgers too.",
    ),
    "filled": (
        "已填 {rows} 行、{columns} 列：{file}\n没有认出、留空的列：{left}",
        "{rows} rows, {columns} columns filled: {file}\nColumns not recognised, left blank: {left}",
    ),
    "pdf": (
        "PDF {count} 份：{folder}\n本机没有、已替换的字体：{fonts}",
        "{count} PDF files: {folder}\nFonts that this machine lacks, replaced: {fonts}",
    ),
    "print_pages": (
        "没有找到 LibreOffice，改为写出可打印的网页 {count} 份：{folder}\n"
        "下一步：用浏览器打开并打印（A4），或另存为 PDF；装上 LibreOffice 后再运行本命令即得 PDF。",
        "LibreOffice was not found; {count} print-ready pages were written instead: {folder}\n"
        "Next: print them from a browser (A4) or save them as PDF; with LibreOffice this makes PDF files.",
    ),
    "unused": (
        "有台账未能采用（见上），计划只用了其余台账。\n下一步：按提示修改后重新运行。",
        "Some ledgers could not be used (see above); the plan rests on the others."
        "\nNext: mend them and run again.",
    ),
    "workspace_made": (
        "工作目录已建好：{folder}\n下一步：coverage-engine import 台账文件夹 --workspace {folder}",
        "Workspace made: {folder}\nNext: coverage-engine import LEDGERS --workspace {folder}",
    ),
    "import_counts": (
        "企业：新增 {added} 家，变更 {changed} 家，减少 {dropped} 家；新出现的矛盾 {contradicted} 处。",
        "Enterprises: {added} added, {changed} changed, {dropped} dropped;"
        " {contradicted} new contradictions.",
    ),
    "import_table": (
        "  {table}：{before} → {after} 行（新增 {added}，减少 {dropped}）",
        "  {table}: {before} → {after} rows ({added} added, {dropped} dropped)",
    ),
    "import_example": ("  {change} {name} {field} {before} → {after}",) * 2,
    "import_preview": (
        "以上只是预览，没有改动任何内容。\n下一步：核对无误后加 --apply 再运行一次。",
        "This was a preview; nothing was changed.\nNext: add --apply and run again.",
    ),
    "import_same": ("与现有版本相同，没有新建版本。", "The same as what is kept; no new version was made."),
    "import_done": (
        "已导入为版本 {version}。撤销：coverage-engine undo --workspace {folder}",
        "Imported as version {version}. Undo: coverage-engine undo --workspace {folder}",
    ),
    "history_entry": (
        "{mark} {number:>3}  {at}  {by}  {command}  版本 {version}  {about}",
        "{mark} {number:>3}  {at}  {by}  {command}  version {version}  {about}",
    ),
    "doubt": (
        "{doubt:>4}. 【{ledger}】“{name}”是不是企业台账的“{name_of_firm}”？\n"
        "      答“是”则{effect}，青年 {weight} 名。{reasons}",
        "{doubt:>4}. [{ledger}] is “{name}” the enterprise “{name_of_firm}”?\n"
        "      Yes {effect}; young staff: {weight}. {reasons}",
    ),
    "effect_coverage": ("改变它的覆盖状态", "changes whether it is covered"),
    "effect_count": ("少算一家企业", "makes one enterprise fewer"),
    "effect_duty": ("改变它的应建要求", "changes whether it must be covered"),
    "effect_link": ("只影响建团路径", "only bears on paths"),
    "doubts": (
        "共有 {count} 对名称不能确定，牵动大的在前。\n"
        "下一步：是同一家的 coverage-engine decide 序号 --same，不是的 --different（都要加 --workspace）。",
        "{count} pairs are doubtful, the weightiest first.\n"
        "Next: coverage-engine decide NUMBER --same or --different (with --workspace).",
    ),
    "doubts_none": ("没有拿不准的名称。", "No name is in doubt."),
    "decided": (
        "已记下：“{name}”{answer}“{name_of_firm}”。以后导入照此办理；撤销：coverage-engine undo",
        "Noted: “{name}” {answer} “{name_of_firm}”. Later imports follow it; undo: coverage-engine undo",
    ),
    "same": ("就是", "is"),
    "different": ("不是", "is not"),
    "history_none": ("还没有做过任何改动。", "Nothing was done yet."),
    "back_to": (
        "现在是版本 {version}（原为 {former}）。恢复：coverage-engine restore {former} --workspace {folder}",
        "Now at version {version} (was {former}).\n"
        "Back: coverage-engine restore {former} --workspace {folder}",
    ),
    "mended": ("已修复：{mended}", "Mended: {mended}"),
    "damage": ("损坏：{problem}\n  下一步：{remedy}", "Damaged: {problem}\n  Next: {remedy}"),
    "sound": (
        "完好：版本 {versions} 个，原件 {originals} 份，日志和 CURRENT 都与校验值相符。",
        "Sound: {versions} versions, {originals} originals, journal and CURRENT all match their hashes.",
    ),
    "unsound": (
        "共核对版本 {versions} 个、原件 {originals} 份，损坏 {count} 处（见上）。"
        "\n下一步：coverage-engine repair --workspace {folder}；仍修不好的按各条提示办理。",
        "{versions} versions and {originals} originals looked at, {count} damaged (see above)."
        "\nNext: coverage-engine repair --workspace {folder}; for what is left follow each line.",
    ),
    "original": ("  {name}（{sha256}…）",) * 2,
    "forget_preview": (
        "以上 {count} 份原件将被删除，不能恢复；各版本照旧可用。现在没有删除。"
        "\n下一步：确认后加 --apply 再运行一次。",
        "These {count} originals would be removed for good; versions stay. Nothing was removed yet."
        "\nNext: add --apply and run again.",
    ),
    "forgot": ("已删除原件 {count} 份，日志里有记录。", "{count} originals removed; the journal says so."),
    "forget_none": ("没有要删除的原件。", "No originals to remove."),
    "done_in": ("用时 {seconds:.1f} 秒。", "Took {seconds:.1f} s."),
}


def say(key: str, lang: str, **values: object) -> str:
    """One sentence of the command line in the chosen language."""
    chinese, english = _TEXTS[key]
    return (english if lang == "en" else chinese).format(**values)


class Steps:
    """A progress bar over named steps, on standard error so that results can be piped."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._started = time.monotonic()

    def __call__(self, step: str) -> None:
        """Begin the next step."""
        self._done = min(self._done + 1, self._total)
        self.part(step)

    def part(self, words: str) -> None:
        """Say what the present step is at, without ending it."""
        filled = round(20 * max(self._done - 1, 0) / self._total)
        bar = "█" * filled + "·" * (20 - filled)
        if sys.stderr.isatty():
            elapsed = time.monotonic() - self._started
            click.echo(f"\r\033[K[{bar}] {elapsed:5.1f}s {words}", err=True, nl=False)
        else:
            click.echo(f"[{bar}] {words}", err=True)

    def close(self) -> None:
        """End the bar's line."""
        if sys.stderr.isatty():
            click.echo("", err=True)


def tell_set_aside(delivered: Delivery, lang: str) -> None:
    """Says where former files went that a person had edited, if there are any."""
    if delivered.edited:
        click.echo(say("set_aside", lang, count=len(delivered.edited), folder=delivered.aside))


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turns an error that the planner can mend into its words and an exit code, without a traceback."""
    try:
        yield
    except CoverageEngineError as error:
        tell_error(error)
        raise click.exceptions.Exit(error.exit_code) from error


def tell_error(error: CoverageEngineError) -> None:
    """What is wrong, what became of the files, and the next step."""
    notes = "".join(f"。{note.rstrip('。')}" for note in getattr(error, "__notes__", ()))
    click.echo(f"\n错误：{error.problem}{notes}\n下一步：{error.remedy}", err=True)
