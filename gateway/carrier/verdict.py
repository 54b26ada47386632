"""What a carrier's answer to a submit means. Pure.

A status of HTTP says whether the request was acted on (RFC 9110 clause 15): where it does not say
so for certain, the outcome is unknown, and the message is not sent again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from gateway.carrier.carrier import Accepted, Answer, Refused, Unknown
from gateway.carrier.codes import TOO_MUCH, failure_of, is_of_destination, words_of
from gateway.carrier.resource import Document, ResourceError, read_carried_id, read_state
from gateway.domain.failures import FailureClass

LONGEST_REST: Final = timedelta(hours=1)
"""A carrier that wants to be left alone for longer is asked again all the same."""

_OF_THE_LINE: Final = frozenset({401, 402, 403, 404, 405, 406, 410, 415, 421, 426, 501, 505})
"""Statuses for which our token, our account or our address is at fault."""

_OF_THE_MOMENT: Final = frozenset({408, 425, 429, 503})
"""Statuses that say for certain that the request was not acted on, and may be soon."""


def judge(status: int, document: Document | None, retry_after: timedelta | None) -> Answer:
    """Return what became of a message.

    Args:
        status: of HTTP.
        document: what the body holds; None when it is no JSON object.
        retry_after: see `rest_of`.
    """
    if 200 <= status < 300:
        return _taken(status, document)
    if status == HTTPStatus.SEE_OTHER or (status >= 500 and not _certain(status)):
        return Unknown(reason=f"the carrier answered {status}")
    if status < 400:
        return refuse_redirect(status)
    return _refused(status, None if document is None else document.code, retry_after)


def refuse_redirect(status: int) -> Refused:
    """Return the refusal of an answer that sends us, and with us our token, elsewhere."""
    return Refused(
        failure=FailureClass.LINE,
        reason=f"the carrier answered {status}, which sends us elsewhere; we do not follow",
        needs_person=True,
    )


def rest_of(header: str | None, now: datetime) -> timedelta | None:
    """Return for how long a Retry-After (RFC 9110 clause 10.2.3) wants to be left alone.

    Args:
        header: seconds, or a date; None and what is neither give None.
        now: UTC.
    """
    if header is None:
        return None
    try:
        rest = timedelta(seconds=float(header))
    except (ValueError, OverflowError):
        try:
            rest = parsedate_to_datetime(header) - now
        except (ValueError, TypeError):
            return None
    return min(max(rest, timedelta(0)), LONGEST_REST)


def needs_person(status: int) -> bool:
    """Tell whether a status will not mend itself."""
    return status in _OF_THE_LINE or 300 <= status < 400


def _taken(status: int, document: Document | None) -> Answer:
    if document is None:
        return Unknown(reason=f"the carrier answered {status} with no JSON object")
    try:
        state, reason = read_state(document)
        return Accepted(id=read_carried_id(document), state=state, reason=reason)
    except ResourceError as error:
        return Unknown(reason=f"the carrier answered {status} with {error}")


def _certain(status: int) -> bool:
    return status in _OF_THE_MOMENT or status in _OF_THE_LINE


def _refused(status: int, code: int | None, retry_after: timedelta | None) -> Refused:
    failure = failure_of(code) or _failure_of_status(status)
    return Refused(
        failure=failure,
        reason=f"the carrier answered {status}" if code is None else words_of(code),
        of_destination=is_of_destination(code),
        needs_person=failure is FailureClass.LINE,
        congested=code in TOO_MUCH or status == HTTPStatus.TOO_MANY_REQUESTS,
        retry_after=retry_after,
    )


def _failure_of_status(status: int) -> FailureClass:
    if status in _OF_THE_LINE:
        return FailureClass.LINE
    return FailureClass.NETWORK if status in _OF_THE_MOMENT else FailureClass.PERMANENT
