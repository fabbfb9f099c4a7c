"""The marks by which the product knows its own results again, under whatever name they come back."""

OUTPUT_MARK = "coverage-engine 输出"
"""Stands in the property `category` of every workbook that is a result; blank forms and samples bear none."""
FINDINGS_MARK = "coverage-engine 核查问题"
"""The same of a findings workbook, whose sheets of returned rows are mended and handed in again."""
MAPPING_MARK = "coverage-engine 表头对照"
"""The same of a mapping workbook, which is filled in and handed in beside the ledgers of which it speaks."""
PAGE_MARK = '<meta name="generator" content="coverage-engine">'
"""Stands in the head of every page."""
PLAN_FILE = "plan.json"
"""File of an output folder: what the plan comes to."""
OUTPUT_FOLDERS = frozenset({"annexes", "actions", "tables", "maps", "evidence"})
"""Folders of an output folder that hold results alone."""
