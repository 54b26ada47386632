"""Doing something in somebody's name, with an entry in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.access import Visitor
from gateway.control.audited import keep
from gateway.db.console.audit import Entry
from gateway.domain.errors import RejectedError, StorageError
from gateway.web.house import House

DONE: Final = "done"


async def act(
    house: House,
    visitor: Visitor,
    action: str,
    op: str,
    /,
    *,
    subject: str | None = None,
    details: Mapping[str, Any] | None = None,
    more: Mapping[str, object] | None = None,
    **fields: object,
) -> Any:
    """Ask the gateway for an operation, and write who did it and what came of it.

    Args:
        house: the gateway.
        visitor: who does it.
        action: what it is called in the audit log, such as ``campaign.launch``.
        op: the operation.
        subject: what it is done to; of a person the pseudonym, never a number.
        details: facts for the audit log: no number, no text of a person, no secret.
        more: fields of the operation whose names are taken here, such as its own ``subject``.
        fields: what goes with the operation.

    Raises:
        RejectedError: it is refused.
        ShopbellError: it could not be done.
    """
    result = "failed"
    try:
        answer = await house.ask(op, **fields, **(more or {}))
        result = DONE
    except RejectedError as error:
        result = error.code
        raise
    except StorageError:
        result = "storage"
        raise
    finally:
        await note(house, visitor.actor, action, result, subject, details)
    return answer


async def note(
    house: House,
    actor: str,
    action: str,
    result: str = DONE,
    subject: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write an entry of the audit log; where it cannot be kept, the log of the gateway has it."""
    entry = Entry(
        at=house.clock.now(),
        actor=actor,
        action=action,
        subject=subject,
        result=result,
        details=details,
    )
    await keep(house.database, entry)
