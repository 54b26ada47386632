"""Notebooks told to people who do not read code: run with parameters, made into one page."""

from scoring.reports.execution import execute, notebooks_folder

__all__ = ["execute", "notebooks_folder"]
