"""The check: do the models of a store still fit, or is it time to train anew, and why?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from scoring.errors import ModelRefusedError
from scoring.files import load, read_card
from scoring.lake import Lake
from scoring.pipeline.findings import Findings, find_moves, find_truth
from scoring.pipeline.ground import Ground, grounds
from scoring.pipeline.parts import Part, Ranking
from scoring.pipeline.places import model_folder
from scoring.pipeline.registry import PARTS
from scoring.pipeline.training import Tell


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Whether the models of one store still fit.

    Attributes
    ----------
    store : str
    retrain : bool
        True when there is a reason.
    reasons : tuple of str
        For training anew, one sentence each.
    notes : tuple of str
        What else was seen.
    figures : dict
        PSI by feature, AUC and level, by their names.
    """

    store: str
    retrain: bool
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    figures: dict[str, Any] = field(default_factory=dict)


def check(
    lake: str | Path,
    models: str | Path,
    *,
    store: str | None = None,
    engine: str = "duckdb",
    parts: Sequence[Part] | None = None,
    tell: Tell | None = None,
) -> list[Verdict]:
    """Hold the models of each store against the newest data of the lake.

    Parameters
    ----------
    lake, models : str or Path
        As of `scoring.pipeline.train`.
    store : str or None
        None: each store of the lake.
    engine : str, default "duckdb"
    parts : sequence of Part or None
        None: all.
    tell : callable or None
        Is told what is being done.

    Returns
    -------
    list of Verdict

    Raises
    ------
    LakeError
        A table of the lake is wrong, or there is no such store.
    """
    wanted = PARTS if parts is None else parts
    verdicts = []
    for ground in grounds(Lake(lake, engine), store):
        if tell is not None:
            tell(f"{ground.store}: comparing {ground.day} with the day of training ...")
        verdicts.append(_judge(ground, Path(models), wanted))
    return verdicts


def _judge(ground: Ground, models: Path, parts: Sequence[Part]) -> Verdict:
    found = Findings()
    _fit(ground, models, parts, found)
    for part in parts:
        folder = model_folder(models, ground.store, part.name)
        if isinstance(part, Ranking) and not found.reasons and folder.is_dir():
            card, predict = read_card(folder), partial(part.predict, load(folder))
            find_moves(ground, card, predict, found)
            find_truth(ground, card, predict, found)
    return Verdict(
        store=ground.store,
        retrain=bool(found.reasons),
        reasons=tuple(found.reasons),
        notes=tuple(found.notes),
        figures=found.figures,
    )


def _fit(ground: Ground, models: Path, parts: Sequence[Part], found: Findings) -> None:
    """Find out whether the models can be used at all."""
    folders = {part.name: model_folder(models, ground.store, part.name) for part in parts}
    there = {name: folder for name, folder in folders.items() if folder.is_dir()}
    found.notes += [f"there is no {name} model" for name in folders if name not in there]
    if not there:
        found.reasons.append(f"there is no model in {models}: run `shopbell score train`")
    for folder in there.values():
        try:
            load(folder, features=list(ground.features) if read_card(folder).features else None)
        except ModelRefusedError as error:
            found.reasons.append(str(error))
