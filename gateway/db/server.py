"""A PostgreSQL server: how it is connected to, and what holds on every connection to it.

Times are told by us and not left to the server's settings, which are made for other programs.
Nothing here is for SQLite; see `gateway.db.engine`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from gateway.domain.errors import StorageError

NAME: Final = "shopbell"
"""As the server lists its connections (``application_name``)."""

CONNECT_TIMEOUT: Final = 5
"""Seconds for a connection to come about."""

SILENCE: Final = 15
"""Seconds after which whoever does not answer is taken for gone, on either side: a server that is
cut off holds up no line for longer, and lets go of what a gateway that is cut off has locked."""

_PROBES: Final = 3
"""Questions in that time."""

LOCK_TIMEOUT: Final = 5
"""Seconds that a statement waits for another's lock; the transaction is then tried again."""

WRITING_TIMEOUT: Final = 60
"""Seconds for a statement that changes something; each is some milliseconds' work."""

READING_TIMEOUT: Final = 600
"""Seconds for a statement that reads; an export looks at whole tables."""

STALLED: Final = 10
"""Seconds for which a gateway that stands still, or is cut off, in the middle of a change may keep
its locks: others wait for them, and cannot take over from it before."""

OLDEST: Final = 13
"""The first major version that tells what became of a transaction as `gateway.db.seal` asks."""

ENCODING: Final = "UTF8"


_DURABLE: Final = (
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off'"
)
"""A role or a database may have it off, and a message whose intent was forgotten would be sent
twice. What is stricter than ``on`` stays."""


def arguments() -> dict[str, object]:
    """Return what the driver is given beside the url."""
    return {
        "application_name": NAME,
        "client_encoding": "utf8",
        "connect_timeout": CONNECT_TIMEOUT,
        "keepalives": 1,
        "keepalives_idle": SILENCE // _PROBES,
        "keepalives_interval": SILENCE // _PROBES,
        "keepalives_count": _PROBES - 1,
        "tcp_user_timeout": SILENCE * 1000,
    }


def prepare(engine: Engine, *, writing: bool, statements: int) -> None:
    """Have each connection of an engine begin with our settings.

    Args:
        engine: of connections to a server.
        writing: whether they change anything.
        statements: how many prepared ones a connection keeps.
    """
    limits = {
        "lock_timeout": LOCK_TIMEOUT,
        "statement_timeout": WRITING_TIMEOUT if writing else READING_TIMEOUT,
        "idle_in_transaction_session_timeout": STALLED if writing else 0,
        "tcp_user_timeout": SILENCE,
    }
    settings = {name: f"{seconds}s" for name, seconds in limits.items()} | {
        "timezone": "UTC",
        "tcp_keepalives_idle": f"{SILENCE // _PROBES}s",
        "tcp_keepalives_interval": f"{SILENCE // _PROBES}s",
        "tcp_keepalives_count": str(_PROBES - 1),
    }

    def set_up(connection: Any, _record: object) -> None:
        connection.prepared_max = statements
        connection.autocommit = True
        with connection.cursor() as cursor:
            _set(cursor, settings)
            if writing:
                cursor.execute(_DURABLE)
        connection.autocommit = False

    event.listen(engine, "connect", set_up)


def _set(cursor: Any, settings: Mapping[str, str]) -> None:
    each = ", ".join(["set_config(%s, %s, false)"] * len(settings))
    cursor.execute(f"SELECT {each}", [word for pair in settings.items() for word in pair])


def require_suitable(connection: Connection) -> None:
    """Pass on a server that can do what is needed, and on SQLite.

    Raises:
        StorageError: it is too old, or its database holds other texts than Unicode.
    """
    if connection.dialect.name == "sqlite":
        return
    version, encoding = connection.exec_driver_sql(
        "SELECT current_setting('server_version_num'), current_setting('server_encoding')"
    ).one()
    if int(version) < OLDEST * 10_000:
        raise StorageError(
            f"the server is PostgreSQL {int(version) // 10_000}; take {OLDEST} or later"
        )
    if encoding != ENCODING:
        raise StorageError(
            f"the database keeps its texts as {encoding}; make one with "
            f"CREATE DATABASE shopbell ENCODING '{ENCODING}' TEMPLATE template0"
        )
