"""What a modem says is kept in order, within bounds and beyond the link."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from gateway.at import Unsolicited
from gateway.domain.errors import LinkLostError
from gateway.modem.receive.mailbox import CAPACITY, Mailbox, Order


def said(name: str, text: str = "") -> Unsolicited:
    return Unsolicited(name=name, text=text or name)


async def test_only_what_is_worth_it_is_kept() -> None:
    mailbox = Mailbox("m0")
    for name in ("+CDS", "^RSSI", "+CMTI", "+CREG", "+CDSI", "+CMT", "", "+CMGS"):
        mailbox.hear(said(name))
    assert len(mailbox) == 5


async def test_order_is_kept_also_when_a_letter_comes_back() -> None:
    mailbox = Mailbox("m0")
    mailbox.put(said("+CDS", "1"))
    mailbox.put(Order.SWEEP)
    first = await mailbox.get()
    mailbox.put_back(first)
    assert await mailbox.get() == first
    assert await mailbox.get() is Order.SWEEP


async def test_what_is_left_can_be_taken_after_the_end() -> None:
    mailbox = Mailbox("m0")
    mailbox.put(Order.SWEEP)
    mailbox.close()
    assert await mailbox.get() is Order.SWEEP
    with pytest.raises(LinkLostError):
        await mailbox.get()


async def test_who_waits_is_told_of_the_end() -> None:
    mailbox = Mailbox("m0")
    waiting = asyncio.create_task(mailbox.get())
    await asyncio.sleep(0)
    mailbox.close()
    with pytest.raises(LinkLostError):
        await waiting


async def test_a_flood_is_bounded() -> None:
    mailbox = Mailbox("m0")
    for _ in range(CAPACITY + 10):
        mailbox.hear(said("+CDS"))
    assert len(mailbox) == CAPACITY


async def test_an_order_that_waits_is_not_doubled() -> None:
    mailbox = Mailbox("m0")
    for _ in range(1000):
        mailbox.hear(said("^SMMEMFULL"))
        mailbox.hear(said("RING"))
    assert [await mailbox.get(), await mailbox.get()] == [Order.SWEEP, Order.HANG_UP]
    assert len(mailbox) == 0


def test_a_flood_is_said_once() -> None:
    mailbox = Mailbox("m0")
    with capture_logs() as logs:
        for _ in range(CAPACITY + 10):
            mailbox.hear(said("+CDS"))
    assert [entry["event"] for entry in logs] == ["unsolicited_dropped"]
