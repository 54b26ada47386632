"""With what a model was made, and whether that is still what is here."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Final

from scoring.errors import ModelRefusedError
from scoring.schema import VERSION

PACKAGES: Final = ("shopbell", "numpy", "scipy", "pandas", "scikit-learn", "skops", "pyarrow")
REMEDY: Final = "run `shopbell score train`"


def versions() -> dict[str, str]:
    """Return the versions of what models are made with, ``schema`` and ``python`` among them.

    Examples
    --------
    >>> sorted(versions())
    ['numpy', 'pandas', 'pyarrow', 'python', 'schema', 'scikit-learn', 'scipy', 'shopbell', 'skops']
    """
    return {
        "python": platform.python_version(),
        "schema": str(VERSION),
        **{package: version(package) for package in PACKAGES},
    }


def check_versions(made: Mapping[str, str], file: str) -> None:
    """Refuse what another Shopbell, scikit-learn (major.minor) or schema of the lake made.

    Our own models may keep other things from one version to the next, so that an old one would be
    loaded and then fail.

    Raises
    ------
    ModelRefusedError
        One sentence with both versions and what to do.
    """
    here = versions()
    if made.get("schema") != here["schema"]:
        raise ModelRefusedError(
            f"{file} was trained on version {made.get('schema')} of the lake's columns, "
            f"this is version {here['schema']}: {REMEDY}"
        )
    if made.get("shopbell") != here["shopbell"]:
        raise ModelRefusedError(
            f"{file} was trained by Shopbell {made.get('shopbell') or 'of an unknown version'}, "
            f"this is {here['shopbell']}: {REMEDY}"
        )
    theirs, ours = _minor(made.get("scikit-learn", "")), _minor(here["scikit-learn"])
    if theirs != ours:
        raise ModelRefusedError(
            f"{file} was trained with scikit-learn {theirs or 'of an unknown version'}, "
            f"{ours} is installed: {REMEDY}"
        )


def check_features(made: Sequence[str], wanted: Sequence[str], file: str) -> None:
    """Refuse a model that was trained on other features than ``wanted``.

    Raises
    ------
    ModelRefusedError
        One sentence with the features that are too many or too few.
    """
    if list(made) == list(wanted):
        return
    lost = [name for name in made if name not in set(wanted)]
    new = [name for name in wanted if name not in set(made)]
    told = [f"not there any more: {', '.join(lost)}"] if lost else []
    told += [f"new: {', '.join(new)}"] if new else []
    raise ModelRefusedError(
        f"{file} was trained on other features ({'; '.join(told) or 'in another order'}): {REMEDY}"
    )


def _minor(words: str) -> str:
    return ".".join(words.split(".")[:2])
