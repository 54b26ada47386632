"""Notebooks told to people who do not read code: run with parameters, made into one page."""

from scoring.reports.catalogue import find_report, reports
from scoring.reports.execution import NotebookFailedError, execute, notebooks_folder
from scoring.reports.report import Report, write_report

__all__ = [
    "NotebookFailedError",
    "Report",
    "execute",
    "find_report",
    "notebooks_folder",
    "reports",
    "write_report",
]
