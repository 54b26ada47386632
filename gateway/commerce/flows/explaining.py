"""Says in words what a flow does. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from gateway.commerce.flows.flow import (
    AWAITED,
    DAILY,
    MEANINGS,
    PRODUCTS,
    Audience,
    Flow,
    Trigger,
    Word,
)
from gateway.domain.duration import format_duration

_SETS_OFF: Final[Mapping[Trigger, str]] = MappingProxyType(
    {
        Trigger.CART_LEFT: "a cart is left",
        Trigger.ORDER_PLACED: "an order is placed",
        Trigger.ORDER_SHIPPED: "a parcel is on its way",
        Trigger.OUT_FOR_DELIVERY: "a parcel is out for delivery",
        Trigger.READY_FOR_PICKUP: "a parcel can be picked up",
        Trigger.ATTEMPTED_DELIVERY: "a parcel could not be delivered",
        Trigger.ORDER_DELIVERED: "a parcel was delivered",
        Trigger.RESTOCKED: "a product can be had again",
        Trigger.PRICE_DROPPED: "a product costs less",
        Trigger.PRODUCT_NEW: "there is a new product",
        Trigger.CHURN_RISK: "somebody may be lost, by fresh scores",
        Trigger.BIRTHDAY: "it is somebody's birthday",
        Trigger.REFERRAL_USED: "a friend orders with the code of somebody",
    }
)
_CONCERNS: Final[Mapping[Audience, str]] = MappingProxyType(
    {
        Audience.ASKED: "who asked to be told of it",
        Audience.VIEWED: "who looked at it within {within} and did not buy it",
        Audience.LIKES: "who likes its category or one of its tags",
    }
)


def explain(flow: Flow, segment: str | None = None) -> list[str]:
    """Return what a flow does, a sentence each.

    Args:
        flow: the flow.
        segment: whom it is for, in words; None: its expression is said as it stands.
    """
    return [f"{sentence[0].upper()}{sentence[1:]}." for sentence in _sentences(flow, segment)]


def _sentences(flow: Flow, segment: str | None) -> Iterator[str]:
    yield f"When {_set_off(flow)}, the template {flow.message.template} is sent {_when(flow)}"
    if flow.trigger in PRODUCTS:
        yield f"it goes to {_audience(flow)}"
    if flow.where is not None:
        yield f"only to {segment or flow.where}"
    yield f"after {format_duration(flow.within)} it is not sent any more"
    if flow.every is not None:
        of_product = " about one product" if flow.trigger in AWAITED else ""
        yield f"a person gets it at most once in {format_duration(flow.every)}{of_product}"
    for word in Word:
        if word in flow.unless:
            yield f"it is not sent when {MEANINGS[word].words}"
        if word in flow.when:
            yield f"it is sent only when {MEANINGS[word].words}"
    if flow.recommend:
        yield f"it recommends up to {flow.recommend} products, and is not sent without any"
    yield from _experiment(flow)


def _set_off(flow: Flow) -> str:
    said = _SETS_OFF[flow.trigger]
    if flow.trigger is Trigger.PRICE_DROPPED:
        return f"{said} by at least {flow.drop:g} %"
    if flow.trigger is Trigger.CHURN_RISK:
        return f"{said} with a risk of at least {flow.risk:g}"
    if flow.nth_order is not None:
        return f"{said} that is the person's number {flow.nth_order}"
    return said


def _when(flow: Flow) -> str:
    if flow.trigger in DAILY:
        return f"at {flow.hour}:00 of the person's day"
    return f"{format_duration(flow.wait)} later" if flow.wait else "at once"


def _audience(flow: Flow) -> str:
    within = format_duration(flow.viewed_within)
    said = [_CONCERNS[one].format(within=within) for one in Audience if one in flow.audience]
    return " and to ".join(said)


def _experiment(flow: Flow) -> Iterator[str]:
    purpose = flow.message.purpose.value
    yield f"it is {purpose}, about {flow.message.scope}; links: {flow.message.tracking}"
    if flow.design.holdout:
        yield f"{flow.design.holdout:.0%} get nothing, to measure what it is worth"
    if len(flow.design.arms) > 1:
        arms = ", ".join(arm.name for arm in flow.design.arms)
        yield f"it compares {len(flow.design.arms)} arms: {arms}"
