"""Training: each part by itself, so that what cannot be learnt stops nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scoring.errors import NotEnoughDataError
from scoring.files import save
from scoring.lake import Lake
from scoring.pipeline.ground import Ground, grounds
from scoring.pipeline.parts import Part
from scoring.pipeline.places import model_folder
from scoring.pipeline.registry import PARTS

Tell = Callable[[str], None]
"""Takes what is being done, for a person who waits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one part.

    Attributes
    ----------
    store, part : str
    model_id : str or None
        None: it was not trained, and ``told`` says why; a model of before stays.
    told : str
    folder : str or None
        Where the model and its card are.
    """

    store: str
    part: str
    model_id: str | None
    told: str
    folder: str | None = None


def train(
    lake: str | Path,
    folder: str | Path,
    *,
    store: str | None = None,
    engine: str = "duckdb",
    horizon: int = 90,
    seed: int = 0,
    parts: Sequence[Part] | None = None,
    tell: Tell | None = None,
) -> list[Outcome]:
    """Fit every model that the lake has enough data for, and write each with its card.

    Parameters
    ----------
    lake : str or Path
        The folder of the lake.
    folder : str or Path
        Where the models go: ``STORE/PART/``.
    store : str or None
        None: each store of the lake, each with models of its own.
    engine : str, default "duckdb"
        Of the features; see `scoring.engine`.
    horizon : int, default 90
        Days ahead, of churn and value.
    seed : int, default 0
        The same data and seed give the same models.
    parts : sequence of Part or None
        None: all.
    tell : callable or None
        Is told what is being done.

    Returns
    -------
    list of Outcome
        One for each store and part.

    Raises
    ------
    LakeError
        A table of the lake is wrong, or there is no such store.
    """
    opened = Lake(lake, engine)
    outcomes: list[Outcome] = []
    for ground in grounds(opened, store, horizon=horizon, seed=seed):
        outcomes += _train_store(ground, Path(folder), PARTS if parts is None else parts, tell)
    return outcomes


def _train_store(
    ground: Ground, folder: Path, parts: Sequence[Part], tell: Tell | None
) -> Iterator[Outcome]:
    for part in parts:
        if tell is not None:
            tell(f"{ground.store}: training {part.name} ...")
        yield _train_part(ground, part, model_folder(folder, ground.store, part.name))


def _train_part(ground: Ground, part: Part, folder: Path) -> Outcome:
    began = time.monotonic()
    try:
        model, card = part.train(ground)
    except NotEnoughDataError as error:
        return Outcome(store=ground.store, part=part.name, model_id=None, told=str(error))
    save(model, folder, card)
    figures = ", ".join(f"{one.name} {one.value:.3f}" for one in card.metrics[:2])
    took = f"{time.monotonic() - began:.0f} s"
    told = "; ".join(word for word in (card.model_id, figures, took, *card.remarks) if word)
    return Outcome(
        store=ground.store,
        part=part.name,
        model_id=card.model_id,
        told=told,
        folder=str(folder),
    )
