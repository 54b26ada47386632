"""The kinds of values in a configuration: how each is read, and what is said when it cannot be.

A reason reads on from ``key = value:`` and ends with what would be right.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
import shlex
import zoneinfo
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field

from gateway.domain.balance import BalancePattern
from gateway.domain.caps import Cap
from gateway.domain.duration import parse_duration
from gateway.domain.ids import STORE_NAME, CarrierName, ModemName, StoreName, is_like_a_number
from gateway.domain.purpose import Purpose
from gateway.domain.rate import Rate
from gateway.domain.reserve import Reserve
from gateway.domain.ussd import check_request
from gateway.settings.text import read_by

_COMMON_MISTAKES: Final = {"UK": "GB", "EN": "GB", "EL": "GR"}
_SENDER_NAME: Final = r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}"
"""As networks show it in the place of a number (3GPP TS 23.040 clause 9.1.2.5)."""
_PREFIX: Final = re.compile(r"\+\d{1,15}\Z")
_PRICES: Final = '{"+44" = "0.03"}'


def _matching(pattern: str | re.Pattern[str], reason: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(reason)
        return text

    return AfterValidator(check)


def _nobodys_number(name: str) -> str:
    """Keep numbers of persons out of topics, which brokers log (COMPLIANCE G-14)."""
    if is_like_a_number(name):
        raise ValueError("could be a phone number, and no topic may hold one; write a word")
    return name


def _country(code: str) -> str:
    if code in phonenumbers.SUPPORTED_REGIONS:
        return code
    guess = _COMMON_MISTAKES.get(code.upper(), code.upper())
    known = guess in phonenumbers.SUPPORTED_REGIONS
    remedy = f'did you mean "{guess}"?' if known else 'write two capitals, such as "GB"'
    raise ValueError(f"is no ISO 3166 country code with phone numbers; {remedy}")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        near = difflib.get_close_matches(name, zoneinfo.available_timezones(), n=1)
        guess = near[0] if near else "Europe/London"
        raise ValueError(
            f'is no time zone of the tz database; write one such as "{guess}"'
        ) from None


def _whole(value: object) -> object:
    """Refuse what pydantic would take for a whole number though nobody means one."""
    if isinstance(value, bool | float):
        raise ValueError("is no whole number; write one such as 200")  # noqa: TRY004
    return value


def _seconds(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("is no number of seconds; write one such as 180")  # noqa: TRY004
    return value


def is_name(sender: str) -> bool:
    """Tell whether a carrier's sender is a name, which nobody can answer (COMPLIANCE US-6)."""
    return re.fullmatch(_SENDER_NAME, sender) is not None


def listed(value: object) -> object:
    """Take ``"+44,+353"`` for a list, as an environment variable has to write it."""
    if isinstance(value, str):
        return [item.strip() for item in value.split(",") if item.strip()]
    return value


def _words(value: object) -> object:
    """Split ``"uhubctl -a cycle"`` as a shell would, of which none is asked."""
    if not isinstance(value, str):
        return value
    try:
        return shlex.split(value)
    except ValueError:
        raise ValueError("has a quote that is not closed") from None


def _runnable(words: tuple[str, ...]) -> tuple[str, ...]:
    if not words or not words[0]:
        raise ValueError('names no program; write one such as ["uhubctl", "-a", "cycle"]')
    return words


def _priced(value: object) -> object:
    """Take ``"+44=0.03,+33=0.09"`` for a table, as an environment variable has to write it."""
    if not isinstance(value, str):
        return value
    pairs = [item.partition("=") for item in value.split(",") if item.strip()]
    return {prefix.strip(): price.strip() for prefix, _, price in pairs}


def _price_list(value: object) -> dict[str, Decimal]:
    if not isinstance(value, Mapping):
        raise ValueError(f"is no table of prices; write one such as {_PRICES}")  # noqa: TRY004
    return {_prefix_of(prefix): _price(price, prefix) for prefix, price in value.items()}


