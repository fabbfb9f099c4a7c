"""One process changes a workspace at a time; a second one is told. Readers need no lock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from coverage_engine.errors import WorkspaceError
from coverage_engine.file_locks import try_lock, unlock
from coverage_engine.workspace.folder import Workspace


@contextmanager
def locked(workspace: Workspace, command: str) -> Iterator[None]:
    """Holds the workspace's lock; the system frees it when the process ends, however it ends.

    Raises:
        WorkspaceError: another process holds it; says which command it runs.
    """
    with workspace.lock.open("a+b") as stream:
        if not try_lock(stream):
            raise WorkspaceError(
                f"另一个程序正在改动工作目录 {workspace.folder}（{_holder(workspace)}）",
                "请等它结束后再试；本次没有改动任何内容。",
            )
        _sign(workspace, command)
        try:
            yield
        finally:
            unlock(stream)


# ---------------------------------------------------------------------------------------------- private


def _sign(workspace: Workspace, command: str) -> None:
    """Says beside the lock who holds it; the lock's own bytes may be unreadable to others while held."""
    workspace.lock.with_name("lock.holder").write_text(f"{command}，进程 {os.getpid()}", "utf-8")


def _holder(workspace: Workspace) -> str:
    try:
        return workspace.lock.with_name("lock.holder").read_text("utf-8") or "未署名"
    except OSError:
        return "未署名"
