"""Schemas and reference page are those of the shapes; an independent validator accepts what is shipped."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from coverage_engine.content import attempt, content_file, content_root
from coverage_engine.content.catalogue import CONTENT_KINDS
from coverage_engine.content.content_page import content_page
from coverage_engine.content.schemas import schema_of, write_schemas

ROOT = Path(__file__).resolve().parents[2]
SHAPED = ("paths", "data", "maps", "reports")
FILES = [(kind, file) for kind in CONTENT_KINDS for file in kind.shipped()]


def plain(file):
    """The content of a file as JSON has it: days as texts."""
    return json.loads(json.dumps(tomllib.loads(file.read_text("utf-8")), default=str))


def validator(kind):
    return jsonschema.Draft202012Validator(
        schema_of(kind), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def test_the_shipped_schemas_are_those_of_the_shapes(tmp_path):
    write_schemas(tmp_path)
    shipped = content_file("data", "schemas")
    assert {file.name: file.read_text("utf-8") for file in shipped.iterdir()} == {
        file.name: file.read_text("utf-8") for file in tmp_path.iterdir()
    }


def test_the_reference_page_is_that_of_the_shapes():
    assert (ROOT / "docs" / "content.md").read_text("utf-8") == content_page()


@pytest.mark.parametrize("kind", CONTENT_KINDS, ids=lambda kind: kind.key)
def test_a_schema_is_one_and_says_what_every_key_means(kind):
    schema = schema_of(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert '"null"' not in json.dumps(schema)
    for name, table in schema["$defs"].items():
        assert table["additionalProperties"] is False, name
        assert all(part.get("description") for part in table["properties"].values()), name


@pytest.mark.parametrize(("kind", "file"), FILES, ids=lambda each: getattr(each, "name", ""))
def test_shipped_content_is_valid_by_its_schema(kind, file):
    assert [fault.message for fault in validator(kind).iter_errors(plain(file))] == []


def test_every_content_file_is_of_one_kind():
    listed = [file for _, file in FILES]
    assert len(listed) == len(set(listed))
    every = {file for part in SHAPED for file in content_file(part).rglob("*.toml")}
    assert {str(file.relative_to(content_root())) for file in every - set(listed)} == set()


@pytest.mark.parametrize(("kind", "file"), FILES, ids=lambda each: getattr(each, "name", ""))
def test_shipped_content_is_read_without_a_fault(kind, file):
    faults = []
    assert attempt(file, kind.shape, kind.title, "", faults) is not None, [str(fault) for fault in faults]
