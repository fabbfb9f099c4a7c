"""Whatever is spoilt in content is told by file, line and key, at once and in words."""

import re
import tomllib
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import inspect

from coverage_engine.campaigns import load_scenarios
from coverage_engine.content import attempt
from coverage_engine.content.catalogue import CONTENT_KINDS
from coverage_engine.errors import CoverageEngineError
from coverage_engine.policy import load_policy
from coverage_engine.recommend import read_paths

RECIPES = Path(__file__).parents[1] / "packaging" / "recipes"
OWN = {
    "policy_overlay": [RECIPES / "province" / "own.toml", RECIPES / "duty" / "duty.toml"],
    "map_tiles": [Path(__file__).parent / "tiles.toml"],
}
WRITTEN = re.compile(r"^([A-Za-z_][\w-]*)( *= *)(.+)$")
NO_SUCH_WORD = "没有这个词"
DAY = date(2019, 6, 15)


def bare(kind):
    """A type without what is said of it, and without null."""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        options = [option for option in kind.types if not isinstance(option, inspect.NoneType)]
        return bare(options[0]) if len(options) == 1 else kind
    return kind


def type_at(shape, address):
    """The type of a value of a file, by its keys and places in lists."""
    kind = bare(inspect.type_info(shape))
    for part in address:
        if isinstance(kind, inspect.StructType):
            fields = {field.encode_name: field for field in kind.fields}
            if part not in fields:
                return None
            kind = bare(fields[part].type)
        elif isinstance(kind, inspect.DictType):
            kind = bare(kind.value_type)
        elif isinstance(kind, inspect.VarTupleType):
            kind = bare(kind.item_type)
        else:
            return None
    return kind


def needed(shape, address):
    """Whether a key must be there."""
    table = type_at(shape, address[:-1])
    return isinstance(table, inspect.StructType) and any(
        field.encode_name == address[-1] and field.required for field in table.fields
    )


def differing(one, other, at=()):
    """Where two contents differ first."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in [*one, *(key for key in other if key not in one)]:
            if key not in one or key not in other:
                return (*at, key)
            if (place := differing(one[key], other[key], (*at, key))) is not None:
                return place
        return None
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        places = (
            differing(a, b, (*at, number)) for number, (a, b) in enumerate(zip(one, other, strict=True), 1)
        )
        return next((place for place in places if place is not None), None)
    return None if one == other and type(one) is type(other) else at


def dotted(address):
    return re.sub(r"\.\[", "[", ".".join(f"[{part}]" if isinstance(part, int) else part for part in address))


def whole_line(line):
    """The key and value that a line writes by itself, if it does."""
    match = WRITTEN.match(line)
    if match is None:
        return None
    try:
        tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return None
    return match


def faults_of(kind, file):
    faults = []
    attempt(file, kind.shape, kind.title, "data", faults)
    return faults


@pytest.fixture(scope="module")
def folder():
    with TemporaryDirectory() as made:
        yield Path(made)


def spoilt(data, kind):
    """A file of the kind with one line spoilt: its text, the line, and what was done."""
    file = data.draw(st.sampled_from(kind.shipped() or OWN[kind.key]))
    lines = file.read_text("utf-8").splitlines()
    places = [at for at, line in enumerate(lines) if whole_line(line) is not None]
    assume(places)
    at = data.draw(st.sampled_from(places))
    key, equals, _ = whole_line(lines[at]).groups()
    deed = data.draw(st.sampled_from(["misspelt", "mistyped", "dropped", "unknown word"]))
    line = {
        "misspelt": f"{key}_x{lines[at].removeprefix(key)}",
        "mistyped": f"{key}{equals}[[[[]]]]",
        "dropped": "",
        "unknown word": f'{key}{equals}"{NO_SUCH_WORD}"',
    }[deed]
    text = "\n".join([*lines[:at], line, *lines[at + 1 :]])
    heading = next((up for up in range(at, -1, -1) if lines[up].startswith("[")), None)
    return file, text, at + 1, 1 if heading is None else heading + 1, deed


@pytest.mark.parametrize("kind", CONTENT_KINDS, ids=lambda kind: kind.key)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_spoilt_line_is_told_by_file_line_and_key(kind, folder, data):
    source, text, line, heading, deed = spoilt(data, kind)
    before, after = tomllib.loads(source.read_text("utf-8")), tomllib.loads(text)
    address = differing(after, before) if deed == "misspelt" else differing(before, after)
    assume(address is not None)
    here = type_at(kind.shape, address)
    if deed == "misspelt":
        table = type_at(kind.shape, address[:-1])
        assume(isinstance(table, inspect.StructType))
        new = next(key for key in _at(after, address[:-1]) if key.endswith("_x"))
        address = (*address[:-1], new)
    elif deed == "dropped":
        assume(needed(kind.shape, address))
    elif deed == "unknown word":
        assume(isinstance(here, inspect.LiteralType))
    else:
        assume(here is not None and not isinstance(here, inspect.AnyType))
    file = folder / source.name
    file.write_text(text, "utf-8")
    faults = faults_of(kind, file)
    expected = heading if deed == "dropped" else line
    assert any(
        fault.file == file.name and fault.line == expected and fault.key.startswith(dotted(address))
        for fault in faults
    ), (deed, dotted(address), expected, [str(fault) for fault in faults])


def _at(content, address):
    for part in address:
        content = content[part - 1] if isinstance(part, int) else content[part]
    return content


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_whatever_a_province_spoils_is_refused_in_words_or_read(folder, data):
    key = data.draw(st.sampled_from(["policy_overlay", "scenario", "path"]))
    kind = next(kind for kind in CONTENT_KINDS if kind.key == key)
    source, text, *_ = spoilt(data, kind)
    own = folder / key
    own.mkdir(exist_ok=True)
    for left in own.iterdir():
        left.unlink()
    file = own / source.name
    file.write_text(text, "utf-8")
    try:
        if key == "path":
            read_paths(source.parent, own)
        elif key == "scenario":
            load_scenarios([file])
        else:
            load_policy(DAY, [file])
    except CoverageEngineError as refusal:
        assert file.name in str(refusal) and "下一步" in str(refusal)
