"""What is counted and timed while the gateway works, for metrics, alarms and pictures."""

from gateway.meter.meter import Meter, Silent
from gateway.meter.tally import Spread, Tally

__all__ = ["Meter", "Silent", "Spread", "Tally"]
