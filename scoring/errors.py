"""The one error tree of the scoring package.

    ScoringError
    ├── LakeError             a table of the lake is wrong: table, column and what would be right
    ├── NotEnoughDataError    a model cannot be fitted honestly: what there is, what would be enough
    ├── ModelRefusedError     a file of a model does not fit: versions, schema or types
    └── PlanError             no plan keeps every limit: which one, and what would be enough

An estimator that is given unusable arrays raises ValueError, as scikit-learn's do.
"""

from __future__ import annotations


class ScoringError(Exception):
    """Root of every error that the package raises on purpose; the text is one clear sentence."""


class LakeError(ScoringError):
    """A table of the lake is not as `scoring.schema` says.

    Attributes
    ----------
    table : str
        The table at fault.
    column : str or None
        Its column at fault; None when it is the whole table.
    """

    def __init__(self, table: str, column: str | None, message: str) -> None:
        place = table if column is None else f"{table}.{column}"
        super().__init__(f"{place}: {message}")
        self.table = table
        self.column = column


class NotEnoughDataError(ScoringError):
    """There is too little to learn from.

    Attributes
    ----------
    what : str
        What is counted, such as ``"people who bought"``.
    there : int
        How many there are.
    enough : int
        How many would be enough.
    """

    def __init__(self, what: str, there: int, enough: int) -> None:
        super().__init__(f"not enough data: {there:,} {what}, {enough:,} would be enough")
        self.what = what
        self.there = there
        self.enough = enough


class ModelRefusedError(ScoringError):
    """A file of a model is not loaded, since what it needs is not what is there."""


class PlanError(ScoringError):
    """No plan keeps every limit."""
