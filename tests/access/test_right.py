"""Roles: each may all that those before it may, and nothing is everybody's by mistake."""

from __future__ import annotations

from itertools import pairwise

from gateway.access import RIGHTS, Right, Role


def test_each_role_may_what_the_one_before_may_and_more() -> None:
    for lower, higher in pairwise(Role):
        assert RIGHTS[lower] < RIGHTS[higher], (lower, higher)


def test_who_may_what() -> None:
    """The table of the design, written out: a right that moves to a role is meant to."""
    assert RIGHTS[Role.VIEWER] == {Right.READ, Right.METRICS}
    assert RIGHTS[Role.AGENT] - RIGHTS[Role.VIEWER] == {Right.ANSWER}
    assert RIGHTS[Role.OPERATOR] - RIGHTS[Role.AGENT] == {Right.PEOPLE, Right.SEND, Right.OPERATE}
    assert RIGHTS[Role.ADMIN] - RIGHTS[Role.OPERATOR] == {Right.ADMIN}
