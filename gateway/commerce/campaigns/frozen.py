"""A campaign as it was launched: its file may change, what was launched does not. Pure.

The numbers of its canaries are not in it: what they get is decided as it is launched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from gateway.commerce.campaigns.spec import Approval, Canary, Spec, Timing
from gateway.commerce.deciding import Message
from gateway.commerce.experiments import Arm, Design
from gateway.domain.consent import Scope
from gateway.domain.purpose import Purpose


def freeze(spec: Spec, where: str) -> str:
    """Return a campaign as JSON.

    Args:
        spec: as its file has it.
        where: the expression of its segment, as it is now.
    """
    canary = spec.canary
    document = {
        "name": spec.name,
        "segment": spec.segment,
        "where": where,
        "message": _message(spec.message),
        "holdout": spec.design.holdout,
        "arms": [_arm(arm) for arm in spec.design.arms],
        "timing": spec.timing,
        "start": _written(spec.start),
        "deadline": _written(spec.deadline),
        "canary": canary
        and {
            "approval": canary.approval,
            "patience": canary.patience.total_seconds(),
        },
    }
    return json.dumps(document, ensure_ascii=False)


def thaw(text: str) -> Spec:
    """Return what `freeze` made a text of; ``where`` is always there then."""
    document = json.loads(text)
    canary = document["canary"]
    return Spec(
        name=document["name"],
        segment=document["segment"],
        where=document["where"],
        message=_read_message(document["message"]),
        design=Design(
            arms=tuple(_read_arm(arm) for arm in document["arms"]), holdout=document["holdout"]
        ),
        timing=Timing(document["timing"]),
        start=_read(document["start"]),
        deadline=_read(document["deadline"]),
        canary=canary
        and Canary(
            numbers=(),
            approval=Approval(canary["approval"]),
            patience=timedelta(seconds=canary["patience"]),
        ),
    )


def _message(message: Message) -> Mapping[str, object]:
    return {
        "template": message.template,
        "purpose": message.purpose,
        "scope": message.scope,
        "category": message.category,
        "coupon": message.coupon,
        "tracking": message.tracking,
        "sale_ends": _written(message.sale_ends),
    }


def _read_message(document: dict[str, Any]) -> Message:
    scope = document["scope"]
    return Message(
        **document
        | {
            "purpose": Purpose(document["purpose"]),
            "scope": scope and Scope(scope),
            "sale_ends": _read(document["sale_ends"]),
        }
    )


def _arm(arm: Arm) -> Mapping[str, object]:
    return {
        "name": arm.name,
        "weight": arm.weight,
        "template": arm.template,
        "coupon": arm.coupon,
        "delay": arm.delay.total_seconds(),
        "hour": arm.hour,
        "where": arm.where,
    }


def _read_arm(document: dict[str, Any]) -> Arm:
    return Arm(**document | {"delay": timedelta(seconds=document["delay"])})


def _written(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
