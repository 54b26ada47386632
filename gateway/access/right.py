"""What somebody may do in the console and over the API: one vocabulary for roles and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Right(StrEnum):
    """Something that a page or an endpoint demands."""

    READ = "read"
    """Modems, the queue, counts, campaigns; numbers of persons are masked."""
    ANSWER = "answer"
    """Conversations, with their numbers, and replies."""
    PEOPLE = "people"
    """Search persons, see their history, export, restrict and erase them."""
    SEND = "send"
    """Submit and cancel jobs."""
    OPERATE = "operate"
    """Campaigns, modems, alarms, the configuration read again."""
    METRICS = "metrics"
    ADMIN = "admin"
    """Users, tokens, the audit log."""


class Role(StrEnum):
    """What a user is."""

    VIEWER = "viewer"
    AGENT = "agent"
    OPERATOR = "operator"
    ADMIN = "admin"


_VIEWER: Final = frozenset({Right.READ, Right.METRICS})
_AGENT: Final = _VIEWER | {Right.ANSWER}
_OPERATOR: Final = _AGENT | {Right.PEOPLE, Right.SEND, Right.OPERATE}

RIGHTS: Final[Mapping[Role, frozenset[Right]]] = MappingProxyType(
    {
        Role.VIEWER: _VIEWER,
        Role.AGENT: _AGENT,
        Role.OPERATOR: _OPERATOR,
        Role.ADMIN: frozenset(Right),
    }
)
"""What each role may do; each may all that those before it may."""
