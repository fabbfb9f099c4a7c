"""The reference page of content: kinds of files, their keys, what may be written, what it means.

python -m coverage_engine.content.content_page docs/content.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec import NODEFAULT, inspect

from coverage_engine.content.catalogue import CONTENT_KINDS, ContentKind
from coverage_engine.content.checking import called, words_of

_HEAD = """\
# 内容文件 · Content files

本页由 `python -m coverage_engine.content.content_page docs/content.md` 写出，请勿手改。
各键的说明在读这些文件的房间里。 Written by that command from the shapes of the rooms; do not edit it.

每种文件另有 JSON Schema（由 `python -m coverage_engine.content.schemas data/schemas` 写出）。
在 TOML 文件第一行写 `#:schema 路径/种类.schema.json`，支持它的编辑器会边写边检查。没有列出的键一律不收。
"""


def content_page() -> str:
    """The page as Markdown: a section for each kind of file, a table for each group of keys."""
    lines = [_HEAD]
    for kind in CONTENT_KINDS:
        lines += _section(kind)
    return "\n".join(lines).rstrip() + "\n"


# ---------------------------------------------------------------------------------------------- private


def _section(kind: ContentKind) -> Iterator[str]:
    yield f'<a id="{kind.key}"></a>\n\n## {kind.title}\n'
    files = "、".join(f"`{pattern}`" for pattern in kind.files) or "本省自写"
    yield f"文件：{files}；模式：`data/schemas/{kind.key}.schema.json`\n"
    shape = inspect.type_info(kind.shape)
    if isinstance(shape, inspect.DictType):
        yield f"每个键是一项：{_written(shape.key_type)} → {_written(shape.value_type)}。\n"
    for table in _tables(shape, []):
        yield f"**{_name(table)}**\n"
        yield "| 键 | 写什么 | 必写 | 含义 |\n|---|---|---|---|"
        yield from (_row(field) for field in table.fields)
        yield ""


def _tables(kind: inspect.Type, seen: list[inspect.StructType]) -> list[inspect.StructType]:
    """Every group of keys that a type leads to, each once, outer ones first."""
    if isinstance(kind, inspect.StructType):
        if kind not in seen:
            seen.append(kind)
            for field in kind.fields:
                _tables(field.type, seen)
    elif isinstance(kind, inspect.Metadata):
        _tables(kind.type, seen)
    elif isinstance(kind, inspect.VarTupleType):
        _tables(kind.item_type, seen)
    elif isinstance(kind, inspect.DictType):
        _tables(kind.value_type, seen)
    elif isinstance(kind, inspect.UnionType):
        for option in kind.types:
            _tables(option, seen)
    return seen


def _row(field: inspect.Field) -> str:
    meaning = ""
    if isinstance(field.type, inspect.Metadata):
        meaning = str((field.type.extra_json_schema or {}).get("description", ""))
    needed = "是" if field.required else _default(field)
    cells = (f"`{field.encode_name}`", _written(field.type), needed, meaning)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(field: inspect.Field) -> str:
    """What holds where a key is not written, if that is a word or number."""
    value = field.default
    if value is NODEFAULT or value is None or value in ("", (), {}):
        return ""
    return f"不写为 {str(value).lower() if isinstance(value, bool) else value}"


def _written(kind: inspect.Type) -> str:
    """What may be written, in words: type, limits, vocabulary, or the group of keys that is meant."""
    if isinstance(kind, inspect.Metadata):
        example = (kind.extra or {}).get("example")
        return f"如 {example}" if example and example != "文字" else _written(kind.type)
    if isinstance(kind, inspect.UnionType):
        options = [option for option in kind.types if not isinstance(option, inspect.NoneType)]
        return "或".join(dict.fromkeys(_written(option) for option in options))
    if isinstance(kind, inspect.StructType):
        return _name(kind)
    if isinstance(kind, inspect.LiteralType):
        return "、".join(f"`{word}`" for word in words_of(kind))
    if isinstance(kind, inspect.VarTupleType):
        return f"一列：{_written(kind.item_type)}"
    if isinstance(kind, inspect.TupleType):
        return f"[{', '.join(_written(one) for one in kind.item_types)}]"
    if isinstance(kind, inspect.DictType):
        return f"键 → {_written(kind.value_type)}"
    return called(kind).split("，")[0].strip() + _limits(kind)


def _limits(kind: inspect.Type) -> str:
    if not isinstance(kind, inspect.IntType | inspect.FloatType):
        return ""
    low, high = kind.ge if kind.ge is not None else kind.gt, kind.le if kind.le is not None else kind.lt
    if high is not None and high < 1e6 and low is not None:
        return f"，{low:g} 到 {high:g}"
    if low is None or low <= -1e6:
        return ""
    return f"，{'不小于' if kind.ge is not None else '大于'} {low:g}"


def _name(table: inspect.StructType) -> str:
    """The Chinese name of a group of keys: the first word of what its class says of itself."""
    return (table.cls.__doc__ or table.cls.__name__).partition(": ")[0]


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit("python -m coverage_engine.content.content_page FILE")
    Path(sys.argv[1]).write_text(content_page(), "utf-8")
