"""``shopbell campaign pause``, ``resume``, ``stop`` and ``approve``."""

from __future__ import annotations

from gateway.cli.campaign.options import Name, ask_or_do
from gateway.cli.consent.who import StoreName
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line


def pause(
    name: Name, store: StoreName = None, config: Config = DEFAULT_CONFIG, json: Json = False
) -> None:
    """Let nothing more of a campaign go out until it is resumed."""
    _steer(name, store, "pause", config, json=json)


def resume(
    name: Name, store: StoreName = None, config: Config = DEFAULT_CONFIG, json: Json = False
) -> None:
    """Let a paused campaign go on where it was."""
    _steer(name, store, "resume", config, json=json)


def stop(
    name: Name, store: StoreName = None, config: Config = DEFAULT_CONFIG, json: Json = False
) -> None:
    """End a campaign for good, and take back what waits of it.

    A message of which a part is out is finished.
    """
    _steer(name, store, "stop", config, json=json)


def approve(
    name: Name, store: StoreName = None, config: Config = DEFAULT_CONFIG, json: Json = False
) -> None:
    """Let a campaign go on to all, when its own numbers have it as it should be."""
    _steer(name, store, "approve", config, json=json)


def _steer(name: str, store: str | None, word: str, config: Config, *, json: bool) -> None:
    from gateway.cli.consent.who import find_store
    from gateway.settings import load

    settings = load(config)
    home = find_store(settings, store)
    fields = {"store": str(home.name), "name": name, "word": word}
    answer = run_async(ask_or_do(settings, "campaign_steer", **fields))
    if json:
        print_json({"store": home.name, "campaign": name, "state": answer["state"]})
    else:
        print_line(f"{name} is {answer['state']}")
