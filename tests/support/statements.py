"""Every statement that is run, whether SQLAlchemy runs it or `gateway.db.prepared` does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from gateway.db.prepared import LISTENERS


@contextmanager
def overheard(hear: Callable[[str, Any], None]) -> Iterator[None]:
    """Have each statement told with its parameters before it is run, on any connection."""

    def note(_c: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        hear(statement, values)

    event.listen(Engine, "before_cursor_execute", note)
    LISTENERS.append(hear)
    try:
        yield
    finally:
        LISTENERS.remove(hear)
        event.remove(Engine, "before_cursor_execute", note)
