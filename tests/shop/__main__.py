"""``python -m shop --customers N --days D``: the shop as a process of its own.

It reads a JSON object a line from its input and writes one a line:
``{"until": INSTANT}`` lets it live until then: it writes each act, ``{"at", "event"}``,
``{"at", "click"}`` or ``{"at", "reply"}``, and then ``{"done": INSTANT}``;
``{"at": INSTANT, "to": NUMBER, "text": TEXT}`` is an SMS that reached a phone.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Any

from shop import Act, Shop, Told, Truth, make_customers, make_goods


def document(act: Act) -> dict[str, Any]:
    """Return an act as JSON has it."""
    at = act.at.isoformat()
    if isinstance(act, Told):
        return {"at": at, "event": act.event, "wrong": act.wrong}
    kind = type(act).__name__.lower()
    return {"at": at, kind: {key: value for key, value in asdict(act).items() if key != "at"}}


def main() -> None:
    """Live as long as there is input."""
    words = argparse.ArgumentParser(prog="python -m shop")
    words.add_argument("--customers", type=int, default=500)
    words.add_argument("--days", type=float, default=21)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--pace", type=float, default=0.1)
    words.add_argument("--start", type=datetime.fromisoformat, required=True)
    given = words.parse_args()
    shop = Shop(
        seed=given.seed,
        start=given.start,
        days=given.days,
        customers=make_customers(given.seed, given.customers, pace=given.pace, consenting=0.5),
        goods=make_goods(given.seed),
        truth=Truth(),
    )
    for line in sys.stdin:
        asked = json.loads(line)
        if "text" in asked:
            shop.receive(datetime.fromisoformat(asked["at"]), asked["to"], asked["text"])
            continue
        for act in shop.until(datetime.fromisoformat(asked["until"])):
            print(json.dumps(document(act), ensure_ascii=False))  # noqa: T201
        print(json.dumps({"done": asked["until"]}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
