"""Writes a sample: the ledgers of an invented province, clean or disturbed, and the truth beside."""

from __future__ import annotations

from pathlib import Path

from coverage_engine.arguments import FLAG, FOLDER, checked, one_of, whole
from coverage_engine.delivery import SAMPLE_MANIFEST, Delivery, deliver
from coverage_engine.samples.disturbance import disturb
from coverage_engine.samples.province import draw_province
from coverage_engine.samples.sheets import clean_sheets
from coverage_engine.samples.streams import Streams
from coverage_engine.samples.truth import write_truth
from coverage_engine.samples.writing import LAYOUTS, plain_sheet, write_ledgers


@checked(folder=FOLDER, enterprises=whole(1), seed=whole(0), messy=FLAG, layout=one_of(LAYOUTS))
def write_sample(
    folder: Path, *, enterprises: int = 60_000, seed: int = 2019, messy: bool = False, layout: str = "mixed"
) -> Delivery:
    """Writes the ledgers of an invented province into a folder, and `truth/` beside them.

    Divisions are real (2019-05 edition), firms invented; the same seed gives the same bytes.

    Args:
        folder: made if absent; an earlier sample there is replaced, what a person edited in it set aside.
        enterprises: number of firms in the 企业台账.
        seed: whole number that decides everything drawn.
        messy: disturb the ledgers as real ones are and write `truth/planted.parquet`.
        layout: `mixed` (enterprises and long ledgers as csv, the others in one workbook), `csv` or `xlsx`.

    Raises:
        ArgumentError: fewer than one enterprise, an unknown layout, or an argument of the wrong kind.
        OutputError: a file of somebody's stands in the way, or one of the former sample is open elsewhere.

    Source:
        `data/samples`: vocabularies and shares of the invented province.

    Example:
        >>> write_sample("样例", enterprises=60).edited
        ()
    """
    streams = Streams(seed)
    province = draw_province(enterprises, streams)
    sheets = clean_sheets(province, streams)
    with deliver(folder, "sample", manifest=SAMPLE_MANIFEST) as made:
        write_truth(province, sheets, made.folder / "truth")
        if messy:
            written, planted = disturb(sheets, layout, streams)
            planted.write_parquet(made.folder / "truth" / "planted.parquet")
        else:
            written = [plain_sheet(kind, frame) for kind, frame in sheets.items()]
        write_ledgers(written, made.folder, layout)
    return made
