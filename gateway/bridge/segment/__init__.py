"""Segment's HTTP calls, which RudderStack has, too."""

from gateway.bridge.segment.calls import translate

__all__ = ["translate"]
