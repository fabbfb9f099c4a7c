"""Locks on open files that the system frees when the process ends, however it ends."""

from __future__ import annotations

import errno
import sys
from typing import IO

# What the system says where another process holds the lock; anything else says that there are no locks here.
_LOCKED_ELSEWHERE = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)


def try_lock(stream: IO[bytes]) -> bool:
    """Whether the file is ours alone now; a drive that knows no locks does not stop the work."""
    try:
        _lock(stream)
    except OSError as error:
        return error.errno not in _LOCKED_ELSEWHERE
    return True


if sys.platform == "win32":
    import msvcrt

    def _lock(stream: IO[bytes]) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

    def unlock(stream: IO[bytes]) -> None:
        """Lets others have the file."""
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(stream: IO[bytes]) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def unlock(stream: IO[bytes]) -> None:
        """Lets others have the file."""
        fcntl.flock(stream, fcntl.LOCK_UN)
