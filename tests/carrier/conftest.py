"""A provider for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.provider import Provider


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as provider:
        yield provider