def _prefix_of(prefix: object) -> str:
    if not isinstance(prefix, str) or not _PREFIX.match(prefix):
        raise ValueError(
            f"{prefix!r} is no prefix of international numbers; write prices such as {_PRICES}"
        )
    return prefix


def _price(value: object, prefix: object) -> Decimal:
    try:
        price = Decimal(str(value))
    except InvalidOperation:
        price = Decimal("NaN")
    if isinstance(value, bool) or not price.is_finite() or price < 0:
        raise ValueError(f"has no price for {prefix}; write prices such as {_PRICES}")
    return price


def _money(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("is no amount; write one such as 2.0")  # noqa: TRY004
    return str(value) if isinstance(value, float) else value


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        raise ValueError(
            f"{text!r} is no address or network; write one such as 127.0.0.1 or 10.0.0.0/8"
        ) from None


Country = Annotated[str, AfterValidator(_country), Field(examples=["GB"])]
Zone = Annotated[ZoneInfo, read_by(_zone), Field(examples=["Europe/London"])]
Pace = Annotated[Rate, read_by(Rate.parse), Field(examples=["20/min"])]
Count = Annotated[int, BeforeValidator(_whole), Field(ge=1, examples=[200])]
Kept = Annotated[Reserve, BeforeValidator(Reserve.parse), Field(examples=["10%"])]
Seconds = Annotated[float, BeforeValidator(_seconds), Field(allow_inf_nan=False, examples=[180])]

Interval = Annotated[Seconds, Field(ge=3600, examples=[86400])]
Amount = Annotated[Decimal, BeforeValidator(_money), Field(ge=0, examples=[2.0])]
Unit = Annotated[
    str,
    _matching(r"[^\W\d_]{1,8}|[€£$¥₹]", "is no unit of money; write one such as GBP"),
    Field(examples=["GBP"]),
]
Price = Annotated[
    Decimal, BeforeValidator(_money), Field(ge=0, allow_inf_nan=False, examples=["0.04"])
]
Prices = Annotated[
    dict[str, Decimal],
    BeforeValidator(_price_list),
    BeforeValidator(_priced),
    Field(examples=[{"+44": "0.03"}]),
]
Currency = Annotated[
    str,
    _matching(r"[A-Z]{3}", "is no ISO 4217 code of a currency; write three capitals such as EUR"),
    Field(examples=["EUR"]),
]
Language = Annotated[
    str,
    _matching(
        r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*",
        'is no tag of a language; write one such as "en" or "de-AT"',
    ),
    Field(examples=["en"]),
]
UssdText = Annotated[str, read_by(check_request), Field(examples=["*100#"])]
Pattern = Annotated[
    BalancePattern, read_by(BalancePattern.parse), Field(examples=[r"(?P<amount>[\d.,]+)"])
]

Node = Annotated[
    str,
    _matching(r"[A-Za-z0-9._-]{1,64}", "may have 1 to 64 letters, digits, dots, dashes"),
    AfterValidator(_nobodys_number),
    Field(examples=["box-1"]),
]
Modem = Annotated[
    ModemName,
    _matching(r"[A-Za-z0-9._-]{1,32}", "may have 1 to 32 letters, digits, dots, dashes"),
    Field(examples=["m0"]),
]
Carrier = Annotated[
    CarrierName,
    _matching(r"[A-Za-z0-9._-]{1,32}", "may have 1 to 32 letters, digits, dots, dashes"),
    Field(examples=["main"]),
]
Label = Annotated[
    str,
    _matching(r"[A-Za-z0-9._-]{1,32}", "may have 1 to 32 letters, digits, dots, dashes"),
    Field(examples=["vodafone"]),
]
Account = Annotated[
    str,
    _matching(r"[A-Za-z0-9._-]{1,64}", "may have 1 to 64 letters, digits, dots, dashes"),
    Field(examples=["AC…"]),
]
Sender = Annotated[
    str,
    _matching(
        rf"\+[1-9]\d{{6,14}}|\d{{3,8}}|MG[0-9a-fA-F]{{32}}|{_SENDER_NAME}",
        'is no sender; write a number such as "+33937000000", a short code, a name of 11 letters '
        "at most, or the id of a messaging service (MG…)",
    ),
    Field(examples=["+33937000000"]),
]
Purposes = Annotated[
    frozenset[Purpose], BeforeValidator(listed), Field(min_length=1, examples=[["marketing"]])
]
Caps = Annotated[
    tuple[Annotated[Cap, read_by(Cap.parse)], ...],
    BeforeValidator(listed),
    Field(examples=[["2/24h", "6/7d"]]),
]
Store = Annotated[
    StoreName,
    _matching(STORE_NAME, "is a topic level; it may have 1 to 32 of a-z, 0-9 and -"),
    _matching(r"(?!gateway\Z).*", "is where gateways announce themselves; write another"),
    AfterValidator(_nobodys_number),
    Field(examples=["acme"]),
]
Brand = Annotated[
    str,
    _matching(
        r"(?=.*\w)[^\x00-\x1f\x7f]{1,40}", "is no name that a person reads; write one such as Acme"
    ),
    Field(examples=["Acme"]),
]
Mention = Annotated[
    str,
    _matching(
        r"(?=.*\w)[^\x00-\x1f\x7f]{4,60}",
        "is no line of a message; write one such as STOP: reply STOP",
    ),
    Field(examples=["STOP: reply STOP"]),
]
HelpContact = Annotated[
    str,
    _matching(
        r"(?=.*[@\d/.])[^\x00-\x1f\x7f{}]{4,80}",
        "is nowhere to turn to; write an address, a link or a number such as help@acme.example",
    ),
    Field(examples=["help@acme.example"]),
]
Host = Annotated[
    str,
    _matching(
        r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*",
        "is no host; write one in small letters such as shop.example, without https://",
    ),
]
_ANSWERED: Final = ("order-status",)
"""Questions that can be answered; `gateway.commerce.conversations` knows how."""


def _question(topic: str) -> str:
    if topic not in _ANSWERED:
        raise ValueError(f"is no question that is answered; there are: {', '.join(_ANSWERED)}")
    return topic


Answers = Annotated[
    frozenset[Annotated[str, AfterValidator(_question)]],
    BeforeValidator(listed),
    Field(examples=[["order-status"]]),
]
Hosts = Annotated[frozenset[Host], BeforeValidator(listed), Field(examples=[["shop.example"]])]
Proxies = Annotated[
    tuple[Annotated[str, AfterValidator(_network)], ...],
    BeforeValidator(listed),
    Field(examples=[["127.0.0.1"]]),
]
Length = Annotated[timedelta, read_by(parse_duration), Field(examples=["90d"])]
SystemUser = Annotated[
    str,
    _matching(r"[a-z_][a-z0-9_-]{0,31}", "is no name of a user of this system"),
    Field(examples=["mosquitto"]),
]
Prefix = Annotated[
    str, _matching(_PREFIX, 'is no prefix of international numbers; write one such as "+44"')
]
Tag = Annotated[
    str, _matching(r"[a-z0-9-]{1,32}", "is no tag; it may have 1 to 32 of a-z, 0-9 and -")
]
Tags = Annotated[frozenset[Tag], BeforeValidator(listed), Field(examples=[["promo"]])]
Network = Annotated[
    str,
    _matching(
        r"(?=.*\S)[^\x00-\x1f\x7f]{1,64}", "is no name of an operator; write one such as Vodafone"
    ),
    Field(examples=["Vodafone"]),
]
Networks = Annotated[frozenset[Network], BeforeValidator(listed), Field(examples=[["Vodafone"]])]
Prefixes = Annotated[tuple[Prefix, ...], BeforeValidator(listed), Field(examples=[["+44"]])]
Words = Annotated[
    tuple[str, ...],
    BeforeValidator(_words),
    AfterValidator(_runnable),
    Field(examples=[["uhubctl", "-l", "1-1", "-p", "2", "-a", "cycle"]]),
]
