"""The sample country of OnSSET's own source archive: calibrated and planned, one technology per settlement.

    python onsset_sample.py ARCHIVE

ARCHIVE is the unpacked source distribution of onsset 1.1a6. Prints CPU seconds and settlements.
"""

import csv
import logging
import os
import sys
import time
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

warnings.simplefilter("ignore")
archive = Path(sys.argv[1]).resolve()
sys.path.insert(0, str(archive))
os.chdir(archive)

from onsset.runner import calibration, scenario  # noqa: E402

logging.disable(logging.CRITICAL)


def main():
    data = archive / "test" / "test_data"
    with TemporaryDirectory() as scratch:
        specs, table = f"{scratch}/specs.xlsx", f"{scratch}/calibrated.csv"
        start = time.process_time()
        calibration(str(data / "dj-specs-test.xlsx"), str(data / "dj-test.csv"), specs, table)
        scenario(specs, table, scratch, scratch)
        seconds = time.process_time() - start
    with (data / "dj-test.csv").open(encoding="utf-8") as file:
        settlements = sum(1 for _ in csv.reader(file)) - 1
    print(seconds, settlements)


if __name__ == "__main__":
    main()
