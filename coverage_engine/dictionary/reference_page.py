"""The descriptions of all tables as a page of the documentation, in Chinese and English.

python -m coverage_engine.dictionary.reference_page docs/tables.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from coverage_engine.dictionary.dictionary_page import facts_of
from coverage_engine.model.columns import Column, Table, Tables
from coverage_engine.model.measures import Measure
from coverage_engine.model.tables import (
    CAMPAIGN_TABLES,
    DICTIONARY,
    DUTY_TABLES,
    SNAPSHOT_TABLES,
    plan_files,
)

_PARTS: tuple[tuple[str, str, Tables], ...] = (
    ("plan", "计划的数据表：`plan` 写在 `OUT/tables/`", plan_files()),
    ("review", "核查与督导的数据表：`review` 写在 `OUT/tables/`", DUTY_TABLES),
    ("campaign", "专项行动测算的数据表：`simulate` 写在 `OUT/tables/`", CAMPAIGN_TABLES),
    ("snapshot", "底数：`read_ledgers` 读出的 Snapshot，工作目录留存的也是这些", SNAPSHOT_TABLES),
    ("dictionary", "字典：各文件夹的 `字典.csv`", Tables((DICTIONARY,))),
)
_HEAD = """\
# 数据表 · Tables

本页由 `python -m coverage_engine.dictionary.reference_page docs/tables.md` 写出，请勿手改；描述在
`coverage_engine/model/tables`。 Written by that command from these descriptions; do not edit it.

空格表示不知道，不是没有。 A blank is not known, which is not no.
"""


def reference_page() -> str:
    """The page as Markdown: every table with its columns, then every vocabulary with its words."""
    lines = [_HEAD]
    vocabularies: dict[str, Measure] = {}
    for anchor, title, tables in _PARTS:
        lines.append(f'<a id="{anchor}"></a>\n\n## {title}\n')
        for table in tables.values():
            lines += _section(anchor, table)
            vocabularies |= {each.measure: each.measured for each in table.written if each.words}
    lines.append('<a id="words"></a>\n\n## 用词 · Vocabularies\n')
    for key in sorted(vocabularies):
        lines += _vocabulary(vocabularies[key])
    return "\n".join(lines).rstrip() + "\n"


# ---------------------------------------------------------------------------------------------- private


def _section(part: str, table: Table) -> Iterator[str]:
    yield f'<a id="{part}-{table.name}"></a>\n\n### {table.name} · {table.title()}\n'
    yield f"{table.meaning()}。 {table.title('en')}: {table.meaning('en')}.\n"
    yield "；".join(f"{question}：{answer}" for question, answer in facts_of(table)) + "。\n"
    yield "| 列 | 中文名 | 含义 | meaning | 类型 | 单位或用词 |\n|---|---|---|---|---|---|"
    yield from (_row(column) for column in table.written)
    yield ""


def _row(column: Column) -> str:
    unit = f"[{column.unit()}](#words-{column.measure})" if column.words else column.unit()
    cells = (column.name, column.title, column.meaning(), column.meaning("en"), column.kind, unit)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("*", "\\*") for cell in cells) + " |"


def _vocabulary(measure: Measure) -> Iterator[str]:
    yield f'<a id="words-{measure.key}"></a>\n\n**{measure.zh}** · {measure.en}\n'
    for word in measure.words:
        yield f"- `{word.word}` {word.zh} · {word.en}"
    yield ""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference_page(), "utf-8")
