"""Tables of numbers and intervals, for people and for programs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from scoring.metrics import Interval


def shown(table: pd.DataFrame) -> str:
    """Return a table of numbers and intervals for people."""
    return table.to_string(float_format="{:.3f}".format, formatters=dict.fromkeys(table, _word))


def records(table: pd.DataFrame, what: str = "model") -> list[dict[str, Any]]:
    """Return a table's rows for programs: each interval as three numbers.

    Parameters
    ----------
    table : DataFrame
        Its index names ``what``.
    what : str
        Under which a row's name stands.
    """
    return [{what: str(name), **_flat(row)} for name, row in table.to_dict("index").items()]


def _word(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, (float, np.floating, Interval)) else str(value)


def _flat(row: dict[Any, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Interval):
            flat |= {
                f"{name}": value.estimate,
                f"{name}_low": value.low,
                f"{name}_high": value.high,
            }
        else:
            flat[str(name)] = value.item() if isinstance(value, np.generic) else value
    return flat
