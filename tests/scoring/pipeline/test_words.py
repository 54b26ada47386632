"""Hours and lists come out as any JSON reader reads them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from scoring.pipeline.words import curves, lists, quote


def test_curves_are_read_back_as_they_were() -> None:
    shares = np.random.default_rng(2).random((50, 168)) ** 8
    back = np.array([json.loads(text) for text in curves(shares).to_pylist()])
    np.testing.assert_allclose(back, shares, atol=0.5e-5 + 1e-12)


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "[0.00000]"), (1.0, "[1.00000]"), (1.5, "[1.00000]")]
)
def test_the_ends_are_probabilities(share: float, text: str) -> None:
    assert curves(np.array([[share]])).to_pylist() == [text]


def test_lists_are_read_back_as_they_were() -> None:
    words = ["plain", 'with "quotes"', "back\\slash", "Grüße", ""]
    places = np.array([[0, 1, 2], [4, 3, -1], [-1, -1, -1]])
    told = [json.loads(text) for text in lists(places, quote(words)).to_pylist()]
    assert told == [words[:3], ["", "Grüße"], []]


def test_no_columns_are_empty_lists() -> None:
    assert lists(np.empty((2, 0), dtype=int), quote(["a"])).to_pylist() == ["[]", "[]"]
