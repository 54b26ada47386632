"""The answer, as whoever asked gets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Self

from gateway.dispatch.forecast.outcome import Played
from gateway.dispatch.forecast.people import People
from gateway.domain.ids import LineId, ModemName


@dataclass(frozen=True, kw_only=True, slots=True)
class OverLine:
    """What goes over one line."""

    modem: ModemName
    line: LineId
    messages: int
    parts: int
    cost: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """Instants are UTC; money is in the gateway's currency."""

    persons: int
    """Who may be written to."""
    repeated: int
    """Numbers that came more than once, counted for each time after the first."""
    refused: Mapping[str, int]
    """Who may not, by the code of the refusal."""
    outside_window: int
    """Who may be written to at other hours than those of the start."""
    put_off: Mapping[str, int]
    """Who may be written to later than the start, by what is waited for."""
    parts_each: int
    """Of the longest text, where there are several."""
    messages: int
    """That go out."""
    parts: int
    expired: int
    """Messages whose deadline comes before their turn."""
    unserved: int
    """Messages that no line sends."""
    ahead: int
    """Parts of other messages that go before the last of these."""
    lines: tuple[OverLine, ...]
    """Most parts first."""
    first_at: datetime | None
    last_at: datetime | None
    """When the last part goes."""
    cost: Decimal

    @classmethod
    def of(
        cls,
        people: People,
        played: Played,
        *,
        modems: Mapping[LineId, ModemName],
        parts: int,
        began: datetime,
    ) -> Self:
        """Return what came of a play that began at an instant."""
        shares = sorted(played.shares.items(), key=lambda one: (-one[1].parts, modems[one[0]]))
        return cls(
            persons=people.allowed,
            repeated=people.repeated,
            refused=dict(people.refused.most_common()),
            outside_window=people.outside,
            put_off=dict(people.put_off.most_common()),
            parts_each=parts,
            messages=sum(share.messages for _, share in shares),
            parts=sum(share.parts for _, share in shares),
            expired=played.expired,
            unserved=played.left,
            ahead=played.ahead,
            lines=tuple(
                OverLine(
                    modem=modems[line],
                    line=line,
                    messages=share.messages,
                    parts=share.parts,
                    cost=share.cost,
                )
                for line, share in shares
            ),
            first_at=_instant(began, played.first_at),
            last_at=_instant(began, played.last_at),
            cost=sum((share.cost for _, share in shares), Decimal(0)),
        )


def _instant(began: datetime, seconds: float | None) -> datetime | None:
    return None if seconds is None else began + timedelta(seconds=seconds)
