"""What a shop's exports say of its past, as events that set nothing off."""

from gateway.bridge.backfill.form import Form, RowFaultError
from gateway.bridge.backfill.kinds import KINDS, find_columns
from gateway.bridge.backfill.place import Place

__all__ = ["KINDS", "Form", "Place", "RowFaultError", "find_columns"]
