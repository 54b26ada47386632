"""Words the jobs that stores send as a template: fills the port `gateway.dispatch.writing`.

What a template may say are the values that came with the job, and the person's own words; of orders
and carts it knows what the store gives it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import NoReturn

from sqlalchemy import Connection

from gateway.commerce.deciding.ports import Shop, Shortens
from gateway.commerce.deciding.recipient import locale_of, zone_of
from gateway.commerce.deciding.words import own_words
from gateway.commerce.templates import MissingValueError, UnknownTemplateError
from gateway.consent.identity import Identities
from gateway.db.persons import PersonRecord, find_person
from gateway.domain.errors import ContentError, RejectedError
from gateway.domain.ids import PersonId, StoreName
from gateway.domain.job import JobRequest
from gateway.domain.purpose import Purpose


class TemplateWriter:
    """Words jobs by the templates of their stores.

    Attributes:
        shops: what each store has to say; replaced as a whole when it is read again.

    Args:
        identities: who a number is.
        links: makes short links.
    """

    def __init__(
        self, shops: Mapping[StoreName, Shop], identities: Identities, links: Shortens
    ) -> None:
        self.shops = shops
        self._identities = identities
        self._links = links

    def write(
        self, connection: Connection, request: JobRequest, recipient: str, now: datetime
    ) -> str:
        """Return the text of a job; see the port."""
        shop = self.shops.get(request.store)
        if shop is None or request.template is None:
            raise _refusal(request, "unknown_template", "this store has no templates")
        persons = self._identities.all_of(recipient)
        known = find_person(connection, request.store, persons)
        try:
            return shop.library.render(
                request.template,
                None if known is None else locale_of(known),
                {**own_words(request.store, known, shop.voice), **request.vars},
                zone=zone_of(known or _stranger(request, persons[0], recipient, now), shop.zone),
                shorten=partial(self._shorten, connection, request, now),
            ).text
        except ContentError as error:
            _refuse(request, error)

    def _shorten(
        self,
        connection: Connection,
        request: JobRequest,
        now: datetime,
        url: str,
        product_id: str | None = None,
    ) -> str:
        return self._links.shorten(
            connection,
            url,
            store=request.store,
            decision_key=None,
            job=request.id,
            person=None,
            campaign=request.campaign,
            level="aggregate" if request.purpose is Purpose.MARKETING else "none",
            product_id=product_id,
            expires_at=None,
            now=now,
            told=(told := frozenset(_urls(request.vars))),
            private=told,  # they may be anybody's; whose, the store alone knows
        )


def _stranger(request: JobRequest, person: PersonId, recipient: str, now: datetime) -> PersonRecord:
    """Return somebody of whom the number alone is known."""
    return PersonRecord(store=request.store, person=person, number=recipient, changed_at=now)


def _refuse(request: JobRequest, error: ContentError) -> NoReturn:
    """Tell a store why its job cannot be worded, without where our files lie."""
    if isinstance(error, UnknownTemplateError):
        raise _refusal(request, "unknown_template", error.reason) from None
    field = "vars" if isinstance(error, MissingValueError) else "template"
    line = f"{error.place}: " if error.place else ""
    reason = f"template {request.template}: {line}{error.reason}"
    raise _refusal(request, "invalid_value", reason, field) from None


def _refusal(request: JobRequest, code: str, reason: str, field: str = "template") -> RejectedError:
    return RejectedError(code, reason, field=field, job=request.id)


def _urls(value: object) -> Iterator[str]:
    """Return every text of a job's values: whoever gives a job may link to what is in it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _urls(part)
    elif isinstance(value, list):
        for part in value:
            yield from _urls(part)
