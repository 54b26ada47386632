"""What a campaign would be is said before it is launched: who gets what, and whether it is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection
from support.campaigns import SALE, SPRING, Campaigning, number
from support.deciding import LONDON
from support.outlooks import a_forecast, an_outlook
from support.world import IDENTITIES, KEYS, START

from gateway.commerce.campaigns.outlook import (
    LINK,
    Asker,
    Outlook,
    look_out,
    require_in_time,
    require_lines,
)
from gateway.commerce.campaigns.preparing import prepare
from gateway.commerce.deciding import Shop, Voice
from gateway.dispatch.forecast.forecast import Forecast
from gateway.dispatch.forecast.question import Question
from gateway.domain.errors import RejectedError
from gateway.domain.ids import PersonId


async def outlook(shop: Campaigning, text: str = SALE) -> tuple[Outlook, list[Question]]:
    """Look out; return what was asked as well."""
    asked: list[Question] = []

    def ask(_: Connection, questions: Sequence[Question]) -> Forecast:
        asked.extend(questions)
        return a_forecast(sum(len(one.recipients) for one in questions), 0)

    prepared = prepare(shop.content(text), SPRING, START)
    asker = Asker(
        shop=Shop(voice=Voice(brand="Acme"), zone=LONDON, library=shop.deciding.library),
        members=shop._members,
        belongs=shop.deciding.desk.belongs,
        identities=IDENTITIES,
        key=KEYS[-1],
    )
    read = shop.deciding.world.database.read
    return await read(lambda c: look_out(c, prepared, asker, ask, START)), asked


async def test_it_foretells_the_very_draw(shop: Campaigning) -> None:
    await shop.know(40)
    text = SALE.replace("holdout = 0", "holdout = 0.3") + '[[arm]]\nname = "a"\n[[arm]]\nname = "b"'
    found, asked = await outlook(shop, text)
    assert (found.persons, found.each) == (40, 1)
    await shop.launch(text)
    await shop.engine.tick()
    decisions = await shop.decisions()
    arms = {arm: sum(one.arm == arm for one in decisions) for arm in ("a", "b", "holdout")}
    assert {**found.arms, "holdout": found.held} == arms
    assert sorted(len(one.recipients) for one in asked) == sorted((arms["a"], arms["b"]))


async def test_each_arm_and_language_is_asked_with_its_own_text(shop: Campaigning) -> None:
    shop.deciding.library.texts.update(link="See {link}", hello="Hello {first_name}!")
    await shop.know(20)
    text = SALE + '[[arm]]\nname = "a"\n[[arm]]\nname = "b"\ntemplate = "link"\ndelay = "2h"'
    content = shop.content(text)
    assert content is not None
    shop.content = lambda *_: replace(content, library=_both())  # type: ignore[method-assign]
    found, asked = await outlook(shop, text)
    by_text = {one.text: one for one in asked}
    assert set(by_text) == {"Hello Ada!", f"See {LINK}"}
    assert found.texts == {"a": "Hello Ada!", "b": f"See {LINK}"}
    assert by_text[f"See {LINK}"].starts_at == START + timedelta(hours=2)
    assert {one.campaign for one in asked} == {"campaign.spring"}


def _both() -> Any:
    from gateway.commerce.templates import Library, parse_template

    return Library([parse_template("x", name=name, language="en") for name in ("hello", "link")])


async def test_of_very_many_an_even_sample_stands_for_all(
    shop: Campaigning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.commerce.campaigns.outlook.SAMPLE", 10)
    await shop.know(40)
    found, [asked] = await outlook(shop)
    assert (found.persons, found.each, found.arms) == (40, 4, {"message": 40})
    assert (len(asked.recipients), asked.each) == (10, 4)


async def test_whom_the_store_does_not_know_is_told_apart(shop: Campaigning) -> None:
    await shop.know(1)
    shop.persons.append(PersonId("0" * 64))
    found, [asked] = await outlook(shop)
    assert found.left_out == {"unknown_person": 1}
    assert list(asked.recipients) == [number(0)]


async def test_a_segment_of_nobody_is_refused(shop: Campaigning) -> None:
    with pytest.raises(RejectedError, match="its segment is empty"):
        await outlook(shop)


def test_a_sale_is_late_when_some_would_not_have_it_in_time(shop: Campaigning) -> None:
    sale = prepare(shop.content(SALE + "sale_ends = 2026-11-24T09:00:00"), SPRING, START).spec
    late = an_outlook(a_forecast(10, 7, expired=2, unserved=1))
    assert (late.late, late.late_share) == (3, 0.3)
    with pytest.raises(RejectedError, match="3 of 10 messages would not be out before the sale"):
        require_in_time(late, sale)
    require_in_time(an_outlook(a_forecast(10, 10)), sale)
    deadline = prepare(shop.content(SALE + "deadline = 2026-11-24T09:00:00"), SPRING, START).spec
    require_in_time(late, deadline)  # a deadline only cuts off


@pytest.mark.parametrize(
    ("found", "is_there"),
    [
        (a_forecast(10, 10), True),
        (a_forecast(0, 0), True),  # nobody may be written to: that is no fault of a line
        (a_forecast(10, 0, unserved=10), False),
        (a_forecast(0, 0, refused={"policy": 10}), False),
        (a_forecast(5, 5, refused={"policy": 5}), True),
    ],
)
def test_without_a_line_that_may_send_it_there_is_no_launch(
    found: Forecast, *, is_there: bool
) -> None:
    if is_there:
        require_lines(an_outlook(found))
        return
    with pytest.raises(RejectedError, match="no line may send this"):
        require_lines(an_outlook(found))
