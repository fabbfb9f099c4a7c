"""Handing out: the blank template and the workbook of findings."""
