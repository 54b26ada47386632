"""Reads a flow from its TOML file. Pure; what is wrong is told by its key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final, TypeVar

from gateway.commerce.deciding.reading import read_design, read_message, require_name
from gateway.commerce.flows.flow import (
    DAILY,
    MEANINGS,
    ORDERS,
    PRODUCTS,
    Audience,
    Flow,
    Trigger,
    Word,
    always,
)
from gateway.domain.content import Fields
from gateway.domain.duration import format_duration
from gateway.domain.errors import ContentError

T = TypeVar("T", Word, Audience)

GRACE: Final = timedelta(days=2)
"""How long after its wait a message is still worth sending, where the flow does not say."""

ONLY_FOR: Final[Mapping[str, frozenset[Trigger]]] = MappingProxyType(
    {
        "audience": PRODUCTS,
        "viewed_within": PRODUCTS,
        "drop": frozenset({Trigger.PRICE_DROPPED}),
        "risk": frozenset({Trigger.CHURN_RISK}),
        "nth_order": ORDERS,
        "hour": DAILY,
    }
)
"""Keys that some triggers alone know."""

DEFAULT_DROP: Final = 10.0
DEFAULT_RISK: Final = 0.7
DEFAULT_VIEWED: Final = timedelta(days=30)
DEFAULT_HOUR: Final = 9
MOST_RECOMMENDED: Final = 5

_AUDIENCES: Final[Mapping[Trigger, frozenset[Audience]]] = MappingProxyType(
    {
        Trigger.RESTOCKED: frozenset({Audience.ASKED, Audience.VIEWED}),
        Trigger.PRICE_DROPPED: frozenset({Audience.ASKED, Audience.VIEWED}),
        Trigger.PRODUCT_NEW: frozenset({Audience.LIKES}),
    }
)


def parse_flow(name: str, text: str) -> Flow:
    """Return the flow that a file holds.

    Args:
        name: of the flow, as its file has it.
        text: of the file.

    Raises:
        ContentError: it cannot be as it stands.
    """
    require_name(name, "flow")
    fields = Fields.of(text)
    trigger = _trigger(fields)
    _refuse_foreign(fields, trigger)
    message = read_message(fields)
    wait = fields.duration("wait") or timedelta()
    flow = Flow(
        name=name,
        trigger=trigger,
        message=message,
        design=read_design(fields, message.purpose),
        about=fields.text("about") or "",
        wait=wait,
        within=_within(fields, wait),
        every=fields.duration("every"),
        unless=always(trigger) | _words(fields, "unless", trigger),
        when=_words(fields, "when", trigger),
        where=fields.text("where"),
        audience=_chosen(fields, "audience", Audience) or _AUDIENCES.get(trigger, frozenset()),
        viewed_within=fields.duration("viewed_within") or DEFAULT_VIEWED,
        drop=_between(fields, "drop", DEFAULT_DROP, 0, 100),
        risk=_between(fields, "risk", DEFAULT_RISK, 0, 1),
        nth_order=fields.whole("nth_order", 1, 1000),
        hour=_hour(fields),
        recommend=fields.whole("recommend", 0, MOST_RECOMMENDED) or 0,
    )
    fields.end()
    _refuse_both(fields, flow)
    return flow


def _trigger(fields: Fields) -> Trigger:
    fields.required("on", Trigger.CART_LEFT)
    return fields.word("on", Trigger, Trigger.CART_LEFT)


def _refuse_foreign(fields: Fields, trigger: Trigger) -> None:
    for key, triggers in ONLY_FOR.items():
        if fields.has(key) and trigger not in triggers:
            right = ", ".join(f'"{one}"' for one in Trigger if one in triggers)
            raise fields.fault(key, f'is nothing to on = "{trigger}"; it is for {right}')


def _within(fields: Fields, wait: timedelta) -> timedelta:
    within = fields.duration("within")
    if within is None:
        return wait + GRACE
    if within <= wait:
        longer = format_duration(wait)
        raise fields.fault("within", f"is not longer than the wait of {longer}; nothing would go")
    return within


def _words(fields: Fields, key: str, trigger: Trigger) -> frozenset[Word]:
    words = _chosen(fields, key, Word)
    for word in sorted(words):
        if trigger not in MEANINGS[word].of:
            right = _listed(one for one in Word if trigger in MEANINGS[one].of)
            raise fields.fault(
                key, f'{word.value!r} is nothing to on = "{trigger}"; right: {right}'
            )
    return words


def _chosen(fields: Fields, key: str, kind: type[T]) -> frozenset[T]:
    known = {word.value: word for word in kind}
    written = fields.texts(key)
    for word in written:
        if word not in known:
            raise fields.fault(key, f"has {word!r}; right: {_listed(kind)}")
    return frozenset(known[word] for word in written)


def _listed(words: Iterable[Word | Audience]) -> str:
    return ", ".join(f'"{word}"' for word in words)


def _between(fields: Fields, key: str, default: float, least: float, most: float) -> float:
    value = fields.number(key)
    if value is None:
        return default
    if not least <= value <= most:
        raise fields.fault(key, f"is {value:g}; right: from {least:g} to {most:g}")
    return value


def _hour(fields: Fields) -> int:
    hour = fields.whole("hour", 0, 23)
    return DEFAULT_HOUR if hour is None else hour


def _refuse_both(fields: Fields, flow: Flow) -> None:
    """Refuse a flow that could never send anything."""
    both = sorted(flow.when & flow.unless)
    if both:
        raise fields.fault("when", f"{both[0].value!r} stands against it, too; nothing would go")


def require_flow(flow: Flow | None, name: str, known: Iterable[str]) -> Flow:
    """Return a flow that was asked for by its name.

    Raises:
        ContentError: there is none of that name.
    """
    if flow is None:
        there = ", ".join(sorted(known)) or "none"
        raise ContentError(f"there is no flow {name!r}; there are: {there}")
    return flow
