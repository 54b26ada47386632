"""A site over a database, and who comes to it: browsers, programs, strangers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from support.configuration import CONTRACT
from support.world import START

from gateway.access import Right, Role
from gateway.access.accounts import Accounts
from gateway.access.passwords import Passwords
from gateway.access.secret import digest_of, new_secret
from gateway.access.sessions import LIFE
from gateway.access.token import Token
from gateway.control import Operation
from gateway.control.access import AccessDesk
from gateway.db import Database
from gateway.db.console.sessions import put_session
from gateway.db.console.tokens import TokenRecord, put_token
from gateway.db.tables import USERS
from gateway.domain.clock import ManualClock
from gateway.domain.ids import StoreName
from gateway.meter import Tally
from gateway.settings import Settings, load
from gateway.web.house import House
from gateway.web.site import make_site

ADDRESS: Final = "http://127.0.0.1:8025"
PASSWORD: Final = "correct horse battery"
CHEAP: Final = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
"""Argon2id that takes no time: what it costs is looked at elsewhere."""

OURS: Final = {"sec-fetch-site": "same-origin"}
"""What a browser says of a request from one of our own pages."""


def read_settings(folder: Path, console: str = "") -> Settings:
    """Return the contract's configuration with more lines in ``[console]``."""
    (folder / "mqtt.password").write_text("secret")
    (folder / "mqtt.password").chmod(0o600)
    (folder / "m0.pin").write_text("1234")
    (folder / "m0.pin").chmod(0o600)
    file = folder / "shopbell.toml"
    listen = 'listen = "127.0.0.1:8025"'
    file.write_text(CONTRACT.replace(listen, f"{listen}\n{console}"))
    return load(file)


@dataclass
class Visited:
    """A site, with a way to be somebody to it."""

    database: Database
    settings: Settings
    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    operations: dict[str, Operation] = field(default_factory=dict)
    meter: Tally = field(default_factory=Tally)
    site: FastAPI = field(init=False)

    async def _tell(self) -> Tally:
        return self.meter

    def __post_init__(self) -> None:
        self.house = House(
            settings=lambda: self.settings,
            database=self.database,
            clock=self.clock,
            operations=self.operations,
            started_at=START,
            version="0",
            tally=self._tell,
        )
        for name, do in AccessDesk(self.database, self.clock, self._settings).operations().items():
            self.operations.setdefault(name, do)
        self.site = make_site(self.house)
        self.site.state.accounts = Accounts(self.database, self.clock, Passwords(CHEAP))

    def _settings(self) -> Settings:
        return self.settings

    def browser(
        self,
        cookie: str | None = None,
        address: str = "192.0.2.1",
        base: str = ADDRESS,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.AsyncClient:
        """Return a browser that follows nothing by itself."""
        transport = httpx.ASGITransport(self.site, client=(address, 1))
        name = "__Host-shopbell" if base.startswith("https") else "shopbell"
        cookies = {} if cookie is None else {name: cookie}
        return httpx.AsyncClient(
            transport=transport, base_url=base, cookies=cookies, headers=headers
        )

    async def user(self, role: Role, name: str | None = None, **more: Any) -> int:
        """Have a user; return the key."""
        row = {"name": name or role, "role": role, "created_at": self.clock.now(), **more}

        def change(connection: Any) -> int:
            added = connection.execute(USERS.insert().returning(USERS.c.key), row)
            return int(added.scalar_one())

        return await self.database.write(change)

    async def member(self, role: Role, name: str | None = None) -> int:
        """Have a user with the password that all have here."""
        return await self.user(role, name, password=CHEAP.hash(PASSWORD))

    async def session(self, user: int) -> str:
        """Have a user signed in; return the cookie."""
        secret, now = new_secret(), self.clock.now()
        await self.database.write(
            lambda c: put_session(c, digest_of(secret), user, now, now + LIFE)
        )
        return secret

    async def signed_in(self, role: Role) -> httpx.AsyncClient:
        """Return the browser of somebody with a role."""
        return self.browser(await self.session(await self.user(role)))

    async def program(
        self, *rights: Right, store: str | None = None, life: timedelta | None = None
    ) -> httpx.AsyncClient:
        """Return a program with a token."""
        token = Token.new()
        await self.token(token, *rights, store=store, life=life)
        return self.bearer(token.written)

    async def token(
        self,
        token: Token,
        *rights: Right,
        store: str | None = None,
        life: timedelta | None = None,
    ) -> None:
        """Have a token."""
        now = self.clock.now()
        record = TokenRecord(
            id=token.id,
            digest=token.digest,
            name="till",
            scopes=" ".join(rights),
            store=None if store is None else StoreName(store),
            made_by="command",
            made_at=now,
            ends_at=None if life is None else now + life,
        )
        await self.database.write(lambda c: put_token(c, record))

    def bearer(self, token: str) -> httpx.AsyncClient:
        """Return a program that shows a token, whatever it is."""
        transport = httpx.ASGITransport(self.site, client=("192.0.2.9", 1))
        headers = {"authorization": f"Bearer {token}"}
        return httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=headers)


@asynccontextmanager
async def visited(
    url: str,
    folder: Path,
    *,
    console: str = "",
    operations: Mapping[str, Operation] | None = None,
) -> AsyncIterator[Visited]:
    """Open a site over a database."""
    async with Database.open(url) as database:
        yield Visited(database, read_settings(folder, console), operations=dict(operations or {}))
