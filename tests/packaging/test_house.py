"""The house keeps its shape: no circles, no name in three rooms, nothing larger than a screen can show."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

import coverage_engine

PACKAGE = Path(coverage_engine.__file__).parent
LONGEST_FILE, LONGEST_FUNCTION = 350, 48
# The public names, floors of flows and commands: what a room offers may be asked for by one of them alone.
FLOWS = {"", "__main__", "cli", "explanation", "face", "planning", "planning_frames", "reviewing", "timeline"}


def _named(file):
    """The dotted name of a module within the package; a package stands under its own name."""
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {file: ast.parse(file.read_text("utf-8")) for file in sorted(PACKAGE.rglob("*.py"))}
MODULES = {_named(file): file for file in TREES}


def _imported(tree):
    """The modules of the package that a module imports, wherever in it the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            dotted = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            dotted = [f"{node.module}.{alias.name}" for alias in node.names] + [str(node.module)]
        else:
            continue
        for name in dotted:
            root, _, module = name.partition(".")
            if root == PACKAGE.name and module in MODULES:
                yield module


IMPORTS = {name: set(_imported(TREES[file])) - {name, ""} for name, file in MODULES.items()}
PACKAGES = sorted(name for name, file in MODULES.items() if file.name == "__init__.py")


def _home(module):
    """The room or wing that a module stands in; the face of a room stands in the room."""
    return module if module in PACKAGES else module.rpartition(".")[0]


def _siblings(package):
    """What the modules and wings of a package import of each other."""
    inside = f"{package}." if package else ""
    arrows = defaultdict(set)
    for module, imported in IMPORTS.items():
        for other in imported:
            if module.startswith(inside) and other.startswith(inside) and module != package:
                here, there = (name.removeprefix(inside).split(".")[0] for name in (module, other))
                if here and here != there:
                    arrows[here].add(there)
    return arrows


def _on_circles(arrows):
    """The siblings that come back to themselves."""

    def reached(start):
        seen, ahead = set(), [start]
        while ahead:
            fresh = arrows.get(ahead.pop(), set()) - seen
            seen |= fresh
            ahead += fresh
        return seen

    return sorted(name for name in arrows if name in reached(name))


@pytest.mark.parametrize("package", PACKAGES)
def test_no_circle_runs_through_the_modules_and_wings_of_a_package(package):
    assert _on_circles(_siblings(package)) == []


def test_no_file_name_stands_in_more_than_two_rooms():
    rooms = defaultdict(set)
    for name, file in MODULES.items():
        if file.name != "__init__.py":
            rooms[file.name].add(name.partition(".")[0] if "." in name else "")
    assert {name: sorted(places) for name, places in rooms.items() if len(places) > 2} == {}


def test_what_one_module_alone_imports_stands_beside_it():
    """In its room and, unless it is wanted from the top of the room, in its wing."""
    apart = {}
    for module, file in MODULES.items():
        wanted_by = [name for name, imported in IMPORTS.items() if module in imported]
        if file.name == "__init__.py" or len(wanted_by) != 1:
            continue
        (one,) = wanted_by
        if one.partition(".")[0] in FLOWS and one.partition(".")[0] != module.partition(".")[0]:
            continue
        if not f"{_home(module)}.".startswith(f"{_home(one)}."):
            apart[module] = one
    assert apart == {}


def _lines_beside_docstring(function):
    """What a function says of itself may be as long as its contract asks; what it does fits a screen."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    return lines - (first.end_lineno - first.lineno + 1 if ast.get_docstring(function) is not None else 0)


def test_files_and_functions_can_be_seen_at_once():
    long_files = {
        _named(file): lines
        for file in TREES
        if (lines := len(file.read_text("utf-8").splitlines())) > LONGEST_FILE
    }
    long_functions = {
        f"{_named(file)}.{node.name}": lines
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := _lines_beside_docstring(node)) > LONGEST_FUNCTION
    }
    assert (long_files, long_functions) == ({}, {})


def _is_modules(node):
    return isinstance(node, ast.Attribute) and node.attr == "modules" and ast.unparse(node) == "sys.modules"


def _tricks(tree):
    """Where a module puts something into `sys.modules`, or takes assignments to attributes over."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in {"__setattr__", "__delattr__"}:
            yield f"line {node.lineno}: {node.name}"
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if target is not None and any(_is_modules(part) for part in ast.walk(target)):
                yield f"line {target.lineno}: sys.modules is changed"
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and _is_modules(node.func.value)
            and node.func.attr in {"setdefault", "update", "__setitem__"}
        ):
            yield f"line {node.lineno}: sys.modules.{node.func.attr}"


def test_no_module_is_replaced_and_no_attribute_swallowed():
    tricks = {_named(file): found for file, tree in TREES.items() if (found := list(_tricks(tree)))}
    assert tricks == {}
