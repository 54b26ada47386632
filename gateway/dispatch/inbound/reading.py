"""What the parts of a message say together. Without I/O; nothing here raises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from gateway.db.inbox import PartIn
from gateway.dispatch.inbound.arrival import read_deliver
from gateway.dispatch.inbound.kind import kind_of
from gateway.domain.inbound import InboundKind
from gateway.sms import GAP, Deliver, join_parts

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A message as it is told."""

    kind: InboundKind
    text: str | None
    """With `gateway.sms.GAP` where something is missing."""
    data: bytes | None = None
    missing: tuple[int, ...] = ()
    """Places of parts that are not there."""

    @property
    def published(self) -> bool:
        """Whether it is for anybody's eyes."""
        if self.kind is InboundKind.SILENT:
            return False
        return self.kind is not InboundKind.WAITING or bool(self.text)


def read_message(parts: Sequence[PartIn], total: int) -> Reading:
    """Return what the parts of a message say.

    Args:
        parts: at least one; of two for one place the first counts.
        total: how many the whole has.
    """
    if parts and parts[0].text is not None:  # of a carrier, whose messages are whole
        return Reading(kind=InboundKind.TEXT, text=storable(parts[0].text))
    placed = _placed(parts)
    if not placed:
        return _unreadable(parts)
    try:
        return _read(placed, total)
    except Exception:
        # It is on disk and would stumble at every start; it costs its reading and nothing else.
        log.exception("message_not_understood", parts=len(parts))
        return _unreadable(parts)


def _placed(parts: Sequence[PartIn]) -> dict[int, Deliver]:
    placed: dict[int, Deliver] = {}
    for part in parts:
        deliver = read_deliver(part.pdu, part.length)
        if deliver is not None:
            placed.setdefault(part.place, deliver)
    return dict(sorted(placed.items()))


def _read(placed: Mapping[int, Deliver], total: int) -> Reading:
    ordered = list(placed.values())
    text, data = _text_of(ordered), _data_of(ordered)
    missing = tuple(place for place in range(1, total + 1) if place not in placed)
    return Reading(kind=kind_of(ordered[0], text, data), text=text, data=data, missing=missing)


def _unreadable(parts: Sequence[PartIn]) -> Reading:
    raw = b"".join(_raw(part.pdu) for part in parts)
    return Reading(kind=InboundKind.UNREADABLE, text=None, data=raw)


def _text_of(ordered: Sequence[Deliver]) -> str | None:
    if not any(deliver.text or deliver.data is None for deliver in ordered):
        return None
    last = ordered[-1].user_data
    # With a header, a length that is not met is a writer's miscount as often as a cut.
    cut = GAP if last.truncated and not last.header.elements else ""
    return storable(join_parts(ordered) + cut)


def storable(text: str) -> str:
    """Return a text that every database takes: without NUL, and without half a surrogate pair.

    No person writes either.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def _data_of(ordered: Sequence[Deliver]) -> bytes | None:
    if all(deliver.data is None for deliver in ordered):
        return None
    return b"".join(deliver.data or b"" for deliver in ordered)


def _raw(pdu: str) -> bytes:
    try:
        return bytes.fromhex(pdu)
    except ValueError:
        return pdu.encode("utf-8", "backslashreplace")
