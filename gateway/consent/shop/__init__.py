"""What the events of a shop mean for what may be sent: consents, requests, and who a person is."""

from gateway.consent.shop.desk import ShopDesk

__all__ = ["ShopDesk"]
