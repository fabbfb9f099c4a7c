"""A sheet of a million enterprises read and checked: CPU seconds and peak memory, beside reading its bytes.

python benchmarks/intake_million.py [--rows 1000000] [--kinds csv xlsx]
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
import xlsxwriter

from coverage_engine.samples.credit_codes import credit_codes, organisation_codes
from coverage_engine.samples.geography import counties
from coverage_engine.samples.names import brand_names

READ = """
import resource, sys
from coverage_engine.ledgers.reading import read_ledgers
snapshot, findings = read_ledgers([sys.argv[1]])
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(snapshot["enterprises"].height, len(findings), memory)
"""
LIMIT = "import sys; from pathlib import Path; Path(sys.argv[1]).read_bytes()"


def sheet(rows, seed=1):
    """An 企业台账 with 13 columns and 5 % planted troubles."""
    rng = np.random.default_rng(seed)
    where = counties()
    county = rng.integers(0, len(where.code), rows)
    trades = np.array(["食品", "机械", "商贸", "科技", "建筑", "物流", "服装", "化工"], dtype=object)
    place = np.array([name.removesuffix("市") for name in where.city_name], dtype=object)[where.city[county]]
    brand = brand_names(rng, rows, syllables=4)
    name = place + brand + trades[rng.integers(0, len(trades), rows)] + "有限公司"
    code = credit_codes(np.full(rows, "91", dtype=object), where.code[county], organisation_codes(rng, rows))
    code[rng.random(rows) < 0.02] = "9.14101E+17"
    staff = rng.integers(1, 400, rows)
    members = (staff * rng.random(rows) * 0.1).astype(int).astype(str).astype(object)
    members[rng.random(rows) < 0.03] = "约三"
    return pl.DataFrame(
        {
            "企业名称": name, "统一社会信用代码": code, "所在地区": where.full_name[county],
            "登记注册类型": "173", "类型表年份": "2011", "控股情况": "私人控股", "行业代码": "5211",
            "从业人员数": staff.astype(str).astype(object), "青年数": (staff // 3).astype(str).astype(object),
            "团员数": members, "规模以上": "否", "党组织": "无", "团组织": "无",
        },
        schema_overrides={"企业名称": pl.String, "统一社会信用代码": pl.String, "所在地区": pl.String},
    ).cast(pl.String)  # fmt: skip


def write(frame, folder, kind):
    if kind == "csv":
        file = folder / "企业台账.csv"
        file.write_bytes(frame.write_csv().encode("gb18030"))
        return file
    file = folder / "企业台账.xlsx"
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        page = book.add_worksheet("企业台账")
        for number, row in enumerate([tuple(frame.columns), *frame.iter_rows()]):
            page.write_row(number, 0, row)
    return file


def cpu(code, file):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code, str(file)], check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout.split()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--kinds", nargs="+", default=["csv", "xlsx"], choices=["csv", "xlsx"])
    chosen = parser.parse_args()
    frame = sheet(chosen.rows)
    for kind in chosen.kinds:
        with tempfile.TemporaryDirectory() as folder:
            file = write(frame, Path(folder), kind)
            limit, _ = cpu(LIMIT, file)
            seconds, (enterprises, findings, memory) = cpu(READ, file)
        print(f"{kind}: {enterprises} enterprises, {findings} findings: {seconds:.1f} CPU s, {memory} MB;"
              f" its bytes alone {limit:.2f} CPU s")  # fmt: skip


if __name__ == "__main__":
    main()
