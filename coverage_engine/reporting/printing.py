"""PDF of office documents: through LibreOffice where it is installed, with the fonts of `reports/fonts.toml`.

LibreOffice runs with a font configuration and a profile of its own, so that a font that the machine lacks is
replaced as `[fallback]` says and not by chance; every replacement is told. Where LibreOffice is missing,
`print_pages` makes pages that a browser prints.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from coverage_engine.errors import ContentError, LedgerError
from coverage_engine.reporting.wording import fallback_fonts, fonts

_LONGEST_SECONDS = 600


@dataclass(frozen=True)
class Printed:
    """The PDF files in the order asked for, and what stands in for each font that the machine lacks."""

    files: tuple[Path, ...]
    substituted: dict[str, str]


def write_pdf(documents: Sequence[Path], folder: Path) -> Printed:
    """Convert workbooks and Word documents to PDF, each under its own name.

    Documents of the same name are told apart by ending, folder or number (`清单.docx.pdf`).

    Raises:
        ContentError: LibreOffice is not installed.
        LedgerError: a document could not be converted; it is named.
    """
    office = find_office()
    if office is None:
        remedy = "请安装 LibreOffice，或用 Excel、WPS 打开文件后打印为 PDF（页面已设好）。"
        raise ContentError("没有找到 LibreOffice，不能转成 PDF", remedy)
    folder.mkdir(parents=True, exist_ok=True)
    replaced = substitutions(_installed())
    files = printed_names(documents, folder, ".pdf")
    with tempfile.TemporaryDirectory() as scratch:
        # Copies under numbers: LibreOffice names what it makes after the document, whatever its ending.
        copies = {document: Path(scratch) / f"{at}{document.suffix}" for at, document in enumerate(documents)}
        for document, copy in copies.items():
            shutil.copyfile(document, copy)
        _convert(office, list(copies.values()), Path(scratch) / "pdf", Path(scratch), replaced)
        for document, copy in copies.items():
            made = Path(scratch) / "pdf" / f"{copy.stem}.pdf"
            if made.is_file():
                shutil.move(made, files[document])
    missing = [document.name for document in documents if not files[document].is_file()]
    if missing:
        raise LedgerError(
            f"没有转成 PDF：{'、'.join(missing)}",
            "Word 文件需要 libreoffice-writer，工作簿需要 libreoffice-calc；也可用 Excel、WPS 打印。",
        )
    return Printed(tuple(files[document] for document in documents), replaced)


def substitutions(installed: frozenset[str]) -> dict[str, str]:
    """For each named font that is not installed its first installed fallback, or nothing known."""
    known = fallback_fonts()
    return {
        name: next((other for other in known.get(name, ()) if other in installed), "")
        for name in sorted(set(fonts().values()))
        if name not in installed
    }


def find_office() -> str | None:
    """LibreOffice, where it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def printed_names(documents: Sequence[Path], folder: Path, ending: str) -> dict[Path, Path]:
    """Where each document is printed to."""
    choices = [
        (document.stem, document.name, "_".join(document.parts[-2:]), f"{number}_{document.name}")
        for number, document in enumerate(documents, 1)
    ]
    counts = [Counter(each) for each in zip(*choices, strict=True)]
    printed = {}
    for document, names in zip(documents, choices, strict=True):
        alone = [name for name, count in zip(names, counts, strict=True) if count[name] == 1]
        printed[document] = folder / f"{alone[0]}{ending}"
    return printed


# ---------------------------------------------------------------------------------------------- private


def _convert(
    office: str, documents: Sequence[Path], folder: Path, scratch: Path, replaced: dict[str, str]
) -> None:
    configuration = scratch / "fonts.conf"
    configuration.write_text(_font_configuration(replaced), "utf-8")
    command = [office, "--headless", f"-env:UserInstallation={(scratch / 'profile').as_uri()}"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), *(str(document) for document in documents)]
    environment = {**os.environ, "FONTCONFIG_FILE": str(configuration)}
    try:
        subprocess.run(command, check=False, capture_output=True, timeout=_LONGEST_SECONDS, env=environment)
    except subprocess.TimeoutExpired as error:
        raise LedgerError("转成 PDF 超时", "请分几次转换，或用 Excel、WPS 打印。") from error


def _installed() -> frozenset[str]:
    """Font families that the machine has; none where it has no fontconfig."""
    if shutil.which("fc-list") is None:
        return frozenset()
    listing = subprocess.run(["fc-list", ":", "family"], check=False, capture_output=True, text=True)
    return frozenset(name.strip() for line in listing.stdout.splitlines() for name in line.split(","))


def _font_configuration(replaced: dict[str, str]) -> str:
    aliases = "".join(
        f'<alias binding="same"><family>{escape(name)}</family>'
        f"<prefer><family>{escape(other)}</family></prefer></alias>"
        for name, other in replaced.items()
        if other
    )
    head = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
    system = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    return f"{head}<fontconfig>{system}{aliases}</fontconfig>"
