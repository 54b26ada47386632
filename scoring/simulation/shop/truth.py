"""What is true of a simulated shop, for whoever wants to see how near a method comes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from scoring.errors import ScoringError
from scoring.simulation.shop.answers import CHATS, worth_of_hours
from scoring.simulation.shop.history import History, Sending
from scoring.simulation.shop.population import HABITS, Population, hours_of
from scoring.simulation.shop.settings import SLOTS, DemoShop

Floats = NDArray[np.float64]

FOLDER: Final = "truth"
"""In the lake, beside its tables."""
AFTER: Final = 14
"""Days after a campaign in which its orders are counted, as `read_experiment` counts them."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Truth:
    """What is true.

    Attributes
    ----------
    shop : mapping of str to object
        The parameters, as `DemoShop` has them.
    persons : pandas.DataFrame
        Index ``person_id``; ``habit`` (a word), ``best_slot`` (hour of the day), ``interest``
        (clicks over those of a person of middling interest), ``churn`` and ``churn_before``
        (P(no purchase within the horizon), at the end and one horizon before it), ``purchases``
        (expected within the horizon after the end).
    campaigns : pandas.DataFrame
        Index ``campaign``; ``day``, ``treated`` (people written to), ``effect`` (what a message
        adds to P(an order within `AFTER` days), over everybody whom the campaign took),
        ``orders`` (that it brought), ``moved`` (share of people whom it could move).
    """

    shop: Mapping[str, Any]
    persons: pd.DataFrame
    campaigns: pd.DataFrame

    @property
    def sick_lines(self) -> list[str]:
        """The lines that go bad."""
        return [line["name"] for line in self.shop["lines"] if line["sick"]]

    @property
    def worth_of_hours(self) -> pd.DataFrame:
        """Clicks by habit and hour, as far as messages arrive, over those of a mean hour."""
        shop = DemoShop(own=self.shop["own"], width=self.shop["width"])
        worth = pd.DataFrame(
            worth_of_hours(hours_of(shop)), index=list(HABITS), columns=list(SLOTS)
        )
        worth.loc[:, slice(*self._busy)] *= 1 - self.shop["busy_lost"]
        return worth.div(worth.mean(axis=1), axis=0)

    @property
    def chats(self) -> float:
        """Share of messages that are answered in words, as often at any hour."""
        return CHATS

    @property
    def _busy(self) -> tuple[int, int]:
        first, end = self.shop["busy"]
        return first, end - 1


def write_truth(
    folder: Path, shop: DemoShop, people: Population, ids: pa.Array, history: History
) -> None:
    """Write what is true beside the tables."""
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    _persons(shop, people, ids, history).to_parquet(place / "persons.parquet")
    _campaigns(shop, people, history).to_parquet(place / "campaigns.parquet")
    (place / "shop.json").write_text(json.dumps(asdict(shop), default=str, indent=1))


def read_truth(folder: str | Path) -> Truth | None:
    """Read what is true of a simulated lake; None: the lake is a real shop's.

    Raises
    ------
    ScoringError
        The files are not whole.
    """
    place = Path(folder) / FOLDER
    if not place.is_dir():
        return None
    try:
        return Truth(
            shop=json.loads((place / "shop.json").read_text()),
            persons=pd.read_parquet(place / "persons.parquet"),
            campaigns=pd.read_parquet(place / "campaigns.parquet"),
        )
    except (OSError, ValueError) as error:
        raise ScoringError(
            f"{place} is not whole ({error}); delete the lake and make it again"
        ) from error


def _persons(shop: DemoShop, people: Population, ids: pa.Array, history: History) -> pd.DataFrame:
    ahead = history.season[shop.days :].sum()
    before = history.season[shop.days - shop.horizon : shop.days].sum()
    pace = people.pace * ahead
    purchases = -np.expm1(-people.leave * pace) / np.maximum(people.leave, 1e-12)
    return pd.DataFrame(
        {
            "habit": np.array(HABITS)[people.habit],
            "best_slot": np.array(SLOTS)[worth_of_hours(people.hours).argmax(axis=1)],
            "interest": people.interest,
            "churn": _no_purchase(history.alive, pace),
            "churn_before": _no_purchase(history.alive_before, people.pace * before),
            "purchases": history.alive * purchases,
        },
        index=pd.Index(ids.to_pylist(), name="person_id"),
    )


def _no_purchase(alive: NDArray[np.bool_], expected: Floats) -> Floats:
    """P(no purchase) of who stays with Poisson purchases; who is gone makes none."""
    return np.where(alive, np.exp(-expected), 1.0)


def _campaigns(shop: DemoShop, people: Population, history: History) -> pd.DataFrame:
    rows = [_campaign(shop, people, history, place) for place in range(len(history.sendings))]
    return pd.DataFrame(rows).set_index("campaign")


def _campaign(shop: DemoShop, people: Population, history: History, place: int) -> dict[str, Any]:
    one = history.sendings[place]
    return {
        "campaign": one.name,
        "day": one.day,
        "treated": int(one.treated.sum()),
        "effect": float(_effects(people, history, one).mean()),
        "orders": int((history.caused == place).sum()),
        "moved": float((one.moved > 0).mean()),
    }


def _effects(people: Population, history: History, one: Sending) -> Floats:
    """What a message adds to each person's chance of an order; some would have bought anyway."""
    passing = history.season[one.day + 1 : one.day + 1 + AFTER].sum()
    anyway = one.stays * -np.expm1(-people.pace[one.person] * passing)
    arrives = one.delivered[one.treated].mean() if one.treated.any() else 0.0
    return one.moved * arrives * (1 - anyway)
