"""What a nation would cost: the arithmetic of docs/scale.md, from the kept results of `plan_core`.

Written into the page between two marks by `run.py`; nothing of it is typed by hand.
"""

import json
import math
from pathlib import Path

NATION = 50_000_000
START, END = "<!-- figures: written by make bench -->\n", "<!-- end of figures -->\n"


def fill(page, results):
    """Writes the measured curve and the extrapolation between the marks of the page."""
    text = page.read_text("utf-8")
    head, _, rest = text.partition(START)
    tail = rest.partition(END)[2]
    page.write_text(f"{head}{START}{figures(results)}{END}{tail}", "utf-8")


def figures(results: Path):
    kept = results / "plan_core.json"
    if not kept.exists():
        return "\nNot measured yet: `make bench ONLY=plan_core`.\n\n"
    told = json.loads(kept.read_text("utf-8"))
    return f"{curve(told['rows'])}\n{extrapolation(told['rows'], told['start_cpu'])}\n{spark(results)}"


def curve(rows):
    lines = [
        "\n| enterprises | edges | CPU s | reading and writing alone | ratio | peak MB |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {row['enterprises']:,} | {row['edges']:,} | {row['cpu']:.1f} | {row['limit_cpu']:.2f} "
            f"| {row['ratio']:.1f} | {row['peak_mb']:,.0f} |"
        )
    return "\n".join(lines) + "\n"


def extrapolation(rows, start):
    """From the two largest sizes, with exponent 1 and, as a bound, with theirs but at least 1.05."""
    few, many = rows[-2], rows[-1]
    times = many["enterprises"] / few["enterprises"]
    work, before = many["cpu"] - start, few["cpu"] - start
    exponent = math.log(work / before) / math.log(times)
    grown = NATION / many["enterprises"]
    bound = max(round(exponent, 2), 1.05)
    plain, cautious = work * grown, work * grown**bound
    memory = many["peak_mb"] * grown / 1000
    size, sooner = many["enterprises"], few["enterprises"]
    edges, limit = round(many["edges"] * grown, -6), many["limit_cpu"]
    start_up, minutes = f"start-up ({start:.2f} s)", (plain / 120, cautious / 120)
    by = f"{work:.1f} / {before:.1f} = {work / before:.2f}"
    lines = [
        f"From {sooner:,} to {size:,} CPU without {start_up} grows by {by} for {times:g} times",
        f"the work: exponent ln {work / before:.2f} / ln {times:g} = {exponent:.2f}.",
        f"For {NATION:,} enterprises and {edges:,.0f} edges, {grown:g} times the largest size:",
        "",
        f"* **CPU** {grown:g} × {work:.1f} s = {plain:,.0f} s with exponent 1; as a cautious bound",
        f"  {grown:g}^{bound:g} × {work:.1f} s = {cautious:,.0f} s: {minutes[0]:.1f} to {minutes[1]:.1f}",
        "  minutes on two full cores.",
        f"* **Memory** at most {grown:g} × {many['peak_mb'] / 1000:.1f} GB = {memory:.0f} GB.",
        f"* **Reading and writing alone** {grown:g} × {limit:.2f} s = {grown * limit:.0f} s.",
    ]
    return "\n".join(lines) + "\n"


def spark(results):
    kept = results / "engine_parity_core.json"
    if not kept.exists():
        return ""
    told = json.loads(kept.read_text("utf-8"))
    rows = {row["engine"]: row for row in told["rows"]}
    ours, theirs = rows["polars"], rows["spark"]
    equal = "every table equal" if ours["tables"] == theirs["tables"] else "tables differ"
    times, size = theirs["cpu"] / ours["cpu"], told["enterprises"]
    cost = f"{theirs['cpu']:.0f} CPU s, {theirs['peak_mb'] / 1000:.1f} GB"
    return (
        f"* **Spark** PySpark local[2], {size:,} enterprises: {cost};\n"
        f"  Polars in the same run {ours['cpu']:.1f} s: {times:.0f} times, {equal}.\n"
    )
