"""Carriers at work: jobs that are for them alone go out, and what becomes of them is asked for."""

from gateway.dispatch.carrying.carriers import Carriers
from gateway.dispatch.carrying.worker import CarrierAtWork, CarrierStatus

__all__ = ["CarrierAtWork", "CarrierStatus", "Carriers"]
