"""The peer of identity_names.py: links the normalised records of a folder to its register with splink.

    python splink_names.py FOLDER

FOLDER holds records.parquet and register.parquet (`unique_id`, `code`, `core`, `city`, `county`, `office`,
`trade`, `place`, `named_city`, `form`); pairs.parquet is written beside them, and CPU seconds and peak memory
are printed.
"""

import resource
import sys
from pathlib import Path

import pyarrow.parquet as pq
import splink.comparison_level_library as levels
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

PARTS = ("code", "city", "county", "office", "trade", "place", "named_city", "form")
LEAST = 0.01


def settings():
    core = cl.CustomComparison(
        [
            levels.NullLevel("core"),
            levels.ExactMatchLevel("core", term_frequency_adjustments=True),
            levels.LevenshteinLevel("core", 1),
            levels.JaroWinklerLevel("core", 0.9),
            levels.ElseLevel(),
        ],
        output_column_name="core",
    )
    return SettingsCreator(
        link_type="link_only",
        comparisons=[core, *(cl.ExactMatch(name) for name in PARTS)],
        blocking_rules_to_generate_predictions=[
            block_on("code"),
            block_on("core"),
            block_on("city", "substr(core, 1, 3)"),
            block_on("city", "substr(core, -4)"),
        ],
        retain_matching_columns=False,
    )


def main():
    folder = Path(sys.argv[1])
    api = DuckDBAPI()
    sides = [
        api.register(pq.read_table(folder / f"{name}.parquet"), dataset_display_name=name)
        for name in ("records", "register")
    ]
    linker = Linker(sides, settings(), log_level=40)
    linker.training.estimate_probability_two_random_records_match([block_on("code")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("code"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("core"))
    found = linker.inference.predict(threshold_match_probability=LEAST)
    pq.write_table(found.as_pyarrow_table(), folder / "pairs.parquet")
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)


if __name__ == "__main__":
    main()
