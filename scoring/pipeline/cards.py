"""What the cards of all models have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from scoring.files import ModelCard, digest_of
from scoring.lake import Lake
from scoring.pipeline.ground import WITHIN, Ground
from scoring.pipeline.sample import Sampled, told_share

READ: Final = ("orders", "messages", "clicks", "replies", "consents")
"""Tables that the features come from."""

POPULATION: Final = f"people with a purchase in the {WITHIN} days up to the cut-off"

INTENDED: Final = (
    "choose whom to write to, how often, and what to offer to everybody of a segment",
    "plan stock and budget from sums over many people",
)

FORBIDDEN: Final = (
    "prices or terms that differ from person to person",
    "credit, employment, insurance, or anything else with legal effect for a person",
    "use or inference of protected attributes",
    "writing to anybody who has not consented: a score is no consent",
)


def card(
    ground: Ground,
    name: str,
    *,
    tables: Sequence[str] = READ,
    parameters: dict[str, Any] | None = None,
    remarks: Sequence[str] = (),
    learnt: Lake | Sampled | None = None,
    **rest: Any,
) -> ModelCard:
    """Return a card with what every model of this ground has in common.

    Parameters
    ----------
    ground : Ground
    name : str
        Of the part.
    tables : sequence of str
        What it was made from.
    parameters : dict or None
        As given to the model.
    remarks : sequence of str
        What is to be known of it; the share of the people is added.
    learnt : Lake, Sampled or None
        What it was learnt from; None: ``ground.seen``.
    **rest
        Further entries of `ModelCard`.
    """
    data = digest_of(ground.lake.folder, tables)
    settled = {key: value for key, value in (parameters or {}).items() if _plain(value)}
    seeds = (ground.seed,)
    mark = hashlib.sha256(f"{data} {ground.store} {settled} {seeds}".encode()).hexdigest()[:8]
    return ModelCard(
        name=name,
        store=ground.store,
        model_id=f"{name}-{ground.day}-{mark}",
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        data_from=str(ground.first),
        data_to=str(ground.day),
        data_hash=data,
        seeds=seeds,
        parameters=settled,
        intended=INTENDED,
        forbidden=FORBIDDEN,
        remarks=(*remarks, *told_share(ground.seen if learnt is None else learnt)),
        **rest,
    )


def _plain(value: object) -> bool:
    return value is None or isinstance(value, (bool, int, float, str, list, tuple))
