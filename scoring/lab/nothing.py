"""How a notebook ends early: one sentence where a traceback would be."""

from __future__ import annotations

from scoring.errors import ScoringError


class NothingToShowError(ScoringError):
    """The lake has nothing of what a notebook is about; no fault of anybody's."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows instead of a traceback."""
        return [f"Nothing to show here: {self}"]
