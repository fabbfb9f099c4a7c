"""Every error a planner can meet, drawn as a tree.

    CoverageEngineError
    ├── LedgerError      a file or folder handed in cannot be used at all
    ├── DivisionError    a place name or code is not known
    ├── PolicyError      a policy, duty or path file is wrong; names file and key
    ├── ArgumentError    a public function was called with an argument that it cannot use; also a TypeError
    ├── UnknownEnterpriseError  no enterprise of that number; also a KeyError
    ├── UnknownTableError       a table or column that no description names; also a KeyError
    ├── WorkspaceError   a workspace is not there, in use, or not as it was left
    ├── OutputError      what is to be written would harm a file of somebody's, or cannot take its place
    └── ContentError     the installed package lacks a content file

Each message says what is wrong, where, and ends with the next step (`remedy`).
"""

from __future__ import annotations


def complete_installation(part: str) -> str:
    """The next step where an optional part of the software is not installed: planners have no internet."""
    return f"这台电脑上装的软件不含这一部分（{part}）；请换用完整的安装包，或请信息技术人员补装后重试。"


class CoverageEngineError(Exception):
    """Something the planner can mend; `str()` gives problem and remedy in Chinese."""

    exit_code = 2

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}\n下一步：{self.remedy}"


class LedgerError(CoverageEngineError):
    """A ledger file or folder cannot be used at all."""

    exit_code = 1


class DivisionError(CoverageEngineError):
    """A division name or code is not known, or means more than one place."""


class PolicyError(CoverageEngineError):
    """A policy, duty or path file is wrong."""


class ArgumentError(CoverageEngineError, TypeError):
    """A public function was called with an argument that it cannot use."""


class UnknownEnterpriseError(CoverageEngineError, KeyError):
    """No enterprise has that number in the snapshot."""


class UnknownTableError(CoverageEngineError, KeyError):
    """A table or column is used that no description names."""


class WorkspaceError(CoverageEngineError):
    """A workspace is not there, in use by another process, or not as it was left."""

    exit_code = 1


class OutputError(CoverageEngineError):
    """What is to be written would harm a file that is not ours, or cannot take the place of the former."""

    exit_code = 1


class ContentError(CoverageEngineError):
    """The installed package lacks one of its content files."""
