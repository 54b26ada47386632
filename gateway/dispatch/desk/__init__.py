"""The desk: lines ask it for work, and it gives them what is due next."""

from gateway.dispatch.desk.desk import Desk
from gateway.dispatch.desk.offer import Offer
from gateway.dispatch.desk.seat import Asker, Seat
from gateway.dispatch.desk.work import Work

__all__ = ["Asker", "Desk", "Offer", "Seat", "Work"]
