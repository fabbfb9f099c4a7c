"""Point estimates of coverage rates with a 95 % interval, beside the range that needs no assumption.

Method (分层推算). Firms are sorted into strata of county and size. A firm of which the denominator fact D or
the numerator fact N is unknown is expected to be like those firms of its stratum of which both are known and
which agree with all that is known of it (a covered firm is compared with covered firms only). A stratum with
too few such firms (policy `donors_least`) takes the city's firms of that size, then the province's, then all.
The rate is expected numerator over expected denominator. Its variance counts the chance of each unknown firm
and the doubt of the stratum's shares: (n_u + n_u²/n_known) times the variance of N − R·D.

What is missing is taken to be missing by chance within a stratum. The range takes nothing for granted, and
the interval is never wider than the range.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from coverage_engine.coverage.assessment import assessed_enterprises
from coverage_engine.coverage.figures import CATEGORIES, denominator
from coverage_engine.coverage.frames import Lazy, collected, lazy_frames, sure
from coverage_engine.model.duty_tables import DUTY_TABLES
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import conform
from coverage_engine.policy import Policy

_PLACES = ("city_code", "county_code", "park", "sector")
_OF = ["category", "numerator"]
_POOLS: tuple[list[str], ...] = (["city_code", "county_code", "size"], ["city_code", "size"], ["size"], [])
"""Whose firms stand in for the unknown ones, from the nearest to the widest."""

_KNOWN = ("tt", "tf", "ft", "ff")
_PATTERNS = {"tu": ("tt", "tf"), "ut": ("tt", "ft"), "uf": ("ff", "tf"), "uu": _KNOWN}
"""What is unknown (first letter D, second N; t yes, f no, u unknown) → the known firms to compare with."""

_COMBINED = tuple(f"{inside}{held}" for inside in "tfu" for held in "tfu")
_NORMAL_95 = 1.959964
_STAFF_STEPS = (30, 100, 300)


def estimates(snapshot: Snapshot, policy: Policy) -> pl.DataFrame:
    """The table `estimates`: rates of divisions, parks and sectors (columns: `DUTY_TABLES`)."""
    frames = lazy_frames(snapshot.tables)
    firms = assessed_enterprises(frames, policy, "league_organisations" in snapshot.kinds)
    return estimated(firms, snapshot, policy)


def estimated(enterprises: Lazy, snapshot: Snapshot, policy: Policy) -> pl.DataFrame:
    """The same from assessed enterprises."""
    cells = _counted(enterprises)
    imputed = _imputed(cells, policy.number("donors_least"))
    groups = [
        ("province", pl.lit("410000"), pl.lit(True)),
        ("city", pl.col("city_code"), pl.lit(True)),
        ("county", pl.col("county_code"), pl.col("county_code") != ""),
        ("park", pl.col("park"), pl.col("park") != ""),
        ("sector", pl.col("sector"), pl.col("sector") != ""),
    ]
    rows = [
        _rates(
            cells.filter(kept).with_columns(division_code=key),
            imputed.filter(kept).with_columns(division_code=key),
            level,
        )
        for level, key, kept in groups
    ]
    told = _named(pl.concat(rows), snapshot, policy).with_columns(
        small_base=pl.col("surely") < policy.number("small_base")
    )
    return conform(told, DUTY_TABLES["estimates"]).sort("level", "division_code", "category", "numerator")


# Private


def _counted(enterprises: Lazy) -> pl.DataFrame:
    """Counts of known and unknown numerators per place, size and what is known of the denominator.

    `evidence` has one letter for each fact of the denominator: t yes, f no, u unknown, x closed.
    """
    held = {"own": nw.col("has_own"), "joint": nw.col("has_own") | nw.col("has_joint")}
    sums = {
        f"{name}_{letter}": _knowledge(fact, letter).cast(nw.Int64)
        for name, fact in held.items()
        for letter in "tfu"
    }
    parts = []
    for category in CATEGORIES:
        keyed = enterprises.select(
            "city_code",
            nw.col("county_code").fill_null(""),
            nw.col("park_id").cast(nw.String).fill_null("").alias("park"),
            nw.col("sector").fill_null(""),
            _size().alias("size"),
            nw.concat_str(_evidence(category)).alias("evidence"),
            *(flag.alias(name) for name, flag in sums.items()),
        )
        counted = keyed.group_by(*_PLACES, "size", "evidence").agg(*(nw.col(name).sum() for name in sums))
        parts.append(collected(counted).with_columns(category=pl.lit(category)))
    return _by_numerator(pl.concat(parts))


def _evidence(category: str) -> list[nw.Expr]:
    gone = sure(~nw.col("in_scope")) & ~sure(~nw.col("is_non_public"))
    scope = nw.when(gone).then(nw.lit("x")).otherwise(_letter(nw.col("in_scope")))
    called = nw.col("has_party") | nw.col("in_society")
    facts: dict[str, list[nw.Expr]] = {
        "operating": [],
        "eligible": [nw.col("enough_members")],
        "duty_bound": [nw.col("enough_members"), called],
    }
    return [scope, *(_letter(fact) for fact in facts.get(category, [denominator(category, nw.lit(True))]))]


def _letter(fact: nw.Expr) -> nw.Expr:
    told = nw.when(sure(fact)).then(nw.lit("t")).otherwise(nw.lit("f"))
    return nw.when(fact.is_null()).then(nw.lit("u")).otherwise(told)


def _by_numerator(wide: pl.DataFrame) -> pl.DataFrame:
    """One row per numerator with the nine combinations of D and N that the evidence leaves."""
    out, open_ = pl.col("evidence").str.contains("[fx]"), pl.col("evidence").str.contains("u")
    inside = pl.when(out).then(pl.lit("f")).when(open_).then(pl.lit("u")).otherwise(pl.lit("t"))
    parts = [
        wide.select(
            *_PLACES,
            "size",
            "evidence",
            "category",
            pl.lit(name).alias("numerator"),
            *(
                pl.when(inside == cell).then(pl.col(f"{name}_{letter}")).otherwise(0).alias(f"{cell}{letter}")
                for cell in "tfu"
                for letter in "tfu"
            ),
        )
        for name in ("own", "joint")
    ]
    return pl.concat(parts).sort(*_OF, *_PLACES, "size", "evidence")


def _knowledge(fact: nw.Expr, letter: str) -> nw.Expr:
    if letter == "u":
        return fact.is_null()
    return sure(fact) if letter == "t" else sure(~fact)


def _size() -> nw.Expr:
    """Size of a firm: above scale or not, and a step of staff; what is not known is a step of its own."""
    scale = nw.col("above_scale").cast(nw.Int64).fill_null(2)
    steps = nw.lit(0)
    for staff in _STAFF_STEPS:
        steps = steps + sure(nw.col("employees") >= staff).cast(nw.Int64)
    staff_step = nw.when(nw.col("employees").is_null()).then(nw.lit(9)).otherwise(steps)
    return scale * 10 + staff_step


def _imputed(cells: pl.DataFrame, least: int) -> pl.DataFrame:
    """One row per place and pattern with unknown firms: how many, and the shares of those they are like."""
    unknown = cells.filter(pl.sum_horizontal(*_PATTERNS) > 0)
    parts = []
    for (category, evidence), rows in sorted(
        unknown.partition_by("category", "evidence", as_dict=True).items()
    ):
        like = "^" + str(evidence).replace("u", "[tf]") + "$"
        donors = cells.filter((pl.col("category") == category) & pl.col("evidence").str.contains(like))
        for number, keys in enumerate(_POOLS):
            sums = donors.group_by("numerator", *keys).agg(
                pl.col(name).sum().alias(f"{name}_{number}") for name in _KNOWN
            )
            rows = rows.join(sums, on=["numerator", *keys], how="left", maintain_order="left")
        filled = rows.with_columns(pl.col("^[tf][tf]_\\d$").fill_null(0))
        parts += [_of_pattern(filled, pattern, least) for pattern in _PATTERNS]
    return pl.concat(parts) if parts else _of_pattern(_without_pools(cells), "uu", least)


def _without_pools(cells: pl.DataFrame) -> pl.DataFrame:
    empty = cells.clear()
    pools = [f"{name}_{number}" for number in range(len(_POOLS)) for name in _KNOWN]
    return empty.with_columns(pl.lit(0, pl.Int64).alias(name) for name in pools)


def _of_pattern(cells: pl.DataFrame, pattern: str, least: int) -> pl.DataFrame:
    like = _PATTERNS[pattern]
    totals = [pl.sum_horizontal(f"{name}_{number}" for name in like) for number in range(len(_POOLS))]
    widest = len(_POOLS) - 1
    chosen: pl.Expr = pl.lit(widest)
    for number in reversed(range(widest)):
        chosen = pl.when(totals[number] >= least).then(pl.lit(number)).otherwise(chosen)
    rows = cells.filter(pl.col(pattern) > 0).with_columns(pool_level=chosen)
    picked = {
        name: pl.coalesce(
            pl.when(pl.col("pool_level") == number).then(pl.col(f"{name}_{number}"))
            for number in range(len(_POOLS))
        )
        for name in ("tt", "tf", "ft", "ff")
    }
    names = [
        pl.concat_str([pl.lit(f"{pattern}{number}"), "evidence", *keys], separator="|")
        for number, keys in enumerate(_POOLS)
    ]
    pool = pl.coalesce(
        pl.when(pl.col("pool_level") == number).then(name) for number, name in enumerate(names)
    )
    return rows.select(
        *_PLACES,
        *_OF,
        pool.alias("pool"),
        pl.col(pattern).alias("unknown"),
        pl.sum_horizontal(picked[name] for name in like).alias("known"),
        (picked["tt"] if pattern != "uf" else pl.lit(0, pl.Int64)).alias("in_covered"),
        (picked["tf"] if pattern != "ut" else pl.lit(0, pl.Int64)).alias("in_bare"),
        pl.lit(pattern != "uf").alias("may_cover"),
        pl.lit(pattern != "ut").alias("may_bare"),
        pl.lit(pattern == "tu").alias("surely_in"),
    )


def _rates(cells: pl.DataFrame, imputed: pl.DataFrame, level: str) -> pl.DataFrame:
    keys = ["division_code", *_OF]
    base = cells.group_by(keys).agg(pl.col(name).sum() for name in _COMBINED)
    pools = (
        imputed.group_by(*keys, "pool")
        .agg(pl.col("unknown").sum(), pl.exclude("unknown", *_PLACES).first())
        .sort(*keys, "pool")
        .with_columns(*_shares())
    )
    added = pools.group_by(keys, maintain_order=True).agg(
        (pl.col("unknown") * pl.col("share_covered")).sum().alias("add_covered"),
        (pl.col("unknown") * (pl.col("share_covered") + pl.col("share_bare"))).sum().alias("add_in"),
        pl.col("unknown").sum().alias("imputed"),
    )
    surely = pl.col("tt") + pl.col("tf") + pl.col("tu")
    rates = base.join(added, on=keys, how="left").with_columns(
        pl.col("add_covered", "add_in", "imputed").fill_null(0), surely=surely
    )
    expected_in = pl.col("tt") + pl.col("tf") + pl.col("add_in")
    rates = rates.with_columns(
        expected_in=expected_in,
        point=pl.when(expected_in > 0).then((pl.col("tt") + pl.col("add_covered")) / expected_in),
    )
    doubt = (
        pools.join(rates.select(*keys, "point"), on=keys, how="left")
        .with_columns(_spread().alias("spread"))
        .group_by(keys, maintain_order=True)
        .agg(_variance())
    )
    return _bounded(rates.join(doubt, on=keys, how="left").with_columns(pl.lit(level).alias("level")))


def _shares() -> list[pl.Expr]:
    """The shares in the denominator and covered, and in it and bare; `soft_` ones keep off 0 and 1."""
    known = pl.col("known")
    none = known == 0
    pieces = pl.col("may_cover").cast(pl.Int64) + pl.col("may_bare").cast(pl.Int64)
    # Without a single known firm an even chance is all that can be said.
    even = 1.0 / (pieces + (~pl.col("surely_in")).cast(pl.Int64))
    soft = known + 0.5 * (pieces + (~pl.col("surely_in")).cast(pl.Int64))
    told = []
    for share, count, may in (
        ("share_covered", "in_covered", "may_cover"),
        ("share_bare", "in_bare", "may_bare"),
    ):
        plain = pl.when(none).then(even).otherwise(pl.col(count) / known.clip(1, None))
        told.append(pl.when(may).then(plain).otherwise(0.0).alias(share))
        told.append(pl.when(may).then((pl.col(count) + 0.5) / soft).otherwise(0.0).alias(f"soft_{share}"))
    return told


def _spread() -> pl.Expr:
    """Variance of N − R·D among the firms of one pool."""
    rate = pl.col("point").fill_null(0.5)
    covered, bare = pl.col("soft_share_covered"), pl.col("soft_share_bare")
    mean = covered * (1 - rate) - bare * rate
    return covered * (1 - rate) ** 2 + bare * rate**2 - mean**2


def _variance() -> pl.Expr:
    """Variance of the sum of N − R·D over the unknown firms: their own chance, and the doubt of the shares.

    The pools of firms of which both facts are unknown overlap the others, so their doubts go together.
    """
    unknown, spread = pl.col("unknown"), pl.col("spread")
    both = pl.col("may_cover") & pl.col("may_bare") & ~pl.col("surely_in")
    doubt = spread * unknown**2 / pl.col("known").clip(1, None)
    together = doubt.filter(both).sum().sqrt() + doubt.filter(~both).sum().sqrt()
    return ((spread * unknown).sum() + together**2).alias("variance")


def _bounded(rates: pl.DataFrame) -> pl.DataFrame:
    """Adds the range, and the interval inside it."""
    yes, no = pl.col("tt"), pl.col("surely")
    low_base, high_base = no + pl.col("uf") + pl.col("uu"), no + pl.col("ut") + pl.col("uu")
    there = no > 0
    margin = _NORMAL_95 * pl.col("variance").fill_null(0.0).sqrt() / pl.col("expected_in").clip(1e-9, None)
    ranged = rates.with_columns(
        possibly=no + pl.col("ut") + pl.col("uf") + pl.col("uu"),
        rate_low=pl.when(there).then(yes / low_base.clip(1, None)),
        rate_high=pl.when(there).then(pl.sum_horizontal("tt", "tu", "ut", "uu") / high_base.clip(1, None)),
    )
    return ranged.with_columns(
        interval_low=(pl.col("point") - margin).clip(pl.col("rate_low").fill_null(0.0), 1.0),
        interval_high=(pl.col("point") + margin).clip(0.0, pl.col("rate_high").fill_null(1.0)),
    )


def _named(rates: pl.DataFrame, snapshot: Snapshot, policy: Policy) -> pl.DataFrame:
    parks = snapshot["parks"].select(pl.col("park_id").cast(pl.String).alias("division_code"), "name")
    sectors = pl.DataFrame(
        {"division_code": [s.key for s in policy.sectors], "name": [s.label for s in policy.sectors]},
        schema={"division_code": pl.String, "name": pl.String},
    )
    names = pl.concat(
        [
            snapshot["divisions"].select("level", pl.col("code").alias("division_code"), "name"),
            parks.select(pl.lit("park").alias("level"), "division_code", "name"),
            sectors.select(pl.lit("sector").alias("level"), "division_code", "name"),
        ]
    ).rename({"name": "division"})
    return rates.join(names, on=["level", "division_code"], how="left")
