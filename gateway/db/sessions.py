"""The sessions of a node at the server, by the names that it gives them.

A node that is taken over may have a transaction open that it cannot end, with all that it has
locked. The server does not always end it in its time (``idle_in_transaction_session_timeout`` does
not run while a group of messages has come in part), so that who takes over has it ended.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, column, func, select, table

SEAT: Final = "seat"
WRITER: Final = "writer"

_ACTIVITY: Final = table("pg_stat_activity", column("pid"), column("application_name"))
_END: Final = select(func.pg_terminate_backend(_ACTIVITY.c.pid)).where(
    _ACTIVITY.c.application_name == bindparam("name"),
    _ACTIVITY.c.pid != func.pg_backend_pid(),
)
_NAME: Final = select(func.set_config("application_name", bindparam("name"), False))
_NAMED: Final = "session_name"


def session_name(what: str, instance: str) -> str:
    """Return what a session of a node is called; the server keeps 63 octets of it."""
    return f"shopbell {what} {instance}"


def name_session(connection: Connection, name: str) -> None:
    """Call a session by a name, unless it is called so."""
    if connection.info.get(_NAMED) != name:
        connection.execute(_NAME, {"name": name})
        connection.info[_NAMED] = name


def end_sessions(connection: Connection, name: str) -> None:
    """Have the server end all other sessions of a name; what they had not committed is undone."""
    connection.execute(_END, {"name": name}).all()
