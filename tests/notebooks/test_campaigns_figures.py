"""The pictures of campaigns show what their tables say, and say where there is nothing."""

from __future__ import annotations

import pandas as pd

from scoring.plots import campaigns as plots

TABLE = pd.DataFrame(
    {
        "campaign": ["sale-1", "news-2"],
        "sent": [100, 200],
        "clicked": [10, 4],
        "buyers": [30, 40],
        "click_buyers": [5, 1],
    }
)
PAID = pd.DataFrame(
    {
        "campaign": ["sale-1", "news-2"],
        "buyers": [12.0, None],
        "buyers_low": [4.0, None],
        "buyers_high": [20.0, None],
        "profit": [100.0, None],
        "profit_low": [10.0, None],
        "profit_high": [190.0, None],
        "cost": [5.5, 11.0],
        "verdict": ["paid", "too early"],
    }
)


def named(drawn, name):
    [found] = [trace for trace in drawn.data if trace.name == name]
    return found


def test_answers_are_shares_of_the_messages():
    drawn = plots.answered(TABLE, "clicked", "Clicks", "clicked (% of messages)")
    assert list(drawn.data[0].y) == [0.1, 0.02]
    assert drawn.layout.yaxis.title.text == "clicked (% of messages)"


def test_claims_stand_beside_what_was_brought_and_what_is_true():
    drawn = plots.claimed_and_caused(TABLE, PAID.assign(true_buyers=[11.0, 0.0]))
    assert list(named(drawn, "bought afterwards").y) == [30, 40]
    assert list(named(drawn, "of them, clicked").y) == [5, 1]
    brought = named(drawn, "brought")
    assert (list(brought.x), list(brought.y)) == (["sale-1"], [12.0])
    assert list(brought.error_y.arrayminus) == [8.0]
    assert list(named(drawn, "true").y) == [11.0]


def test_a_profit_has_the_look_of_its_verdict():
    drawn = plots.profits(PAID, "campaign", "EUR")
    [paid] = drawn.data
    assert (paid.name, list(paid.x), list(paid.y)) == ("paid", [100.0], ["sale-1"])
    assert paid.marker.color == plots.LOOKS["paid"][0]
    assert "EUR" in drawn.layout.xaxis.title.text


def test_an_empty_table_makes_a_picture_that_says_so():
    for drawn in (
        plots.answered(TABLE.iloc[:0], "clicked", "Clicks", "clicked (%)"),
        plots.claimed_and_caused(TABLE.iloc[:0], PAID.iloc[:0]),
        plots.profits(PAID.iloc[1:], "campaign", "EUR"),
    ):
        assert drawn.layout.annotations[0].text.startswith("no campaign")
