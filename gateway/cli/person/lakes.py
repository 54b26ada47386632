"""What lakes hold of a person: shown, or taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.extra import scoring_errors

if TYPE_CHECKING:
    from gateway.db.whereabouts import Sought
    from gateway.settings import Settings


def rows_of_lakes(sought: Sought, lakes: Sequence[Path]) -> Mapping[str, list[dict[str, Any]]]:
    """Return what lakes hold of a person, by table."""
    with scoring_errors():
        from gateway.lake.forget import find

        rows: dict[str, list[dict[str, Any]]] = {}
        for folder in lakes:
            for table, found in find(folder, {sought.store: set(sought.persons)}).items():
                rows.setdefault(table, []).extend(found)
        return rows


def leave_lakes(
    settings: Settings, number: str, store: str | None, lakes: Sequence[Path]
) -> Mapping[str, int]:
    """Take the person out of lakes; return how many rows of each table went.

    Raises:
        LakeFolderError: an export is at work in one, or it was written under a foreign key.
    """
    if not lakes:
        return {}
    from gateway.control.seeking import sought_of
    from gateway.db.key import load_keys

    keys = load_keys(settings.database.key_path)
    sought, gone = sought_of(settings, number, store, keys), dict[str, int]()
    with scoring_errors():
        from gateway.lake.folder import key_of, open_folder
        from gateway.lake.forget import forget
        from scoring.pseudonym import mark_of

        marks = [mark_of(key) for key in keys]
        for folder in lakes:
            # A lake of before the key was changed has the person under the former one.
            under = key_of(folder)
            with open_folder(folder, under if under in marks else marks[0]) as lake:
                done = forget(lake, {sought.store: set(sought.persons)})
            for table, rows in done.rows.items():
                gone[table] = gone.get(table, 0) + rows
    return gone
