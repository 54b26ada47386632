"""What stores tell of their shops: CloudEvents, one model for each type (EVENTS.md section 2)."""

from gateway.mqtt.events.parsing import parse_event, readable_event_id
from gateway.mqtt.events.registry import EVENTS

__all__ = ["EVENTS", "parse_event", "readable_event_id"]
