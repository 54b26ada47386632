"""Ids with types of their own, so that one is never taken for another."""

from __future__ import annotations

import re
from typing import Final, NewType

StoreName = NewType("StoreName", str)
"""A shop's software, as a topic level: ``[a-z0-9-]{1,32}``."""

JobId = NewType("JobId", str)
"""What a store calls its job; unique with the store's name, for ever."""

Campaign = NewType("Campaign", str)
"""What a store calls a campaign, and its jobs belong to."""

PersonId = NewType("PersonId", str)
"""A person's keyed pseudonym, the same as in the lake; see `scoring.pseudonym`."""

JobKey = NewType("JobKey", int)
"""The database's number of a job."""

LaneKey = NewType("LaneKey", int)
"""The database's number of a lane; see `gateway.domain.lane`."""

PartKey = NewType("PartKey", int)
"""The database's number of a part."""

AttemptKey = NewType("AttemptKey", int)
"""The database's number of one handing over of a part to a modem."""

MessageKey = NewType("MessageKey", int)
"""The database's number of a message that came in."""

ModemName = NewType("ModemName", str)
"""A modem's name in the configuration."""

LineId = NewType("LineId", str)
"""A SIM: its ICCID, or a stand-in made of the modem's identity where the SIM does not tell it; or a
carrier, see `carrier_line`."""

CarrierName = NewType("CarrierName", str)
"""A carrier's name in the configuration."""

CarriedId = NewType("CarriedId", str)
"""What a carrier calls a message."""

HOUSE: Final = StoreName("_house")
"""In whose name the gateway's own messages stand: to its operator, and from one of its lines to
another. No store can have the name, and none is told of them."""

CARRIER_PREFIX: Final = "carrier:"
"""What the id of a line begins with that is a carrier."""

AUTO_PORT: Final = "auto"
"""The port of the entry that stands for every stick that no other entry names."""

STORE_NAME = re.compile(r"[a-z0-9-]{1,32}\Z")
JOB_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}\Z")

NUMBER_DIGITS: Final = 7
"""Digits from which on a name could be a phone number, as `gateway.domain.redaction` has it."""

_NUMBER: Final = re.compile(r"[0-9.-]*\Z|.*[0-9]{10}")


def store_in_words(store: str) -> str:
    """Return a store's name for people; the gateway's own messages are of none."""
    return "(gateway)" if store == HOUSE else store


def carrier_line(name: CarrierName) -> LineId:
    """Return the line that a carrier is, such as ``carrier:main``."""
    return LineId(f"{CARRIER_PREFIX}{name}")


def is_carrier(line: str | None) -> bool:
    """Tell whether a line is a carrier, and no SIM."""
    return line is not None and line.startswith(CARRIER_PREFIX)


def is_like_a_number(name: str) -> bool:
    """Tell whether a name of ours could be somebody's phone number (COMPLIANCE G-14).

    Names of stores and nodes are levels of topics, which brokers log. A date beside a word, as in
    ``shop-20261126``, is nobody's number.
    """
    digits = sum(sign.isdecimal() for sign in name)
    return digits >= NUMBER_DIGITS and _NUMBER.match(name) is not None
