"""The bridge: what shop systems tell over HTTP becomes events over MQTT.

A process of its own, so that what faces the internet has neither the database nor the modems.
Translators are pure, from a body to events; a shop is told 200 when the broker has its events, and
tries again otherwise, as shop systems do.
"""

from gateway.bridge.serving import serve

__all__ = ["serve"]
