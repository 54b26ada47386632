"""``[alarms]`` and ``[backup]``: what keeps a box in service for years."""

from __future__ import annotations

from gateway.settings.section import Section


class AlarmSettings(Section):
    """``[alarms]``: who is told what is wrong, and how."""


class BackupSettings(Section):
    """``[backup]``: copies of the database that the gateway makes by itself."""
