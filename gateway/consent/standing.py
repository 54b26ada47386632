"""What a person allows now, from what is recorded of them. Pure; it is derived and kept nowhere.

A grant stands until something covers it that came later or at the same instant: when in doubt, the
person said no. What an import brings never stands against a no that was recorded before it,
whatever date it claims, unless it proves that the person answered a message (COMPLIANCE.md G-11).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.domain.consent import (
    MARKETING,
    PROFILING,
    SERVICE,
    TRACKING,
    Action,
    ConsentEvent,
    Method,
    Recorded,
    covers,
)

_ENDS: Final[dict[Action, tuple[str, ...]]] = {
    Action.OBJECTED: (MARKETING, PROFILING),
    Action.ERASED: (MARKETING, PROFILING, TRACKING),
}
"""What ends besides a withdrawal. Who was erased may order again and be told of the order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A person's standing with a store."""

    history: tuple[Recorded, ...] = ()
    """In the order of recording."""

    def grant(self, purpose: str, now: datetime) -> ConsentEvent | None:
        """Return the grant that stands for a purpose, or None.

        Args:
            purpose: of the ledger, such as ``marketing.cart``.
            now: the current instant, UTC.
        """
        standing = [one for one in self._grants(purpose) if self._stands(one, purpose, now)]
        return max(standing, key=_order).event if standing else None

    def withdrew(self, purpose: str) -> bool:
        """Tell whether the person ever said no to a purpose."""
        return any(_ends(one.event, purpose) for one in self.history)

    @property
    def ended_service(self) -> bool:
        """Whether the person ended service messages too, as STOP ALL does (K-6)."""
        noes = [one for one in self.history if _ends(one.event, SERVICE)]
        if not noes:
            return False
        return max(map(_order, noes)) >= max(map(_order, self._grants(SERVICE)), default=(_NEVER,))

    @property
    def restricted(self) -> bool:
        """Whether the person's data may only be kept (G-8)."""
        return self._last(Action.RESTRICTED, Action.UNRESTRICTED) is Action.RESTRICTED

    @property
    def deactivated(self) -> bool:
        """Whether the network said that nobody has the number, and nobody used it since (US-8)."""
        return self._last(Action.DEACTIVATED, Action.GRANTED) is Action.DEACTIVATED

    @property
    def objects(self) -> bool:
        """Whether the person objects to marketing and to profiling for it (G-10)."""
        return self._last(Action.OBJECTED, Action.GRANTED) is Action.OBJECTED

    @property
    def unprofiled(self) -> bool:
        """Whether the person took back to be profiled, and did not allow it since."""
        about = [one for one in self.history if one.event.purpose == PROFILING]
        last = max(about, key=_order, default=None)
        return last is not None and last.event.action is Action.WITHDRAWN

    @property
    def erased(self) -> bool:
        """Whether the person was erased and allowed nothing since."""
        return self._last(Action.ERASED, Action.GRANTED, Action.REQUESTED) is Action.ERASED

    @property
    def withheld(self) -> bool:
        """Whether the person is left out of all analysis and of all segments (G-8, G-10)."""
        return self.objects or self.restricted or self.erased or self.unprofiled

    def prompt(self, since: datetime) -> ConsentEvent | None:
        """Return the double opt-in that waits for the person's answer, or None.

        Args:
            since: prompts of before it are closed.
        """
        about = (Action.REQUESTED, Action.GRANTED, Action.WITHDRAWN, Action.OBJECTED, Action.ERASED)
        last = self._latest(*about)
        if last is None or last.event.action is not Action.REQUESTED or last.event.at < since:
            return None
        return last.event

    def _grants(self, purpose: str) -> list[Recorded]:
        return [
            one
            for one in self.history
            if one.event.action is Action.GRANTED and covers(one.event.purpose, purpose)
        ]

    def _stands(self, grant: Recorded, purpose: str, now: datetime) -> bool:
        until = grant.event.until
        if until is not None and until <= now:
            return False
        noes = (one for one in self.history if _ends(one.event, purpose))
        return not any(_beats(no, grant) for no in noes)

    def _last(self, *actions: Action) -> Action | None:
        latest = self._latest(*actions)
        return None if latest is None else latest.event.action

    def _latest(self, *actions: Action) -> Recorded | None:
        about = [one for one in self.history if one.event.action in actions]
        return max(about, key=_order, default=None)


def standing_of(history: Iterable[Recorded]) -> Standing:
    """Return the standing that a person's history makes."""
    return Standing(history=tuple(history))


def _ends(event: ConsentEvent, purpose: str) -> bool:
    ended: Sequence[str] = _ENDS.get(event.action, ())
    if event.action is Action.WITHDRAWN:
        ended = (event.purpose,)
    return any(covers(wide, purpose) for wide in ended)


def _beats(no: Recorded, grant: Recorded) -> bool:
    """Tell whether a no holds against a grant."""
    if no.event.at >= grant.event.at:
        return True
    imported = grant.event.method is Method.IMPORT and not grant.event.confirmed
    return imported and no.key < grant.key


def _order(one: Recorded) -> tuple[float, int]:
    return one.event.at.timestamp(), one.key


_NEVER: Final = float("-inf")
