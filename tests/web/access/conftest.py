"""The console over a database, with ways to be somebody to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.visitors import Visited, visited


@pytest.fixture
async def console(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(sqlite_url, tmp_path) as site:
        yield site
