"""What is no plain text is told with its kind, kept as it came, and never stops what follows."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from support.deliver import concat, deliver
from support.inbox import LINE, come, texts
from support.world import World

from gateway.db.tables import INBOUND, INBOUND_PARTS

PORTS_WAP = bytes([0x05, 4, 0x0B, 0x84, 0x23, 0xF0])
"""To port 2948, from 9200."""
PORTS_OTHER = bytes([0x05, 4, 0x15, 0x81, 0x15, 0x81])
VOICEMAIL = bytes([0x01, 2, 0x80, 3])
"""A header element: three voice messages, to be kept."""
MMS = bytes([0x01, 0x06, 0x03, 0xBE, 0xAF, 0x84, 0x8C, 0x82])
WORDS = b"application/vnd.wap.mms-message\x00\xaf\x84"
MMS_IN_WORDS = bytes([0x01, 0x06, 0x22]) + WORDS + bytes([0x8C, 0x82])
MMS_IN_LONG_WORDS = bytes([0x01, 0x06, 0x81, 0x24, 0x1F, 0x22]) + WORDS + bytes([0x8C, 0x82])
SERVICE_INDICATION = bytes([0x01, 0x06, 0x01, 0xAE, 0x02, 0x05, 0x6A])

PUBLISHED: dict[str, tuple[str, dict[str, Any]]] = {
    "flash": (deliver("Look", coding=0x10), {"kind": "flash", "text": "Look"}),
    "flash in the other group": (deliver("Look", coding=0xF0), {"kind": "flash", "text": "Look"}),
    "flash in UCS-2": (deliver("Да", coding=0x18), {"kind": "flash", "text": "Да"}),
    "class 1 is a text": (deliver("Look", coding=0x11), {"text": "Look"}),
    "class 2": (deliver("Set up", coding=0xF2), {"kind": "sim", "text": "Set up"}),
    "class 2 with octets": (
        deliver(b"\x02\x70\x00", coding=0xF6, protocol=0x7F),
        {"kind": "sim", "text": None, "data": "027000"},
    ),
    "replace type 3": (deliver("Newer", protocol=0x43), {"kind": "replace", "text": "Newer"}),
    "octets": (deliver(b"\x00\xff\x80"), {"kind": "binary", "text": None, "data": "00FF80"}),
    "octets that are ASCII": (
        deliver(b"level=7"),
        {"kind": "binary", "text": "level=7", "data": "6C6576656C3D37"},
    ),
    "a ring tone": (
        deliver(b"\x02\x4a\x3a", header=PORTS_OTHER),
        {"kind": "binary", "text": None, "data": "024A3A"},
    ),
    "a text for a port": (
        deliver("GET", header=PORTS_OTHER),
        {"kind": "binary", "text": "GET"},
    ),
    "an MMS notification": (
        deliver(MMS, header=PORTS_WAP),
        {"kind": "mms", "text": None, "data": MMS.hex().upper()},
    ),
    "an MMS notification in words": (
        deliver(MMS_IN_WORDS, header=PORTS_WAP),
        {"kind": "mms", "text": None, "data": MMS_IN_WORDS.hex().upper()},
    ),
    "an MMS notification with its length": (
        deliver(MMS_IN_LONG_WORDS, header=PORTS_WAP),
        {"kind": "mms", "text": None, "data": MMS_IN_LONG_WORDS.hex().upper()},
    ),
    "another WAP push": (
        deliver(SERVICE_INDICATION, header=PORTS_WAP),
        {"kind": "wap_push", "text": None, "data": SERVICE_INDICATION.hex().upper()},
    ),
    "an empty push": (
        deliver(b"", header=PORTS_WAP),
        {"kind": "wap_push", "text": None, "data": ""},
    ),
    "voicemail, with a text": (
        deliver("You have 3 messages", header=VOICEMAIL),
        {"kind": "waiting", "text": "You have 3 messages"},
    ),
    "voicemail by coding, with a text": (
        deliver("Call 121", coding=0xC8),
        {"kind": "waiting", "text": "Call 121"},
    ),
    "an e-mail": (
        deliver("a@shop.example (Hi) Hello", sender="60060"),
        {"kind": "email", "from": "60060", "text": "a@shop.example (Hi) Hello"},
    ),
    "an e-mail by its protocol": (
        deliver("a@shop.example Hello", protocol=0x32),
        {"kind": "email", "text": "a@shop.example Hello"},
    ),
    "an address in a person's text": (
        deliver("a@shop.example is mine"),
        {"text": "a@shop.example is mine"},
    ),
    "a reserved coding": (deliver("Hello", coding=0x80), {"text": "Hello"}),
    "nothing at all": (deliver(""), {"text": ""}),
    "a name": (deliver("Hi", sender="Shopbell"), {"from": "Shopbell", "text": "Hi"}),
    "a short code": (deliver("Hi", sender="60060"), {"from": "60060", "text": "Hi"}),
    "a national number": (deliver("Hi", sender="07700900123"), {"from": "+447700900123"}),
    "a number without its plus": (deliver("Hi", sender="447700900123"), {"from": "+447700900123"}),
    "the character NUL": (deliver("a\x00b", coding=0x08), {"text": "a\ufffdb"}),
}


@pytest.mark.parametrize(("pdu", "expected"), PUBLISHED.values(), ids=PUBLISHED)
async def test_each_kind_is_told(world: World, pdu: str, expected: dict[str, Any]) -> None:
    await come(world, pdu)
    [told] = await world.said("inbound")
    assert {key: told[key] for key in expected} == expected
    six = {"id", "from", "to_modem", "text", "received_at", "in_reply_to"}
    assert told.keys() == six | expected.keys(), "and nothing else"


@pytest.mark.parametrize(
    ("pdu", "kind"),
    [
        (deliver("secret", protocol=0x40), "silent"),
        (deliver("", header=VOICEMAIL), "waiting"),
        (deliver("", coding=0xC8), "waiting"),
        (deliver("", coding=0xC0), "waiting"),
    ],
    ids=["type 0", "by header", "switched on by coding", "switched off by coding"],
)
async def test_what_is_for_nobodys_eyes_is_kept_and_not_told(
    world: World, pdu: str, kind: str
) -> None:
    await come(world, pdu)
    assert await world.said("inbound") == []
    query = select(INBOUND.c.kind, INBOUND.c.state, INBOUND_PARTS.c.pdu).join(INBOUND_PARTS)
    [row] = await world.database.read(lambda c: c.execute(query).all())
    assert tuple(row) == (kind, "kept", pdu)


async def test_octets_in_parts_are_joined(world: World) -> None:
    first = deliver(MMS[:4], header=PORTS_WAP + concat(1, 2))
    second = deliver(MMS[4:], header=PORTS_WAP + concat(2, 2))
    await come(world, second, first)
    [told] = await world.said("inbound")
    assert (told["kind"], told["data"]) == ("mms", MMS.hex().upper())


async def test_octets_with_a_gap_name_the_places_that_never_came(world: World) -> None:
    await come(world, deliver(b"\x01\x02", header=concat(2, 3)))
    await world.advance(hours=6)
    [told] = await world.said("inbound")
    assert (told["data"], told["missing"], told["text"]) == ("0102", [1, 3], None)


@pytest.mark.parametrize("pdu", ["00FF", "not hex", "", "0791", "0004", "07914477581006F0040C9144"])
async def test_what_cannot_be_read_is_kept_and_told_as_it_came(world: World, pdu: str) -> None:
    await come(world, pdu, pdu, deliver("Next"))
    unreadable, following = await world.said("inbound")
    assert (unreadable["kind"], unreadable["from"], unreadable["text"]) == ("unreadable",) + (
        None,
    ) * 2
    assert following["text"] == "Next"
    [kept] = await world.database.read(
        lambda c: c.scalars(select(INBOUND_PARTS.c.pdu).order_by(INBOUND_PARTS.c.key).limit(1))
    )
    assert kept == pdu


async def test_a_text_that_was_cut_off_is_told_as_far_as_it_goes(world: World) -> None:
    await come(world, deliver("The end of this is not there")[:-8])
    [text] = await texts(world)
    assert text is not None
    assert text.startswith("The end of this is not")
    assert text.endswith("[…]")


async def test_a_fault_of_ours_costs_one_message_its_reading_and_not_the_modem(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The modem would give the same again at each start, and nothing else would ever come in."""

    def stumble(*_: object) -> None:
        raise LookupError("a kind that nobody thought of")

    monkeypatch.setattr("gateway.dispatch.inbound.reading.kind_of", stumble)
    await come(world, deliver("Odd"))
    monkeypatch.undo()
    await come(world, deliver("Next"))
    odd, following = await world.said("inbound")
    assert (odd["kind"], odd["text"]) == ("unreadable", None)
    assert bytes.fromhex(odd["data"]) == bytes.fromhex(deliver("Odd"))
    assert following["text"] == "Next"
    assert world.dispatcher.fleet.count(LINE).received == 2
