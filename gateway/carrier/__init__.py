"""Carriers: providers over HTTP that send what may not go over a SIM (COMPLIANCE SIM-5).

The port is `carrier`; `client` is the one real implementation, imported with its HTTP client only
where there is a carrier, and `fake` the one of the tests.
`resource` and `verdict` are the API without I/O.
"""

from gateway.carrier.carrier import (
    Accepted,
    Answer,
    Carried,
    CarriedState,
    Carrier,
    Intent,
    Message,
    Received,
    Refused,
    Unknown,
)
from gateway.carrier.fake import FakeCarrier, Step
from gateway.carrier.settings import CarrierSettings

__all__ = [
    "Accepted",
    "Answer",
    "Carried",
    "CarriedState",
    "Carrier",
    "CarrierSettings",
    "FakeCarrier",
    "Intent",
    "Message",
    "Received",
    "Refused",
    "Step",
    "Unknown",
]
