"""What persons send: kept part by part, joined, and told to the store whose message they answer."""

from gateway.dispatch.inbound.arrival import Arrival, read_arrival
from gateway.dispatch.inbound.carried import take_carried
from gateway.dispatch.inbound.due import settle_due
from gateway.dispatch.inbound.joining import Taken, take_arrival
from gateway.dispatch.inbound.telling import log_finished

__all__ = [
    "Arrival",
    "Taken",
    "log_finished",
    "read_arrival",
    "settle_due",
    "take_arrival",
    "take_carried",
]
