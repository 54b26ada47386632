"""The data map: what is kept of a person, where, why, for whom, how long, and how it ends.

Plain data. From it come a person's export, the erasure, the retention and the records of processing
(COMPLIANCE.md G-5, G-7, G-12, G-16); a table that is not in it fails the tests.
"""

from typing import Final

from gateway.consent.datamap.database import DATABASE
from gateway.consent.datamap.holding import Holding, Keep, Kind
from gateway.consent.datamap.lake import LAKE
from gateway.consent.datamap.places import PLACES

DATA_MAP: Final[tuple[Holding, ...]] = (*DATABASE, *LAKE, *PLACES)
"""Everything that is kept."""

__all__ = ["DATA_MAP", "Holding", "Keep", "Kind"]
