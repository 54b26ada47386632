"""The book of the broker's users: beside the configuration, each with the hash of a password.

It is what `shopbell broker-config` copies from, so that a password is known to its store alone:
what was handed over can be deleted here. A file in Mosquitto's own form, for its owner alone.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from gateway.domain.errors import ConfigurationError
from gateway.stores.files import owner_of, read_raw, write_text
from gateway.stores.passwords import hash_password, is_password, new_password

_HEAD: Final = "# The broker's users, by shopbell store; shopbell broker-config copies them.\n"


class Book:
    """Users with their hashes; changes are on disk after `save`."""

    def __init__(self, config: Path) -> None:
        """Open the book of a configuration.

        Raises:
            ConfigurationError: it cannot be read as one.
        """
        self.path = config.with_suffix(".passwd")
        self._config = config
        self._hashes = _read(self.path)

    def __contains__(self, user: str) -> bool:
        return user in self._hashes

    def give_new_password(self, user: str) -> str:
        """Give a user, known or not, a new password in place of any other; return it."""
        password = new_password()
        self._hashes[user] = hash_password(password)
        return password

    def know(self, user: str, password: str) -> None:
        """Keep the hash of a password that was given elsewhere; the same one keeps its hash."""
        if not is_password(password, self._hashes.get(user, "")):
            self._hashes[user] = hash_password(password)

    def forget(self, user: str) -> None:
        """Take a user out, if it is in."""
        self._hashes.pop(user, None)

    def save(self) -> None:
        """Write the book."""
        text = _HEAD + self.lines(self._hashes)
        write_text(self.path, text, owner=owner_of(self._config))

    def lines(self, users: Collection[str]) -> str:
        """Return the lines of those of ``users`` who are in the book, for Mosquitto."""
        known = self._hashes.items()
        return "".join(f"{user}:{hashed}\n" for user, hashed in known if user in users)


def _read(path: Path) -> dict[str, str]:
    try:
        lines = read_raw(path).splitlines()
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        lines = ["?"]
    entries = [line.partition(":") for line in lines if line and not line.startswith("#")]
    if not all(user and hashed.startswith("$") for user, _, hashed in entries):
        raise ConfigurationError(
            f"{path}: a line is no USER:HASH; restore the file, or remove it and rotate every store"
        )
    return {user: hashed for user, _, hashed in entries}
