"""Report: results of a campaign as tables, workbook and page."""
