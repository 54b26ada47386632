"""The control socket: how a command reaches the gateway that runs.

While a gateway runs it is the only writer of its database (CONTRACT.md section 2), so a command
that changes something asks it, over a Unix socket beside the database.
"""

from gateway.control.client import ControlError, NoGatewayError, ask
from gateway.control.server import ControlServer, Operation
from gateway.control.wire import socket_path

__all__ = [
    "ControlError",
    "ControlServer",
    "NoGatewayError",
    "Operation",
    "ask",
    "socket_path",
]
