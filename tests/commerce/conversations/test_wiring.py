"""What the configuration says of answers holds in the gateway, and again when it is read again."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command import CONFIGURATION
from support.configuration import only_fault

from gateway.app.commerce import Commerce
from gateway.app.law import make_rules
from gateway.settings import Settings, load


def configured(folder: Path, answers: str = "") -> Settings:
    shop = folder / "shop" / "templates"
    shop.mkdir(parents=True, exist_ok=True)
    named = CONFIGURATION.replace('name = "acme"', f'name = "acme"\nshop_dir = "shop"\n{answers}')
    (folder / "shopbell.toml").write_text(named)
    return load(folder / "shopbell.toml")


def test_nothing_is_answered_unless_it_is_allowed(tmp_path: Path) -> None:
    settings = configured(tmp_path)
    commerce = Commerce(settings, make_rules(settings).gate)
    assert commerce.questions.topics == {"acme": frozenset()}
    commerce.take_up(configured(tmp_path, 'answers = ["order-status"]'))
    assert commerce.questions.topics == {"acme": {"order-status"}}


def test_a_question_that_nobody_answers_is_a_fault(tmp_path: Path) -> None:
    configured(tmp_path)
    text = (tmp_path / "shopbell.toml").read_text()
    (tmp_path / "shopbell.toml").write_text(
        text.replace('shop_dir = "shop"', 'shop_dir = "shop"\nanswers = ["weather"]')
    )
    fault = only_fault(tmp_path / "shopbell.toml")
    assert fault.key == "answers"
    assert "there are: order-status" in fault.reason


@pytest.mark.parametrize("answers", ['answers = "order-status"', 'answers = ["order-status"]'])
def test_a_variable_of_the_environment_can_say_it(tmp_path: Path, answers: str) -> None:
    [store] = configured(tmp_path, answers).store
    assert store.answers == {"order-status"}


def test_templates_are_read_again(tmp_path: Path) -> None:
    settings = configured(tmp_path)
    commerce = Commerce(settings, make_rules(settings).gate)
    (tmp_path / "shop" / "templates" / "hello.en.txt").write_text("Hello")
    assert not commerce.writer.shops["acme"].library.languages("hello")  # type: ignore[attr-defined, index]
    commerce.take_up(settings)
    assert commerce.writer.shops["acme"].library.languages("hello") == ["en"]  # type: ignore[attr-defined, index]
    assert commerce.questions.shops is commerce.writer.shops
