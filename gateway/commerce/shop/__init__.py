"""What a shop tells of its persons, orders and products: kept, and read again by person."""

from gateway.commerce.shop.desk import CommerceDesk
from gateway.commerce.shop.listener import Listener

__all__ = ["CommerceDesk", "Listener"]
