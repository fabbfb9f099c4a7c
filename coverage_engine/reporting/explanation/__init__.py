"""个案说明 as a page: waterfall, neighbourhood, past cases of one enterprise, offline and fit to print."""

from coverage_engine.reporting.explanation.page import explanation_page, write_explanation

__all__ = ["explanation_page", "write_explanation"]
