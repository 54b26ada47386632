"""What commands do is written into the audit log, as what is done in the console is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

import structlog

from gateway.control.server import Operation
from gateway.db import Database
from gateway.db.console.audit import Entry, put_entry
from gateway.domain.clock import Clock
from gateway.domain.errors import RejectedError, StorageError

log = structlog.get_logger(__name__)

COMMAND: Final = "command"
"""The actor: whoever may write to the socket, the gateway's own user and root."""


@dataclass(frozen=True, slots=True)
class Deed:
    """How an operation is called in the audit log.

    Attributes:
        action: its name; with `word` the first part of it.
        subject: which fields say what it is done to.
        details: fields that are written beside it.
        word: the field that has the second part of the name.
        between: stands between the words of the subject.
    """

    action: str
    subject: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    word: str | None = None
    between: str = "/"

    def name_of(self, fields: Mapping[str, Any]) -> str:
        """Return how it is called."""
        return self.action if self.word is None else f"{self.action}.{fields.get(self.word)}"

    def subject_of(self, fields: Mapping[str, Any]) -> str | None:
        """Return what it is done to."""
        words = [str(fields[name]) for name in self.subject if fields.get(name)]
        return self.between.join(words) or None


_PERSON: Final = "person"
_CAMPAIGN: Final = ("store", "name")

DEEDS: Final[Mapping[str, Deed]] = {
    "user_add": Deed("user.add", ("name",), ("role",)),
    "user_role": Deed("user.role", ("name",), ("role",)),
    "user_disable": Deed("user.disable", ("name",)),
    "user_enable": Deed("user.enable", ("name",)),
    "user_link": Deed("user.link", ("name",)),
    "token_add": Deed("token.add", ("name",), ("scopes", "store")),
    "token_revoke": Deed("token.revoke", ("id",)),
    "permit": Deed("modem.permit", ("name",)),
    "reload": Deed("configuration.reload"),
    "campaign_launch": Deed("campaign.launch", _CAMPAIGN, ("even_if_late",)),
    "campaign_steer": Deed("campaign", _CAMPAIGN, word="word"),
    "alarm_acknowledge": Deed("alarm.acknowledge", ("kind", "subject"), between=" "),
    "restored": Deed("backup.release"),
    _PERSON: Deed(_PERSON, (), ("store",), word="action"),
}
"""Operations of which others may ask who had them done; jobs are kept as they are."""

PersonOf = Callable[[str], str]
"""Returns the pseudonym of a number, or raises RejectedError where it is none."""


def audited(
    operations: Mapping[str, Operation],
    database: Database,
    clock: Clock,
    person_of: PersonOf | None = None,
) -> Mapping[str, Operation]:
    """Return operations that write what they do, in the name of commands.

    Args:
        operations: what is done.
        database: where the audit log is.
        clock: the time.
        person_of: who a number is; None where nothing is done to persons.
    """

    def wrapped(name: str, do: Operation) -> Operation:
        deed = DEEDS.get(name)
        if deed is None:
            return do

        async def doing(fields: Mapping[str, Any]) -> object:
            result = "failed"
            try:
                answer = await do(fields)
                result = "done"
            except RejectedError as error:
                result = error.code
                raise
            finally:
                entry = _entry(deed, fields, result, clock.now(), person_of)
                await keep(database, entry)
            return answer

        return doing

    return {name: wrapped(name, do) for name, do in operations.items()}


async def keep(database: Database, entry: Entry) -> None:
    """Add an entry; where it cannot be kept, the log of the gateway has it.

    What was done is done: to say that it failed would have somebody do it again.
    """
    try:
        await database.write(partial(put_entry, entry=entry))
    except StorageError as error:
        log.error(
            "audit_not_kept",
            actor=entry.actor,
            deed=entry.action,
            result=entry.result,
            reason=str(error),
        )


def _entry(
    deed: Deed,
    fields: Mapping[str, Any],
    result: str,
    at: datetime,
    person_of: PersonOf | None,
) -> Entry:
    subject = deed.subject_of(fields)
    if deed.action == _PERSON:
        subject = _person(fields.get("number"), person_of)
    details = {name: fields[name] for name in deed.details if fields.get(name)}
    return Entry(
        at=at,
        actor=COMMAND,
        action=deed.name_of(fields),
        subject=subject,
        result=result,
        details=details or None,
    )


def _person(number: object, person_of: PersonOf | None) -> str | None:
    """Return a person's pseudonym; never the number, or what was taken for one."""
    if person_of is None or not isinstance(number, str):
        return None
    try:
        return person_of(number)
    except RejectedError:
        return None
