"""Where the models of a store lie."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote


def model_folder(models: Path, store: str, part: str) -> Path:
    """Return the folder of one model.

    Examples
    --------
    >>> model_folder(Path("models"), "acme", "churn").as_posix()
    'models/acme/churn'
    >>> model_folder(Path("models"), "../acme", "churn").as_posix()  # stays inside
    'models/..%2Facme/churn'
    """
    name = quote(store, safe=" ")
    return models / (name if name.strip(".") else f"%{name}") / part
