"""Coverage: states, duties, targets and figures, three-valued."""

from coverage_engine.coverage.ask_firms import ask_firms
from coverage_engine.coverage.asks import asks
from coverage_engine.coverage.assessment import assess, core_frames, coverage_frames, estimates_of_counties
from coverage_engine.coverage.bridge import bridge
from coverage_engine.coverage.control import control_sheets, deadlines
from coverage_engine.coverage.estimates import estimates
from coverage_engine.coverage.evidence import figure_evidence, firm_cells
from coverage_engine.coverage.margins import margins
from coverage_engine.coverage.notification import league_table, notices
from coverage_engine.coverage.path_duty import with_path_duty

__all__ = [
    "ask_firms",
    "asks",
    "assess",
    "bridge",
    "control_sheets",
    "core_frames",
    "coverage_frames",
    "deadlines",
    "estimates",
    "estimates_of_counties",
    "figure_evidence",
    "firm_cells",
    "league_table",
    "margins",
    "notices",
    "with_path_duty",
]
