"""Segment's calls: what is tracked under a name of the vocabulary, and who a person is.

Sources send one stream to many; what is of no use here is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gateway.bridge.hook import Hook, Json, Known, Told, Translation, ignore, tell
from gateway.bridge.reading import ident, instant, locale, part, text
from gateway.bridge.segment.tracked import KINDS, completed
from gateway.bridge.segment.traits import properties_of


def translate(hook: Hook, known: Known) -> Translation:
    """Translate a message: its ``type``, or the call that brought it, says what it is."""
    kind = text(hook.body, "type") or hook.topic
    call = _CALLS.get(kind)
    return ignore(f"{kind} tells nothing of the shop") if call is None else call(hook, known)


def _track(hook: Hook, _: Known) -> Translation:
    body = hook.body
    kind = KINDS.get((text(body, "event") or "").casefold())
    if kind is None:
        return ignore("no event of the vocabulary has this name")
    return tell(_told(hook, kind, completed(kind, body)))


def _identify(hook: Hook, _: Known) -> Translation:
    properties = properties_of(part(hook.body, "traits"), hook.country)
    if properties.get("phone") is None:
        return ignore("the traits have no number that can be reached")
    return tell(_told(hook, "shop.customer.updated.v1", properties))


_CALLS: Final[Mapping[str, Callable[[Hook, Known], Translation]]] = {
    "track": _track,
    "identify": _identify,
}


def _told(hook: Hook, kind: str, properties: Json) -> Told:
    body = hook.body
    return Told(
        kind=kind,
        properties=properties,
        customer=ident(body, "userId"),
        time=instant(body.get("timestamp")) or instant(body.get("originalTimestamp")),
        locale=locale(part(body, "context").get("locale")),
    )
