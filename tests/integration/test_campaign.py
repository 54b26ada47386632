"""A campaign over the whole house: from its file, by the command line, to the phones."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from support.house import House
from support.moving import OWN, PERSONS, open_shop, tell_of_persons
from support.plugin import Build
from support.processes import wait_for


def _command(built: House, *words: str) -> dict[str, Any]:
    process = built.run("campaign", *words, "--json", name="-".join(words))
    assert process.wait_end(60) == 0, process.stderr.read_text()
    found: dict[str, Any] = json.loads(process.stdout.read_text().splitlines()[-1])
    return found


def test_own_numbers_have_it_first_then_all_and_each_once(house: Build) -> None:
    built = house()
    open_shop(built)
    gateway = built.start()
    tell_of_persons(built)
    launched = _command(built, "launch", "moved", "--yes")["launch"]
    assert (launched["persons"], launched["canaries"]) == (len(PERSONS), 1)
    wait_for(lambda: _command(built, "progress", "moved")["finished_at"], 60, "the end of it")
    sent = Counter(entry["to"] for entry in built.log())
    # The one own number has both arms.
    assert sent == dict.fromkeys(PERSONS, 1) | {OWN: 2}
    first = [entry["to"] for entry in built.log()][:2]
    assert first == [OWN, OWN]
    told = _command(built, "progress", "moved")
    assert (told["state"], told["sent"], told["left"]) == ("finished", len(PERSONS), 0)
    gateway.close()
    assert "77009001" not in gateway.stderr.read_text()
