"""One enterprise once: 100,000 messy records against a register of 60,000 invented firms, with truth.

    python benchmarks/identity_names.py [--register 60000] [--records 100000] [--seed 7] [--wrong]

40 % of the records carry no code; a tenth means a firm that is not in the register, half of those on purpose
alike: the same brand and trade in another city, the same brand in another trade, an office of a listed firm,
the headquarters of a listed office. Prints precision, recall, F1, merges of those, share asked, CPU seconds.
An asked pair counts as a person would answer it: the record finds its firm where that is among the asked.

`--peer PYTHON` runs splink beside it in the same run, on the same parts of the names, in an environment made
from benchmarks/peers/identity.txt.
"""

import argparse
import resource
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from coverage_engine.samples.geography import counties
from coverage_engine.samples.names import brand_names
from coverage_engine.samples.province import draw_province
from coverage_engine.samples.streams import Streams

KINDS = ("exact", "suffix", "form", "brackets", "no_place", "no_trade", "group", "width", "spaced", "letter")
WEIGHTS = (0.40, 0.10, 0.14, 0.08, 0.08, 0.04, 0.02, 0.05, 0.05, 0.04)
HARD = ("other_city", "other_trade", "office", "headquarters")
FULL = {"河南": "河南省"} | {name.removesuffix("市"): name for name in counties().city_name}
LETTERS = np.array(list("春夏秋冬东西南北山水风云"), dtype=object)


def written(kind, firm, rng):
    """A firm's name as another hand writes it."""
    name, place, brand, trade, form = (firm[part] for part in ("name", "place", "brand", "trade", "form"))
    tail = name.removeprefix(place)
    if kind == "suffix" and name.startswith(place):
        return FULL.get(place, place) + tail
    if kind == "form":
        for one, other in (("有限责任公司", "有限公司"), ("有限公司", "有限责任公司")):
            if one in name:
                return name.replace(one, other, 1)
    if kind == "brackets" and name == place + brand + trade + form:
        return f"{brand}（{place}）{trade}{form}"
    if kind == "no_place" and name.startswith(place):
        return tail
    if kind == "no_trade" and trade and name.count(trade) == 1:
        return name.replace(trade, "")
    if kind == "group" and "集团" in name:
        return name.replace("集团", "")
    if kind == "width":
        return name.replace("（", "(").replace("）", ")")
    if kind == "spaced":
        return f"{name[:3]} {name[3:]}"
    if kind == "letter":
        at = int(rng.integers(0, len(brand)))
        return name.replace(brand, brand[:at] + str(rng.choice(LETTERS)) + brand[at + 1 :], 1)
    return name


def hard_negative(kind, firm, rng, places):
    """A firm that is not in the register but looks like one that is; None where the kind does not fit."""
    name, place, brand, trade, form = (firm[part] for part in ("name", "place", "brand", "trade", "form"))
    if "公司" not in form or form.endswith("分公司"):
        return None
    if kind == "other_city":
        other = next(p for p in rng.permutation(places) if p != place)
        return f"{other}{brand}{trade}{form}"
    if kind == "other_trade":
        return name.replace(trade, str(rng.choice(["矿泉水", "马戏", "钟表", "乐器"])), 1) if trade else None
    if kind == "office":
        return f"{name}{rng.choice(places)}第九分公司"
    return None


