"""``/api/v1``: what programs ask the gateway over HTTP, with its OpenAPI document.

Adapters alone: what is done is an operation of `gateway.control`, what is read is read by
`gateway.db`. What is wrong is a problem document (RFC 9457), in the words that MQTT has.
"""

from gateway.web.api.app import DOCUMENT, PREFIX, make_api, serve_api

__all__ = ["DOCUMENT", "PREFIX", "make_api", "serve_api"]
