"""What follows from what persons write, and how a double opt-in is begun (COMPLIANCE section 5)."""

from gateway.consent.listening.listener import KeywordListener
from gateway.consent.listening.opt_in import OptIns

__all__ = ["KeywordListener", "OptIns"]