def task(register, records, seed):
    """The register, the records with `truth` (row of the register, -1), and `hard` (kind or '')."""
    rng = np.random.default_rng(seed)
    firms = draw_province(register, Streams(seed)).firms
    where = counties()
    county = firms["county"].to_numpy()
    rows = firms.select("name", "place", "brand", "trade", "form", "credit_code").with_columns(
        pl.Series("county_code", where.code[county], dtype=pl.String),
        pl.Series("city_code", where.city_code[where.city[county]], dtype=pl.String),
    )
    offices = rows.with_row_index().filter(pl.col("form").str.contains("分公司"))
    heads = offices["name"].str.extract(r"^(.*?公司)", 1).unique().to_list()
    away = set(rng.permutation(sorted(heads))[: len(heads) // 4])
    gone = rows.filter(pl.col("name").is_in(list(away)))
    rows = rows.filter(~pl.col("name").is_in(list(away)))
    listed = rows.to_dicts()
    places = np.array([name.removesuffix("市") for name in where.city_name], dtype=object)
    strangers = brand_names(np.random.default_rng(seed + 1), records)
    made = list(_records(rng, listed, gone.to_dicts(), records, places, strangers))
    frame = pl.DataFrame(
        made,
        schema={"name": pl.String, "credit_code": pl.String, "county_code": pl.String, "city_code": pl.String,
                "truth": pl.Int64, "kind": pl.String},
        orient="row",
    )  # fmt: skip
    return rows.select("name", "credit_code", "county_code", "city_code"), frame


def _records(rng, listed, gone, records, places, strangers):
    for number in range(records):
        coded, located = rng.random() < 0.6, rng.random()
        row = int(rng.integers(0, len(listed)))
        firm, draw = listed[row], rng.random()
        if draw < 0.9:
            kind = str(rng.choice(KINDS, p=WEIGHTS))
            name, truth, code = written(kind, firm, rng), row, firm["credit_code"]
        elif draw < 0.95:
            kind = HARD[number % len(HARD)]
            if kind == "headquarters" and gone:
                firm = gone[number % len(gone)]
                name = firm["name"]
            else:
                name = hard_negative(kind, firm, rng, places)
            truth, code = -1, f"9141{number:014d}"
            if name is None:
                continue
        else:
            kind, truth, code = "stranger", -1, f"9142{number:014d}"
            name = f"{firm['place']}{strangers[number]}{firm['trade']}有限公司"
            if name == firm["name"]:
                continue
        county = firm["county_code"] if located < 0.85 else None
        city = firm["city_code"] if located < 0.98 else None
        yield name, code if coded else None, county, city, truth, kind


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--register", type=int, default=60_000)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--wrong", action="store_true", help="show wrong and missed pairs")
    parser.add_argument("--peer", help="the Python of an environment with splink")
    chosen = parser.parse_args()
    register, records = task(chosen.register, chosen.records, chosen.seed)

    from coverage_engine.ledgers.identity.name_matching import match_names

    started = time.process_time()
    pairs = match_names(records.drop("truth", "kind"), register)
    seconds = time.process_time() - started
    report(records.with_row_index("record"), register, pairs, seconds, chosen.wrong)
    if chosen.peer:
        beside(records.with_row_index("record"), register, chosen.peer, seconds)


def beside(records, register, python, seconds):
    """splink on the same parts of the names; a record is matched to its one best firm above the best line."""
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in (("records", records), ("register", register)):
            parts_of(frame).write_parquet(Path(folder) / f"{name}.parquet")
        true_pairs(records).write_parquet(Path(folder) / "labels.parquet")
        script = Path(__file__).parent / "peers" / "splink_names.py"
        done = subprocess.run([python, str(script), folder], check=True, capture_output=True, text=True)
        pairs = pl.read_parquet(Path(folder) / "pairs.parquet")
    peer_seconds, memory = map(float, done.stdout.split()[-2:])
    turned = pl.col("source_dataset_l") != "records"
    sides = (pl.col("unique_id_l"), pl.col("unique_id_r"))
    pairs = pairs.select(
        record=pl.when(turned).then(sides[1]).otherwise(sides[0]),
        firm=pl.when(turned).then(sides[0]).otherwise(sides[1]),
        weight="match_weight",
    )
    best = pairs.sort("weight", descending=True).unique("record", keep="first", maintain_order=True)
    lines = [scored(records, best.filter(pl.col("weight") >= line)) for line in np.arange(-6, 30, 0.5)]
    harmonic, precision, recall, hard = max(lines)
    print(
        f"splink: precision {precision:.5f} recall {recall:.5f} F1 {harmonic:.5f}, look-alikes merged {hard}"
    )
    safe = [line for line in lines if line[3] == 0]
    told = f"F1 {max(safe)[0]:.5f}" if safe else "at no line"
    print(f"splink without merging a look-alike: {told}")
    print(f"splink: CPU {peer_seconds:.1f} s ({peer_seconds / seconds:.1f} x ours), peak {memory:.0f} MB")


def parts_of(frame):
    """The parts of the names as the engine itself compares them, null where a name does not state one."""
    from coverage_engine.ledgers.identity.name_matching import _prepared

    return _prepared(frame, "unique_id").select(
        "unique_id", "core", "brand", pl.col("trade", "place_word").replace("", None),
        pl.col("office").fill_null("-"), code="credit_code", city="near", county="county_code",
        named_city="name_city", kind="form", form="legal_form", grouped=pl.format("{}{}", "group", "stock"),
    ).rename({"place_word": "place"})  # fmt: skip


def true_pairs(records):
    """What the peer learns from: every record with its firm."""
    return records.filter(pl.col("truth") >= 0).select(
        source_dataset_l=pl.lit("records"), unique_id_l="record",
        source_dataset_r=pl.lit("register"), unique_id_r=pl.col("truth").cast(pl.UInt32),
    )  # fmt: skip


def scored(records, matched):
    judged = records.join(matched.select(pl.col("record").cast(pl.UInt32), "firm"), on="record")
    right = judged.filter(pl.col("firm") == pl.col("truth")).height
    known = records.filter(pl.col("truth") >= 0).height
    precision, recall = right / max(judged.height, 1), right / known
    hard = judged.filter((pl.col("firm") != pl.col("truth")) & pl.col("kind").is_in(HARD)).height
    return 2 * precision * recall / max(precision + recall, 1e-9), precision, recall, hard


def report(records, register, pairs, seconds, wrong):
    matched = pairs.filter(pl.col("verdict") == "match").select("record", "firm")
    asked = pairs.filter(pl.col("verdict") == "ask").select("record").unique()
    judged = records.join(matched, on="record", how="left")
    answered = (
        pairs.filter(pl.col("verdict") == "ask")
        .select("record", "firm")
        .join(records.select("record", firm="truth"), on=["record", "firm"], how="semi")
    )
    right = judged.filter(pl.col("firm") == pl.col("truth")).height + answered.height
    known = records.filter(pl.col("truth") >= 0).height
    precision, recall = right / max(matched.height + answered.height, 1), right / max(known, 1)
    false = judged.filter(pl.col("firm").is_not_null() & (pl.col("firm") != pl.col("truth")))
    hard = false.filter(pl.col("kind").is_in(HARD)).height
    print(f"records {records.height} register {register.height} known {known}")
    harmonic = 2 * precision * recall / (precision + recall)
    print(f"precision {precision:.5f} recall {recall:.5f} F1 {harmonic:.5f}")
    share = asked.height / records.height
    print(f"matched unasked {matched.height}, by a person's answer {answered.height}")
    print(f"wrong {false.height}, of them planted look-alikes {hard}; asked {share:.3%}")
    print(f"CPU {seconds:.1f} s, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    if wrong:
        pl.Config.set_fmt_str_lengths(40), pl.Config.set_tbl_rows(60), pl.Config.set_tbl_cols(20)
        pl.Config.set_tbl_width_chars(220)
        names = register.with_row_index("firm").select(
            pl.col("firm"), firm_name="name", firm_county="county_code"
        )
        missed = judged.filter((pl.col("truth") >= 0) & pl.col("firm").is_null())
        print(missed.group_by("kind").len().sort("len"), false.group_by("kind").len())
        print(false.join(names, on="firm", how="left").drop("credit_code").head(25))
        true = names.with_columns(pl.col("firm").cast(pl.Int64))
        missed = missed.drop("firm").join(true, left_on="truth", right_on="firm", how="left")
        print(
            missed.join(asked.with_columns(asked=True), on="record", how="left").sample(
                min(40, missed.height), seed=1
            )
        )


if __name__ == "__main__":
    main()
