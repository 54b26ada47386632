"""Alarms over HTTP: a JSON document, signed, to the one address that the operator wrote."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Final

from gateway.alarms.channels.channel import ChannelError, persist
from gateway.alarms.message import Message
from gateway.domain.clock import Clock

LIMIT: Final = 10.0
"""Seconds for each step."""
PAUSES: Final = (2.0, 10.0, 30.0)
"""Seconds before the next tries."""
SIGNATURE: Final = "Shopbell-Signature"
"""``t=SECONDS,v1=HEX``: HMAC-SHA256 with the secret over ``SECONDS.BODY``. The time keeps what
somebody has overheard from being told again later."""
_AGAIN: Final = frozenset({408, 425, 429})
"""Statuses of a client's fault that pass (RFC 9110, RFC 8470, RFC 6585)."""


def sign(secret: str, at: int, body: bytes) -> str:
    """Return the signature of a body.

    Args:
        secret: shared with who receives it.
        at: seconds since 1970.
        body: as it is sent.
    """
    signed = str(at).encode() + b"." + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class WebhookChannel:
    """Posts each message to an address."""

    name = "webhook"

    def __init__(
        self, url: str, secret: str | None, clock: Clock, pauses: Sequence[float] = PAUSES
    ) -> None:
        self._url = url
        self._secret = secret
        self._clock = clock
        self._pauses = pauses

    async def tell(self, message: Message) -> None:
        """Post a message; see the port."""
        body = json.dumps(message.document(), ensure_ascii=False).encode()
        await persist(lambda: self._post(body), self._pauses)

    async def _post(self, body: bytes) -> None:
        import httpx

        headers = {"Content-Type": "application/json", "User-Agent": "shopbell"}
        if self._secret is not None:
            headers[SIGNATURE] = sign(self._secret, int(self._clock.now().timestamp()), body)
        try:
            async with (
                httpx.AsyncClient(timeout=LIMIT, follow_redirects=False) as client,
                client.stream("POST", self._url, content=body, headers=headers) as answer,
            ):
                _judge(answer.status_code)  # what it says beside is not read
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = f"{type(error).__name__}: {error}".rstrip(": ")[:200]
            raise ChannelError(reason, passing=True) from error


def _judge(status: int) -> None:
    """Take 2xx alone for told; a redirect would lead where nobody wrote that it may.

    Raises:
        ChannelError: it was not taken.
    """
    if 200 <= status < 300:
        return
    passing = status >= 500 or status in _AGAIN
    led = ", which leads elsewhere and is not followed" if 300 <= status < 400 else ""
    raise ChannelError(f"the receiver says {status}{led}", passing=passing)
