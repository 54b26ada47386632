"""The evaluation of uplift judges unseen persons, beside baselines that are what they say."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest

from scoring.evaluation.uplift import OURS, evaluate_uplift
from scoring.uplift import UpliftModel

LINEAR = ("additive", "interactions")


@pytest.fixture(scope="module")
def found():
    """An experiment in which who buys anyway is another one than who is moved."""
    rng = np.random.default_rng(0)
    X, written = rng.random((3000, 3)), rng.integers(2, size=3000)
    moved = 0.5 * (X[:, 1] > 0.5) * (written - 0.5)
    bought = rng.random(3000) < 0.3 + 0.3 * X[:, 0] + moved
    model = UpliftModel(members=LINEAR)
    return evaluate_uplift(X, bought, written, model=model, splits=3, resamples=60)


def test_every_order_is_judged_on_the_same_unseen_persons(found):
    assert list(found.splits) == [OURS, *LINEAR, "response", "random"]
    assert found.splits.shape == (3, 5)
    ends = {curve.gain[-1] for curve in found.curves.values()}
    assert max(ends) - min(ends) < 1e-12


def test_ours_leads_where_there_is_something_to_know(found):
    assert found.chosen == ["interactions"] * 3
    assert found.leads["response"].low > 0
    assert found.leads["random"].low > 0


def test_a_random_order_is_worth_nothing(found):
    assert found.means["random"].low < 0 < found.means["random"].high


def test_the_choice_of_a_split_is_one_of_its_members(found):
    """Ours has no figure of its own: it is that of the member it chose."""
    for name, row in zip(found.chosen, found.splits.itertuples(index=False), strict=True):
        assert row[0] == row[found.splits.columns.get_loc(name)]


def test_persons_stand_in_one_half_only():
    """Persons known by heart from the other half would make a null message look like a moving one.

    Every person has one treatment outcome of his own, that no feature of others tells.
    """
    rng = np.random.default_rng(0)
    persons = np.repeat(np.arange(40), 50)
    X, written = np.eye(40)[persons], rng.integers(2, size=2000)
    bought = rng.random(2000) < 0.2 + 0.6 * (persons % 2) * written
    model = UpliftModel(members=("interactions",), least_arm=5, least_outcomes=5)
    given = {"model": model, "splits": 2, "resamples": 20}
    by_row = evaluate_uplift(X, bought, written, **given)
    by_person = evaluate_uplift(X, bought, written, persons=persons, **given)
    assert by_row.means[OURS].estimate > 0.05
    assert abs(by_person.means[OURS].estimate) < 0.05


def test_a_table_and_a_picture_are_drawn(found, tmp_path):
    mpl.use("agg")
    table = found.table()
    assert list(table.index) == list(found.splits)
    assert table.loc[OURS, "our lead"] == ""
    found.picture().savefig(tmp_path / "qini.png")
    assert (tmp_path / "qini.png").stat().st_size > 10_000
