"""Several gateways on one database: who lives, who has which line or duty, and who takes over."""

from gateway.dispatch.nodes.claim import Alone, Claim, Claims
from gateway.dispatch.nodes.duty import on_duty
from gateway.dispatch.nodes.node import Node, NodeInUseError

__all__ = ["Alone", "Claim", "Claims", "Node", "NodeInUseError", "on_duty"]
