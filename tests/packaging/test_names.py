"""Names say what a thing is: five verbs that fit anything stay rare, and name no file.

Counted are identifiers of the package wherever they stand: definitions, parameters, variables, attributes,
keywords of calls and imports. Columns, content keys and texts are strings and are not.
"""

import ast
from pathlib import Path

import pytest

import coverage_engine

PACKAGE = Path(coverage_engine.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
UNIVERSAL = {"told", "found", "kept", "held", "asked"}
# A fifth of the 2,503 that there were when the counting began; the bound only ever goes down.
AT_MOST = 500


def _is_universal(identifier):
    """Whether one of the identifier's words fits anything: `told_lines` and `_Found`, not `founded`."""
    return not UNIVERSAL.isdisjoint(identifier.lower().split("_"))


def _identifier(node):
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.arg(arg=str(name)) | ast.keyword(arg=str(name)):
            return name
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.alias(name=dotted):
            return dotted.rpartition(".")[2]
    return ""


def _universal(source):
    """The identifiers of a source that fit anything, once for each time that they stand there."""
    identifiers = (_identifier(node) for node in ast.walk(ast.parse(source)))
    return [name for name in identifiers if _is_universal(name)]


@pytest.mark.parametrize(
    ("source", "times"),
    [
        ("kept = 1", 1),
        ("def told_lines(rows, *, held): return held", 3),
        ("frame.found(asked=rows)", 2),
        ("import kept.rows, rows.kept", 1),
        ("class _Found: pass", 1),
        ("founded = col('found')  # what was told", 0),
    ],
)
def test_every_kind_of_identifier_is_counted_and_no_text(source, times):
    assert len(_universal(source)) == times


def test_universal_names_stay_rare():
    counts = {str(file.relative_to(PACKAGE)): len(_universal(file.read_text("utf-8"))) for file in FILES}
    total = sum(counts.values())
    most = sorted(counts.items(), key=lambda entry: -entry[1])[:10]
    assert total <= AT_MOST, f"name what a value is; most universal names stand in {most}"


def test_no_file_is_named_so():
    assert [file.name for file in FILES if _is_universal(file.stem)] == []
