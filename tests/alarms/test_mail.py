"""Alarms by e-mail, against a server on the loopback."""

from __future__ import annotations

import ssl
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.mailing import MailServer

from gateway.alarms.channels import ChannelError
from gateway.alarms.channels.mail import MailChannel, MailSettings
from gateway.alarms.message import Message

LONDON = ZoneInfo("Europe/London")


def channel(server: MailServer, **values: Any) -> MailChannel:
    plain: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": server.port,
        "tls": False,
        "start_tls": False,
        "sender": "box@shop.example",
        "recipients": ("ops@shop.example", "night@shop.example"),
    }
    return MailChannel(MailSettings(**(plain | values)), LONDON, pauses=(0.0,))


async def test_it_reaches_every_recipient_in_words(message: Message) -> None:
    async with MailServer() as server:
        await channel(server).tell(message)
    [mail] = server.mails
    assert mail["Subject"] == "[shopbell box-1] line down m1"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == "<c0ffee@shop.example>"
    assert "out of service" in mail.get_payload()
    assert server.recipients == ["<ops@shop.example>", "<night@shop.example>"]


async def test_the_password_goes_over_tls_alone(
    message: Message, serving: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    given = {"start_tls": True, "trust": trusting, "username": "box", "password": "s3cret"}
    async with MailServer(serving) as server:
        await channel(server, **given).tell(message)
    assert server.secure == [True]
    assert server.logins == ["\0box\0s3cret"]


async def test_a_server_without_starttls_is_told_nothing(message: Message) -> None:
    async with MailServer() as server:
        with pytest.raises(ChannelError):
            await channel(server, start_tls=True, username="box", password="s3cret").tell(message)
    assert server.mails == server.logins == []


async def test_tls_from_the_first_octet(
    message: Message, serving: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    async with MailServer(serving, at_once=True) as server:
        await channel(server, tls=True, trust=trusting).tell(message)
    assert server.secure == [True]


async def test_a_server_that_nobody_vouches_for_is_told_nothing(
    message: Message, serving: ssl.SSLContext
) -> None:
    async with MailServer(serving, at_once=True) as server:
        with pytest.raises(ChannelError):
            await channel(server, tls=True).tell(message)
    assert server.mails == []


async def test_a_passing_refusal_is_tried_again(message: Message) -> None:
    async with MailServer() as server:
        server.refusals += ["450 4.2.0 greylisted", "450 4.2.0 greylisted"]
        await channel(server).tell(message)
    assert len(server.mails) == 1


async def test_a_refusal_for_good_names_no_address(message: Message) -> None:
    async with MailServer() as server:
        server.refusals += ["550 no such user ops@shop.example"] * 2
        with pytest.raises(ChannelError) as caught:
            await channel(server).tell(message)
    assert "550" in str(caught.value)
    assert "@" not in str(caught.value)
    assert server.mails == []


async def test_one_recipient_that_is_taken_is_enough(message: Message) -> None:
    async with MailServer() as server:
        server.refusals += ["550 no such user"]
        await channel(server).tell(message)
    assert server.recipients == ["<night@shop.example>"]


async def test_no_server_is_a_reason_in_words(message: Message) -> None:
    async with MailServer() as server:
        gone = channel(server)
    with pytest.raises(ChannelError) as caught:
        await gone.tell(message)
    assert caught.value.passing


def test_the_password_is_in_no_representation() -> None:
    server = MailServer()
    assert "s3cret" not in repr(channel(server, password="s3cret")._settings)
