"""The desk: lines ask it for work, and it gives them what is due next."""

from gateway.dispatch.desk.offer import Allowance, Offer

__all__ = ["Allowance", "Offer"]
