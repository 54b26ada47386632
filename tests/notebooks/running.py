"""Runs the notebooks as a person would, but for warnings, which are errors."""

from __future__ import annotations

import re
from pathlib import Path

from nbformat import NotebookNode

from scoring.reports import execute, notebooks_folder

SEEDS = (0, 1, 2)
"""Of the demo lakes on which the claims must hold."""
CUSTOMERS = 8000
NUMBER = re.compile(r"(?<![\w.#-])(?!\d{4}-\d\d-\d\d(?!\d))(?:\+|00)?\d[\d ()/-]{7,}\d(?![\w.])")
"""Anything like a phone number: nine digits or more in a row, however grouped."""

WARNINGS = ",".join(
    (
        "error",
        # Between libraries, as in pyproject.toml, and one of Jupyter's own.
        "ignore:fetch_arrow_table:DeprecationWarning",
        "ignore:fetch_record_batch:DeprecationWarning",
        "ignore:The 'future.infer_string'",
        "ignore:For consistency across implementations:PendingDeprecationWarning",
    )
)


def run(name: str, lake: Path) -> NotebookNode:
    """Run a notebook on a lake; its cells' asserts are the test."""
    environ = {"LAKE": str(lake), "PYTHONWARNINGS": WARNINGS, "OMP_NUM_THREADS": "1"}
    return execute(notebooks_folder() / f"{name}.ipynb", environ=environ)


def words(node: NotebookNode) -> str:
    """Return everything that a reader of the notebook sees in words."""
    texts = []
    for output in (output for cell in node.cells for output in cell.get("outputs", ())):
        data = output.get("data", {})
        texts += [output.get("text", ""), data.get("text/markdown", ""), data.get("text/plain", "")]
    return "\n".join(texts)


def figures(node: NotebookNode) -> list[dict[str, object]]:
    """Return the pictures, as Plotly has them."""
    kind = "application/vnd.plotly.v1+json"
    outputs = [output for cell in node.cells for output in cell.get("outputs", ())]
    return [output["data"][kind] for output in outputs if kind in output.get("data", {})]
