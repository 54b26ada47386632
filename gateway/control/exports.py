"""All that is kept of a person, for themselves: for the command, the console and the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gateway.consent.retention import Periods
from gateway.db.dossier import read_dossier
from gateway.db.shop.profiles import profiles_of
from gateway.db.whereabouts import Sought
from gateway.dispatch.rights.access import Rows, access_document


def export_of(
    connection: Connection,
    sought: Sought,
    lake: Mapping[str, Rows] | None = None,
    *,
    periods: Periods,
    now: datetime,
) -> dict[str, Any]:
    """Return the export of a person (Art. 15); see `gateway.dispatch.rights.access`.

    It reads whole tables: some seconds in a reader's thread where much is kept.

    Args:
        connection: for reading.
        sought: the person.
        lake: rows of lakes by table; None: no lake was named.
        periods: how long each class is kept.
        now: the instant of the making, UTC.
    """
    return access_document(
        sought,
        read_dossier(connection, sought),
        lake,
        buyer=[asdict(one) for one in profiles_of(connection, sought, now)],
        periods=periods,
        now=now,
    )
