"""What the machine refuses (files, disk, memory) as a sentence with the next step."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator

from coverage_engine.delivery import NEW
from coverage_engine.errors import CoverageEngineError, OutputError

_TO_CLOSE = "请关闭打开它的程序（如 Excel、WPS），或换一个可以写的位置，再运行一次。"
_TO_FREE = "请腾出空间，或换一个盘上的文件夹，再运行一次。"
_TO_CHECK = "请核对文件的位置和名字。"
_TO_SHORTEN = "请换短一些的文件夹名。"
_WORDS: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("磁盘已满（空间或可建文件数用尽），写不下{file}", _TO_FREE),
    errno.EDQUOT: ("磁盘配额用尽，写不下{file}", _TO_FREE),
    errno.EFBIG: ("文件大得这个磁盘放不下：{file}", "请换一个盘上的文件夹，再运行一次。"),
    errno.EROFS: ("磁盘是只读的，写不了{file}", "请换一个可以写的文件夹。"),
    errno.EACCES: ("没有权限读写{file}，或它正被别的程序打开", _TO_CLOSE),
    errno.EPERM: ("没有权限读写{file}，或它正被别的程序打开", _TO_CLOSE),
    errno.ENOENT: ("找不到{file}", _TO_CHECK),
    errno.EEXIST: ("已有{file}，没有覆盖", "请换一个名字，或先把它移走。"),
    errno.EISDIR: ("{file} 是文件夹，这里要的是文件", _TO_CHECK),
    errno.ENOTDIR: ("{file} 是文件，这里要的是文件夹", _TO_CHECK),
    errno.ENAMETOOLONG: ("文件名或路径太长：{file}", _TO_SHORTEN),
    errno.EMFILE: ("同时打开的文件太多", "请关闭其他程序后再运行一次。"),
}
_OTHER = ("读写{file}时出错（{why}）", "请检查磁盘、U 盘或网络盘是否还连着，再运行一次。")
_MEMORY = ("内存不够", "请关闭其他程序；或用 --division 一次只做一个市、县；或换一台内存大的机器。")
_DEPTH = ("交来的文件里括号或标签套得太深，读不了", "请检查政策、情景、边界等文件是否完好。")

# Libraries tell an error of the system in words of theirs.
_NUMBERED = re.compile(r"\(os error (\d+)\)|\[Errno (\d+)\]")


def worded(error: BaseException) -> CoverageEngineError | None:
    """The error in words, where the machine refused something; nothing where the program is at fault."""
    if isinstance(error, CoverageEngineError):
        return error
    if isinstance(error, MemoryError):
        return OutputError(*_MEMORY)
    if isinstance(error, RecursionError):
        return OutputError(*_DEPTH)
    refused = _of_system(list(_chain(error)))
    if refused is None:
        return None
    problem, remedy = _WORDS.get(refused.errno or 0, _OTHER)
    file = f" {_shown(refused.filename)} " if refused.filename is not None else ""
    why = os.strerror(refused.errno) if refused.errno else type(refused).__name__
    return OutputError(problem.format(file=file, why=why).strip(), remedy)


# ---------------------------------------------------------------------------------------------- private


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, what it carries, and what it arose from."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        carried = [one for one in each.args if isinstance(one, BaseException)]
        waiting += [*carried, *([each.__cause__] if each.__cause__ is not None else [])]


def _of_system(chain: list[BaseException]) -> OSError | None:
    """The error of the system itself; else one made of the number that a library tells; else any."""
    raised = [each for each in chain if isinstance(each, OSError)]
    numbered = [match for each in chain if (match := _NUMBERED.search(str(each)))]
    by_number = [OSError(int(match[1] or match[2]), "") for match in numbered]
    return next((each for each in (*(one for one in raised if one.errno), *by_number, *raised)), None)


def _shown(file: object) -> str:
    """A file as the planner knows it: in its place, not where it is written before the switch."""
    name = os.fsdecode(file) if isinstance(file, bytes) else str(file)
    return name.replace(f"{NEW}{os.sep}", "").removesuffix(f"{os.sep}{NEW}")
