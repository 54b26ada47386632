"""``shop.shipment.updated.v1``: where a parcel is, in Shopify's words."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateway.domain.shop import ShipmentStatus, ShipmentUpdated
from gateway.mqtt.events.envelope import Data
from gateway.mqtt.events.happening import Label, ShopEvent, Thing, Told, Web
from gateway.mqtt.model import Instant


class ShipmentProperties(Told):
    """Which parcel, and where it is."""

    order_id: Thing
    shipment_id: Thing
    shipment_status: Annotated[ShipmentStatus, Field(strict=False)]
    tracking_company: Label | None = None
    tracking_number: Label | None = None
    tracking_url: Web | None = None
    estimated_delivery_at: Instant | None = None


class ShipmentData(Data):
    """Of a parcel."""

    event: Literal["Shipment Updated"] | None = None
    properties: ShipmentProperties


class ShipmentUpdatedEvent(ShopEvent):
    """A parcel is somewhere else. Whose it is the order tells."""

    type: Literal["shop.shipment.updated.v1"]
    data: ShipmentData

    def content(self) -> ShipmentUpdated:
        """Return what it says; see the base."""
        said = self.data.properties
        return ShipmentUpdated(
            phone=said.phone,
            customer=self.customer,
            order_id=said.order_id,
            shipment_id=said.shipment_id,
            status=said.shipment_status,
            company=said.tracking_company or None,
            tracking_number=said.tracking_number or None,
            tracking_url=said.tracking_url,
            estimated_at=said.estimated_delivery_at,
        )
