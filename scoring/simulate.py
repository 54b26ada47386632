"""A demo lake: a shop with known churn, known hours and known lift, made in seconds.

``python -m scoring.simulate FOLDER [--customers N] [--seed N]`` writes one; what each parameter
means stands at `DemoShop`. What is true of it lies in ``FOLDER/truth`` (`read_truth`), so that a
notebook can show what it found beside it.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from scoring.errors import ScoringError
from scoring.simulation.shop import (
    Campaign,
    DemoShop,
    Line,
    Truth,
    answers,
    delivery,
    read_truth,
    traffic,
)
from scoring.simulation.shop.filing import names, save
from scoring.simulation.shop.history import live
from scoring.simulation.shop.population import populate
from scoring.simulation.shop.trade import trade
from scoring.simulation.shop.truth import write_truth

__all__ = ["Campaign", "DemoShop", "Line", "Truth", "demo_lake", "read_truth", "simulate"]


def simulate(folder: str | Path, shop: DemoShop | None = None) -> Path:
    """Write the lake of a simulated shop.

    Parameters
    ----------
    folder : str or Path
        It must not be there yet, or be empty.
    shop : DemoShop or None
        None: as it comes, 20,000 customers over 18 months.

    Returns
    -------
    Path
        The folder, which is there only when it is whole.

    Raises
    ------
    ScoringError
        There is something in the folder.

    Examples
    --------
    >>> import tempfile
    >>> from scoring.lake import Lake
    >>> with tempfile.TemporaryDirectory() as place:
    ...     lake = Lake(simulate(f"{place}/lake", DemoShop(customers=100, days=120)))
    ...     lake.table("persons").count().to_pyarrow().as_py()
    100
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ScoringError(f"{folder} is not empty; name a folder that is not there yet")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".lake-", dir=folder.parent) as draft:
        _write(Path(draft) / "lake", shop or DemoShop())
        if folder.exists():
            folder.rmdir()
        shutil.move(Path(draft) / "lake", folder)
    return folder


def demo_lake(folder: str | Path, shop: DemoShop | None = None) -> Path:
    """Return the lake in a folder; it is made where there is none."""
    folder = Path(folder)
    return folder if (folder / "orders").is_dir() else simulate(folder, shop)


def _write(folder: Path, shop: DemoShop) -> None:
    rng = np.random.default_rng(shop.seed)
    people = populate(shop, rng)
    ids = names(shop.customers, rng)
    lost = delivery.lost_shares(shop)
    history = live(shop, people, lost, rng)
    sold = trade(shop, people, ids, history, rng)
    sent = traffic.write(shop, people, history, sold, lost, rng)
    tables = sold.tables | {
        "messages": traffic.messages(shop, ids, history, sent),
        "parts": traffic.parts(shop, people, sent),
        "costs": traffic.costs(shop, people, sent),
        "clicks": answers.clicks(shop, people, ids, sent, history, rng),
        "replies": answers.replies(shop, ids, sent, history, rng),
        "consents": answers.consents(shop, people, ids, sold, history),
        "assignments": answers.assignments(shop, ids, sent, history, rng),
    }
    for name, table in tables.items():
        save(folder, name, table)
    write_truth(folder, shop, people, ids, history)


def main() -> None:
    """Write a demo lake."""
    parser = argparse.ArgumentParser(prog="python -m scoring.simulate", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--customers", type=int, default=DemoShop().customers)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    simulate(options.folder, replace(DemoShop(), customers=options.customers, seed=options.seed))


if __name__ == "__main__":
    main()
