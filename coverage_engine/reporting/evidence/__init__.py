"""依据页: behind every figure of the overview the enterprises counted, each with its ledger cells.

`evidence/` holds a page for each place of the plan and one each for reasons, findings and rows read. No page
needs a script: the figure that was followed picks its rows by the style sheet.
"""

from coverage_engine.reporting.evidence.figures import (
    figure_page,
    missing_anchor,
    pages_of_firms,
    place_page,
)
from coverage_engine.reporting.evidence.firms import missing_facts
from coverage_engine.reporting.evidence.pages import write_evidence

__all__ = [
    "figure_page",
    "missing_anchor",
    "missing_facts",
    "pages_of_firms",
    "place_page",
    "write_evidence",
]
