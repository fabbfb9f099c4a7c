"""Which encoding the bytes of a text ledger are in; decoding is strict, and what fits none is refused."""

from __future__ import annotations

import codecs
import re
import unicodedata

from coverage_engine.errors import LedgerError

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
"""Of UTF-32 and UTF-16 the longer mark first: one begins with the other."""
_NON_ASCII = re.compile(rb"[\x80-\xff]")
_HAN_OF_UTF_8 = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){4}")
"""Four Han characters in UTF-8: no text in GB18030 looks like this."""
_SURELY_UTF_8 = 24
"""So many bytes beyond ASCII that are right in UTF-8 before the first wrong one: the rest is damage."""
_WIDE = (("utf-16-le", 2), ("utf-16-be", 2), ("utf-32-le", 4), ("utf-32-be", 4))
_SAMPLE = 4096
_NO_TEXT = frozenset({"Cc", "Cn", "Cs"})
"""Kinds of characters that stand in no ledger: controls, unassigned and halves of others."""
_SAVE_ANEW = "请用记事本、Excel 或 WPS 打开，另存为“CSV UTF-8（逗号分隔）”后再试。"


def decode(data: bytes, file: str) -> str:
    """The text of a file in UTF-8, UTF-16, UTF-32 (with or without mark) or GB18030.

    Wide text without a mark is read where one order of its bytes alone makes sense. Line ends of every kind
    become line feeds.

    Raises:
        LedgerError: no encoding fits, or lines in two encodings; names the line of the first bad byte.
    """
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    if marked is None and b"\0" in data:
        marked = _wide_encoding(data, file)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return _plain(data.decode(encoding), file, of_two=encoding == "gb18030" and data)
        except UnicodeDecodeError as error:
            bad = error.start
            if encoding == "utf-8" and len(_NON_ASCII.findall(data, 0, bad)) >= _SURELY_UTF_8:
                break
    raise _unknown(data, bad, file)


# ---------------------------------------------------------------------------------------------- private


def _plain(text: str, file: str, of_two: bytes | bool) -> str:
    """The text with plain line ends; refused where it holds binary content, or lines of UTF-8 beside GBK."""
    if "\0" in text:
        raise LedgerError(f"{file} 里有二进制内容，不是文本", "请核对文件；是 Excel 工作簿的，请用原扩展名。")
    if of_two and (mixed := _HAN_OF_UTF_8.search(of_two)):  # type: ignore[arg-type]
        raise _unknown(of_two, mixed.start(), file)  # type: ignore[arg-type]
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unknown(data: bytes, bad: int, file: str) -> LedgerError:
    line = data.count(b"\n", 0, bad) + 1
    return LedgerError(
        f"{file} 第 {line} 行附近的文字编码无法识别",
        "多半是两种编码的文件拼在一起，或文件没有导出完整：请核对这一行，"
        "再用 Excel 或 WPS 另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后再试。",
    )


def _wide_encoding(data: bytes, file: str) -> str:
    """The one encoding in which bytes with zeros among them are a text of lines.

    Raises:
        LedgerError: none is, which is no text, or several are.
    """
    fitting = [encoding for encoding, width in _WIDE if _reads_as(data, encoding, width)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = "、".join(encoding.upper() for encoding in fitting)
        raise LedgerError(f"{file} 没有编码标记，{names} 都像，不敢断定", _SAVE_ANEW)
    raise LedgerError(
        f"{file} 里有二进制内容，不是文本",
        "请核对文件；是 Excel 工作簿的，请用原扩展名；是文本的，" + _SAVE_ANEW,
    )


def _reads_as(data: bytes, encoding: str, width: int) -> bool:
    """Whether the beginning is lines of characters that there are: a line feed read the wrong way is none."""
    try:
        text = data[: _SAMPLE // width * width].decode(encoding)
    except UnicodeDecodeError as error:
        # A character of two units may be cut where the sample ends.
        if len(data) <= _SAMPLE or error.end < _SAMPLE:
            return False
        text = data[: error.start].decode(encoding)
    lines = "\n" in text or "\r" in text
    return lines and not any(unicodedata.category(sign) in _NO_TEXT for sign in text if sign not in "\t\r\n")
