"""Saving and loading a model with its card.

A folder holds one model: ``model.json`` (versions, forms, features, the hash and name of the
model's own file, and the card), ``model-HASH.skops``, and for people ``card.json``, ``card.md`` and
``calibration.png``. ``model.json`` is replaced last and in one step: before it the old model is
there whole, after it the new one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import skops.io

from scoring.errors import ModelRefusedError
from scoring.files.allowed import FUNCTIONS, TYPES
from scoring.files.atomic import write_whole
from scoring.files.audit import check_archive, types_of
from scoring.files.card import ModelCard
from scoring.files.forms import check_forms, forms_of
from scoring.files.markdown import as_markdown
from scoring.files.picture import calibration_png
from scoring.files.trees import check_trees
from scoring.files.versions import REMEDY, check_features, check_versions, versions

SIDECAR: Final = "model.json"
PICTURE: Final = "calibration.png"


def save(model: object, folder: str | Path, card: ModelCard) -> Path:
    """Write a model and its card into a folder, in place of the one that is there.

    Parameters
    ----------
    model : object
        A fitted estimator, or anything made of the types in `scoring.files.allowed`.
    folder : str or Path
        Made where it is not there.
    card : ModelCard

    Returns
    -------
    Path
        The sidecar, ``model.json``.

    Raises
    ------
    ModelRefusedError
        The model holds a type that `load` would refuse; nothing was written.

    Examples
    --------
    >>> import tempfile
    >>> card = ModelCard(name="rate", model_id="rate-1", made_at="2011-12-10T02:00:00Z",
    ...                  population="all", rows=1, people=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = save({"rate": 0.5}, folder, card)
    ...     load(folder)
    {'rate': 0.5}
    """
    data = skops.io.dumps(model)
    check_archive(data, f"the {card.name} model")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(data).hexdigest()
    name = f"model-{digest[:12]}.skops"
    write_whole(folder / name, data)
    _write_card(folder, card)
    sidecar = {
        "model": name,
        "sha256": digest,
        "versions": versions(),
        "forms": forms_of(types_of(data, card.name), card.name, card.features),
        "features": list(card.features),
        "card": card.as_json(),
    }
    write_whole(folder / SIDECAR, _json(sidecar))
    _sweep(folder, name)
    return folder / SIDECAR


def load(folder: str | Path, *, features: Sequence[str] | None = None) -> Any:
    """Read the model of a folder.

    Parameters
    ----------
    folder : str or Path
        As given to `save`.
    features : sequence of str or None
        What it will be fed with; None: what it was trained on is not compared.

    Returns
    -------
    object
        The model.

    Raises
    ------
    ModelRefusedError
        There is none, it is damaged, it holds a type that is not allowed, or versions, forms
        or features do not fit; one sentence says which and what to do. No code of the file is run.
    """
    folder = Path(folder)
    sidecar = _sidecar(folder)
    where = str(folder)
    check_versions(sidecar["versions"], where)
    if features is not None:
        check_features(sidecar["features"], features, where)
    file = folder / Path(sidecar["model"]).name
    data = _data(file, sidecar["sha256"])
    check_archive(data, str(file))
    check_forms(sidecar["forms"], _forms(sidecar, data, str(file)), where)
    model = _made(data, file)
    check_trees(model, str(file))
    known = getattr(model, "feature_names_in_", None)
    if known is not None and sidecar["features"]:
        check_features(list(known), sidecar["features"], where)
    return model


def read_card(folder: str | Path) -> ModelCard:
    """Read only the card of a folder's model, whatever versions made it.

    Raises
    ------
    ModelRefusedError
        There is none, or it is damaged.
    """
    return ModelCard.from_json(_sidecar(Path(folder))["card"])


def _write_card(folder: Path, card: ModelCard) -> None:
    picture = PICTURE if card.calibration else None
    if picture is not None:
        write_whole(folder / PICTURE, calibration_png(card))
    write_whole(folder / "card.json", _json({**card.as_json(), "versions": versions()}))
    write_whole(folder / "card.md", as_markdown(card, versions(), picture).encode())


def _json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, indent=1, default=str) + "\n").encode()


def _sweep(folder: Path, name: str) -> None:
    for old in folder.glob("model-*.skops"):
        if old.name != name:
            old.unlink(missing_ok=True)


def _sidecar(folder: Path) -> dict[str, Any]:
    file = folder / SIDECAR
    try:
        document = {"forms": {}, **json.loads(file.read_bytes())}
        ModelCard.from_json(document["card"])
        wrong = not (
            isinstance(document["model"], str)
            and isinstance(document["sha256"], str)
            and isinstance(document["versions"], dict)
            and isinstance(document["forms"], dict)
            and isinstance(document["features"], list)
        )
    except FileNotFoundError:
        raise ModelRefusedError(f"there is no model in {folder}: {REMEDY}") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelRefusedError(f"{file} is damaged ({error}): {REMEDY}") from error
    if wrong:
        raise ModelRefusedError(f"{file} is damaged: {REMEDY}")
    return document


def _forms(sidecar: dict[str, Any], data: bytes, file: str) -> dict[str, int]:
    """Return the forms that the model of a file should be kept in."""
    return forms_of(types_of(data, file), sidecar["card"]["name"], sidecar["features"])


def _data(file: Path, digest: str) -> bytes:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ModelRefusedError(f"{file} cannot be read ({error.strerror}): {REMEDY}") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise ModelRefusedError(f"{file} is not the file that was written: {REMEDY}")
    return data


def _made(data: bytes, file: Path) -> Any:
    try:
        return skops.io.loads(data, trusted=sorted(TYPES | FUNCTIONS))
    # Whatever a damaged file makes of the loader, its reader gets the one sentence.
    except Exception as error:
        raise ModelRefusedError(
            f"{file} is not loaded: it is damaged ({type(error).__name__}: {error}); {REMEDY}"
        ) from error
