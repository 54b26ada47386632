"""What a person writes, as the network brings it; read by python-gsmmodem-new."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import gsmmodem.pdu as oracle
import pytest

from hardware.simulator.inbound import encode_inbound

AT = datetime(2026, 11, 23, 9, 30, 5, tzinfo=UTC)
SENDER = "+447700900777"


def read(text: str, sender: str = SENDER) -> list[dict[str, Any]]:
    tpdus = encode_inbound(sender=sender, text=text, at=AT, reference=9)
    assert all(len(tpdu) <= 164 for tpdu in tpdus)
    return [oracle.decodeSmsPdu((b"\x00" + tpdu).hex()) for tpdu in tpdus]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("STOP", 1),
        ("", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ž" * 70, 1),
        ("ž" * 71, 2),
        ("x" * 153 + "y" * 153, 2),
        ("x" * 307, 3),
    ],
)
def test_a_text_comes_in_as_many_parts_as_it_needs(text: str, parts: int) -> None:
    messages = read(text)
    assert len(messages) == parts
    assert "".join(message["text"] for message in messages) == text
    assert {(message["number"], message["time"]) for message in messages} == {(SENDER, AT)}


def test_parts_say_which_they_are() -> None:
    headers = [message["udh"][0] for message in read("x" * 307)]
    assert [(udh.reference, udh.parts, udh.number) for udh in headers] == [
        (9, 3, 1),
        (9, 3, 2),
        (9, 3, 3),
    ]


def test_neither_an_escape_nor_a_pair_is_torn_apart() -> None:
    assert [message["text"] for message in read("x" * 152 + "€" * 9)] == ["x" * 152, "€" * 9]
    parts = encode_inbound(sender=SENDER, text="ž" * 66 + "🙂" * 3, at=AT, reference=1)
    bodies = [tpdu[19 + 6 :] for tpdu in parts]
    assert [body.decode("utf-16-be") for body in bodies] == ["ž" * 66, "🙂" * 3]


def test_a_name_may_be_the_sender() -> None:
    assert read("hi", sender="ACME")[0]["number"] == "ACME"


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="256 parts"):
        encode_inbound(sender=SENDER, text="x" * (153 * 255 + 1), at=AT, reference=1)
