"""Values that are written as text and are more than that once read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BeforeValidator


def read_by(read: Callable[[str], Any]) -> BeforeValidator:
    """Read text by ``read``, which raises ValueError with the reason; refuse what is no text."""

    def check(value: object) -> object:
        if not isinstance(value, str):
            raise ValueError("is not text; put it in quotes")  # noqa: TRY004  # pydantic collects it
        return read(value)

    return BeforeValidator(check)
