"""The desk: lines ask it for work, and it gives them what is due next."""

from gateway.dispatch.desk.offer import Offer

__all__ = ["Offer"]
