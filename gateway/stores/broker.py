"""Mosquitto's files for the stores there are: configuration, password file and access list.

The same stores give the same files, which are then left alone, down to the salts: the hashes are
the book's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.domain.errors import ConfigurationError
from gateway.mqtt.acl import access_list
from gateway.settings import Settings
from gateway.stores.book import Book
from gateway.stores.files import read_raw, write_text
from gateway.stores.keeping import changing
from gateway.stores.mosquitto import MARK, BrokerPlan, configuration
from gateway.stores.plan import bridge_user, broker_plan, gateway_user, is_loopback
from gateway.stores.system import Account, barrier, broker_account

_PUBLIC: Final = 0o644
_FOLDER: Final = 0o755
_DATA: Final = 0o700


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What was made of Mosquitto's files."""

    folder: Path
    files: tuple[Path, ...]
    """Configuration, password file, access list."""
    changed: tuple[Path, ...]
    """Those of them that were not so before."""
    owner: str
    """Who may read the passwords."""
    notes: tuple[str, ...]
    """What the operator should look at."""

    @property
    def restart(self) -> bool:
        """Whether Mosquitto has to be started anew, and not only to read its files again."""
        return self.files[0] in self.changed


def write_broker_files(config: Path, folder: Path) -> Written:
    """Write the files for the stores that have a password.

    Args:
        config: the configuration; the gateway's own password is entered in its book.
        folder: where; made if it is not there.

    Raises:
        ConfigurationError: what is configured cannot work, or somebody else's file is in the way.
        OSError: a file cannot be written.
    """
    with changing(config) as settings:
        return _write(settings, Book(config), folder.absolute())


def _write(settings: Settings, book: Book, folder: Path) -> Written:
    gateway, bridge = gateway_user(settings), bridge_user(settings)
    account = broker_account(settings.broker.user)
    plan = broker_plan(settings, folder, account)
    _know_ours(settings, book)
    users = [gateway, *([bridge] if bridge else []), *(store.name for store in settings.store)]
    texts = {
        folder / "shopbell.conf": (configuration(plan), _PUBLIC),
        plan.passwords: (f"{MARK}\n{book.lines(users)}", 0o600),
        plan.access: (f"{MARK}\n{access_list(gateway, bridge)}", 0o600),
    }
    _refuse_foreign(texts)
    _make_folders(folder, plan.data, account)
    changed = [
        path
        for path, (text, mode) in texts.items()
        if write_text(path, text, mode=mode, owner=account.owner)
    ]
    return Written(
        folder=folder,
        files=tuple(texts),
        changed=tuple(changed),
        owner=account.name,
        notes=tuple(_notes(settings, plan, account)),
    )


def _know_ours(settings: Settings, book: Book) -> None:
    ours = [one for one in (settings.mqtt, settings.bridge) if one is not None]
    known = [(one.username, one.secret) for one in ours]
    for name, secret in known:
        if name is not None and secret is not None:
            book.know(name, secret)
    if any(secret is not None for _, secret in known):
        book.save()


def _refuse_foreign(paths: dict[Path, tuple[str, int]]) -> None:
    for path in paths:
        try:
            ours = read_raw(path).startswith(MARK)
        except FileNotFoundError:
            ours = True
        except UnicodeDecodeError:
            ours = False
        if not ours:
            raise ConfigurationError(
                f"{path} was not written here; move it away or name another folder"
            )


def _make_folders(folder: Path, data: Path | None, account: Account) -> None:
    """Make what is missing: the folder is ours, only what the broker keeps is the broker's."""
    if not folder.is_dir():
        folder.mkdir(mode=_FOLDER, parents=True)
    if data is not None and not data.is_dir():
        data.mkdir(mode=_DATA)
        if os.geteuid() == 0:
            os.chown(data, *account.owner)


def _notes(settings: Settings, plan: BrokerPlan, account: Account) -> Iterator[str]:
    if plan.plain is not None and not is_loopback(plan.plain.host):
        yield f"[broker] listen = {plan.plain.host}: passwords and texts cross the network unsealed"
    files = [plan.passwords, plan.access]
    files += [plan.certificate.cert, plan.certificate.key] if plan.certificate else []
    for path in files:
        wall = barrier(path, account)
        if wall is not None:
            way = "may not" if wall == path else f"may not enter {wall} to"
            yield f"Mosquitto runs as {account.name}, who {way} read {path}"
            break
    if account.is_ours and account.uid != 0:
        yield f"Mosquitto has to run as {account.name}, or this as root, which hands the files over"
    if not settings.store:
        yield "there is no [[store]]; `shopbell store add NAME` makes one"
