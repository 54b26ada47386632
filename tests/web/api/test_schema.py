"""What the document promises, the API keeps, whatever it is sent: asked by schemathesis."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import (
    EngineEvent,
    FatalError,
    NonFatalError,
    ScenarioFinished,
)
from schemathesis.python.asgi import shutdown_lifespans
from support.visitors import ADDRESS, visited

from gateway.access import Right
from gateway.access.token import Token
from gateway.web.api.app import PREFIX, ROUTERS
from gateway.web.api.document import describe

from .conftest import Api, opened

EXAMPLES: Final = 6
"""Of each kind for each operation, beside those that cover each keyword of its schemas: with them
all of it takes half a minute."""

TOKEN: Final = Token(id="0123456789ab", secret="c" * 64)

CONFIG: Final = SchemathesisConfig.from_dict(
    {
        "seed": 1,
        "generation": {"deterministic": True, "max-examples": EXAMPLES, "database": "none"},
        "auth": {"openapi": {"token": {"bearer": TOKEN.written}}},
        "checks": {
            # A job that is taken back stays to be seen, as one that was.
            "use_after_free": {"enabled": False},
            "positive_data_acceptance": {
                # What is well formed may be refused for what it means: a number that nobody has, a
                # store that there is not. Malformed it is never called.
                "expected-statuses": ["2xx", "404", "409", "422"],
            },
        },
    }
)


class Lived:
    """The site with all its operations, opened in the loop in which it is asked.

    Args:
        folder: where its database is.
        url: of the database.
    """

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self._open = AsyncExitStack()
        self._api: Api | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or begin and end."""
        if scope["type"] != "lifespan":
            assert self._api is not None
            await self._api.site(scope, receive, send)
            return
        while (message := await receive())["type"] != "lifespan.shutdown":
            await self._begin()
            await send({"type": f"{message['type']}.complete"})
        await self._open.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _begin(self) -> None:
        self._api = opened(
            await self._open.enter_async_context(visited(self.url, self.folder)), self.url
        )
        self._api.pace(None)
        await self._api.world.accept()
        await self._api.token(TOKEN, *Right)


@pytest.fixture
def lived(sqlite_url: str, tmp_path: Path) -> Iterator[Lived]:
    yield Lived(tmp_path, sqlite_url)
    shutdown_lifespans()


def test_the_document_is_kept(lived: Lived) -> None:
    schema = schemathesis.openapi.from_dict(describe(ROUTERS, PREFIX), config=CONFIG)
    schema.app = lived
    schema.config.update(base_url=f"{ADDRESS}{PREFIX}")
    seen = list(from_schema(schema).execute())
    failures = [failure for event in seen for failure in _failures(event)]
    assert not failures, "\n\n".join(failures)
    tried = {event.recorder.label for event in seen if isinstance(event, ScenarioFinished)}
    assert tried >= {operation.ok().label for operation in schema.get_all_operations()}


def _failures(event: EngineEvent) -> Iterator[str]:
    """Yield what an event says went wrong, with the request that shows it."""
    if isinstance(event, NonFatalError | FatalError):
        yield str(event)
    if isinstance(event, ScenarioFinished):
        for checks in event.recorder.checks.values():
            for check in checks:
                if check.failure_info is not None:
                    yield (
                        f"{event.phase} {event.recorder.label}: {check.failure_info.failure}\n"
                        f"{check.failure_info.code_sample}"
                    )
