"""What is in a file of a model, read before anything is made of it.

The archive of skops is a zip: ``schema.json`` says which types to make, the rest are arrays. Here
its words are read as words; no type is looked up and no module imported.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from scoring.errors import ModelRefusedError
from scoring.files.allowed import FUNCTION_LOADER, FUNCTIONS, LOADERS, TYPES

SCHEMA: Final = "schema.json"

MOST_BYTES: Final = 2**31
"""Of all that is packed in one file: above what any model here needs, below what hurts a box."""

MOST_SCHEMA_BYTES: Final = 2**26
"""Of the description alone, which is read whole."""


def check_archive(data: bytes, file: str) -> None:
    """Refuse a file that is damaged or names a type which is not allowed.

    Parameters
    ----------
    data : bytes
        The file.
    file : str
        Its name, for the sentence.

    Raises
    ------
    ModelRefusedError
        It is no archive of a model, it would grow beyond `MOST_BYTES`, or it holds a type that is
        not in `scoring.files.allowed`; the sentence names the type.
    """
    for loader, name in sorted(set(_named(_schema(data, file)))):
        if not _allowed(loader, name):
            raise ModelRefusedError(
                f"{file} is not loaded: it holds {name} ({loader}), which no model of Shopbell "
                "needs; take only files that `shopbell score train` wrote"
            )


def types_of(data: bytes, file: str) -> set[str]:
    """Return the names of the types that a file holds.

    Raises
    ------
    ModelRefusedError
        It is no archive of a model.
    """
    return {name for _, name in _named(_schema(data, file))}


def _allowed(loader: str, name: str) -> bool:
    if loader == FUNCTION_LOADER:
        return name in FUNCTIONS
    return loader in LOADERS and name in TYPES


def _schema(data: bytes, file: str) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = {member.filename: member.file_size for member in archive.infolist()}
            if sum(sizes.values()) > MOST_BYTES or sizes.get(SCHEMA, 0) > MOST_SCHEMA_BYTES:
                raise ModelRefusedError(f"{file} is not loaded: unpacked it would be too large")
            return json.loads(archive.read(SCHEMA))
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, RecursionError) as error:
        raise ModelRefusedError(
            f"{file} is not loaded: it is damaged or no file of a model ({error}); "
            "run `shopbell score train`"
        ) from error


def _named(schema: Any) -> Iterator[tuple[str, str]]:
    """Yield (loader, type) of every node, without recursion: the depth is the file's to choose."""
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            if "__loader__" in node or "__class__" in node or "__module__" in node:
                yield _words(node)
            waiting.extend(node.values())


def _words(node: dict[str, Any]) -> tuple[str, str]:
    name = f"{node.get('__module__')}.{node.get('__class__')}"
    return str(node.get("__loader__")), name
