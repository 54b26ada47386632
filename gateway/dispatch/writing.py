"""Who words a job that comes as a template? A port, filled by `gateway.app` for the shops.

It is asked in the transaction that takes the job, and once: a job that comes again is the same job
by its template and values, whatever became of the template meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from sqlalchemy import Connection

from gateway.dispatch.intake import NewJob
from gateway.domain.errors import RejectedError
from gateway.domain.job import MAX_PARTS, JobRequest
from gateway.sms import count_parts


class Writer(Protocol):
    """Knows the templates of stores."""

    def write(
        self, connection: Connection, request: JobRequest, recipient: str, now: datetime
    ) -> str:
        """Return the text of a job that comes as a template.

        Args:
            connection: the transaction, to look the person up.
            request: with a template.
            recipient: E.164.
            now: the current instant, UTC.

        Raises:
            RejectedError: there is no such template, or a value is wrong.
        """
        ...


class NoTemplates:
    """The writer of a gateway without shops."""

    def write(
        self, connection: Connection, request: JobRequest, recipient: str, now: datetime
    ) -> str:
        """Refuse."""
        raise RejectedError(
            "unknown_template",
            "this gateway has no templates; give the whole text in text",
            field="template",
            job=request.id,
        )


NO_TEMPLATES: Final = NoTemplates()


def worded(connection: Connection, new: NewJob, writer: Writer, now: datetime) -> NewJob:
    """Return a job with its text.

    Raises:
        RejectedError: it cannot be worded, or is too long.
    """
    if new.request.template is None:
        return new
    text = writer.write(connection, new.request, new.recipient, now)
    request = replace(new.request, text=text)
    return replace(new, request=request, parts=parts_of(request))


def parts_of(request: JobRequest) -> int:
    """Return how many parts a job takes; 1 for one that is not worded yet.

    Raises:
        RejectedError: more than are sent.
    """
    parts = count_parts(request.text).parts
    if parts > MAX_PARTS:
        raise RejectedError(
            "too_many_parts",
            f"text takes {parts} parts; at most {MAX_PARTS} are sent",
            field="text" if request.template is None else "template",
            job=request.id,
        )
    return parts
