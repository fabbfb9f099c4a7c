"""Write the documents of a plan: choose, fill the templates, and pack them so that the bytes repeat."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from coverage_engine.errors import ContentError, LedgerError, complete_installation
from coverage_engine.model.plan import Plan
from coverage_engine.reporting.letters.blocks import Document, documents, letter_words
from coverage_engine.reporting.letters.division import brief_entry, circular_entry
from coverage_engine.reporting.letters.facts import (
    common_facts,
    founding_targets,
    partner_entries,
    target_entries,
    targets_of,
)

Entry = dict[str, Any]

_FORBIDDEN_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]')
_FORBIDDEN_IN_XML = re.compile("[\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_LONGEST_NAME = 40


@dataclass(frozen=True)
class LetterOptions:
    """What to write: keys of documents (empty: all), one enterprise, the map for the brief, own templates.

    `templates` is a folder of `<key>.docx`; a document without a file there keeps the built template.
    """

    keys: tuple[str, ...] = ()
    enterprise_id: int | None = None
    map_image: Path | None = None
    templates: Path | None = None


def write_letters(plan: Plan, folder: Path, options: LetterOptions | None = None) -> list[Path]:
    """Write the letters of the plan's division; returns the files in the order of `reports/letters.toml`.

    Raises:
        ContentError: python-docx or docxtpl is not installed.
        LedgerError: the map image or a template cannot be used.
        PolicyError: `reports/letters.toml` names something unknown.
    """
    _need_extra()
    chosen = options or LetterOptions()
    common = common_facts(plan)
    written = []
    for document in documents():
        if chosen.keys and document.key not in chosen.keys:
            continue
        if document.rows == "lists":
            written += _lists(plan, document, folder, chosen)
            continue
        for entry in _entries(plan, document, chosen):
            file = folder / document.file.format(number=entry.get("number", ""), name=_file_name(entry))
            _write(plan, document, {**common, **entry}, file, chosen)
            written.append(file)
    return written


def write_letter_templates(folder: Path) -> list[Path]:
    """Write every template as `<key>.docx`, to be changed in Word and handed in as `LetterOptions.templates`.

    Raises:
        ContentError: python-docx or docxtpl is not installed.
    """
    _need_extra()
    from coverage_engine.reporting.letters.packing import packed

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for document in documents():
        written.append(folder / f"{document.key}.docx")
        written[-1].write_bytes(packed(_built(document.key)))
    return written


# ---------------------------------------------------------------------------------------------- private


def _need_extra() -> None:
    try:
        import docx  # noqa: F401
        import docxtpl  # noqa: F401
    except ImportError as error:
        remedy = complete_installation("letters") + "其他输出不受影响。"
        raise ContentError(f"生成公文还需要 python-docx 和 docxtpl（缺 {error.name}）", remedy) from error


def _entries(plan: Plan, document: Document, options: LetterOptions) -> Iterator[Entry]:
    makers: Mapping[str, Callable[[], list[Entry]]] = {
        "joint": lambda: partner_entries(plan, joint=True),
        "letter": lambda: partner_entries(plan, joint=False),
        "targets": lambda: target_entries(_chosen(plan, options)),
        "founders": lambda: target_entries(founding_targets(_chosen(plan, options))),
        "circular": lambda: [circular_entry(plan)],
        "brief": lambda: [brief_entry(plan)],
    }
    if options.enterprise_id is not None and document.rows not in ("targets", "founders"):
        return
    yield from makers[document.rows]()


def _lists(plan: Plan, document: Document, folder: Path, options: LetterOptions) -> list[Path]:
    if options.enterprise_id is not None:
        return []
    from coverage_engine.reporting.letters.action_lists import write_action_lists

    return write_action_lists(plan, document, _template(document, options), folder)


def _chosen(plan: Plan, options: LetterOptions) -> pl.DataFrame:
    targets = targets_of(plan)
    if options.enterprise_id is not None:
        return targets.filter(pl.col("enterprise_id") == options.enterprise_id)
    return targets.head(letter_words()["letters"])


def _file_name(entry: Entry) -> str:
    return _FORBIDDEN_IN_FILE_NAMES.sub("", entry.get("name", ""))[:_LONGEST_NAME].strip(" .")


def _write(plan: Plan, document: Document, facts: Entry, file: Path, options: LetterOptions) -> None:
    from coverage_engine.reporting.letters.packing import fill, packed

    template = _template(document, options)
    image = options.map_image if any(block.style == "image" for block in document.blocks) else None
    if image is not None and not image.is_file():
        raise LedgerError(f"找不到地图图片：{image}", "请检查文件位置；图片应为 PNG。")
    filled = fill(template, _clean(facts), image)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(packed(filled, plan.as_of, facts.get("title") or document.key))


def _template(document: Document, options: LetterOptions) -> bytes:
    own = options.templates / f"{document.key}.docx" if options.templates else None
    return own.read_bytes() if own is not None and own.is_file() else _built(document.key)


@cache
def _built(key: str) -> bytes:
    from coverage_engine.reporting.letters.template import build_template

    return build_template(next(document for document in documents() if document.key == key))


def _clean(fact: Any) -> Any:
    """Texts without characters that XML forbids or that the template library would turn into breaks."""
    if isinstance(fact, str):
        return _FORBIDDEN_IN_XML.sub(" ", fact)
    if isinstance(fact, list):
        return [_clean(each) for each in fact]
    return {key: _clean(each) for key, each in fact.items()} if isinstance(fact, dict) else fact
