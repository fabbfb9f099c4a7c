"""The peer of identity_names.py: links the normalised records of a folder to its register with splink.

    python splink_names.py FOLDER

FOLDER holds records.parquet and register.parquet (`unique_id`, `code`, `core`, `brand`, `city`, `county`,
`office`, `trade`, `place`, `named_city`, `kind`, `form`, `grouped`; null where not stated) and labels.parquet
(the true pairs); pairs.parquet is written beside them, and CPU seconds and peak memory are printed.

The configuration is the best of those tried: m is learnt from all true pairs, not by expectation maximisation
(which confuses look-alikes with matches: F1 0.971); what no true pair shows is fixed at one in ten million;
exact cores are adjusted for how frequent they are; a character may differ anywhere in the core.
"""

import resource
import sys
from pathlib import Path

import pyarrow.parquet as pq
import splink.comparison_level_library as levels
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

LEAST = 0.01
NEVER = {"m_probability": 1e-7, "fix_m_probability": True}
SELDOM = {"m_probability": 1e-4, "fix_m_probability": True}
GOES_ON = (
    "(starts_with(core_l, core_r) and trade_r is null) or (starts_with(core_r, core_l) and trade_l is null)"
)
# The distance is counted in bytes, of which a Han character has three.
ONE_CHARACTER = "length(core_l) = length(core_r) and levenshtein(core_l, core_r) <= 3"


def rare(condition, label, u):
    """A level that a random sample of pairs hardly meets."""
    return levels.CustomLevel(condition, label).configure(u_probability=u, fix_u_probability=True)


def compared(name, *several):
    return cl.CustomComparison(list(several), output_column_name=name)


def unknown(condition):
    return levels.CustomLevel(condition, "not stated").configure(is_null_level=True)


def comparisons():
    other = levels.ElseLevel().configure(**NEVER)
    core = compared(
        "core",
        levels.NullLevel("core"),
        levels.ExactMatchLevel("core", term_frequency_adjustments=True),
        rare(GOES_ON, "goes on with a trade", 2e-6),
        rare(f"{ONE_CHARACTER} and length(brand_l) >= 3", "one character", 4e-5),
        rare(ONE_CHARACTER, "one character of a short brand", 4e-5),
        levels.ElseLevel(),
    )
    place = compared(
        "place",
        unknown("place_l is null or place_r is null"),
        levels.ExactMatchLevel("place"),
        levels.CustomLevel("named_city_l = named_city_r", "same city named").configure(**SELDOM),
        levels.CustomLevel("named_city_l is null or named_city_r is null", "wider").configure(**SELDOM),
        other,
    )
    seat = compared(
        "seat",
        unknown("city_l is null or city_r is null"),
        levels.CustomLevel("county_l = county_r", "county"),
        levels.ExactMatchLevel("city"),
        levels.ElseLevel(),
    )
    strict = (
        compared(name, levels.NullLevel(name), levels.ExactMatchLevel(name), other)
        for name in ("code", "office", "trade", "kind")
    )
    return [core, place, seat, *strict, cl.ExactMatch("form"), cl.ExactMatch("grouped")]


def settings():
    return SettingsCreator(
        link_type="link_only",
        comparisons=comparisons(),
        blocking_rules_to_generate_predictions=[
            block_on("code"),
            block_on("core"),
            block_on("city", "substr(core, 1, 2)"),
            block_on("substr(core, 2)"),
            block_on("substr(core, 1, 1)", "substr(core, 3)"),
        ],
        retain_matching_columns=False,
    )


def main():
    folder = Path(sys.argv[1])
    api = DuckDBAPI()
    tables = {
        name: api.register(pq.read_table(folder / f"{name}.parquet"), dataset_display_name=name)
        for name in ("records", "register", "labels")
    }
    linker = Linker([tables["records"], tables["register"]], settings(), log_level=40)
    linker.training.estimate_probability_two_random_records_match([block_on("code")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_m_from_pairwise_labels(tables["labels"])
    found = linker.inference.predict(threshold_match_probability=LEAST)
    pq.write_table(found.as_pyarrow_table(), folder / "pairs.parquet")
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)


if __name__ == "__main__":
    main()
