"""Backups in a gateway: who tells of them."""

from __future__ import annotations

from collections.abc import Callable

from gateway.control.backups import BackupDesk, BackupStanding
from gateway.dispatch import Context
from gateway.settings import Settings


class Backups:
    """What a gateway does so that its database can be lost.

    Args:
        settings: gives what the gateway goes by now.
        context: the database and the time.
    """

    def __init__(self, settings: Callable[[], Settings], context: Context) -> None:
        standing = BackupStanding()
        self.desk = BackupDesk(
            context.database, context.clock, context.node, lambda: settings().backup, standing
        )
