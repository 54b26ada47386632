"""The list of allowed types is about what there is."""

from __future__ import annotations

import importlib

import pytest

from scoring.files.allowed import FUNCTIONS, OWN, SKLEARN


@pytest.mark.parametrize("name", sorted(OWN | SKLEARN | FUNCTIONS))
def test_a_name_on_the_list_is_a_type_that_exists(name: str) -> None:
    """A renamed class would be refused in every file; a name left over would be trusted in vain."""
    module, _, kind = name.rpartition(".")
    assert hasattr(importlib.import_module(module), kind)


def test_nothing_on_the_list_of_ours_runs_code_when_it_is_made() -> None:
    """A file's attributes are set on the bare object; ours take them as they are."""
    for name in OWN:
        module, _, kind = name.rpartition(".")
        made = getattr(importlib.import_module(module), kind)
        setter = getattr(made, "__setstate__", None)
        assert setter is None or setter.__module__.startswith(("sklearn.", "dataclasses")), name
