"""What is wrong with a backup, each with the remedy in its words."""

from __future__ import annotations

from gateway.domain.errors import ShopbellError


class BackupError(ShopbellError):
    """A backup cannot be made, or cannot be put back; nothing was changed."""
