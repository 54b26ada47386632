"""The composition root: opens everything, runs it in one task group, closes it in order.

It alone knows which broker, which modems and which database there are; what they do with each
other is decided in the layers below.
"""

from gateway.app.gateway import Gateway
from gateway.app.offline import (
    offline_admission,
    offline_campaigns,
    offline_consents,
    offline_events,
    offline_modem,
    offline_people,
    offline_persons,
)
from gateway.app.running import run
from gateway.app.service import ServiceManager

__all__ = [
    "Gateway",
    "ServiceManager",
    "offline_admission",
    "offline_campaigns",
    "offline_consents",
    "offline_events",
    "offline_modem",
    "offline_people",
    "offline_persons",
    "run",
]
