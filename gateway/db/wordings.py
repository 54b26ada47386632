"""The wordings that persons agreed to, each once, under its SHA-256: the ledger has that alone.

So what a shop's folder of texts says today can change, and what somebody agreed to stays known.
They are nobody's data, and are kept among the notes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, select

from gateway.db.tables import NOTES

_SUBJECT: Final = "wording:{}"


def keep_wordings(connection: Connection, texts: Iterable[tuple[str, str]], now: datetime) -> None:
    """Keep wordings that are not kept yet.

    Args:
        connection: the transaction.
        texts: each the SHA-256 of a wording, hex, and the wording.
        now: the instant of the writing.
    """
    for digest, text in dict(texts).items():
        if find_wording(connection, digest) is None:
            row = {
                "subject": _SUBJECT.format(digest),
                "facts": json.dumps({"text": text}, ensure_ascii=False),
                "noted_at": now,
            }
            connection.execute(insert(NOTES), row)


def find_wording(connection: Connection, digest: str) -> str | None:
    """Return the wording of a SHA-256, hex; None where it was never kept."""
    noted = select(NOTES.c.facts).where(NOTES.c.subject == _SUBJECT.format(digest))
    facts = connection.execute(noted).scalar_one_or_none()
    return None if facts is None else str(json.loads(facts)["text"])
