"""What flows and campaigns say alike in their files: the message, the arms, the holdout. Pure."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from typing import Final, get_args

from gateway.commerce.deciding.occasion import Message, Tracking
from gateway.commerce.experiments import Arm, Design, DesignError
from gateway.commerce.experiments.design import DEFAULT_HOLDOUT, ONLY
from gateway.domain.consent import ASKED_SCOPES, DEFAULT_SCOPE, Scope
from gateway.domain.content import Fields
from gateway.domain.errors import ContentError
from gateway.domain.ids import is_like_a_number
from gateway.domain.purpose import Purpose

MOST_NAME: Final = 32
"""Characters of the name of a flow or a campaign: with what goes before it and after it, it fits
into the 64 of a job's ``campaign`` and ``id``."""

_NAME: Final = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{MOST_NAME - 1}}}\Z")
_ARM: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}\Z")


class _Sent(StrEnum):
    """The purposes that a flow or a campaign may have; one-time passwords are a store's own."""

    MARKETING = "marketing"
    TRANSACTIONAL = "transactional"


def require_name(name: str, kind: str) -> str:
    """Return the name of a flow or a campaign, which its file has without the ending.

    Raises:
        ContentError: it cannot be one.
    """
    if not _NAME.match(name):
        allowed = f"1 to {MOST_NAME} of a-z, 0-9 and -"
        raise ContentError(f"{name!r} is no name of a {kind}; name the file by {allowed}")
    if is_like_a_number(name):
        raise ContentError(f"{name!r} could be a phone number; name the {kind} otherwise")
    return name


def read_message(fields: Fields) -> Message:
    """Return the message of a flow or a campaign.

    Keys: ``template``, ``purpose``, ``scope``, ``category``, ``coupon``, ``tracking``.
    """
    purpose = Purpose(fields.word("purpose", _Sent, _Sent.MARKETING))
    return Message(
        template=fields.required("template", "abandoned-cart"),
        purpose=purpose,
        scope=_scope(fields, purpose),
        category=fields.text("category"),
        coupon=fields.text("coupon"),
        tracking=_tracking(fields, purpose),
    )


def _scope(fields: Fields, purpose: Purpose) -> Scope:
    written = fields.text("scope")
    if written is None:
        return DEFAULT_SCOPE[purpose]
    known = sorted(ASKED_SCOPES[purpose])
    if written not in known:
        right = ", ".join(f'"{scope}"' for scope in known)
        raise fields.fault("scope", f"is {written!r}; right with {purpose.value}: {right}")
    return Scope(written)


def _tracking(fields: Fields, purpose: Purpose) -> Tracking:
    """Return the level; what somebody is told of their order is tracked by nobody's default."""
    written = fields.text("tracking")
    if written is None:
        return "aggregate" if purpose is Purpose.MARKETING else "none"
    for level in get_args(Tracking):
        if level == written:
            return level  # type: ignore[no-any-return]
    right = ", ".join(f'"{level}"' for level in get_args(Tracking))
    raise fields.fault("tracking", f"is {written!r}; right: {right}")


def read_design(fields: Fields, purpose: Purpose) -> Design:
    """Return the arms and the holdout: of marketing a tenth by default, of all else nobody.

    Keys: ``holdout``, and ``[[arm]]`` with ``name``, ``weight``, ``template``, ``coupon``,
    ``delay``, ``hour``, ``where``.
    """
    default = DEFAULT_HOLDOUT if purpose is Purpose.MARKETING else 0.0
    holdout = fields.number("holdout")
    arms = tuple(_arm(one) for one in fields.tables("arm")) or (ONLY,)
    try:
        return Design(arms=arms, holdout=default if holdout is None else holdout)
    except DesignError as error:
        raise ContentError(str(error)) from None


def _arm(fields: Fields) -> Arm:
    name = fields.required("name", "with-coupon")
    if not _ARM.match(name):
        raise fields.fault("name", f"is {name!r}; right: 1 to 32 of a-z, 0-9, - and _")
    weight = fields.number("weight")
    arm = Arm(
        name=name,
        weight=1.0 if weight is None else weight,
        template=fields.text("template"),
        coupon=fields.text("coupon"),
        delay=fields.duration("delay") or timedelta(),
        hour=fields.whole("hour", 0, 23),
        where=fields.text("where"),
    )
    fields.end()
    return arm
