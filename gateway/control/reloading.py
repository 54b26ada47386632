"""The configuration read again over the control socket, as SIGHUP does, with an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gateway.control.server import Operation
from gateway.settings import Changes


class ReloadDesk:
    """Has the gateway read its configuration again."""

    def __init__(self, reload: Callable[[], Changes]) -> None:
        """Make a desk.

        Args:
            reload: does it; raises ConfigurationError where the file is wrong.
        """
        self._reload = reload

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name."""
        return {"reload": self._answer}

    async def _answer(self, fields: Mapping[str, Any]) -> object:
        changes = self._reload()
        return {
            "taken": changes.taken,
            "left": changes.refused,
            "stores": [store.name for store in changes.settings.store],
        }
