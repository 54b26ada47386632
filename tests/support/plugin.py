"""Fixtures that several folders of tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from support.house import House

Build = Callable[..., House]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Build]:
    """Builds houses that are torn down with the test."""
    with ExitStack() as stack:

        def build(**options: Any) -> House:
            return stack.enter_context(House(tmp_path, **options))

        yield build
