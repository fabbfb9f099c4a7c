"""Entry point of the command line: `coverage-engine` and `python -m coverage_engine`."""

from __future__ import annotations

import gc
import io
import os
import sys

# The table library's allocator gives pages back to the system after half a second, those of large columns at
# once, and fetches them anew: a tenth of a plan's time. In a process that ends after one job it may keep them
# for a minute; all threads and sizes take from one store, or each would keep its own.
_ALLOCATOR = (
    "_RJEM_MALLOC_CONF",
    "narenas:1,oversize_threshold:0,dirty_decay_ms:60000,muzzy_decay_ms:-1",
)

# The matrices of a plan have a few hundred rows: a second thread for them only waits, at full speed.
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "1")

# Python looks for unused rings of objects at every seven hundred new ones, though there are few.
_OBJECTS_BETWEEN_LOOKS = 500_000

# Seconds after which a thread of the table library, which only looks something up in Python, gets its turn.
_TURN = 0.0005


def set_for_one_job() -> None:
    """Settings of a process that ends after one job, made before the table library is loaded."""
    for setting in (_ALLOCATOR, _ONE_THREAD):
        os.environ.setdefault(*setting)
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    sys.setswitchinterval(_TURN)


def speak_any_code_page() -> None:
    """Characters that the console or the redirected file cannot hold are replaced; they stop nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def main() -> None:
    """Run the command line."""
    set_for_one_job()
    speak_any_code_page()
    try:
        from coverage_engine.cli.commands import coverage_engine

        coverage_engine()
    except KeyboardInterrupt:
        from coverage_engine.cli.last_net import INTERRUPTED, tell_interrupted

        tell_interrupted()
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
