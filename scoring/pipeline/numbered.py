"""A lake whose people are numbers, so that millions of their rows are grouped without words."""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa

from scoring.lake import Lake


class Numbered:
    """A lake in which ``person_id`` is a person's row of `Ground.people`.

    Rows of people whom the ground does not know are not seen.

    Parameters
    ----------
    lake : Lake
    people : Index of str
        Each once.
    """

    def __init__(self, lake: Lake, people: pd.Index) -> None:
        self._lake = lake
        rows = np.arange(len(people), dtype=np.int32)
        names = pa.array(people, pa.string())
        self._places = ibis.memtable(pa.table({"person_id": names, "row": rows}))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._lake, name)

    def table(self, name: str) -> Any:
        """Return a table of `Lake.table`, its people as numbers."""
        rows = self._lake.table(name)
        if "person_id" not in rows.columns:
            return rows
        joined = rows.join(self._places, "person_id")
        return joined.mutate(person_id=joined.row).select(rows.columns)
