"""Scoring: one row of advice for each person, in blocks, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from scoring.errors import ModelRefusedError
from scoring.files import load, read_card
from scoring.lake import Lake
from scoring.pipeline.ground import Ground, grounds
from scoring.pipeline.parts import Block, Columns, Part
from scoring.pipeline.places import model_folder
from scoring.pipeline.registry import PARTS
from scoring.pipeline.scores import ScoresWriter, scores_file
from scoring.pipeline.training import Tell
from scoring.schema import STALE_DAYS

BLOCK: Final = 50_000
"""People at once: their hours alone are 170 MB while they are made."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """What a run wrote.

    Attributes
    ----------
    file : str
    people : int
        Rows.
    day : str
        The local day as of which it speaks, of the newest store.
    models : tuple of str
        Ids of those that were used.
    remarks : tuple of str
        Parts without a model, and whatever else one should know.
    """

    file: str
    people: int
    day: str
    models: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """A part with its model, ready to score."""

    name: str
    model_id: str
    horizon: int | None
    score: Callable[[Block], Columns]


def run(
    lake: str | Path,
    models: str | Path,
    out: str | Path,
    *,
    store: str | None = None,
    engine: str = "duckdb",
    parts: Sequence[Part] | None = None,
    tell: Tell | None = None,
    now: datetime | None = None,
) -> Summary:
    """Score everybody whom the lake knows and write `scoring.schema.SCORES`.

    Parameters
    ----------
    lake, models : str or Path
        As of `scoring.pipeline.train`.
    out : str or Path
        The Parquet file; it takes its place only when it is whole.
    store : str or None
        None: each store of the lake.
    engine : str, default "duckdb"
    parts : sequence of Part or None
        None: all.
    tell : callable or None
    now : datetime or None
        What stands in ``made_at``, with a zone; None: the clock.

    Returns
    -------
    Summary

    Raises
    ------
    LakeError
        A table of the lake is wrong, or there is no such store.
    ModelRefusedError
        A model does not fit, or there is none at all.
    """
    made_at = datetime.now(UTC) if now is None else now
    wanted = PARTS if parts is None else parts
    used: dict[str, None] = {}
    remarks: list[str] = []
    days: list[str] = []
    with scores_file(Path(out)) as writer:
        for ground in grounds(Lake(lake, engine), store):
            loaded = _load_all(ground, Path(models), wanted, remarks)
            used |= dict.fromkeys(one.model_id for one in loaded)
            remarks += _on_age(ground, made_at)
            days.append(ground.day.isoformat())
            _score_store(ground, loaded, writer, made_at, tell)
        if not used:
            raise ModelRefusedError(f"there is no model in {models}: run `shopbell score train`")
    return Summary(
        file=str(out),
        people=writer.rows,
        day=max(days),
        models=tuple(used),
        remarks=tuple(remarks),
    )


def _load_all(
    ground: Ground, models: Path, parts: Sequence[Part], remarks: list[str]
) -> list[Loaded]:
    loaded = []
    for part in parts:
        folder = model_folder(models, ground.store, part.name)
        if not folder.is_dir():
            remarks.append(f"{ground.store}: there is no {part.name} model; its columns are empty")
            continue
        card = read_card(folder)
        model = load(folder, features=list(ground.features) if card.features else None)
        loaded.append(
            Loaded(
                name=part.name,
                model_id=card.model_id,
                horizon=card.horizon,
                score=part.scorer(model, ground),
            )
        )
    return loaded


def _on_age(ground: Ground, made_at: datetime) -> list[str]:
    age = (made_at.date() - ground.day).days
    if age <= STALE_DAYS:
        return []
    return [
        f"{ground.store}: the lake ends on {ground.day}, {age} days ago: "
        "the scores speak of that day"
    ]


def _score_store(
    ground: Ground,
    loaded: Sequence[Loaded],
    writer: ScoresWriter,
    made_at: datetime,
    tell: Tell | None,
) -> None:
    fixed = {
        "store": ground.store,
        "horizon_days": next((one.horizon for one in loaded if one.horizon), ground.horizon),
        "model_id": ",".join(one.model_id for one in loaded) or "none",
        "made_at": pa.scalar(made_at, pa.timestamp("us", tz="UTC")),
    }
    done, whole = 0, len(ground.people)
    for block in _blocks(ground):
        columns: dict[str, Any] = {**fixed, "person_id": block.people}
        for one in loaded:
            columns |= one.score(block)
        writer.write(len(block.people), columns)
        done += len(block.people)
        if tell is not None and whole > BLOCK:
            tell(f"{ground.store}: {done:,} of {whole:,} people")


def _blocks(ground: Ground) -> Iterator[Block]:
    """Yield who bought within the year, then all others."""
    X, people = ground.features, ground.people
    told = _rows_of(X.index, people)
    for begin in range(0, len(X), BLOCK):
        some = slice(begin, begin + BLOCK)
        yield Block(people=X.index[some], rows=told[some], X=X.iloc[some])
    others = np.ones(len(people), dtype=bool)
    others[told] = False
    rows = np.flatnonzero(others)
    for begin in range(0, len(rows), BLOCK):
        few = rows[begin : begin + BLOCK]
        yield Block(people=people[few], rows=few, X=None)


def _rows_of(some: pd.Index, people: pd.Index) -> np.ndarray:
    """Return where people stand; Arrow is ten times as quick with words as an index of pandas."""
    found = pc.index_in(pa.array(some, pa.large_string()), pa.array(people, pa.large_string()))
    return found.to_numpy()
