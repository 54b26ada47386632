"""Users, tokens and the audit log, for who administers the box: by command, or in the console."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection

from gateway.access.invitations import Invitation
from gateway.access.token import Token
from gateway.access.tokens import read_days, read_label, read_scopes
from gateway.access.users import (
    add_user,
    change_role,
    disable_user,
    enable_user,
    link_user,
    read_name,
    read_role,
)
from gateway.control.fields import instant_of
from gateway.control.server import Operation
from gateway.db import Database
from gateway.db.console.audit import Sift, read_entries
from gateway.db.console.tokens import TokenRecord, list_tokens, put_token, revoke_token
from gateway.db.console.users import UserRecord, list_users
from gateway.domain.clock import Clock
from gateway.domain.errors import RejectedError
from gateway.domain.ids import StoreName
from gateway.settings import Settings

MOST_ENTRIES: Final = 500
"""Of the audit log, at once: they fit into a line of the socket."""


class AccessDesk:
    """Says and changes who may what, on a database.

    Args:
        database: where it is kept.
        clock: the time.
        settings: gives what the gateway goes by now.
    """

    def __init__(self, database: Database, clock: Clock, settings: Callable[[], Settings]) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name."""
        return {
            "users": self._users,
            "user_add": self._add_user,
            "user_role": self._role,
            "user_disable": self._disable,
            "user_enable": self._enable,
            "user_link": self._link,
            "tokens": self._tokens,
            "token_add": self._add_token,
            "token_revoke": self._revoke,
            "audit": self._audit,
        }

    async def _users(self, fields: Mapping[str, Any]) -> object:
        return [_told_user(one) for one in await self._database.read(list_users)]

    async def _add_user(self, fields: Mapping[str, Any]) -> object:
        name, role = read_name(_word(fields, "name")), read_role(_word(fields, "role"))
        now = self._clock.now()
        made = await self._database.write(lambda c: add_user(c, name, role, now))
        return {"name": name, "role": role.value, **self._told_link(made)}

    async def _role(self, fields: Mapping[str, Any]) -> object:
        name, role = _word(fields, "name"), read_role(_word(fields, "role"))
        await self._database.write(lambda c: change_role(c, name, role))
        return {"name": name, "role": role.value}

    async def _disable(self, fields: Mapping[str, Any]) -> object:
        name, now = _word(fields, "name"), self._clock.now()
        await self._database.write(lambda c: disable_user(c, name, now))
        return {"name": name}

    async def _enable(self, fields: Mapping[str, Any]) -> object:
        name = _word(fields, "name")
        await self._database.write(lambda c: enable_user(c, name))
        return {"name": name}

    async def _link(self, fields: Mapping[str, Any]) -> object:
        name, now = _word(fields, "name"), self._clock.now()
        made = await self._database.write(lambda c: link_user(c, name, now))
        return {"name": name, **self._told_link(made)}

    async def _tokens(self, fields: Mapping[str, Any]) -> object:
        return [_told_token(one) for one in await self._database.read(list_tokens)]

    async def _add_token(self, fields: Mapping[str, Any]) -> object:
        """Make a token; ``days`` says when it ends, and None that it does not."""
        store = fields.get("store")
        scopes = read_scopes(fields.get("scopes"), of_store=store is not None)
        label, days = read_label(_word(fields, "name")), read_days(fields.get("days"))
        token, now = Token.new(), self._clock.now()
        record = TokenRecord(
            id=token.id,
            digest=token.digest,
            name=label,
            scopes=" ".join(scopes),
            store=None if store is None else self._store(str(store)),
            made_by=_word(fields, "by"),
            made_at=now,
            ends_at=None if days is None else now + timedelta(days=days),
        )
        await self._database.write(lambda c: put_token(c, record))
        return {**_told_token(record), "token": token.written}

    async def _revoke(self, fields: Mapping[str, Any]) -> object:
        which, now = _word(fields, "id"), self._clock.now()
        if not await self._database.write(lambda c: revoke_token(c, which, now)):
            reason = f"there is no token {which!r}, or it was revoked before"
            raise RejectedError("unknown_token", reason, field="id")
        return {"id": which}

    async def _audit(self, fields: Mapping[str, Any]) -> object:
        """Return entries, the newest first, and the ``key`` before which there are more."""
        limit, sift = _limit(fields), _sift(fields)

        def read(connection: Connection) -> Any:
            return read_entries(connection, sift, limit + 1)

        found = await self._database.read(read)
        more = found[limit - 1].key if len(found) > limit else None
        return {"entries": [asdict(entry) for entry in found[:limit]], "more": more}

    def _store(self, name: str) -> StoreName:
        stores = [str(store.name) for store in self._settings().store]
        if name not in stores:
            there = ", ".join(stores) or "none"
            raise RejectedError(
                "unknown_store", f"there is no store {name!r}; there are: {there}", field="store"
            )
        return StoreName(name)

    def _told_link(self, made: Invitation) -> Mapping[str, object]:
        console = self._settings().console
        address = "" if console is None else console.address
        return {"link": f"{address}{made.path}", "ends_at": made.ends_at}


def _told_user(user: UserRecord) -> Mapping[str, object]:
    told = {name: value for name, value in asdict(user).items() if name not in ("key", "password")}
    return told | {"has_password": user.password is not None}


def _told_token(record: TokenRecord) -> Mapping[str, object]:
    told = {name: value for name, value in asdict(record).items() if name != "digest"}
    return told | {"scopes": record.scopes.split()}


def _word(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise RejectedError("malformed", f"{name}: right: a word", field=name)
    return value


def _said(fields: Mapping[str, Any], name: str) -> str | None:
    return _word(fields, name) if fields.get(name) else None


def _limit(fields: Mapping[str, Any]) -> int:
    limit = fields.get("limit", 100)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST_ENTRIES:
        raise RejectedError("malformed", f"limit: right: 1 to {MOST_ENTRIES}", field="limit")
    return limit


def _sift(fields: Mapping[str, Any]) -> Sift:
    before = fields.get("before")
    if before is not None and (not isinstance(before, int) or isinstance(before, bool)):
        raise RejectedError("malformed", "before: right: the key of an entry", field="before")
    return Sift(
        actor=_said(fields, "actor"),
        action=_said(fields, "action"),
        subject=_said(fields, "subject"),
        since=instant_of(fields, "since"),
        until=instant_of(fields, "until"),
        before=before,
    )
