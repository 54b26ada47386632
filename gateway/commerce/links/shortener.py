"""Makes the short links that stand in texts."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from gateway.commerce.links.following import may_follow
from gateway.commerce.links.target import target_of
from gateway.consent.identity import Identities
from gateway.db.commerce.links import (
    COUNT,
    OPT_OUT,
    PAGE,
    LinkRecord,
    find_shared,
    lengthen,
    put_link,
)
from gateway.domain.errors import StorageError
from gateway.domain.ids import Campaign, JobId, PersonId, StoreName
from gateway.domain.links import Level, LinkBase, new_token

LIFE: Final = timedelta(days=90)
"""How long a link holds, unless the configuration says otherwise."""

OPT_OUT_LIFE: Final = timedelta(days=30)
"""How long a way out holds at least (COMPLIANCE AU-1)."""

_SLACK: Final = timedelta(days=1)
"""A shared link holds so much longer, so that it need not be written anew with each message."""

_TRIES: Final = 8
"""That so many random tokens are all taken has no other cause than a table that is broken."""


class Shortener:
    """Makes short links.

    ``hosts`` is replaced as a whole when the configuration is read again.

    Args:
        base: where short links are reached; None: there are none, and URLs stay as they are.
        hosts: each store's own, in lower case.
        life: how long a link holds where nobody says.
        identities: who a person was under former keys; None where there are none.
    """

    def __init__(
        self,
        base: LinkBase | None,
        hosts: Mapping[StoreName, frozenset[str]],
        *,
        life: timedelta = LIFE,
        identities: Identities | None = None,
    ) -> None:
        self.hosts = hosts
        self._base = base
        self._life = life
        self._identities = identities

    def shorten(
        self,
        connection: Connection,
        url: str,
        *,
        store: StoreName,
        decision_key: int | None,
        job: JobId | None,
        person: PersonId | None,
        campaign: Campaign | None,
        level: Level,
        product_id: str | None,
        expires_at: datetime | None,
        now: datetime,
        told: Collection[str] = (),
        private: Collection[str] = (),
    ) -> str:
        """Return what stands in a text for a URL.

        A link is a person's own only where it is tracked individually, which takes the person's
        consent to tracking (COMPLIANCE E-3); else there is one for all to whom the campaign links
        to the same, and nothing in it tells who opened it.

        Args:
            connection: the transaction of the message.
            url: where it is to lead.
            store: whose.
            decision_key: the decision that the message follows from.
            job: the message.
            person: whom it goes to.
            campaign: what it belongs to.
            level: how it is to be tracked.
            product_id: what its card shows.
            expires_at: until when it is to hold, UTC; None: as long as links do.
            now: the current instant, UTC.
            told: URLs that the store told in its events, which may lead to other hosts.
            private: URLs of pages that are one person's, such as a cart's. Who opens a link to one
                is known by the page alone, so that without consent its clicks are counted for the
                campaign, and the page is not kept with them.

        Raises:
            ContentError: the URL may not be linked to.
        """
        target = target_of(url, self.hosts.get(store, frozenset()), told)
        if self._base is None:
            return url
        link = LinkRecord(
            token="",
            store=store,
            kind=PAGE,
            url=target,
            level=self._level(connection, store, person, level, now),
            product_id=product_id,
            created_at=now,
            expires_at=expires_at or now + self._life,
        )
        if link.level != "individual":
            shared_by = campaign if link.level == "aggregate" else None
            nobodys = replace(link, campaign=shared_by)
            if link.level == "aggregate" and url in private:
                nobodys = replace(nobodys, counted=self._counter(connection, self._base, nobodys))
            return self._shared(connection, self._base, nobodys)
        own = replace(link, decision_key=decision_key, job=job, person=person, campaign=campaign)
        return self._made(connection, self._base, own)

    def opt_out(
        self,
        connection: Connection,
        *,
        store: StoreName,
        decision_key: int | None,
        job: JobId | None,
        person: PersonId,
        campaign: Campaign | None,
        now: datetime,
    ) -> str | None:
        """Return what stands in a text for the page on which a person ends marketing.

        None where there are no short links. It is not tracked, and it is the person's own: who
        opens it need not say who they are.
        """
        if self._base is None:
            return None
        link = LinkRecord(
            token="",
            store=store,
            kind=OPT_OUT,
            url="",
            level="none",
            decision_key=decision_key,
            job=job,
            person=person,
            campaign=campaign,
            created_at=now,
            expires_at=now + max(self._life, OPT_OUT_LIFE),
        )
        return self._made(connection, self._base, link)

    def _counter(self, connection: Connection, base: LinkBase, link: LinkRecord) -> str:
        """Return the token under which clicks on private pages of a campaign are counted."""
        counter = replace(link, kind=COUNT, url="", product_id=None)
        return self._shared(connection, base, counter).removeprefix(base.link(""))

    def _level(
        self,
        connection: Connection,
        store: StoreName,
        person: PersonId | None,
        level: Level,
        now: datetime,
    ) -> Level:
        if level != "individual":
            return level
        allowed = person is not None and may_follow(
            connection, store, person, now, self._identities
        )
        return "individual" if allowed else "aggregate"

    def _shared(self, connection: Connection, base: LinkBase, link: LinkRecord) -> str:
        """Return the link of all to whom the same is linked to."""
        shared = _digest(link)
        known = find_shared(connection, shared)
        if known is None:
            until = link.expires_at + _SLACK
            return self._made(connection, base, replace(link, shared=shared, expires_at=until))
        token, until = known
        if until < link.expires_at:
            lengthen(connection, token, link.expires_at + _SLACK)
        return base.link(token)

    def _made(self, connection: Connection, base: LinkBase, link: LinkRecord) -> str:
        """Write a link under a token that is nobody's."""
        for _ in range(_TRIES):
            token = new_token(base.token_length)
            if put_link(connection, replace(link, token=token)):
                return base.link(token)
            # Another gateway may have made the shared one meanwhile.
            known = None if link.shared is None else find_shared(connection, link.shared)
            if known is not None:
                return base.link(known[0])
        raise StorageError(f"no free token for a link in {_TRIES} tries")


def _digest(link: LinkRecord) -> str:
    """Return what a link is for, in 32 characters."""
    what = (link.store, link.kind, link.level, link.campaign, link.url, link.product_id)
    text = "\x00".join(part or "" for part in what)
    return hashlib.blake2b(text.encode(), digest_size=16, person=b"links").hexdigest()
