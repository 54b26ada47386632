"""A site over a real database, asked without a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.inline import InlineDatabase
from support.visiting import OUT, Visited

from gateway.db.commerce.links import OPT_OUT


@pytest.fixture
async def visited(sqlite_url: str) -> AsyncIterator[Visited]:
    """A site with one link, and one way out."""
    database = InlineDatabase(Path(sqlite_url.removeprefix("sqlite:///")))
    made = Visited(database)
    await made.link()
    await made.link(token=OUT, kind=OPT_OUT, url="", level="none", person="PERSON")
    yield made
    await made.browser.aclose()
    await database.close()
