"""Clicks into the database: judged once more by the message's own fate, and told to the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from gateway.commerce.links.following import may_follow
from gateway.commerce.links.visitor import too_early
from gateway.consent.identity import Identities
from gateway.db.commerce.clicks import put_clicks, sending_of
from gateway.db.outbox import Draft, post_all
from gateway.db.persons import find_person, note_activity
from gateway.domain.click import Opened, click_body
from gateway.domain.outward import Outward


def count_clicks(
    connection: Connection, opened: Sequence[Opened], identities: Identities | None = None
) -> int:
    """Write clicks, and tell stores of those that persons made; return how many these are.

    A click of a person whom the store knows counts as a sign of life (COMPLIANCE G-12). Who took
    the consent to tracking back is followed no more, on links of before either (E-3).

    Args:
        connection: the transaction.
        opened: the clicks.
        identities: who persons were under former keys; None where there are none.
    """
    judged = [
        _judged(connection, one)
        for one in opened
        if one.person is None or may_follow(connection, one.store, one.person, one.at, identities)
    ]
    keys = put_clicks(connection, judged)
    told = [
        _draft(connection, key, one)
        for key, one in zip(keys, judged, strict=True)
        if one.machine is None
    ]
    post_all(connection, told)
    return len(told)


def _judged(connection: Connection, opened: Opened) -> Opened:
    if opened.machine is not None or opened.job is None:
        return opened
    return replace(
        opened, machine=too_early(opened.at, sending_of(connection, opened.store, opened.job))
    )


def _draft(connection: Connection, key: int, opened: Opened) -> Draft:
    customer = None
    if opened.person is not None:
        note_activity(connection, opened.store, opened.person, opened.at)
        record = find_person(connection, opened.store, [opened.person])
        customer = None if record is None else record.customer
    body = click_body(key, opened, customer)
    return Draft(store=opened.store, kind=Outward.CLICKS, body=body)
