"""Table formats in XML, read event by event: no entity is ever put in, nothing outside is looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol
from xml.parsers import expat

from coverage_engine.errors import LedgerError

_ENCODING = re.compile(rb"^<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_OWN_ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1"})
_CHINESE = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "gb_2312-80": "gb18030",
    "big5": "cp950",
}
_DEEPEST = 200


class Listener(Protocol):
    """Who is told of tags and letters; names are `namespace local`."""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """A tag opens."""

    def end(self, name: str) -> None:
        """A tag closes."""

    def letters(self, text: str) -> None:
        """Letters between tags."""


def listen(pieces: Iterable[bytes], listener: Listener, file: str) -> None:
    """Tells a listener all that stands in an XML file.

    Raises:
        LedgerError: the file is not well-formed, or declares entities or a document type.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise _refused("的标签套得过深", file)
        listener.begin(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        listener.end(name)

    def declared(*_: object) -> None:
        raise _refused("声明了外部内容或实体，可能是恶意文件", file)

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = listener.letters
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = declared
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise _refused(f"第 {error.lineno} 行附近已损坏", file) from error
    except (LookupError, ValueError) as error:
        raise _refused("的文字编码无法识别", file) from error


def in_utf8(data: bytes, file: str) -> bytes:
    """The same XML in an encoding that the parser knows.

    Raises:
        LedgerError: the bytes are not in the encoding that they declare, or that is unknown.
    """
    declaration = _ENCODING.match(data)
    declared = declaration[1].decode("ascii").lower() if declaration else "utf-8"
    if declared in _OWN_ENCODINGS:
        return data
    try:
        text = data.decode(_CHINESE[declared])
    except (KeyError, UnicodeDecodeError) as error:
        raise _refused("的文字编码无法识别", file) from error
    return re.sub(r"^<\?xml[^>]*\?>", "", text, count=1).encode()


# ---------------------------------------------------------------------------------------------- private


def _refused(problem: str, file: str) -> LedgerError:
    return LedgerError(f"{file} {problem}，未读取", "请向报送单位重新索取，或请对方另存为 .xlsx 后再报。")
