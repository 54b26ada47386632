"""Scores for tests, as a row of the file and as the gateway has them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from support.lakes import schema_of
from support.world import START

from gateway.domain.score import BestHours, Score
from scoring.schema import SCORES

CURVE = tuple(hour / 1000 for hour in range(168))


def row(person: str = "p1", **changes: Any) -> dict[str, Any]:
    """A row of ``scores.parquet``."""
    return {
        "store": "acme",
        "person_id": person,
        "churn": 0.25,
        "value": 40.0,
        "value_low": 10.0,
        "value_high": 90.0,
        "next_order_at": None,
        "hours": json.dumps(CURVE),
        "best_hours": "personal",
        "buy_again": '["cup"]',
        "new_for_you": '["jug", "pot"]',
        "uplift": None,
        "horizon_days": 90,
        "model_id": "m1",
        "made_at": START,
    } | changes


def score(person: str = "p1", **changes: Any) -> Score:
    """The same, as the gateway has it."""
    parsed = {
        "hours": CURVE,
        "best_hours": BestHours.PERSONAL,
        "buy_again": ("cup",),
        "new_for_you": ("jug", "pot"),
    }
    return Score(**row(person) | parsed | changes)


def write_scores(file: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """Write a file as `shopbell score run` does."""
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema_of(SCORES)), file)
    return file
