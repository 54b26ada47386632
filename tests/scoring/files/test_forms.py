"""A model of other code is refused, also within a version; and nobody forgets to say that it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scoring.bgnbd import BGNBD
from scoring.errors import ModelRefusedError
from scoring.files import ModelCard, load, save
from scoring.files import forms as numbers
from tests.scoring.files.forms import Kept, attributes, kept_now, noted, silent
from tests.scoring.lakes import order

CARD = ModelCard(
    name="churn",
    model_id="churn-1",
    made_at="2011-12-10T02:00:00Z",
    population="",
    rows=1,
    people=1,
    features=("frequency", "recency", "age"),
)


@pytest.fixture(scope="module")
def now() -> Kept:
    return kept_now()


def test_what_a_model_keeps_changes_with_its_form_alone(now: Kept) -> None:
    changed = silent(noted(), now)
    assert not changed, (
        f"{', '.join(changed)}: kept or told otherwise than before. Files of yesterday would be "
        "misread: raise the form in RAISED of scoring/files/forms.py, then run "
        "python -m tests.scoring.files.forms"
    )


def test_what_is_noted_is_up_to_date(now: Kept) -> None:
    assert noted() == now, "run python -m tests.scoring.files.forms"


def test_every_model_is_seen_to_keep_something(now: Kept) -> None:
    """An empty list would never change."""
    assert {name for name, one in now.items() if not one["keeps"]} == set()


def test_a_new_attribute_is_seen(now: Kept) -> None:
    class Wider(BGNBD):
        def fit(self, X: object, y: object = None) -> Wider:
            self.more_ = 1
            return self

    assert set(attributes(Wider)) - set(attributes(BGNBD)) == {"more_"}
    name = "scoring.bgnbd.model.BGNBD"
    wider = {**now, name: {**now[name], "keeps": attributes(Wider)}}
    assert silent(now, wider) == [name]
    assert silent(now, {**wider, name: {**wider[name], "form": 2}}) == []


def test_a_feature_that_comes_to_mean_something_else_is_seen(
    now: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dearer(*args: object, **options: float) -> object:
        return order(*args, **{**options, "value": 2 * options["value"]})  # type: ignore[arg-type]

    monkeypatch.setattr("tests.scoring.files.forms.order", dearer)
    assert silent(now, kept_now()) == ["features"]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A model that was saved by code of today."""
    save(BGNBD(), tmp_path, CARD)
    assert load(tmp_path).get_params() == BGNBD().get_params()
    return tmp_path


@pytest.mark.parametrize("what", ["scoring.bgnbd.model.BGNBD", "features"])
def test_another_form_is_refused_with_what_to_do(
    saved: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(numbers, "FORMS", {**numbers.FORMS, what: 2})
    right = f"keeps {what.rpartition('.')[2]} in form 1, form 2 is read: run `shopbell score train`"
    with pytest.raises(ModelRefusedError, match=right):
        load(saved)


def test_a_model_that_tells_no_form_is_refused(saved: Path) -> None:
    """As those that were written before there were forms."""
    document = json.loads((saved / "model.json").read_text())
    del document["forms"]
    (saved / "model.json").write_text(json.dumps(document))
    with pytest.raises(ModelRefusedError, match="in form unknown"):
        load(saved)


def test_the_form_of_a_part_that_a_model_does_not_hold_is_nothing_to_it(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = {"scoring.value.model.ValueModel": 2, "timing": 2}
    monkeypatch.setattr(numbers, "FORMS", {**numbers.FORMS, **other})
    assert isinstance(load(saved), BGNBD)
