"""A peer of findings.py: six rules of an 企业台账 as a frictionless schema, every error collected.

    python frictionless_findings.py FILE

Prints the CPU seconds of validating (it reads as it validates) and the number of errors.
"""

import sys
import time
from pathlib import Path
from typing import ClassVar

from frictionless import Check, Checklist, Resource, Schema, errors, fields

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [pow(3, place, 31) for place in range(17)]


class CodeCheck(Check):
    """The check digit of a 统一社会信用代码."""

    Errors: ClassVar = [errors.CellError]

    def validate_row(self, row):
        code = row["统一社会信用代码"]
        if code is not None and not valid(code):
            yield errors.CellError.from_row(row, note="check digit", field_name="统一社会信用代码")


def valid(code):
    if len(code) != 18 or any(mark not in ALPHABET for mark in code):
        return False
    total = sum(ALPHABET.index(mark) * weight for mark, weight in zip(code[:17], WEIGHTS, strict=True))
    return code[17] == ALPHABET[(31 - total % 31) % 31]


def schema(headers, places):
    whole = {"minimum": 0}
    rules = {
        "企业名称": fields.StringField(name="企业名称", constraints={"required": True}),
        "统一社会信用代码": fields.StringField(name="统一社会信用代码"),
        "所在地区": fields.StringField(name="所在地区", constraints={"required": True, "enum": places}),
        "团员数": fields.IntegerField(name="团员数", constraints=whole),
        "从业人员数": fields.IntegerField(name="从业人员数", constraints=whole),
        "党组织": fields.StringField(name="党组织", constraints={"enum": ["单独", "联合", "无"]}),
    }
    return Schema(fields=[rules.get(name) or fields.StringField(name=name) for name in headers])


def main():
    file = Path(sys.argv[1])
    lines = file.read_text("utf-8-sig").splitlines()
    headers = lines[0].split(",")
    at = headers.index("所在地区")
    places = sorted({line.split(",")[at] for line in lines[1:]} - {"虚拟县"})
    start = time.process_time()
    resource = Resource(
        path=file.name, basepath=str(file.parent), schema=schema(headers, places), encoding="utf-8"
    )
    report = resource.validate(Checklist(checks=[CodeCheck()]), limit_errors=1_000_000)
    print(time.process_time() - start, sum(task.stats.get("errors", 0) for task in report.tasks))


if __name__ == "__main__":
    main()
