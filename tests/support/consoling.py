"""The console over a real database and operations that a test makes up, asked without a socket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.inline import InlineDatabase
from support.world import START

from gateway.access import RIGHTS, Kind, Right, Role, Visitor
from gateway.control import Operation
from gateway.domain.clock import ManualClock
from gateway.domain.ids import StoreName
from gateway.settings import Settings
from gateway.web.house import House
from gateway.web.site import make_site


def visiting(role: Role = Role.ADMIN, *, store: str | None = None, name: str = "ada") -> Visitor:
    """Return somebody who signed in."""
    bound = None if store is None else StoreName(store)
    return Visitor(name=name, kind=Kind.USER, rights=RIGHTS[role], store=bound)


class Console:
    """A site, who visits it, and what was asked of the gateway.

    Attributes:
        visitor: who asks; None: nobody whom we know.
        answers: what operations answer, by name; an exception is raised.
        asked: the operations that were asked for, with their fields.
    """

    def __init__(self, database: InlineDatabase, settings: Settings) -> None:
        self.database = database
        self.settings = settings
        self.clock = ManualClock(START)
        self.visitor: Visitor | None = visiting()
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.house = House(
            settings=lambda: self.settings,
            database=database,  # type: ignore[arg-type]
            clock=self.clock,
            operations=_Operations(self),
            started_at=START - timedelta(hours=5),
            version="0.1.0",
        )
        self.site = make_site(self.house)
        transport = httpx.ASGITransport(self.site, client=("192.0.2.1", 1))
        headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
        self.browser = httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8025", headers=headers
        )

    async def page(self, path: str) -> str:
        """Return a page, which has to be one."""
        answer = await self.browser.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer.text

    async def who(self, _request: object) -> Visitor | None:
        return self.visitor


class _Operations(dict[str, Operation]):
    """Whatever is asked for: noted, and answered as the test has it."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def get(self, op: str, default: Any = None) -> Any:
        if op not in self._console.answers:
            return default

        async def answer(fields: Mapping[str, Any]) -> object:
            self._console.asked.append((op, dict(fields)))
            answer = self._console.answers[op]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return answer


@contextmanager
def known(console: Console) -> Iterator[None]:
    """Have the guard know the console's visitor by no cookie at all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gateway.web.guard.demand.who_asks", console.who)
        patch.setattr("gateway.web.console.live.who_asks", console.who)
        patch.setattr("gateway.web.console.faults.who_asks", console.who)
        yield


def rights_but(right: Right) -> Visitor:
    """Return somebody who may all but one thing."""
    return Visitor(name="bob", kind=Kind.USER, rights=frozenset(Right) - {right})


def database_at(url: str) -> InlineDatabase:
    return InlineDatabase(Path(url.removeprefix("sqlite:///")))
