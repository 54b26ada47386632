"""Arms are held against their control one by one, with the chance that each of them had."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scoring.uplift import ANY, Experiment, by_arm


def _experiment(draws: dict[str, dict[str, tuple[int, float]]]) -> Experiment:
    """Make so many draws of each arm of each experiment, with the chance of the arm."""
    rows = pd.DataFrame(
        [
            (name, arm, chance, arm != "control")
            for name, arms in draws.items()
            for arm, (count, chance) in arms.items()
            for _ in range(count)
        ],
        columns=["experiment", "arm", "chance", "treated"],
    )
    control = rows[~rows["treated"]].groupby("experiment")["chance"].first()
    rows["probability"] = 1 - rows["experiment"].map(control)
    rows["person_id"] = np.arange(len(rows))
    return Experiment(rows=rows, days=14, unripe=0)


def _sizes(found: Experiment) -> tuple[int, int]:
    treated = found.rows["treated"]
    return int(treated.sum()), int((~treated).sum())


def test_each_arm_stands_against_the_whole_control():
    experiment = _experiment({"mail": {"mens": (4, 0.5), "womens": (2, 0.3), "control": (2, 0.2)}})
    found = by_arm(experiment)
    assert {arm: _sizes(one) for arm, one in found.items()} == {"mens": (4, 2), "womens": (2, 2)}
    assert found["mens"].rows["probability"].unique() == pytest.approx([0.5 / 0.7])
    assert found["womens"].rows["probability"].unique() == pytest.approx([0.3 / 0.5])
    assert not found["mens"].rows["arm"].eq("womens").any()


def test_campaigns_with_a_holdout_each_are_taken_together():
    """A standing holdout over many campaigns is what measures small effects."""
    draws = {f"week {n}": {f"text {n}": (9, 0.9), "control": (1, 0.1)} for n in range(5)}
    (name,), (found,) = zip(*by_arm(_experiment(draws)).items(), strict=True)
    assert (name, _sizes(found)) == (ANY, (45, 5))
    assert found.rows["probability"].unique() == pytest.approx([0.9])


def test_one_arm_that_always_had_one_name_keeps_it():
    draws = {name: {"sms": (2, 0.5), "control": (2, 0.5)} for name in ("spring", "autumn")}
    assert {arm: _sizes(one) for arm, one in by_arm(_experiment(draws)).items()} == {"sms": (4, 4)}


def test_an_arm_of_several_is_joined_by_its_name():
    """And what else was sent stays apart from it."""
    draws = {
        "mail": {"mens": (4, 0.4), "womens": (4, 0.4), "control": (2, 0.2)},
        "again": {"mens": (3, 0.5), "control": (3, 0.5)},
        "x": {"text x": (1, 0.5), "control": (1, 0.5)},
        "y": {"text y": (1, 0.5), "control": (1, 0.5)},
    }
    sizes = {arm: _sizes(one) for arm, one in by_arm(_experiment(draws)).items()}
    assert sizes == {ANY: (2, 2), "mens": (7, 5), "womens": (4, 2)}


def test_arms_whose_chances_changed_tell_only_what_some_message_does():
    """A policy that learnt drew them: who was in the control might have had either chance."""
    draws = {"mail": {"mens": (4, 0.5), "womens": (4, 0.3), "control": (2, 0.2)}}
    experiment = _experiment(draws)
    experiment.rows.loc[0, "chance"] = 0.6
    assert {arm: _sizes(one) for arm, one in by_arm(experiment).items()} == {ANY: (8, 2)}


@pytest.mark.parametrize("arms", [{"sms": (5, 0.5)}, {"control": (5, 0.5)}])
def test_an_experiment_that_compares_nothing_is_left_out(arms):
    draws = {"empty": arms, "full": {"sms": (1, 0.5), "control": (1, 0.5)}}
    control = pd.Series({"empty": 0.5, "full": 0.5})
    experiment = _experiment(draws)
    experiment.rows["probability"] = 1 - experiment.rows["experiment"].map(control)
    assert {arm: _sizes(one) for arm, one in by_arm(experiment).items()} == {"sms": (1, 1)}
