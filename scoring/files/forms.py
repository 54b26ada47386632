"""The forms in which models are kept: numbers that people raise, so that no file is misread.

Between two releases code changes under one version. A file that was written by code whose models
kept other attributes, or meant something else by them, would load and then fail, or worse: tell
wrong scores. `tests/scoring/files/test_forms.py` fails when attributes or features change and the
number does not; when only their meaning does, raise it by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from scoring.errors import ModelRefusedError
from scoring.files.allowed import OWN
from scoring.files.versions import REMEDY

FEATURES: Final = "features"
"""What the columns of `scoring.features` mean."""

LOOSE: Final = ("timing", "recommend")
"""Models that are a dict of named parts."""

RAISED: Final[Mapping[str, int]] = {}
"""Forms above 1, by type, or by a word of `LOOSE` or `FEATURES`."""

FORMS: Final[Mapping[str, int]] = dict.fromkeys([*OWN, *LOOSE, FEATURES], 1) | dict(RAISED)


def forms_of(types: Iterable[str], name: str, features: Iterable[str]) -> dict[str, int]:
    """Return the forms that a model is kept in.

    Parameters
    ----------
    types : iterable of str
        All that its file holds.
    name : str
        Of the model, as on its card.
    features : iterable of str
        That it is fed with.

    Examples
    --------
    >>> forms_of(["scoring.bgnbd.model.BGNBD", "builtins.dict"], "churn", ["since"])
    {'features': 1, 'scoring.bgnbd.model.BGNBD': 1}
    """
    held = {*types, name, *([FEATURES] if list(features) else [])}
    return {what: FORMS[what] for what in sorted(held & set(FORMS))}


def check_forms(made: Mapping[str, int], right: Mapping[str, int], file: str) -> None:
    """Refuse what is kept in another form than code of today reads.

    Parameters
    ----------
    made, right : mapping of str to int
        Of `forms_of`, then and today.
    file : str
        For the sentence.

    Raises
    ------
    ModelRefusedError
        One sentence with what differs and what to do.
    """
    for what, form in right.items():
        if made.get(what) != form:
            raise ModelRefusedError(
                f"{file} was trained by other code of this version: it keeps "
                f"{what.rpartition('.')[2]} in form {made.get(what, 'unknown')}, "
                f"form {form} is read: {REMEDY}"
            )
