"""``[backup]``: what keeps a box in service for years."""

from __future__ import annotations

from gateway.settings.section import Section


class BackupSettings(Section):
    """``[backup]``: copies of the database that the gateway makes by itself."""
