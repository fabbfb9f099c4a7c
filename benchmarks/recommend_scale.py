"""Recommending beside its limit: eleven paths for every target, scored, ranked, reasoned and written.

    python benchmarks/recommend_scale.py [--enterprises 175000]

The invented province is made, read and judged in a process of its own; a second one opens the kept tables,
recommends and writes every table that comes of it as Parquet. Figures are CPU seconds (user + system) and the
peak memory of that second process; the limit is reading and writing the same bytes in it.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PREPARE = """
import pickle, sys
from pathlib import Path
import coverage_engine as ce
from coverage_engine.coverage import assess
from coverage_engine.policy import load_policy
folder = Path(sys.argv[1])
ce.write_sample(folder / "ledgers", enterprises=int(sys.argv[2]), layout="csv")
snapshot, _ = ce.read_ledgers([folder / "ledgers"])
enterprises = assess(snapshot, load_policy(snapshot.as_of))["enterprises"]
kept = dict(snapshot.tables), snapshot.as_of, snapshot.kinds, enterprises
(folder / "kept.pickle").write_bytes(pickle.dumps(kept))
"""


def recommend_all(folder):
    import pickle

    from coverage_engine.model.snapshot import build_snapshot
    from coverage_engine.policy import load_policy
    from coverage_engine.recommend import recommend

    began = time.process_time()
    data = (folder / "kept.pickle").read_bytes()
    tables, as_of, kinds, enterprises = pickle.loads(data)
    opened = time.process_time()
    found = recommend(build_snapshot(as_of, tables, kinds), enterprises, load_policy(as_of))
    made = time.process_time()
    for name, table in found.items():
        table.write_parquet(folder / f"{name}.parquet")
    written = time.process_time()
    for file in folder.glob("*.parquet"):
        (folder / "copy").write_bytes(file.read_bytes())
    bytes_only = time.process_time() - written + opened - began
    targets = int(enterprises["is_target"].sum())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    whole = written - opened
    print(f"{targets} targets: recommended {made - opened:.1f} CPU s, written {written - made:.1f} CPU s")
    print(f"both {whole:.1f} CPU s")
    print(f"peak {peak:.0f} MB; {whole / max(bytes_only, 0.01):.0f} times reading and writing the bytes")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, default=175_000)
    parser.add_argument("--kept", type=Path, default=None, help="(inner) folder of the kept tables")
    options = parser.parse_args()
    if options.kept is not None:
        recommend_all(options.kept)
        return
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([sys.executable, "-c", PREPARE, scratch, str(options.enterprises)], check=True)
        subprocess.run([sys.executable, __file__, "--kept", scratch], check=True)


if __name__ == "__main__":
    main()
