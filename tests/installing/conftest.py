from __future__ import annotations

from cli.conftest import config, shopbell

__all__ = ["config", "shopbell"]
