"""``shopbell consent rotate-key``: new fingerprints from now on, the old ones still found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config
from gateway.cli.output import print_line, remark

if TYPE_CHECKING:
    from gateway.settings import Settings


def rotate_key(config: Config = DEFAULT_CONFIG) -> None:
    """Put a new key before the ones there are; the gateway must not run meanwhile.

    Who took a consent back under a former key is still known. Lakes are another matter: export
    into a new folder, and train anew, as everybody in it has another pseudonym.
    """
    from gateway.settings import load

    settings = load(config)
    count = run_async(_rotate(settings))

    print_line(f"{settings.database.key_path}: {count} keys, a new one in use")
    remark("back that file up; then export into a new lake and train and score anew")


async def _rotate(settings: Settings) -> int:
    """Write the key's file first: a crash behind it leaves keys that are all found."""
    from gateway.consent.rotation import take_key
    from gateway.db import Database
    from gateway.db.keeping import keep_keys
    from gateway.db.key import add_key
    from gateway.domain.clock import SystemClock

    clock = SystemClock()
    async with Database.open(settings.database.address) as database:
        await keep_keys(database, settings.database.key_path, clock)
        keys = add_key(settings.database.key_path)
        await database.write(lambda connection: take_key(connection, keys, clock.now()))
    return len(keys)
