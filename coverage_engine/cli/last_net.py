"""The last net: whatever goes wrong ends in words, a log file where the program is at fault, an exit code."""

from __future__ import annotations

import errno
import os
import platform
import re
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import click

from coverage_engine.cli.machine_errors import worded
from coverage_engine.cli.speech import tell_error
from coverage_engine.errors import CoverageEngineError

INTERRUPTED = 130
_FAULT = 1
_OWN_WAYS = (click.exceptions.ClickException, click.exceptions.Exit, click.exceptions.Abort, SystemExit)

# What a message may repeat of a ledger has no place in a log: words that are not the program's own, numbers.
_LEDGER_WORDS = re.compile(r"[^\x00-\x7f]+|\d{5,}")


class Net(click.Group):
    """A group of commands that never end in a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; what it does not tell itself is told here."""
        with _worded_exits():
            return super().invoke(ctx)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Reads the command line as well as running the command."""
        try:
            return super().main(*args, **kwargs)
        except (*_OWN_WAYS, KeyboardInterrupt):
            raise
        except BaseException as error:
            _tell(error)
            sys.exit(_FAULT)


def tell_interrupted() -> None:
    """Says that the planner stopped the work."""
    with suppress(OSError):
        click.echo("\n已中断。原有的文件没有改动。\n下一步：需要时再运行一次。", err=True)


# ---------------------------------------------------------------------------------------------- private


@contextmanager
def _worded_exits() -> Iterator[None]:
    try:
        yield
    except _OWN_WAYS:
        raise
    except KeyboardInterrupt as error:
        tell_interrupted()
        raise click.exceptions.Exit(INTERRUPTED) from error
    except BaseException as error:
        if isinstance(error, OSError) and error.errno == errno.EPIPE:
            raise  # Whoever read the output has gone; the group ends quietly.
        raise click.exceptions.Exit(_tell(error)) from error


def _tell(error: BaseException) -> int:
    """Tells the error; gives the exit code."""
    worded_error = worded(error) or _fault(error)
    for note in getattr(error, "__notes__", ()) if worded_error is not error else ():
        worded_error.add_note(note)
    with suppress(OSError):
        tell_error(worded_error)
    _let_go_of_output()
    return worded_error.exit_code


def _fault(error: BaseException) -> CoverageEngineError:
    log = _written_log(error)
    where = f"，经过记在 {log}" if log is not None else ""
    fault = CoverageEngineError(
        f"程序出了差错（{type(error).__name__}），这不是您的操作问题{where}",
        "请把这个记录和所用的命令交给技术人员（记录里没有台账内容）；其余命令可照常使用。"
        if log is not None
        else "请把所用的命令交给技术人员。",
    )
    fault.exit_code = _FAULT
    return fault


def _written_log(error: BaseException) -> Path | None:
    """Where it happened, in a file of the system's temporary folder that only this user can read."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="coverage-engine-", suffix=".log", delete=False
        ) as log:
            log.write(f"coverage-engine {_version()}, Python {platform.python_version()}, {sys.platform}\n")
            for part in _chain(traceback.TracebackException.from_exception(error)):
                log.writelines(part.stack.format())
                log.write(f"{part.exc_type.__name__ if part.exc_type else ''}: {_unnamed(str(part))}\n\n")
    except OSError:
        return None
    return Path(log.name)


def _chain(trace: traceback.TracebackException) -> Iterator[traceback.TracebackException]:
    """From the first cause to the error itself."""
    before = trace.__cause__ or trace.__context__
    if before is not None:
        yield from _chain(before)
    yield trace


def _unnamed(message: str) -> str:
    return _LEDGER_WORDS.sub("…", message)


def _version() -> str:
    try:
        return version("coverage-engine")
    except PackageNotFoundError:
        return "?"


def _let_go_of_output() -> None:
    """What cannot be printed is not tried again when the process ends."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
