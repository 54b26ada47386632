"""The console in a process of its own: whoever looks on, no line waits for it.

Python computes in one thread at a time, so that a page that is drawn beside the lines would hold
them up: with 50 viewers and 200 requests a second they sent a quarter of what they can
(``python -m bench.console``). The child reads the database by itself; what changes anything it asks
of the gateway, which stays the only writer. It ends with the gateway, and is begun again when it
ends by itself.

What goes between them are pickles over a pair of sockets that nobody else can open. The child is
trusted as the gateway is: it is kept apart for its work, not for safety.
"""

from gateway.app.apart.parent import Apart

__all__ = ["Apart"]
