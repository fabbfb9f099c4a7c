"""A JSON Schema for each kind of content file, for editors that check TOML while it is written.

python -m coverage_engine.content.schemas data/schemas
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from coverage_engine.content.catalogue import CONTENT_KINDS, ContentKind

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(kind: ContentKind) -> dict[str, Any]:
    """The schema of one kind of file, with the Chinese name and meaning of every key."""
    written = _without_null(msgspec.json.schema(kind.shape))
    for table in written.get("$defs", {}).values():
        name, _, meaning = str(table.get("description", "")).partition(": ")
        table |= {"title": name, "description": meaning} if meaning else {}
    return {"$schema": _DIALECT, "title": kind.title, **written}


def write_schemas(folder: Path) -> None:
    """Writes `KEY.schema.json` of every kind into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in CONTENT_KINDS:
        text = json.dumps(schema_of(kind), ensure_ascii=False, indent=1)
        (folder / f"{kind.key}.schema.json").write_text(text + "\n", "utf-8")


# ---------------------------------------------------------------------------------------------- private


def _without_null(part: Any) -> Any:
    """The same without null, which TOML has not: a key that may be absent is not required, no more."""
    if isinstance(part, list):
        return [_without_null(each) for each in part]
    if not isinstance(part, dict):
        return part
    bare = {key: _without_null(each) for key, each in part.items() if (key, each) != ("default", None)}
    options = bare.get("anyOf")
    if isinstance(options, list):
        left = [option for option in options if option != {"type": "null"}]
        if len(left) == 1:
            del bare["anyOf"]
            return {**left[0], **bare}
        bare["anyOf"] = left
    return bare


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit("python -m coverage_engine.content.schemas FOLDER")
    write_schemas(Path(sys.argv[1]))
