"""Where parcels are."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from gateway.db.prepared import Prepared
from gateway.db.shop.told import Facts, merge
from gateway.db.tables import SHIPMENTS
from gateway.domain.ids import StoreName

_IS = (SHIPMENTS.c.store == bindparam("of"), SHIPMENTS.c.shipment_id == bindparam("id"))
_FIND: Final = Prepared(select(SHIPMENTS).where(*_IS))
_CHANGE: Final = Prepared(update(SHIPMENTS).where(*_IS))
_ADD: Final = Prepared(insert(SHIPMENTS))

_BLANK: Final = dict.fromkeys(
    ("company", "tracking_number", "tracking_url", "estimated_at", "order_id")
)


def tell_shipment(
    connection: Connection, store: StoreName, shipment: str, facts: Facts, at: datetime
) -> None:
    """Keep what is told of a parcel.

    Args:
        connection: the transaction.
        store: whose it is.
        shipment: the store's id.
        facts: by column, `order_id` and `status` among them; what is None is not told.
        at: when it was so; UTC.
    """
    row = _FIND.first(connection, {"of": store, "id": shipment})
    known = _BLANK if row is None else row._asdict()
    merged = merge(known, known.get("told_at"), facts, at)
    seen = {"told_at": merged.told_at, "changed_at": max(at, known.get("changed_at") or at)}
    if row is None:
        new = {**_BLANK, **merged.values, **seen, "store": store, "shipment_id": shipment}
        _ADD.run(connection, new)
    else:
        _CHANGE.run(connection, {**merged.values, **seen, "of": store, "id": shipment})
