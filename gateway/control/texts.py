"""What was found wrong with the texts of jobs, over the control socket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.control.server import Operation
from gateway.domain.ids import StoreName


class TextDesk:
    """Tells how many jobs had which finding."""

    def __init__(self, counts: Mapping[tuple[StoreName, str], int]) -> None:
        """Make a desk.

        Args:
            counts: by store and by the finding's id, since the start; they go on counting.
        """
        self._counts = counts

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name."""
        return {"texts": self._answer}

    async def _answer(self, fields: Mapping[str, Any]) -> object:
        return [
            {"store": store, "finding": finding, "jobs": jobs}
            for (store, finding), jobs in sorted(self._counts.items())
        ]
