"""``[console]`` and ``[links]``: what answers over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Self

from pydantic import Field, model_validator

from gateway.domain.rate import Rate
from gateway.settings.places import LinkUrl, Listener
from gateway.settings.section import Section
from gateway.settings.values import Length, Pace, Proxies
from gateway.settings.weburl import ConsoleUrl, reachable

LOCAL_PROXIES = ("127.0.0.1/32", "::1/128")
"""A proxy on this machine that was not believed would be all persons at once."""

DEFAULT_API_RATE: Final = Rate.parse("20/s")
"""Each costs some milliseconds of the core that sends, too (docs/rest.md): one token takes a tenth
of it at most."""


class ConsoleSettings(Section):
    """``[console]``: the pages for those who run the box, the API and the metrics."""

    listen: Listener
    """Where they are answered."""
    url: ConsoleUrl | None = None
    """Under which address browsers reach that; None: as it listens, without TLS."""
    trusted_proxies: Proxies = LOCAL_PROXIES
    """Whose word is taken for who asks (``X-Forwarded-For``)."""
    api_rate: Pace = DEFAULT_API_RATE
    """Requests of one token, or of one user, that the API answers; so many seconds' worth at once
    as `gateway.web.api.rates` has it."""

    @property
    def address(self) -> str:
        """Where a browser finds it, without a slash at its end."""
        return str(self.url) if self.url is not None else f"http://{reachable(self.listen)}"


class LinksSettings(Section):
    """``[links]``: the short links, and the listener that answers them."""

    listen: Listener | None = Field(default=None, examples=["127.0.0.1:8026"])
    """Where they are answered; None: nowhere by this gateway."""
    url: LinkUrl | None = None
    """Under which address persons reach that; None: there are none, and links stay long."""
    expires: Length = timedelta(days=90)
    """How long one holds."""
    trusted_proxies: Proxies = LOCAL_PROXIES
    """Whose word is taken for who asks (``X-Forwarded-For``)."""

    @model_validator(mode="after")
    def _lasting(self) -> Self:
        if self.expires < timedelta(days=1):
            raise ValueError('has links that are over before they are read; write expires = "90d"')
        return self
