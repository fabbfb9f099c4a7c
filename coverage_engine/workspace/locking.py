"""One process changes a workspace at a time; a second one is told. Readers need no lock."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from coverage_engine.errors import WorkspaceError
from coverage_engine.workspace.folder import Workspace


@contextmanager
def locked(workspace: Workspace, command: str) -> Iterator[None]:
    """Holds the workspace's lock; the system frees it when the process ends, however it ends.

    Raises:
        WorkspaceError: another process holds it; says which command it runs.
    """
    with workspace.lock.open("a+b") as stream:
        if not _try_lock(stream):
            raise WorkspaceError(
                f"另一个程序正在改动工作目录 {workspace.folder}（{_holder(workspace)}）",
                "请等它结束后再试；本次没有改动任何内容。",
            )
        _sign(workspace, command)
        try:
            yield
        finally:
            _unlock(stream)


# ---------------------------------------------------------------------------------------------- private


def _sign(workspace: Workspace, command: str) -> None:
    """Says beside the lock who holds it; the lock's own bytes may be unreadable to others while held."""
    workspace.lock.with_name("lock.holder").write_text(f"{command}，进程 {os.getpid()}", "utf-8")


def _holder(workspace: Workspace) -> str:
    try:
        return workspace.lock.with_name("lock.holder").read_text("utf-8") or "未署名"
    except OSError:
        return "未署名"


if sys.platform == "win32":
    import msvcrt

    def _try_lock(stream: IO[bytes]) -> bool:
        try:
            stream.seek(0)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(stream: IO[bytes]) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(stream: IO[bytes]) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(stream: IO[bytes]) -> None:
        fcntl.flock(stream, fcntl.LOCK_UN)
