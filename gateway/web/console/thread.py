"""A conversation as a messenger shows it: both directions in one order. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.domain.purpose import Purpose
from gateway.web.console.seen import CODE, kind_of, word_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Bubble:
    """One message of a conversation."""

    mine: bool
    """Whether we wrote it."""
    at: datetime
    text: str
    veiled: bool = False
    """Whether the text is ours, in place of one that is not shown."""
    kind: str = ""
    """Of the mark; empty of what came in."""
    word: str = ""
    reason: str = ""
    campaign: str = ""


def bubbles_of(one: Mapping[str, Any]) -> Sequence[Bubble]:
    """Return the messages of `gateway.control.conversations.conversation_document`, in order."""
    came = [_came(each) for each in one["received"]]
    went = [_went(each) for each in one["written"]]
    return sorted([*came, *went], key=lambda bubble: bubble.at)


def _came(one: Mapping[str, Any]) -> Bubble:
    if one["text"]:
        return Bubble(mine=False, at=one["at"], text=one["text"])
    return Bubble(mine=False, at=one["at"], text="This text is kept no more.", veiled=True)


def _went(one: Mapping[str, Any]) -> Bubble:
    is_code = one["purpose"] == Purpose.OTP
    gone = "This text is kept no more."
    return Bubble(
        mine=True,
        at=one["at"],
        text=CODE if is_code else one["text"] or gone,
        veiled=is_code or not one["text"],
        kind=kind_of(one["state"]),
        word=word_of(one["state"]),
        reason=one["reason"] or "",
        campaign=one["campaign"] or "",
    )


def about_words(one: Mapping[str, Any]) -> str:
    """Return what a conversation is about: the campaign, the order; empty where nobody can tell."""
    about = one["about"]
    words = [f"{name.removesuffix('_id')} {value}" for name, value in sorted(about.items())]
    return ", ".join(filter(None, [one["campaign"], *words]))
